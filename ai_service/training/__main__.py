"""python -m ai_service.training --data DIR --out FILE: fits the coefficients of the offline score.

DIR holds graded sets as CSV (question_id, question, reference, answer, score). The bank and our own
answers to it come from the clone that this is run in. The same input gives the same file.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from ai_service import features, guards
from ai_service.coefficients import Coefficients, Floats
from ai_service.embeddings import Embedder
from ai_service.training import bank, coverage, model
from ai_service.training.data import Row, attacked, read_sets, texts, thinned
from ai_service.training.model import Measured

ROOT = Path(__file__).parents[2]
MOST_ANSWERS = 40
"""Answers to one question that are trained on: more tell little that is new, and take minutes."""
GRADED = ("tuning_answers_a.toml", "tuning_answers_b.toml")
POINTS = "point_answers_tuning.toml"
CHECKED = ("point_answers_report.toml", "graded_answers.toml")
"""Answers to check with: to their questions nothing is trained on."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, write, and print how scores come out on questions that were left out."""
    options = _parser().parse_args(arguments)
    embedder = Embedder()
    rows = list(measured(embedder, all_rows(options.data, options.bank, options.answers)))
    print(f"{len(rows)} rows")
    scores = model.left_out(rows)
    for line in report(rows, scores):
        print(line)
    questions = bank.questions(options.bank)
    points = list(bank.known_points(questions, options.answers / POINTS))
    checked = bank.asked_in(options.answers / name for name in CHECKED)
    swapped = list(bank.swapped(questions, checked))
    fitted = msgspec.structs.replace(
        model.train(rows),
        about=_about(rows),
        coverage=coverage.train(
            coverage.cases(embedder, points), coverage.cases(embedder, swapped)
        ),
        confidence=model.confidence(rows, scores),
    )
    options.out.write_bytes(to_json(fitted))


def all_rows(data: Path, questions: Path, answers: Path) -> Iterator[Row]:
    """The graded answers of each set and of ours, and attacks on all of their questions."""
    known = bank.questions(questions)
    own = [row for name in GRADED for row in bank.graded(known, answers / name)]
    own += [each.row for each in bank.known_points(known, answers / POINTS)]
    wording = texts()
    for rows in (*read_sets(data), own):
        yield from thinned(rows, MOST_ANSWERS)
        yield from attacked(rows, wording)


def measured(embedder: Embedder, rows: Iterator[Row]) -> Iterator[Measured]:
    """The rows with what is trained on."""
    for row in rows:
        seen = guards.screen(row.question, row.answer, row.reference)
        found = features.measure(embedder, row.question, row.reference, row.answer, seen.kept)
        yield Measured(row, found, guards.ceiling(seen.guards))


def report(rows: Sequence[Measured], scores: Floats) -> Iterator[str]:
    """For each set the correlation with people, and the mean score of each attack."""
    for file in sorted({each.row.file for each in rows}):
        places = [at for at, each in enumerate(rows) if each.row.file == file and each.is_graded]
        grades = [rows[at].row.score for at in places]
        yield f"{file}: r {np.corrcoef(scores[places], grades)[0, 1]:.3f} on {len(places)} answers"
        earned: dict[str, list[float]] = defaultdict(list)
        for each, score in zip(rows, scores.tolist(), strict=True):
            if each.row.file == file and each.row.kind:
                earned[each.row.kind].append(score)
        for kind, own in sorted(earned.items()):
            yield f"  {kind}: {np.mean(own):.3f}"


def to_json(fitted: Coefficients) -> bytes:
    """Readable, and the same for the same numbers: one line for each tree."""
    text = msgspec.json.format(msgspec.json.encode(fitted), indent=1).decode()
    return (text + "\n").encode()


def _about(rows: Sequence[Measured]) -> dict[str, str]:
    files = sorted({each.row.file for each in rows})
    return {
        "made by": "python -m ai_service.training",
        "data": ", ".join(
            f"{file} ({sum(each.row.file == file and each.is_graded for each in rows)} answers)"
            for file in files
        ),
        "notice": "See THIRD_PARTY.md for the data's authors and licences.",
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ai_service.training")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the graded sets")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write")
    parser.add_argument("--bank", type=Path, default=ROOT / "main_process" / "bank")
    parser.add_argument("--answers", type=Path, default=ROOT / "tests" / "data")
    return parser


if __name__ == "__main__":
    main()
