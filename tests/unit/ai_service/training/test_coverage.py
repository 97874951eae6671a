"""When a passage makes a point is learnt from answers whose points are known."""

from __future__ import annotations

from ai_service.embeddings import Embedder
from ai_service.key_points import SIGNS
from ai_service.training.bank import KnownPoints
from ai_service.training.coverage import cases, train

POINTS = ("Rows are found without a scan of the table.", "Every write has to update the index.")
ANSWERS = (
    ("c.", "The database finds the rows and does no scan of the whole table."),
    (".c", "It is a pity that every write must update the index as well."),
    ("..", "It has been around for many years and most products know it."),
    ("cc", "No scan of the table is needed to find rows. Each write updates the index."),
)


def known() -> list[KnownPoints]:
    return [
        KnownPoints("q", "What does it do?", " ".join(POINTS), POINTS, made, answer)
        for made, answer in ANSWERS
    ]


def test_what_makes_a_point_speaks_for_it(embedder: Embedder) -> None:
    found = cases(embedder, known())
    assert [case.made for case in found] == list("c..c..cc")
    assert [case.worth for case in found] == [1, 0, 0, 1, 0, 0, 1, 1]
    chance = train(found)
    assert chance.names == SIGNS
    best = [float(chance.of(case.signs).max()) for case in found]
    made = [value for value, case in zip(best, found, strict=True) if case.worth]
    others = [value for value, case in zip(best, found, strict=True) if not case.worth]
    assert min(made) > max(others)


def test_an_answer_in_which_nothing_counts_is_no_case(embedder: Embedder) -> None:
    empty = KnownPoints("q", "What does it do?", "", POINTS, "..", "I don't know.")
    assert cases(embedder, [empty]) == []


def test_answers_to_other_questions_make_it_harder_to_cover_a_point(embedder: Embedder) -> None:
    found = cases(embedder, known())
    other = KnownPoints("q", "What does it do?", "", POINTS, "..", "A table of wood has four legs.")
    stricter, plain = train(found, cases(embedder, [other] * 20)), train(found)
    assert all((stricter.of(case.signs) < plain.of(case.signs)).all() for case in found)
