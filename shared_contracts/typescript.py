"""Writes the contracts as TypeScript: one interface per struct, the error codes and the channel
table.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from msgspec import inspect

from shared_contracts.channels import CHANNELS, TOPICS
from shared_contracts.envelope import Event, IPCError, WayTaken
from shared_contracts.errors import ErrorCode

_HEADER = "// Generated from shared_contracts by `python -m shared_contracts`. Don't edit.\n"
_PLAIN = {
    inspect.NoneType: "null",
    inspect.BoolType: "boolean",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.StrType: "string",
    inspect.BytesType: "string",
    inspect.UUIDType: "string",
    inspect.DateTimeType: "string",
    inspect.AnyType: "unknown",
}
_ENVELOPE = """
export interface IPCRequest<T> {
  id: string;
  timestamp: number;
  channel: ChannelName;
  payload: T;
}

export type IPCResponse<T> =
  | { type: "response"; id: string; success: true; data: T }
  | { type: "response"; id: string; success: false; error: IPCError };
"""


def generate() -> str:
    """The whole text of `contracts.gen.ts`."""
    asked = _collect(channel.request for channel in CHANNELS.values())
    told = _collect([*(channel.reply for channel in CHANNELS.values()), IPCError, Event, WayTaken])
    structs = sorted((asked | told).items())
    parts = [_HEADER, _constants("ErrorCode", ErrorCode)]
    parts += [_interface(struct, only_asked=name not in told) for name, struct in structs]
    parts += [_channels(), _ENVELOPE, f"export type EventTopic = {_literals(TOPICS)};\n"]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _collect(roots: Iterable[type]) -> dict[str, inspect.StructType]:
    """Every struct that the roots reach, by name."""
    found: dict[str, inspect.StructType] = {}

    def visit(kind: inspect.Type) -> None:
        if isinstance(kind, inspect.StructType):
            if kind.cls.__name__ in found:
                return
            found[kind.cls.__name__] = kind
            children: list[inspect.Type] = [field.type for field in kind.fields]
        else:
            children = _children(kind)
        for child in children:
            visit(child)

    for root in roots:
        visit(inspect.type_info(root))
    return found


def _children(kind: inspect.Type) -> list[inspect.Type]:
    if isinstance(kind, inspect.UnionType):
        return list(kind.types)
    if isinstance(kind, inspect.Metadata):
        return [kind.type]
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        return [kind.item_type]
    return []


def _interface(struct: inspect.StructType, *, only_asked: bool) -> str:
    """A field with a default may be left out of a request; a reply always holds it."""
    lines = [f"export interface {struct.cls.__name__} {{"]
    if struct.tag is not None:
        lines.append(f'  {struct.tag_field}: "{struct.tag}";')
    for field in struct.fields:
        optional = "?" if only_asked and not field.required else ""
        lines.append(f"  {field.encode_name}{optional}: {_render(field.type)};")
    return "\n".join([*lines, "}\n"])


def _render(kind: inspect.Type) -> str:
    plain = _PLAIN.get(type(kind))
    if plain:
        return plain
    if isinstance(kind, inspect.Metadata):
        return _render(kind.type)
    if isinstance(kind, inspect.StructType):
        return kind.cls.__name__
    if isinstance(kind, inspect.LiteralType):
        return _literals(kind.values)
    if isinstance(kind, inspect.VarTupleType | inspect.ListType):
        return f"ReadonlyArray<{_render(kind.item_type)}>"
    if isinstance(kind, inspect.UnionType):
        return " | ".join(map(_render, kind.types))
    msg = f"no TypeScript for {kind!r}: extend shared_contracts/typescript.py"
    raise TypeError(msg)


def _literals(values: Iterable[Any]) -> str:
    return " | ".join(f'"{value}"' for value in values)


def _constants(name: str, members: type[enum.StrEnum]) -> str:
    lines = [f'  {member.name}: "{member.value}",' for member in members]
    return "\n".join([f"export const {name} = {{", *lines, "} as const;\n"])


def _channels() -> str:
    lines = ["export interface Channels {"]
    lines += [
        f'  "{c.name}": {{ request: {c.request.__name__}; reply: {c.reply.__name__} }};'
        for c in CHANNELS.values()
    ]
    timeouts = [f'  "{c.name}": {c.timeout_seconds * 1000:g},' for c in CHANNELS.values()]
    return "\n".join(
        [
            *lines,
            "}\n",
            "export type ChannelName = keyof Channels;\n",
            "export const TIMEOUT_MS: Record<ChannelName, number> = {",
            *timeouts,
            "};\n",
        ]
    )
