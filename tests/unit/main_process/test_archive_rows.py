"""A row goes through JSON a person can read, and comes back to the byte."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.archive_rows import Row, decode, encode, tables
from shared_contracts.errors import DatabaseCorruptError
from shared_contracts.schema import Json, metadata

TABLES = tables()
DRAFTS = TABLES["drafts"]
ID = b"\x01" * 16
LATEST = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def test_every_column_of_the_schema_is_there_and_all_json_is_looked_at() -> None:
    from main_process.archive_rows import _SHAPES

    assert list(TABLES) == [table.name for table in metadata.sorted_tables]
    for table in metadata.sorted_tables:
        assert [column.name for column in TABLES[table.name]] == list(table.columns.keys())
    json = {(t.name, c.name) for t in metadata.sorted_tables for c in t.columns if c.type is Json}
    assert json <= _SHAPES.keys()
    assert all(column in metadata.tables[table].columns for table, column in _SHAPES)


def test_a_row_is_readable() -> None:
    line = encode(
        "drafts", DRAFTS, (ID, ID, "Half a “sentence”,\nbroken", 900, 1_753_870_272_123_456)
    )
    assert msgspec.json.decode(line) == {
        "owner_id": "01010101-0101-0101-0101-010101010101",
        "session_question_id": "01010101-0101-0101-0101-010101010101",
        "text": "Half a “sentence”,\nbroken",
        "elapsed_ms": 900,
        "updated_at": "2025-07-30T10:11:12.123456Z",
    }
    assert b"\n" not in line


IDS = st.binary(min_size=16, max_size=16)
TIMES = st.integers(0, LATEST)


@given(st.tuples(IDS, IDS, st.text(), st.integers(0, 2**31), TIMES))
def test_a_draft_comes_back_as_it_was(row: Row) -> None:
    assert decode(DRAFTS, encode("drafts", DRAFTS, row)) == row


@given(
    st.floats(0, 1),
    st.text(),
    st.none() | st.just('{"comment":"a","created_at":"2026-07-30T10:11:12Z"}'),
)
def test_an_evaluation_comes_back_as_it_was(
    score: float, summary: str, dispute: str | None
) -> None:
    result = {
        "evaluator": "offline",
        "evaluator_version": "1",
        "reason": "",
        "scores": {"content": score, "structure": None, "delivery": None},
        "confidence": score,
        "summary": summary,
        "delivery": {"words": 1, "sentences": 1},
    }
    columns = TABLES["evaluations"]
    stored = msgspec.json.encode(result).decode()
    row = (ID, ID, ID, 1, "offline", score, stored, dispute, 1, 2, 1, None)
    assert decode(columns, encode("evaluations", columns, row)) == row


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ((b"short", ID, "", 0, 0), "owner_id"),
        ((ID, ID, "", 0, 2**62), "updated_at"),
        ((ID, ID, "", 0, "yesterday"), "updated_at"),
    ],
)
def test_what_can_be_no_value_of_ours_is_said_without_quoting_it(row: Row, column: str) -> None:
    with pytest.raises(DatabaseCorruptError) as caught:
        encode("drafts", DRAFTS, row)
    assert caught.value.details == {"table": "drafts", "column": column}
    assert "yesterday" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"owner_id": "not an id"}, "owner_id: "),
        ({"owner_id": None}, "owner_id may not be null"),
        ({"text": 5}, "text: "),
        ({"elapsed_ms": "5"}, "elapsed_ms: "),
        ({"elapsed_ms": 1.5}, "elapsed_ms: "),
        ({"updated_at": "2026-07-30"}, "updated_at: "),
        ({"updated_at": "2026-07-30T10:11:12"}, "updated_at: a time needs its zone"),
        ({"extra": 1}, "extra: there is no such column"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_columns_name(
    change: dict[str, object], reason: str
) -> None:
    written = msgspec.json.decode(encode("drafts", DRAFTS, (ID, ID, "", 0, 0)))
    with pytest.raises(ValueError, match=reason):
        decode(DRAFTS, msgspec.json.encode(written | change))


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="owner_id is missing"):
        decode(DRAFTS, b"{}")
    with pytest.raises(ValueError, match="JSON is malformed"):
        decode(DRAFTS, b"nonsense")


def test_json_of_another_shape_is_refused() -> None:
    columns = TABLES["sessions"]
    row = (ID, ID, "Title", "active", '{"question_count":5}', 0, None, 0, 0, 1, None)
    line = encode("sessions", columns, row)
    assert decode(columns, line) == row
    with pytest.raises(ValueError, match="setup: "):
        decode(columns, line.replace(b'"question_count":5', b'"question_count":"five"'))
    with pytest.raises(ValueError, match="status: "):
        decode(columns, line.replace(b'"active"', b'"asleep"'))
