"""The command writes a file that the evaluator can read, and the same one each time."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ai_service.coefficients import Coefficients
from ai_service.training.__main__ import CHECKED, GRADED, POINTS, ROOT, main

TESTS = Path(__file__).parents[3]
QUESTION = "backend-acid"


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """One graded set, and a bank of our own with three answers."""
    for name in ("data", "answers", "bank"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "set.csv").write_bytes((TESTS / "data" / "graded_set.csv").read_bytes())
    text = '[[answers]]\nquestion = "backend-acid"\n'
    grades = 'strong = "It is all or nothing."\npartial = "It is safe."\noff_topic = "I cook."\n'
    for name in GRADED:
        (tmp_path / "answers" / name).write_text(text + grades, encoding="utf-8")
    for name in CHECKED:
        (tmp_path / "answers" / name).write_text(text, encoding="utf-8")
    bank = (ROOT / "main_process" / "bank" / "backend.toml").read_text(encoding="utf-8")
    few = "[[questions]]".join(bank.split("[[questions]]")[:5])
    (tmp_path / "bank" / "backend.toml").write_text(few, encoding="utf-8")
    known = 'made = "c...."\ntext = "Both the debit and the credit happen, or neither does."\n'
    other = 'made = "....."\ntext = "Banks have used databases for a long time by now."\n'
    (tmp_path / "answers" / POINTS).write_text(text + known + text + other, encoding="utf-8")
    folders = [f"--{name}={tmp_path / name}" for name in ("data", "answers", "bank")]
    return [*folders, "--out"]


def test_the_same_data_give_the_same_file(
    small: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "one.json", tmp_path / "other.json"]
    for file in files:
        main([*small, str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()
    known = msgspec.json.decode(files[0].read_bytes(), type=Coefficients)
    assert "set (6 answers)" in known.about["data"]
    assert "set: r " in capsys.readouterr().out
