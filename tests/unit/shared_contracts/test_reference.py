"""The reference pages are tables with a row for each code and each channel."""

from __future__ import annotations

from shared_contracts import reference
from shared_contracts.channels import CHANNELS
from shared_contracts.errors import ErrorCode


def rows(page: str) -> list[list[str]]:
    """The cells of a page's table, without its head."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_code_has_a_row_of_four_cells() -> None:
    table = rows(reference.errors())
    assert [row[0] for row in table] == [f"`{code}`" for code in ErrorCode]
    assert all(len(row) == 4 and all(row) for row in table)


def test_each_channel_has_a_row_with_its_limits() -> None:
    table = {row[0]: row[1:] for row in rows(reference.channels())}
    assert table.keys() == {f"`{name}`" for name in CHANNELS}
    assert table["`db:answers:save`"] == [
        "command",
        "SaveAnswer",
        "Answer",
        "sessions",
        "-",
        "10 s",
        "2048 KiB",
        "500 a second, 1000 at a stretch",
        "256",
    ]
    assert table["`db:questions:get`"][4] == "until questions, 600 s at most"
