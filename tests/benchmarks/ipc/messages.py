"""What is sent there and back: a note of 200 B, a page of 50 questions, and 5,000 of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from shared_contracts.contract import Contract, Cursor, Line
from shared_contracts.questions import Difficulty, Kind, Prompt

Size = Literal["200 B", "10 kB", "1 MB"]


class Note(Contract):
    """Short, as most requests are."""

    text: Annotated[str, Meta(max_length=10_000)]


class Row(Contract, gc=False):
    """A question as a list shows it."""

    id: UUID
    kind: Kind
    topic: Line
    difficulty: Difficulty
    prompt: Prompt


class Page(Contract):
    """Many of them."""

    items: Annotated[tuple[Row, ...], Meta(max_length=10_000)]
    total: int
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One size: the struct, and the same for those who don't know structs."""

    struct: Note | Page
    plain: dict[str, Any]
    type: type[Note | Page]


def _page(rows: int) -> Page:
    return Page(
        items=tuple(
            Row(
                id=UUID(int=number + 2**120),
                kind="technical",
                topic="system-design",
                difficulty="medium",
                prompt=f"What would you measure first, and why? ({number:05d})",
            )
            for number in range(rows)
        ),
        total=rows,
    )


def _message(struct: Note | Page) -> Message:
    return Message(struct, msgspec.to_builtins(struct), type(struct))


MESSAGES: dict[Size, Message] = {
    "200 B": _message(Note(text="x" * 189)),
    "10 kB": _message(_page(50)),
    "1 MB": _message(_page(5_000)),
}
encode = msgspec.json.Encoder().encode
decoders = {message.type: msgspec.json.Decoder(message.type) for message in MESSAGES.values()}


def echo(body: bytes | memoryview) -> bytes:
    """The same message once more, decoded and encoded again: what every server here does."""
    kind: type[Note | Page] = Note if body[:8] == b'{"text":' else Page
    return encode(decoders[kind].decode(body))
