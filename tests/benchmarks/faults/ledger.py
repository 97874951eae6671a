"""What a writer said of each operation, and what is found of it in the file."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

QUESTIONS = 2
"""Each operation writes a session of so many questions, and a line of the change log for each."""
_FOUND = """
SELECT s.title, count(q.id),
       (SELECT count(*) FROM change_log l WHERE l.owner_id = s.owner_id AND l.entity = 'sessions'
        AND l.entity_id = s.id),
       count((SELECT 1 FROM change_log l WHERE l.owner_id = q.owner_id
        AND l.entity = 'session_questions' AND l.entity_id = q.id))
FROM sessions s LEFT JOIN session_questions q ON q.owner_id = s.owner_id AND q.session_id = s.id
GROUP BY s.owner_id, s.id ORDER BY s.owner_id, s.id
"""


@dataclass(slots=True)
class Ledger:
    """What was said, in whatever run of the writer."""

    asked: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)
    refused: str = ""
    """The code with which the last run could not open the file."""

    def note(self, line: str) -> None:
        """Take down one line."""
        word, *rest = line.split()
        self.words[word] += 1
        match word, rest:
            case "asked", [name]:
                self.asked.add(name)
            case "kept", [name]:
                self.kept.add(name)
            case "failed", [name, code]:
                self.failed[name] = code
            case "refused", [code]:
                self.refused = code
            case "ready", []:
                self.refused = ""

    @property
    def open(self) -> set[str]:
        """What was asked for and never answered."""
        return self.asked - self.kept - self.failed.keys()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in the file; all but the counts of what was open must be nothing."""

    lost: int
    """Confirmed, and not there."""
    torn: int
    """There in parts."""
    untrue: int
    """Refused with an error, and there all the same."""
    unknown: int
    """There, and never asked for."""
    unsound: tuple[str, ...]
    """What the checks of integrity and of foreign keys say, but "ok"."""
    open_in: int
    """Never answered, and wholly in."""
    open_out: int
    """Never answered, and wholly out."""

    @property
    def holds(self) -> bool:
        """Whether all that is promised was kept."""
        return not (self.lost or self.torn or self.untrue or self.unknown or self.unsound)


def judge(path: Path, ledger: Ledger) -> Verdict:
    """Compare the file with what was said, as any other program finds it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        unsound = [text for (text,) in plain.execute("PRAGMA integrity_check") if text != "ok"]
        unsound += [f"orphan in {row[0]}" for row in plain.execute("PRAGMA foreign_key_check")]
        rows = plain.execute(_FOUND).fetchall()
    whole = {title for title, *counts in rows if counts == [QUESTIONS, 1, QUESTIONS]}
    return Verdict(
        lost=len(ledger.kept - whole),
        torn=len(rows) - len(whole),
        untrue=len(ledger.failed.keys() & whole),
        unknown=len(whole - ledger.asked),
        unsound=tuple(unsound),
        open_in=len(ledger.open & whole),
        open_out=len(ledger.open - whole),
    )


def names_in(path: Path) -> list[str]:
    """The operations found in the file, in the order in which they were carried out."""
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        return [title for (title,) in plain.execute("SELECT title FROM sessions ORDER BY id")]
