"""Graded sets are read, thinned and attacked, each by itself."""

from __future__ import annotations

from pathlib import Path

from ai_service.training.data import (
    attacked,
    by_question,
    read_set,
    read_sets,
    texts,
    thinned,
)

SET = Path(__file__).parents[3] / "data" / "graded_set.csv"
OTHER = Path(__file__).parents[3] / "benchmarks" / "evaluation" / "attacks.toml"


def test_a_set_is_a_file_and_a_folder_holds_several() -> None:
    rows = read_set(SET)
    assert [row.score for row in rows] == [1.0, 0.4, 0.0, 1.0, 0.2, 0.6]
    assert read_sets(SET) == [rows]
    assert read_sets(SET.parent) == [rows]


def test_ids_repeat_between_files_so_a_group_names_both(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(SET.read_text("utf-8"), encoding="utf-8")
    groups = by_question([*read_set(SET), *read_set(tmp_path / "other.csv")])
    assert set(groups) == {
        ("graded_set", "1"),
        ("graded_set", "2"),
        ("other", "1"),
        ("other", "2"),
    }


def test_thinning_takes_answers_evenly() -> None:
    rows = read_set(SET)
    assert [row.score for row in thinned(rows, 2)] == [1.0, 0.4, 1.0, 0.2]
    assert thinned(rows, 9) == rows


def test_attacks_deserve_little_and_the_reference_all() -> None:
    rows = list(attacked(read_set(SET), texts()))
    assert {row.question_id for row in rows} == {"1", "2"}
    assert all(row.score <= 0.2 for row in rows if row.kind)
    assert [row.answer == row.reference for row in rows if row.kind is None] == [True, True]


def test_what_is_trained_on_is_not_what_is_measured_with() -> None:
    ours, measured = texts(), texts(OTHER)
    for name in ("restated", "off_topic", "injections"):
        assert not set(getattr(ours, name)) & set(getattr(measured, name))
