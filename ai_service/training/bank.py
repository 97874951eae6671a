"""Reads the bank's questions and our own answers to them, to train on beside the graded sets."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_service.training.data import Row

GRADES = {"strong": 0.9, "partial": 0.5, "off_topic": 0.0}
WORTH = {"c": 1.0, "p": 0.5, ".": 0.0, "m": 0.0}
"""What a point is worth that is covered, partly made, missing, or turned round."""
SET = "bank"


@dataclass(frozen=True)
class KnownPoints:
    """An answer, and for each point of the question whether it makes it, in letters of WORTH."""

    question_id: str
    prompt: str
    reference: str
    points: tuple[str, ...]
    made: str
    answer: str

    @property
    def row(self) -> Row:
        """The answer with the share of the points that it makes as its grade."""
        share = sum(WORTH[letter] for letter in self.made) / len(self.made)
        return Row(SET, self.question_id, self.prompt, self.reference, self.answer, share)


def questions(folder: Path) -> dict[str, dict[str, Any]]:
    """The technical questions of the bank's files by id."""
    tables = (tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.toml"))
    return {
        each["id"]: each
        for table in tables
        for each in table.get("questions", [])
        if each["kind"] == "technical"
    }


def known_points(bank: dict[str, dict[str, Any]], file: Path) -> Iterator[KnownPoints]:
    """The answers of a file whose points were judged one by one."""
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["answers"]:
        question = bank[entry["question"]]
        yield KnownPoints(
            entry["question"],
            question["prompt"],
            question["reference_answer"].strip(),
            tuple(question["key_points"]),
            entry["made"],
            entry["text"],
        )


def asked_in(paths: Iterable[Path]) -> frozenset[str]:
    """The ids of the questions that the files hold answers to."""
    tables = (tomllib.loads(path.read_text(encoding="utf-8")) for path in paths)
    return frozenset(entry["question"] for table in tables for entry in table["answers"])


def swapped(bank: dict[str, dict[str, Any]], left_out: frozenset[str]) -> Iterator[KnownPoints]:
    """Reference answers of other questions, which make no point of the one they are given to."""
    used = sorted(bank.keys() - left_out)
    for place, name in enumerate(used):
        question = bank[name]
        for step in (1, len(used) // 2):
            yield KnownPoints(
                name,
                question["prompt"],
                question["reference_answer"].strip(),
                tuple(question["key_points"]),
                "." * len(question["key_points"]),
                bank[used[(place + step) % len(used)]]["reference_answer"].strip(),
            )


def graded(bank: dict[str, dict[str, Any]], file: Path) -> Iterator[Row]:
    """The answers of a file that holds a strong, a partial and an off-topic one for each."""
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["answers"]:
        question = bank[entry["question"]]
        for grade, score in GRADES.items():
            yield Row(
                SET,
                entry["question"],
                question["prompt"],
                question["reference_answer"].strip(),
                entry[grade],
                score,
            )
