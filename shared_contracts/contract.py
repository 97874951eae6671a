"""The base of every message: a frozen, keyword-only struct that refuses unknown fields."""

from __future__ import annotations

from typing import Annotated, Any, dataclass_transform

import msgspec
from msgspec import Meta, StructMeta


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class _ContractMeta(StructMeta):
    """Hands `frozen`, `kw_only`, `forbid_unknown_fields` on to subclasses, as msgspec doesn't."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, object],
        **options: Any,  # noqa: ANN401  msgspec's own types
    ) -> _ContractMeta:
        strict = {"frozen": True, "kw_only": True, "forbid_unknown_fields": True}
        return super().__new__(cls, name, bases, body, **(strict | options))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Contract(msgspec.Struct, metaclass=_ContractMeta):
    """A message or a part of one."""


MAX_COUNTED = 10_000
"""What is found is counted up to here: to count a million rows takes longer than to show them."""


class Count(Contract, gc=False):
    """How many there are; with `more`, that many and more."""

    number: int
    more: bool = False

    @classmethod
    def up_to(cls, number: int, most: int = MAX_COUNTED) -> Count:
        """A count that went on to `most` and one more."""
        return cls(number=min(number, most), more=number > most)


class Span(Contract, gc=False):
    """The passage `text[start:end]` of a text, offsets in Unicode code points."""

    start: int
    end: int


Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=80)]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
"""A short text of one line that is not blank: a title, a name."""
Paragraph = Annotated[str, Meta(min_length=1, max_length=4_000)]
Share = Annotated[float, Meta(ge=0, le=1)]
"""A part of one; scores are stored so and shown times 100."""
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]
Revision = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""How often a row was written, as whoever wants to change it has last seen it."""
Cursor = Annotated[str, Meta(max_length=400)]
"""Where the next page starts; opaque to everybody but the repository that made it."""
