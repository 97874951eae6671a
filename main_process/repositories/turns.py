"""Whose turn it is to be asked: first what never was, by chance, then what was least recently."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import get_args

from main_process.database import Transaction
from shared_contracts.questions import Difficulty
from shared_contracts.sessions import SessionSetup

_TURN = (
    "FROM question_index INDEXED BY ix_question_index_turn"
    " WHERE owner_id = ? AND topic = ? AND difficulty = ? AND"
)
_NEVER_ASKED = (
    f"SELECT question_id {_TURN} asked = x'' AND lot >= ? ORDER BY lot LIMIT ?",
    f"SELECT question_id {_TURN} asked = x'' AND lot < ? ORDER BY lot LIMIT ?",
)
"""From a lot on, and around again from the lowest."""
_ASKED = f"SELECT asked, question_id {_TURN} asked > x'' ORDER BY asked LIMIT ?"
_LOTS = 2**31
_TOPICS = """
WITH RECURSIVE topics (topic) AS (
    SELECT min(topic) FROM question_index WHERE owner_id = :owner
    UNION ALL
    SELECT (SELECT min(topic) FROM question_index WHERE owner_id = :owner AND topic > topics.topic)
    FROM topics WHERE topic IS NOT NULL
)
SELECT topic FROM topics WHERE topic IS NOT NULL
"""


def pick(tx: Transaction, owner: bytes, setup: SessionSetup) -> list[bytes]:
    """The ids of the questions that an interview of this setup asks; as many as there are.

    The topics take turns, in the order given, else by chance.
    """
    count = setup.question_count
    piles: list[list[bytes]] = []
    for topic in dict.fromkeys(setup.topics) or _all_topics(tx, owner):
        pile = _pile(tx, owner, topic, setup)
        if pile:
            piles.append(pile)
        if len(piles) == count:
            break
    return _in_turn(piles, count)


def _all_topics(tx: Transaction, owner: bytes) -> list[str]:
    topics = [topic for (topic,) in tx.execute(_TOPICS, {"owner": owner})]
    random.shuffle(topics)
    return topics


def _pile(tx: Transaction, owner: bytes, topic: str, setup: SessionSetup) -> list[bytes]:
    """The questions of a topic whose turn is next; the difficulties have equal chances."""
    never: list[bytes] = []
    asked: list[tuple[bytes, bytes]] = []
    count = setup.question_count
    for difficulty in set(setup.difficulties or get_args(Difficulty)):
        which = (owner, topic, difficulty)
        new = _never_asked(tx, which, count)
        never += new
        if len(new) < count:
            asked += tx.execute(_ASKED, (*which, count - len(new)))
    random.shuffle(never)
    return [*never, *(question_id for _, question_id in sorted(asked))][:count]


def _never_asked(tx: Transaction, which: tuple[bytes, str, str], count: int) -> list[bytes]:
    lot = random.randrange(_LOTS)  # noqa: S311  not a secret
    found: list[bytes] = []
    for statement in _NEVER_ASKED:
        found += [row[0] for row in tx.execute(statement, (*which, lot, count - len(found)))]
    return found


def _in_turn(piles: Sequence[Sequence[bytes]], count: int) -> list[bytes]:
    """One from each pile, again and again, until there are `count` or no more."""
    picked: list[bytes] = []
    depth = max(map(len, piles), default=0)
    for level in range(depth):
        picked += [pile[level] for pile in piles if level < len(pile)]
    return picked[:count]
