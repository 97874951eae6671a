"""What is made of an answer: scores, evidence, facts and advice, and by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from shared_contracts.contract import Contract, Revision, Share
from shared_contracts.envelope import IPCError
from shared_contracts.questions import Question
from shared_contracts.recordings import SpokenFacts

OFFLINE_VERSION = "offline-4"
"""Of the offline evaluator. To be counted up with whatever changes its results: answers that an
older one judged are then offered to be judged again.
"""
Evaluator = Literal["offline", "llm"]
Coverage = Literal["covered", "partly", "missing"]
Guard = Literal["empty", "restated", "off_topic", "injection", "keywords_only", "too_short"]
StarPart = Literal["situation", "task", "action", "result"]
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
ServerURL = Annotated[str, Meta(max_length=500, pattern=r"^(https?://\S+)?\Z")]
Comment = Annotated[str, Meta(max_length=2_000)]


class Quote(Contract):
    """A passage of the answer: `text` is `answer[start:end]`, offsets in Unicode code points."""

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]
    text: str


class KeyPointResult(Contract):
    """Whether one expected point was made, and the sentence that shows it (None when missing)."""

    key_point: str
    coverage: Coverage
    similarity: Share
    evidence: Quote | None = None


class StarResult(Contract):
    """Whether one part of a STAR answer was found, and where. `words` counts what it
    takes of the answer, up to the next part.
    """

    part: StarPart
    found: bool
    evidence: Quote | None = None
    cue: str = ""
    words: int = 0


class Scores(Contract):
    """0 to 1 each; None where it can't be judged honestly: content of behavioural answers without
    an LLM, delivery of typed ones.
    """

    content: Share | None = None
    structure: Share | None = None
    delivery: Share | None = None


class Specificity(Contract):
    """Countable facts of how concrete an answer is."""

    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    first_person_singular: int = 0
    first_person_plural: int = 0
    outcome_stated: bool = False


class DeliveryFacts(Contract):
    """Length and pace. `words_per_minute` and `fillers` only of spoken answers."""

    words: int
    sentences: int
    words_per_minute: float | None = None
    fillers: int | None = None


class Advice(Contract):
    """One thing to do next; `quote` is the person's own passage it speaks of."""

    text: str
    quote: Quote | None = None


class FollowUp(Contract):
    """What an interviewer would ask next; `key_point` is the expected point that it is about."""

    prompt: Annotated[str, Meta(min_length=8, max_length=2_000)]
    key_point: str | None = None


class TokensUsed(Contract):
    """What an AI server counted, over all requests that it took; 0 if it said nothing."""

    sent: Annotated[int, Meta(ge=0)] = 0
    received: Annotated[int, Meta(ge=0)] = 0


class Evaluation(Contract):
    """The judgement of one answer.

    `evaluator` made it with `evaluator_version`; `reason` says in words why that one, `fallback` is
    the error that made the offline one step in for the LLM. `opinion` marks a content score that is
    an LLM's opinion of a behavioural answer. `confidence` (0 to 1) is how many of such
    scores come near a person's grade; `unsure` says that too few do to show it or count it.
    `tokens` is what an AI server took for it.
    """

    evaluator: Evaluator
    evaluator_version: str
    reason: str
    scores: Scores
    confidence: Share
    summary: str
    delivery: DeliveryFacts
    fallback: IPCError | None = None
    opinion: bool = False
    unsure: bool = False
    guards: tuple[Guard, ...] = ()
    key_points: tuple[KeyPointResult, ...] = ()
    star: tuple[StarResult, ...] = ()
    specificity: Specificity | None = None
    advice: tuple[Advice, ...] = ()
    limits: str = ""
    tokens: TokensUsed | None = None
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def counted(self) -> float | None:
        """The content score if it is one to count in an interview's mean."""
        return None if self.opinion or self.unsure else self.scores.content


class LLMServer(Contract):
    """An OpenAI-compatible server the person agreed to send answers to."""

    base_url: str
    model: str
    api_key: str
    timeout_seconds: Annotated[float, Meta(gt=0, le=300)] = 60


class EvaluationRequest(Contract):
    """What the AI service is asked: judge `answer` to `question`. `duration_ms` only if it was
    spoken. Without `llm` it is judged offline, for `offline_reason`; `offline_error` if that is
    because something went wrong. `spoken` says how it was, if that is known.
    """

    question: Question
    answer: str
    duration_ms: int | None = None
    spoken: SpokenFacts | None = None
    llm: LLMServer | None = None
    offline_reason: str = ""
    offline_error: IPCError | None = None


class TryServer(Contract):
    """Asks an AI server for a few words, to see whether it answers; no answer or question is sent.

    Without an `api_key` the stored one goes along if `base_url` is the stored address. Raises AI002
    to AI006, AI020 and AI021.
    """

    base_url: ServerURL
    model: Annotated[str, Meta(min_length=1, max_length=200)]
    api_key: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET


class ServerAnswered(Contract):
    """The server works: the model it says it used, how long it took, and what that took."""

    model: str
    milliseconds: Annotated[int, Meta(ge=0)]
    tokens: TokensUsed | None = None
    structured: bool = False


class AIHealth(Contract):
    """The AI service's state. `offline_evaluator` is False, with `message`, if its model can't be
    used.
    """

    version: str
    offline_evaluator: bool
    message: str = ""


class Dispute(Contract):
    """'This is wrong', said of an evaluation."""

    comment: Comment
    created_at: datetime


class EvaluationRecord(Contract):
    """A stored evaluation. `version` counts from 1 for each answer; none is ever overwritten.

    `revision` counts the changes of this record: of what the person says of it.
    """

    id: UUID
    answer_id: UUID
    version: int
    created_at: datetime
    result: Evaluation
    dispute: Dispute | None = None
    revision: int = 1


class RequestEvaluation(Contract):
    """Asks for a (new) evaluation of an answer."""

    answer_id: UUID


class CancelEvaluation(Contract):
    """Takes an evaluation out of the line, or stops it; one that is done stays as it is."""

    job_id: UUID


class GetOutdated(Contract):
    """Asks how many answers were judged by an older offline evaluator than this one."""


class Outdated(Contract):
    """`answers` whose newest evaluation is of an older offline evaluator, among the last that were
    judged. None while an AI server judges, or once they are in line.
    """

    answers: int
    evaluator_version: str


class RenewEvaluations(Contract):
    """Puts those answers in line again, to be judged offline. What they have stays."""


class EvaluationJob(Contract):
    """An evaluation on its way; `error` is why it waits or failed."""

    id: UUID
    answer_id: UUID
    state: JobState
    attempts: int
    error: IPCError | None = None


class DisputeEvaluation(Contract):
    """Says that an evaluation is wrong; a later one replaces the comment; None takes it back.

    Raises DB006 when there is a `revision` and it is not the stored one.
    """

    evaluation_id: UUID
    comment: Comment | None
    revision: Revision | None = None
