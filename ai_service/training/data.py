"""Reads graded answers, and makes the rows to train on from them."""

from __future__ import annotations

import csv
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from ai_service.training.attacks import Asked, Kind, Texts, attacks, negated, others_of

RIGHT = 0.9
"""Grade from which an answer is a right one."""
LABELS: dict[Kind, float] = {
    "empty": 0.0,
    "dont_know": 0.0,
    "copied": 0.0,
    "restated": 0.0,
    "off_topic": 0.0,
    "other_question": 0.0,
    "shuffled": 0.1,
    "injection": 0.0,
    "negated": 0.15,
}
"""What an attack should earn."""


@dataclass(frozen=True)
class Row:
    """An answer and what it is worth, 0 to 1. `kind` is None for a person's answer."""

    file: str
    question_id: str
    question: str
    reference: str
    answer: str
    score: float
    kind: Kind | None = None

    @property
    def group(self) -> tuple[str, str]:
        """What must not be both trained and tested on: ids repeat between files."""
        return self.file, self.question_id


def read_set(path: Path) -> list[Row]:
    """The rows of a CSV with question_id, question, reference, answer and score (0 to 1)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                path.stem,
                row["question_id"],
                row["question"],
                row["reference"],
                row["answer"],
                float(row["score"]),
            )
            for row in csv.DictReader(file)
        ]


def read_sets(path: Path) -> list[list[Row]]:
    """The sets of a folder, or the one that a file is, each by itself."""
    found = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return [rows for rows in map(read_set, found) if rows]


def by_question(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each question."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return dict(groups)


def thinned(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many answers to each question, taken evenly over their order."""
    return [
        group[int(place * len(group) / min(most, len(group)))]
        for group in by_question(rows).values()
        for place in range(min(most, len(group)))
    ]


def texts(path: Path | None = None) -> Texts:
    """The wordings to train on, or those of a file."""
    source = path or files("ai_service.training").joinpath("attacks.toml")
    table: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    return Texts(**{name: tuple(each) for name, each in table.items()})


def attacked(rows: Sequence[Row], wording: Texts, others: int = 4) -> Iterator[Row]:
    """The attacks on each question of a set, the reference itself, and right answers negated."""
    groups = list(by_question(rows).values())
    right = [
        [group[0].reference, *(row.answer for row in group if row.score >= RIGHT)]
        for group in groups
    ]
    for place, group in enumerate(groups):
        first = group[0]
        asked = Asked(first.question, first.reference, others_of(place, right, others))
        # The seed is the place: the same attacks whatever else is in the set.
        for kind, answer in attacks(asked, wording, random.Random(place)):  # noqa: S311
            yield _attack(first, answer, LABELS[kind], kind)
        yield _attack(first, first.reference, 1.0, None)
        for answer in right[place][1:3]:
            yield _attack(first, negated(answer), LABELS["negated"], "negated")


def _attack(like: Row, answer: str, score: float, kind: Kind | None) -> Row:
    return Row(like.file, like.question_id, like.question, like.reference, answer, score, kind)
