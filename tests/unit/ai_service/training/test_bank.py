"""Our own answers, and what each is worth."""

from __future__ import annotations

import pytest

from ai_service.training.__main__ import CHECKED, GRADED, POINTS, ROOT
from ai_service.training.bank import asked_in, graded, known_points, questions, swapped

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
    checked = asked_in([ANSWERS / "graded_answers.toml"])
    assert not trained & (second | checked)


def test_grades_become_scores() -> None:
    rows = list(graded(BANK, ANSWERS / GRADED[0]))
    assert {row.score for row in rows} == {0.9, 0.5, 0.0}
    assert all(row.reference and row.answer for row in rows)


def test_answers_to_other_questions_make_no_point_and_leave_out_what_is_checked() -> None:
    checked = asked_in(ANSWERS / name for name in CHECKED)
    assert len(checked) >= 40
    rows = list(swapped(BANK, checked))
    assert {each.question_id for each in rows} == BANK.keys() - checked
    used = {BANK[name]["reference_answer"].strip() for name in BANK.keys() - checked}
    assert {each.answer for each in rows} == used
    assert all(each.answer != each.reference for each in rows)
    assert all(set(each.made) == {"."} for each in rows)
