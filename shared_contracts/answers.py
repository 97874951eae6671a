"""Answers: the draft being typed, and the text that was handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from shared_contracts.contract import Contract, Count, Cursor, Milliseconds, Revision, Span
from shared_contracts.recordings import SpokenFacts

MAX_ANSWER_CHARACTERS = 100_000
"""About 16,000 words; a longer text is refused with VAL001 and stays in the draft."""


class SaveDraft(Contract):
    """What is in the editor right now; `elapsed_ms` is the time its question has been on screen.

    `seen_at` is when the draft that the page knows of was saved, None if it knows of none. Raises
    DB006 when there is a newer one, written elsewhere: `details` hold its `text` and `saved_at`.
    """

    session_question_id: UUID
    text: Annotated[str, Meta(max_length=1_000_000)]
    elapsed_ms: Milliseconds
    seen_at: datetime | None = None


class DraftSaved(Contract):
    """The draft is on disk, as of `saved_at`."""

    session_question_id: UUID
    saved_at: datetime


class SaveAnswer(Contract):
    """Hands the answer in: it gets the next version number and waits for its evaluation.

    Its draft goes. Raises DB006 as SaveDraft does when `seen_at` is given and there is a newer one.

    A spoken one names its recording, and `text` is the transcript, corrected by the person or not.
    `keep_recording` None is as the settings have it. The question's other recordings go, unless
    they belong to an answer.
    """

    session_question_id: UUID
    text: Annotated[str, Meta(max_length=MAX_ANSWER_CHARACTERS)]
    elapsed_ms: Milliseconds
    seen_at: datetime | None = None
    recording_id: UUID | None = None
    keep_recording: bool | None = None


class SkipQuestion(Contract):
    """Leaves the question without an answer; its draft is kept.

    Raises DB006 when there is a `revision` of the question and it is not the stored one.
    """

    session_question_id: UUID
    elapsed_ms: Milliseconds
    revision: Revision | None = None


class Answer(Contract):
    """An answer as it was handed in. `version` counts from 1 for each question of a session.

    `spoken` is how it was said, None of a typed one, or if the recording couldn't be understood.
    """

    id: UUID
    session_question_id: UUID
    version: int
    text: str
    elapsed_ms: int
    created_at: datetime
    spoken: SpokenFacts | None = None


class SearchAnswers(Contract):
    """Looks for own answers with all of these words and "phrases", as in a QuestionFilter."""

    text: Annotated[str, Meta(max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Cursor | None = None


class AnswerHit(Contract, gc=False):
    """An answer that was found: where it is, and the passage with what matched, at `marks`."""

    answer_id: UUID
    session_id: UUID
    session_question_id: UUID
    session_title: str
    topic: str
    prompt: str
    version: int
    created_at: datetime
    snippet: str
    marks: tuple[Span, ...]


class AnswerHits(Contract):
    """The best matches first. `next` is the following page's cursor, None on the last.

    `total` comes with the first page and counts up to 500.
    """

    items: tuple[AnswerHit, ...]
    total: Count | None = None
    next: Cursor | None = None
