"""Two histories of one row are compared without values, order or favour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.change_log import DELETED, Change, Comparison, Operation, compare

DEVICES = [UUID(int=number) for number in (1, 2, 3)]
FIELDS = ["title", "status", "position", DELETED]
MIRRORED = {"ahead": "behind", "behind": "ahead", "same": "same", "concurrent": "concurrent"}


def change(
    number: int, *fields: str, operation: Operation = "update", device: UUID = DEVICES[0]
) -> Change:
    return Change(UUID(int=number), device, number, operation, frozenset(fields))


def deletion(number: int) -> Change:
    return change(number, DELETED, operation="delete")


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Lines of several devices with clocks and ids of their own."""
    operations: list[Operation] = ["update", "delete", "purge"]
    lines = draw(
        st.lists(
            st.tuples(
                st.sampled_from(operations),
                st.sets(st.sampled_from(FIELDS[:3])),
                st.sampled_from(DEVICES),
            ),
            max_size=9,
        )
    )
    return [
        change(
            number,
            *(fields | ({DELETED} if operation == "delete" else set())),
            operation=operation,
            device=device,
        )
        for number, (operation, fields, device) in enumerate(lines)
    ]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Change], list[Change]]:
    """Two devices' parts of one history: each line is known here, there or on both sides."""
    lines = draw(histories())
    known = draw(st.lists(st.sampled_from("otb"), min_size=len(lines), max_size=len(lines)))
    marked = list(zip(lines, known, strict=True))
    ours = [line for line, where in marked if where in "ob"]
    theirs = [line for line, where in marked if where in "tb"]
    return draw(st.permutations(ours)), draw(st.permutations(theirs))


@given(histories())
def test_a_history_is_the_same_as_itself(history: list[Change]) -> None:
    assert compare(history, reversed(history)) == Comparison("same")


@given(histories(), st.data())
def test_a_part_of_a_history_is_behind_it(history: list[Change], data: st.DataObject) -> None:
    part = history[: data.draw(st.integers(0, len(history)))]
    rest = history[len(part) :]
    named = frozenset().union(*(line.fields for line in rest))
    seen = compare(part, history)
    assert seen.relation == ("behind" if rest else "same")
    assert seen.theirs - {DELETED} == named - {DELETED}
    assert seen.ours == seen.conflicts == frozenset()


@given(pairs())
def test_both_sides_see_the_same_from_their_ends(pair: tuple[list[Change], list[Change]]) -> None:
    ours, theirs = pair
    here, there = compare(ours, theirs), compare(theirs, ours)
    assert there.relation == MIRRORED[here.relation]
    assert (there.ours, there.theirs) == (here.theirs, here.ours)
    assert there.conflicts == here.conflicts


@given(pairs())
def test_each_field_that_was_touched_merges_or_conflicts_or_both_want_it_deleted(
    pair: tuple[list[Change], list[Change]],
) -> None:
    ours, theirs = pair
    seen = compare(ours, theirs)
    mine = touched(set(ours) - set(theirs))
    other = touched(set(theirs) - set(ours))
    assert not seen.ours & seen.theirs
    assert not (seen.ours | seen.theirs) & seen.conflicts
    assert mine & other - {DELETED} == seen.conflicts - {DELETED}
    assert seen.ours <= mine - other
    assert seen.theirs <= other - mine
    missing = (mine | other) - seen.ours - seen.theirs - seen.conflicts
    assert missing <= ({DELETED} if DELETED in mine & other else set())


@given(pairs(), histories())
def test_what_both_know_changes_nothing(
    pair: tuple[list[Change], list[Change]], shared: list[Change]
) -> None:
    ours, theirs = pair
    earlier = [replace(line, id=UUID(int=line.id.int + 1_000)) for line in shared]
    assert compare(earlier + ours, theirs + earlier) == compare(ours, theirs)


@given(pairs())
def test_once_each_knows_the_other_s_lines_they_are_the_same(
    pair: tuple[list[Change], list[Change]],
) -> None:
    ours, theirs = pair
    assert compare(ours + theirs, theirs + ours).relation == "same"
    assert compare(ours + theirs, theirs).relation in {"same", "ahead"}


def touched(lines: set[Change]) -> frozenset[str]:
    purged = {DELETED} if any(line.operation == "purge" for line in lines) else set()
    return frozenset(purged).union(*(line.fields for line in lines))


START = change(0, "title", "status", "position", operation="insert")


@pytest.mark.parametrize(
    ("ours", "theirs", "seen"),
    [
        ([], [], Comparison("same")),
        ([START], [], Comparison("ahead", ours=START.fields)),
        (
            [START, change(1, "title")],
            [START, change(2, "position")],
            Comparison("concurrent", frozenset({"title"}), frozenset({"position"})),
        ),
        (
            [START, change(1, "title", "status")],
            [START, change(2, "position", "title")],
            Comparison(
                "concurrent",
                frozenset({"status"}),
                frozenset({"position"}),
                frozenset({"title"}),
            ),
        ),
        (
            [START, deletion(1)],
            [START, change(2, "title")],
            Comparison("concurrent", theirs=frozenset({"title"}), conflicts=frozenset({DELETED})),
        ),
        (
            [START, change(1, "title")],
            [START, change(2, operation="purge")],
            Comparison("concurrent", ours=frozenset({"title"}), conflicts=frozenset({DELETED})),
        ),
        ([START, deletion(1)], [START, deletion(2)], Comparison("concurrent")),
        (
            [START, deletion(1), change(3, DELETED)],
            [START, change(2, "title")],
            Comparison("concurrent", frozenset({DELETED}), frozenset({"title"})),
        ),
        (
            [START, deletion(1), change(3, DELETED)],
            [START, deletion(2)],
            Comparison("concurrent", conflicts=frozenset({DELETED})),
        ),
    ],
    ids=[
        "nothing",
        "new here",
        "different fields merge",
        "the same field conflicts",
        "deleted here, changed there",
        "changed here, purged there",
        "deleted on both sides",
        "restored here, changed there",
        "restored here, deleted there",
    ],
)
def test_examples(ours: Sequence[Change], theirs: Sequence[Change], seen: Comparison) -> None:
    assert compare(ours, theirs) == seen
