"""Questions: pages of them, single ones, and a fair pick for an interview."""

from __future__ import annotations

import random
from collections.abc import Sequence
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import SQLValue, Tracker, to_json
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.questions import Question, QuestionFilter, QuestionPage, StarCues

_COLUMNS = (
    "id, kind, topic, difficulty, prompt, reference_answer, key_points, traits, star_cues,"
    " follow_ups, tags, source, revision"
)
_STRINGS = msgspec.json.Decoder(tuple[str, ...])
_CUES = msgspec.json.Decoder(StarCues)
_LIVE = "owner_id = ? AND deleted_at IS NULL"


class Questions:
    """The questions of the bank and the person's own."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def page(
        self, tx: Transaction, wanted: QuestionFilter, limit: int, after: str | None
    ) -> QuestionPage:
        """A page, ordered by topic and id. Raises ValidationFailedError for a broken cursor."""
        where, values = self._matching(wanted)
        (total,) = tx.execute(f"SELECT count(*) FROM questions WHERE {where}", values).fetchone()
        if after is not None:
            where += " AND (topic, id) > (?, ?)"
            values += _from_cursor(after)
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM questions WHERE {where} ORDER BY topic, id LIMIT ?",
            (*values, limit + 1),
        ).fetchall()
        items = tuple(map(_question, rows[:limit]))
        more = len(rows) > limit
        return QuestionPage(items=items, total=total, next=_to_cursor(items[-1]) if more else None)

    def by_id(self, tx: Transaction, question_id: UUID) -> Question:
        """One question. Raises NotFoundError (DB007)."""
        row = tx.execute(
            f"SELECT {_COLUMNS} FROM questions WHERE {_LIVE} AND id = ?",
            (self._owner, question_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"question_id": str(question_id)})
        return _question(row)

    def pick(self, tx: Transaction, wanted: QuestionFilter, count: int) -> list[Question]:
        """Up to `count` questions that match, taken from the topics in turn.

        Those asked least recently come first, chance decides among equals.
        """
        where, values = self._matching(wanted)
        rows = tx.execute(
            "SELECT id, topic, coalesce((SELECT max(asked.id) FROM session_questions asked"
            " WHERE asked.owner_id = questions.owner_id AND asked.question_id = questions.id), x'')"
            f" FROM questions WHERE {where}",
            values,
        ).fetchall()
        random.shuffle(rows)
        rows.sort(key=lambda row: row[2])
        by_topic: dict[str, list[bytes]] = {topic: [] for topic in wanted.topics}
        for row_id, topic, _ in rows:
            by_topic.setdefault(topic, []).append(row_id)
        picked = _in_turn(list(by_topic.values()), count)
        return [self.by_id(tx, UUID(bytes=row_id)) for row_id in picked]

    def count_by_topic(self, tx: Transaction) -> dict[str, int]:
        """How many questions each topic has."""
        rows = tx.execute(
            f"SELECT topic, count(*) FROM questions WHERE {_LIVE} GROUP BY topic",
            (self._owner,),
        )
        return dict(rows.fetchall())

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

    def shipped(self, tx: Transaction) -> dict[UUID, str]:
        """The digest of every shipped question as it was last written, deleted ones too."""
        rows = tx.execute(
            "SELECT id, bank_digest FROM questions WHERE owner_id = ? AND source = 'bank'",
            (self._owner,),
        )
        return {UUID(bytes=row_id): digest for row_id, digest in rows}

    def _matching(self, wanted: QuestionFilter) -> tuple[str, tuple[SQLValue, ...]]:
        where = _LIVE
        parts: list[SQLValue] = [self._owner]
        choices: Sequence[tuple[str, Sequence[str]]] = (
            ("topic", wanted.topics),
            ("kind", wanted.kinds),
            ("difficulty", wanted.difficulties),
            ("source", wanted.sources),
        )
        for column, options in choices:
            if options:
                where += f" AND {column} IN ({', '.join('?' * len(options))})"
                parts += options
        if wanted.text:
            where += " AND instr(lower(prompt), lower(?)) > 0"
            parts.append(wanted.text)
        return where, tuple(parts)


def _in_turn(piles: list[list[bytes]], count: int) -> list[bytes]:
    """One from each pile, again and again, until there are `count` or no more."""
    picked: list[bytes] = []
    depth = max(map(len, piles), default=0)
    for level in range(depth):
        picked += [pile[level] for pile in piles if level < len(pile)]
    return picked[:count]


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


def _question(row: tuple[object, ...]) -> Question:
    (
        row_id,
        kind,
        topic,
        difficulty,
        prompt,
        reference,
        points,
        traits,
        cues,
        ups,
        tags,
        *rest,
    ) = row
    return msgspec.convert(
        {
            "id": UUID(bytes=row_id),  # type: ignore[arg-type]
            "kind": kind,
            "topic": topic,
            "difficulty": difficulty,
            "prompt": prompt,
            "reference_answer": reference,
            "key_points": _STRINGS.decode(points),  # type: ignore[arg-type]
            "traits": _STRINGS.decode(traits),  # type: ignore[arg-type]
            "star_cues": _CUES.decode(cues) if cues else None,  # type: ignore[arg-type]
            "follow_ups": _STRINGS.decode(ups),  # type: ignore[arg-type]
            "tags": _STRINGS.decode(tags),  # type: ignore[arg-type]
            "source": rest[0],
            "revision": rest[1],
        },
        Question,
    )


def _to_cursor(last: Question) -> str:
    return f"{last.topic}/{last.id.hex}"


def _from_cursor(cursor: str) -> tuple[str, bytes]:
    topic, _, hexadecimal = cursor.partition("/")
    try:
        return topic, UUID(hexadecimal).bytes
    except ValueError as error:
        details = {"field": "after", "reason": "not a cursor of an earlier page"}
        raise ValidationFailedError(details=details) from error
