"""Measures each set by itself: how scores go with people's grades, and what attacks earn."""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ai_service import coefficients, scorer
from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import VERSION, OfflineEvaluator
from ai_service.training.attacks import Asked, Kind, attacks, others_of
from ai_service.training.data import RIGHT, Row, by_question, read_sets, texts, thinned
from tests.benchmarks.evaluation import agreement, contenders
from tests.benchmarks.evaluation.agreement import Floats
from tests.benchmarks.evaluation.contenders import Judged
from tests.benchmarks.evaluation.points import covered_points
from tests.benchmarks.machine import commit, load, machine
from tests.benchmarks.report import Bar, Op, Report, Result, holds

HERE = Path(__file__).parent
LEAST_CORRELATION = 0.60
"""What two people who grade the same answers reach with each other on Mohler et al. (2011)."""
MOST: dict[Kind, float] = {
    "empty": 0.10,
    "dont_know": 0.10,
    "copied": 0.10,
    "off_topic": 0.10,
    "injection": 0.10,
    "restated": 0.30,
    "other_question": 0.30,
    "shuffled": 0.30,
}
"""The mean score that an attack may reach."""
MOST_NEGATED = 0.6
"""Share of the model answer's score that its negation may reach."""
OTHERS = 2
QUICK_ANSWERS, QUICK_QUESTIONS = 4, 6


def add_options(parser: argparse.ArgumentParser) -> None:
    """A graded set, or a folder of several."""
    parser.add_argument("--data", type=Path, required=True, metavar="CSV", help="or a folder")


def run(options: argparse.Namespace) -> Report:
    """Judge all answers of each set and all attacks on its questions."""
    before = load()
    embedder = Embedder()
    embedder.load()
    evaluator = OfflineEvaluator(embedder)
    results: list[Result] = []
    bars: list[Bar] = []
    for rows in read_sets(options.data):
        used = _few(rows) if options.quick else rows
        judged = contenders.judge(evaluator, used)
        results += [_ours(used, judged), *_baselines(embedder, used)]
        bars += _score_bars(used, judged)
        earned = _attack(evaluator, used)
        results += [_attack_result(used[0].file, kind, scores) for kind, scores in earned.items()]
        bars += _attack_bars(used[0].file, earned)
    results.append(covered_points(evaluator, quick=options.quick))
    known = coefficients.load().about
    with tempfile.TemporaryDirectory() as folder:
        ran_on = machine(Path(folder), before)
    return Report(
        benchmark="evaluation",
        commit=commit(),
        date=datetime.now(tz=UTC).isoformat(timespec="seconds"),
        machine=ran_on,
        settings={"evaluator": VERSION, "trained on": known["data"], "quick": options.quick},
        results=tuple(results),
        bars=tuple(bars),
    )


def _few(rows: Sequence[Row]) -> list[Row]:
    chosen = list(by_question(rows).values())[:QUICK_QUESTIONS]
    return thinned([row for group in chosen for row in group], QUICK_ANSWERS)


def _ours(rows: Sequence[Row], judged: Judged) -> Result:
    grades = _grades(rows)
    scores = judged.scores
    near = (np.abs(scores - grades) <= scorer.NEAR).astype(np.float64)
    error, bins = agreement.calibration(judged.confidence, near)
    sure = judged.sure > 0
    detail = _quality(rows, scores) | {
        "rmse": _rounded(np.sqrt(np.mean((scores - grades) ** 2))),
        "mae": _rounded(np.abs(scores - grades).mean()),
        "mae_of_the_mean": _rounded(np.abs(grades - grades.mean()).mean()),
        "calibration_error": error,
        "calibration": bins,
        "sure": _rounded(sure.mean()),
        "near_where_sure": _rounded(near[sure].mean()) if sure.any() else None,
        "near_where_not_sure": _rounded(near[~sure].mean()) if (~sure).any() else None,
    }
    return Result(
        name=f"{rows[0].file}: {VERSION}",
        what=_sentence(detail)
        + f"; RMSE {detail['rmse']}, MAE {detail['mae']} ({detail['mae_of_the_mean']} with "
        f"the mean); confidence off by {error}; sure of {detail['sure']}, of which "
        f"{detail['near_where_sure']} within {scorer.NEAR}, of the others "
        f"{detail['near_where_not_sure']}",
        p50_us=float(np.median(judged.took_us)),
        p99_us=float(np.quantile(judged.took_us, 0.99)),
        count=len(rows),
        detail=detail,
    )


def _baselines(embedder: Embedder, rows: Sequence[Row]) -> Iterator[Result]:
    for name, scores in (
        ("length alone", contenders.length(rows)),
        ("tf-idf", contenders.tf_idf(rows)),
        ("plain cosine", contenders.cosine(embedder, rows)),
    ):
        detail = _quality(rows, scores)
        yield Result(f"{rows[0].file}: {name}", _sentence(detail), count=len(rows), detail=detail)


def _quality(rows: Sequence[Row], scores: Floats) -> dict[str, Any]:
    grades, questions = _grades(rows), [row.question_id for row in rows]
    return {
        "pearson": _rounded(agreement.pearson(scores, grades)),
        "pearson_95": agreement.interval(agreement.pearson, scores, grades, questions),
        "spearman": _rounded(agreement.spearman(scores, grades)),
        "spearman_95": agreement.interval(agreement.spearman, scores, grades, questions),
        "within_question": _rounded(agreement.within(scores, grades, questions)),
    }


def _sentence(detail: dict[str, Any]) -> str:
    low, high = detail["pearson_95"]
    return (
        f"r {detail['pearson']} ({low} to {high}), rho {detail['spearman']}, "
        f"within questions {detail['within_question']}"
    )


def _score_bars(rows: Sequence[Row], judged: Judged) -> Iterator[Bar]:
    grades, scores = _grades(rows), judged.scores
    error = float(np.abs(scores - grades).mean())
    of_mean = float(np.abs(grades - grades.mean()).mean())
    file = rows[0].file
    yield _bar(f"{file}: Pearson", agreement.pearson(scores, grades), ">=", LEAST_CORRELATION)
    yield _bar(f"{file}: MAE beside the mean's", error / max(of_mean, 1e-9), "<=", 1.0)


def _attack(evaluator: OfflineEvaluator, rows: Sequence[Row]) -> dict[str, Floats]:
    """The scores of each kind of attack, and of the model answers themselves."""
    wording = texts(HERE / "attacks.toml")
    groups = list(by_question(rows).values())
    right = [
        [group[0].reference, *(row.answer for row in group if row.score >= RIGHT)]
        for group in groups
    ]
    made: list[Row] = []
    for place, group in enumerate(groups):
        first = group[0]
        asked = Asked(first.question, first.reference, others_of(place, right, OTHERS))
        chance = random.Random(place)  # noqa: S311  nothing secret
        for kind, answer in attacks(asked, wording, chance):
            made.append(_row(first, answer, kind))
        made.append(_row(first, first.reference, None))
    scores = contenders.judge(evaluator, made).scores
    kinds = np.array([row.kind or "model answer" for row in made])
    return {kind: scores[kinds == kind] for kind in dict.fromkeys(kinds.tolist())}


def _row(like: Row, answer: str, kind: Kind | None) -> Row:
    return Row(like.file, like.question_id, like.question, like.reference, answer, 0.0, kind)


def _attack_result(file: str, kind: str, scores: Floats) -> Result:
    mean, most = _rounded(scores.mean()), _rounded(scores.max())
    return Result(
        name=f"{file}: {kind.replace('_', ' ')}",
        what=f"scores {mean} on the mean, {most} at most",
        count=len(scores),
        detail={"mean": mean, "max": most},
    )


def _attack_bars(file: str, earned: dict[str, Floats]) -> Iterator[Bar]:
    for kind, most in MOST.items():
        if kind in earned:
            name = f"{file}: {kind.replace('_', ' ')}, mean"
            yield _bar(name, float(earned[kind].mean()), "<=", most)
    whole = float(earned["model answer"].mean())
    share = float(earned["negated"].mean()) / max(whole, 1e-9)
    yield _bar(f"{file}: negated beside the model answer", share, "<=", MOST_NEGATED)


def _bar(name: str, value: float, op: Op, limit: float) -> Bar:
    return Bar(name, _rounded(value), op, limit, holds=holds(value, op, limit))


def _grades(rows: Sequence[Row]) -> Floats:
    return np.array([row.score for row in rows])


def _rounded(value: float) -> float:
    return round(float(value), 3)
