"""Reads the bank's questions and our own answers to them, to train on beside the graded sets."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
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
