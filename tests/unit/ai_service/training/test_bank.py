"""Our own answers, and what each is worth."""

from __future__ import annotations

import pytest

from ai_service.training.__main__ import GRADED, POINTS, ROOT
from ai_service.training.bank import graded, known_points, questions

BANK = questions(ROOT / "main_process" / "bank")
ANSWERS = ROOT / "tests" / "data"
HALVES = (POINTS, "point_answers_report.toml")


@pytest.mark.parametrize("file", HALVES)
def test_each_point_of_each_answer_is_judged(file: str) -> None:
    answers = list(known_points(BANK, ANSWERS / file))
    assert len(answers) >= 75
    assert all(len(each.made) == len(each.points) for each in answers)
    assert all(0 <= each.row.score <= 1 for each in answers)


def test_no_question_is_in_both_halves_nor_among_the_answers_to_check_with() -> None:
    first, second = (
        {each.question_id for each in known_points(BANK, ANSWERS / file)} for file in HALVES
    )
    assert not first & second
    trained = first | {row.question_id for file in GRADED for row in graded(BANK, ANSWERS / file)}
    checked = {
        row.split('"')[1]
        for row in (ANSWERS / "graded_answers.toml").read_text("utf-8").splitlines()
        if row.startswith("question =")
    }
    assert not trained & (second | checked)


def test_grades_become_scores() -> None:
    rows = list(graded(BANK, ANSWERS / GRADED[0]))
    assert {row.score for row in rows} == {0.9, 0.5, 0.0}
    assert all(row.reference and row.answer for row in rows)
