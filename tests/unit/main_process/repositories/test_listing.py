"""Whatever filter is asked for, a page and a count only walk an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from main_process.repositories.listing import PRIVATE, Place, count, facets, page
from shared_contracts.questions import QuestionFilter

OWNER = bytes(16)
AFTER = Place("data", UUID(int=5))
FILTERS = [
    QuestionFilter(),
    QuestionFilter(topics=("data",)),
    QuestionFilter(topics=("data", "backend", "data", "devops")),
    QuestionFilter(kinds=("technical",)),
    QuestionFilter(difficulties=("easy", "hard"), topics=("data", "devops")),
    QuestionFilter(sources=("own",), kinds=("technical", "behavioural")),
]


@pytest.fixture
def tx(database_file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_file)) as connection:
        yield connection


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("after", [None, AFTER])
def test_a_page_reads_only_runs_of_an_index(
    tx: sqlite3.Connection, wanted: QuestionFilter, after: Place | None
) -> None:
    statement, values = page(OWNER, wanted, "prompt", 50, after)
    plan = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("ix_questions_live" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and "(subquery" not in step]


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_count_reads_no_row(tx: sqlite3.Connection, wanted: QuestionFilter) -> None:
    statement, values = count(OWNER, wanted)
    plan = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    reads = [step for step in plan if "questions" in step or " q " in step]
    assert reads
    assert all("COVERING INDEX ix_questions_live" in step for step in reads)


def test_topics_that_were_all_shown_are_not_asked_for_again(tx: sqlite3.Connection) -> None:
    statement, values = page(OWNER, QuestionFilter(topics=("a", "b")), "prompt", 50, AFTER)
    assert tx.execute(statement, values).fetchall() == []
    assert "INDEXED BY" not in statement


def test_a_filter_in_words() -> None:
    assert facets(QuestionFilter()) == ""
    wanted = QuestionFilter(kinds=("technical",), topics=("data", "system-design"))
    assert facets(wanted).replace(PRIVATE, "~") == (
        ' AND ("~kindtechnical") AND ("~topicdata" OR "~topicsystem~design")'
    )
