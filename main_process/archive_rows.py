"""How a row of the database is written as JSON for a person, and read back to the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from main_process.repositories.settings import StoredSettings
from main_process.workspace import to_datetime
from shared_contracts import questions, sessions
from shared_contracts.contract import Slug
from shared_contracts.envelope import IPCError
from shared_contracts.errors import DatabaseCorruptError
from shared_contracts.evaluation import Dispute, Evaluation, Evaluator, JobState
from shared_contracts.recordings import HeardPart, RecordingState, SpokenFacts

Value = bytes | str | int | float | None
Row = tuple[Value, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STRINGS = tuple[str, ...]
_SHAPES: dict[tuple[str, str], Any] = {
    ("answers", "spoken"): SpokenFacts,
    ("change_log", "fields"): _STRINGS,
    ("change_log", "operation"): Literal["insert", "update", "delete", "purge"],
    ("evaluation_jobs", "error"): IPCError,
    ("evaluation_jobs", "state"): JobState,
    ("evaluations", "dispute"): Dispute,
    ("evaluations", "evaluator"): Evaluator,
    ("evaluations", "result"): Evaluation,
    ("heard_parts", "body"): HeardPart,
    ("questions", "difficulty"): questions.Difficulty,
    ("questions", "follow_ups"): questions.FollowUps,
    ("questions", "key_points"): questions.KeyPoints,
    ("questions", "kind"): questions.Kind,
    ("questions", "prompt"): questions.Prompt,
    ("questions", "reference_answer"): questions.Reference,
    ("questions", "source"): questions.Source,
    ("questions", "star_cues"): questions.StarCues,
    ("questions", "tags"): questions.Tags,
    ("questions", "topic"): Slug,
    ("questions", "traits"): _STRINGS,
    ("recordings", "problem"): IPCError,
    ("recordings", "state"): RecordingState,
    ("session_questions", "question"): questions.Question,
    ("session_questions", "status"): sessions.QuestionStatus,
    ("sessions", "setup"): sessions.SessionSetup,
    ("sessions", "status"): sessions.SessionStatus,
    ("settings", "body"): StoredSettings,
}
"""What the app must be able to read in a column, where its type alone doesn't say it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its value is written, and how it is read."""

    name: str
    nullable: bool
    write: Callable[[Any], object]
    read: Callable[[msgspec.Raw], Value]


def tables() -> dict[str, tuple[Column, ...]]:
    """The columns of each table, in an order in which rows refer to earlier ones only."""
    # Here, since it takes a quarter of a second and is needed for this alone.
    from shared_contracts.schema import Id, Json, Time, metadata

    kinds: dict[int, Callable[[Any], _Kind]] = {id(Id): _id, id(Time): _time, id(Json): _json}
    found = {}
    for table in metadata.sorted_tables:
        columns = []
        for column in table.columns:
            shape = _SHAPES.get((table.name, column.name), column.type.python_type)
            write, read = kinds.get(id(column.type), _plain)(shape)
            columns.append(Column(str(column.name), bool(column.nullable), write, read))
        found[str(table.name)] = tuple(columns)
    return found


def there(
    connection: sqlite3.Connection, table: str, columns: tuple[Column, ...]
) -> tuple[Column, ...]:
    """Those columns that the table has in this database, which may be of an older schema."""
    names = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    return tuple(column for column in columns if column.name in names)


def encode(table: str, columns: tuple[Column, ...], row: Row) -> bytes:
    """One line of JSON. Raises DatabaseCorruptError (DB008) for what can't be a value of ours."""
    written: dict[str, object] = {}
    for column, value in zip(columns, row, strict=True):
        try:
            written[column.name] = None if value is None else column.write(value)
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            raise DatabaseCorruptError(
                f"A row of {table} can't be read.", details={"table": table, "column": column.name}
            ) from error
    return msgspec.json.encode(written)


def decode(columns: tuple[Column, ...], line: bytes) -> Row:
    """The row of a line. Raises ValueError that names the column."""
    found = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    if unknown := found.keys() - {column.name for column in columns}:
        raise ValueError(f"{min(unknown)}: there is no such column")
    return tuple(_read(column, found) for column in columns)


def _read(column: Column, found: Mapping[str, msgspec.Raw]) -> Value:
    raw = found.get(column.name)
    if raw is None:
        raise ValueError(f"{column.name} is missing")
    if bytes(raw) == b"null":
        if column.nullable:
            return None
        raise ValueError(f"{column.name} may not be null")
    try:
        return column.read(raw)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{column.name}: {error}") from error


_Kind = tuple[Callable[[Any], object], Callable[[msgspec.Raw], Value]]


def _plain(shape: Any) -> _Kind:  # noqa: ANN401  any type that msgspec decodes
    decoder = msgspec.json.Decoder(shape)
    return lambda value: value, decoder.decode


def _id(_: object) -> _Kind:
    decoder = msgspec.json.Decoder(UUID)
    return lambda value: str(UUID(bytes=value)), lambda raw: decoder.decode(raw).bytes


def _time(_: object) -> _Kind:
    decoder = msgspec.json.Decoder(datetime)

    def read(raw: msgspec.Raw) -> int:
        given = decoder.decode(raw)
        if given.tzinfo is None:
            raise ValueError("a time needs its zone")
        return (given - _EPOCH) // timedelta(microseconds=1)

    return to_datetime, read


def _json(shape: Any) -> _Kind:  # noqa: ANN401  any type that msgspec decodes
    """As it is stored, to the byte: it is looked at, and not written anew."""
    decoder = msgspec.json.Decoder(shape)

    def write(text: str) -> msgspec.Raw:
        return msgspec.json.decode(text, type=msgspec.Raw)

    def read(raw: msgspec.Raw) -> str:
        decoder.decode(raw)
        return bytes(raw).decode()

    return write, read


def cursor_of(
    connection: sqlite3.Connection, table: str, columns: tuple[Column, ...]
) -> sqlite3.Cursor:
    """All rows of a table, in the order of its key, read one by one."""
    names = ", ".join(column.name for column in columns)
    return connection.execute(f"SELECT {names} FROM {table} ORDER BY 1, 2")  # noqa: S608  our own
