"""Questions: pages of them, single ones, and a fair pick for an interview."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories import listing, turns
from main_process.repositories.cursors import from_cursor, to_cursor
from main_process.repositories.marks import unmark
from main_process.repositories.search import QUESTION_WORDS, Search, to_query
from main_process.repositories.tracking import SQLValue, Tracker, to_json
from shared_contracts.contract import Count
from shared_contracts.errors import NotFoundError
from shared_contracts.questions import Question, QuestionFilter, QuestionPage, StarCues
from shared_contracts.sessions import SessionSetup

MAX_COUNTED_IN_TOPIC = 1_000
_COLUMNS = (
    "q.id, q.kind, q.topic, q.difficulty, q.prompt, q.reference_answer, q.key_points, q.traits,"
    " q.star_cues, q.follow_ups, q.tags, q.source, q.revision"
)
_STRINGS = msgspec.json.Decoder(tuple[str, ...])
_CUES = msgspec.json.Decoder(StarCues)
_LIVE = "owner_id = ? AND deleted_at IS NULL"
_COUNTS = f"""
WITH RECURSIVE topics (topic) AS (
    SELECT min(topic) FROM questions WHERE owner_id = :owner AND deleted_at IS NULL
    UNION ALL
    SELECT (SELECT min(topic) FROM questions
            WHERE owner_id = :owner AND deleted_at IS NULL AND topic > topics.topic)
    FROM topics WHERE topic IS NOT NULL
)
SELECT topic, (SELECT count(*) FROM (
    SELECT 1 FROM questions WHERE owner_id = :owner AND deleted_at IS NULL
    AND questions.topic = topics.topic LIMIT {MAX_COUNTED_IN_TOPIC + 1}))
FROM topics WHERE topic IS NOT NULL
"""


class Questions:
    """The questions of the bank and the person's own."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def page(
        self, tx: Transaction, wanted: QuestionFilter, limit: int, after: str | None
    ) -> QuestionPage:
        """A page: the best matches first, else by topic and id. Raises VAL001 for a bad cursor."""
        if wanted.text.strip():
            return self._found(tx, wanted, limit, after)
        place = None if after is None else from_cursor(after, listing.Place)
        rows = tx.execute(*listing.page(self._owner, wanted, _COLUMNS, limit + 1, place)).fetchall()
        items = tuple(map(_question, rows[:limit]))
        if len(rows) <= limit:
            return QuestionPage(items=items)
        return QuestionPage(
            items=items, next=to_cursor(listing.Place(items[-1].topic, items[-1].id))
        )

    def count(self, tx: Transaction, wanted: QuestionFilter) -> Count:
        """How many match, as far as is counted."""
        if wanted.text.strip():
            return self._found(tx, wanted, 1, None).total or Count(number=0)
        (number,) = tx.execute(*listing.count(self._owner, wanted)).fetchone()
        return Count.up_to(number)

    def _found(
        self, tx: Transaction, wanted: QuestionFilter, limit: int, after: str | None
    ) -> QuestionPage:
        query = self._query(wanted)
        if query is None:
            return QuestionPage(items=(), total=Count(number=0))
        hits, following, total = Search(tx, QUESTION_WORDS, query).page(limit, after)
        rows = tx.execute(
            f"SELECT i.number, {_COLUMNS} FROM question_index i JOIN questions q"
            " ON q.owner_id = i.owner_id AND q.id = i.question_id"
            # The plus keeps SQLite from walking all rows of the owner instead of these.
            f" WHERE +i.owner_id = ? AND i.number IN ({', '.join('?' * len(hits))})",
            (self._owner, *(hit.number for hit in hits)),
        )
        found = {number: _question(row) for number, *row in rows}
        shown = [hit for hit in hits if hit.number in found]
        return QuestionPage(
            items=tuple(found[hit.number] for hit in shown),
            marks=tuple(unmark(hit.marked)[1] for hit in shown),
            total=total,
            next=following,
        )

    @staticmethod
    def _query(wanted: QuestionFilter) -> str | None:
        """The filter as a query of the full-text index, None if its text has no word."""
        query = to_query(wanted.text)
        return query and query + listing.facets(wanted)

    def by_id(self, tx: Transaction, question_id: UUID) -> Question:
        """One question. Raises NotFoundError (DB007)."""
        row = tx.execute(
            f"SELECT {_COLUMNS} FROM questions q WHERE {_LIVE} AND id = ?",
            (self._owner, question_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"question_id": str(question_id)})
        return _question(row)

    def pick(self, tx: Transaction, setup: SessionSetup) -> list[Question]:
        """The questions for an interview: topics take turns, what was never asked comes first."""
        ids = turns.pick(tx, self._owner, setup)
        return [self.by_id(tx, UUID(bytes=question_id)) for question_id in ids]

    def count_by_topic(self, tx: Transaction) -> dict[str, Count]:
        """How many questions each topic has, up to MAX_COUNTED_IN_TOPIC."""
        rows = tx.execute(_COUNTS, {"owner": self._owner})
        return {topic: Count.up_to(number, MAX_COUNTED_IN_TOPIC) for topic, number in rows}

    def insert(
        self, tx: Transaction, question: Question, *, bank_digest: str | None = None
    ) -> None:
        """Add a question; `bank_digest` says which shipped text it is."""
        values = _values(question) | {
            "source": question.source,
            "bank_digest": bank_digest,
        }
        self._tracker.insert(tx, "questions", question.id.bytes, values)

    def replace(self, tx: Transaction, question: Question, *, bank_digest: str) -> None:
        """Give a shipped question its new text."""
        values = _values(question) | {"bank_digest": bank_digest}
        self._tracker.update(tx, "questions", question.id.bytes, values)

    def digests(self, tx: Transaction, ids: Collection[UUID]) -> dict[UUID, str]:
        """The digest of each shipped question as it was last written, of deleted ones too."""
        rows = (
            tx.execute(
                "SELECT id, bank_digest FROM questions WHERE owner_id = ? AND id = ?",
                (self._owner, question_id.bytes),
            ).fetchone()
            for question_id in ids
        )
        return {UUID(bytes=row[0]): row[1] for row in rows if row is not None}


def _values(question: Question) -> dict[str, SQLValue]:
    return {
        "kind": question.kind,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "prompt": question.prompt,
        "reference_answer": question.reference_answer,
        "key_points": to_json(question.key_points),
        "traits": to_json(question.traits),
        "star_cues": to_json(question.star_cues) if question.star_cues else None,
        "follow_ups": to_json(question.follow_ups),
        "tags": to_json(question.tags),
    }


def _question(row: Sequence[Any]) -> Question:
    row_id, kind, topic, difficulty, prompt, reference, points, traits, cues, *rest = row
    follow_ups, tags, source, revision = rest
    return Question(
        id=UUID(bytes=row_id),
        kind=kind,
        topic=topic,
        difficulty=difficulty,
        prompt=prompt,
        reference_answer=reference,
        key_points=_STRINGS.decode(points),
        traits=_STRINGS.decode(traits),
        star_cues=_CUES.decode(cues) if cues else None,
        follow_ups=_STRINGS.decode(follow_ups),
        tags=_STRINGS.decode(tags),
        source=source,
        revision=revision,
    )
