"""Which expected points the evaluator shows as made, beside what a person judged."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from ai_service.evaluators.offline import OfflineEvaluator
from ai_service.training.bank import WORTH, KnownPoints, known_points, questions
from shared_contracts.evaluation import Coverage, EvaluationRequest
from shared_contracts.questions import Question
from tests.benchmarks.report import Result

ROOT = Path(__file__).parents[3]
REPORT = ROOT / "tests" / "data" / "point_answers_report.toml"
QUICK_ANSWERS = 4


def covered_points(evaluator: OfflineEvaluator, *, quick: bool = False) -> Result:
    """Precision and recall of 'covered' on answers that nothing was set on."""
    answers = list(known_points(questions(ROOT / "main_process" / "bank"), REPORT))
    shown = [
        pair
        for each in (answers[:QUICK_ANSWERS] if quick else answers)
        for pair in _judge(evaluator, each)
    ]
    covered = [letter for letter, coverage in shown if coverage == "covered"]
    made = [coverage for letter, coverage in shown if letter == "c"]
    reversed_ = [coverage for letter, coverage in shown if letter == "m"]
    detail = {
        "points": len(shown),
        "shown_as_covered": len(covered),
        "precision": _share(sum(WORTH[letter] for letter in covered), len(covered)),
        "precision_strict": _share(covered.count("c"), len(covered)),
        "recall": _share(made.count("covered"), len(made)),
        "recall_with_partly": _share(len(made) - made.count("missing"), len(made)),
        "reversed": len(reversed_),
        "reversed_shown_as_covered": reversed_.count("covered"),
    }
    return Result(
        name="key points: covered",
        what=f"precision {detail['precision']} (half made counted half), recall {detail['recall']} "
        f"({detail['recall_with_partly']} with 'partly'); of {len(reversed_)} points turned round "
        f"{detail['reversed_shown_as_covered']} shown as covered",
        count=len(shown),
        detail=detail,
    )


def _judge(evaluator: OfflineEvaluator, each: KnownPoints) -> list[tuple[str, Coverage]]:
    question = Question(
        id=UUID(int=0),
        kind="technical",
        topic="bank",
        difficulty="medium",
        prompt=each.prompt,
        reference_answer=each.reference,
        key_points=each.points,
        follow_ups=(),
        tags=(),
        source="bank",
        revision=1,
    )
    found = evaluator.judge(EvaluationRequest(question=question, answer=each.answer)).key_points
    return [(letter, point.coverage) for letter, point in zip(each.made, found, strict=True)]


def _share(part: float, whole: int) -> float:
    return round(part / max(1, whole), 3)
