"""The shipped questions: reads the bank's files and brings them into the database.

A question that the person changed is theirs from then on: an upgrade leaves it alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID, uuid5

import msgspec
from msgspec import Meta

from main_process.database import Transaction
from main_process.repositories.questions import Questions
from shared_contracts.contract import Contract, Line, Paragraph, Slug
from shared_contracts.envelope import IPCError
from shared_contracts.errors import BankFileError, NotFoundError
from shared_contracts.questions import (
    Difficulty,
    FollowUps,
    KeyPoint,
    Kind,
    Prompt,
    Question,
    Reference,
    Role,
    StarCues,
    Tags,
    Topic,
)

T = TypeVar("T")

BANK_FOLDER = Path(__file__).parent / "bank"
ROLES_FILE = "roles.toml"
_CONTENT = {
    field.name: field.default
    for field in msgspec.structs.fields(Question)
    if field.name not in {"source", "revision"}
}
"""What a question's digest is made of, and the defaults that aren't in it."""
_NAMESPACE = UUID("5e0c2f52-6a0b-4b6e-9a55-6f1f0f0e7a11")
"""Shipped ids are UUIDv5 of their names in the files, so that two devices never hold one twice."""


class BankQuestion(Contract):
    """One entry of a bank file."""

    id: Slug
    kind: Kind
    difficulty: Difficulty
    prompt: Annotated[Prompt, Meta(pattern=r"^\S[\s\S]*\S\Z")]
    reference_answer: Reference
    follow_ups: FollowUps
    tags: Tags
    key_points: Annotated[tuple[KeyPoint, ...], Meta(max_length=6)] = ()
    traits: Annotated[tuple[Line, ...], Meta(max_length=5)] = ()
    star_cues: StarCues | None = None


class BankFile(Contract):
    """A whole bank file; its entries are checked one by one, to name the broken one."""

    topic: Slug
    title: Line
    description: Paragraph
    questions: list[dict[str, Any]]


class RolesFile(Contract):
    """The roles to choose from, in the order they are shown."""

    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    """Everything that could be read; `problems` names each broken file or entry."""

    roles: tuple[Role, ...]
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]
    problems: tuple[IPCError, ...]


def load(folder: Path = BANK_FOLDER) -> Bank:
    """Read all files. A broken entry or file is left out and named in `problems` (BANK001)."""
    topics: list[Topic] = []
    questions: dict[UUID, Question] = {}
    problems: list[IPCError] = []
    roles: tuple[Role, ...] = ()
    for path in sorted(folder.glob("*.toml")):
        try:
            if path.name == ROLES_FILE:
                roles = _decode(path, RolesFile).roles
                continue
            file = _decode(path, BankFile)
        except BankFileError as error:
            problems.append(error.to_ipc())
            continue
        topics.append(Topic(id=file.topic, title=file.title, description=file.description))
        for number, entry in enumerate(file.questions, start=1):
            try:
                question = _question(path, number, file.topic, entry)
                if question.id in questions:
                    raise _broken(path, "Field `id` is that of another question", entry["id"])
                questions[question.id] = question
            except BankFileError as error:
                problems.append(error.to_ipc())
    return Bank(roles, tuple(topics), tuple(questions.values()), tuple(problems))


def import_bank(tx: Transaction, repository: Questions, bank: Sequence[Question]) -> int:
    """Add what is new, renew what the person never changed. Returns how many were written."""
    written = 0
    digests = repository.digests(tx, [question.id for question in bank])
    for question in bank:
        known = digests.get(question.id)
        fresh = digest(question)
        if known == fresh:
            continue
        if known is None:
            repository.insert(tx, question, bank_digest=fresh)
        elif _is_untouched(tx, repository, question.id, known):
            repository.replace(tx, question, bank_digest=fresh)
        else:
            continue
        written += 1
    return written


def _is_untouched(tx: Transaction, repository: Questions, question_id: UUID, known: str) -> bool:
    """Whether the person neither changed nor deleted the question."""
    try:
        return digest(repository.by_id(tx, question_id)) == known
    except NotFoundError:
        return False


def digest(question: Question) -> str:
    """SHA-256 of a question's content, in hexadecimal.

    What is left at its default isn't in it: a field that a later version adds changes no digest.
    """
    content = {
        name: getattr(question, name)
        for name, default in _CONTENT.items()
        if getattr(question, name) != default
    }
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def shipped_id(name: str) -> UUID:
    """The id of the shipped question of this name."""
    return uuid5(_NAMESPACE, name)


def _decode(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        raise _broken(path, str(error)) from error


def _question(path: Path, number: int, topic: str, entry: dict[str, Any]) -> Question:
    name = entry.get("id") or f"number {number}"
    try:
        read = msgspec.convert(entry, BankQuestion)
    except msgspec.ValidationError as error:
        raise _broken(path, str(error), entry=name) from error
    missing = _missing(read)
    if missing:
        raise _broken(path, f"Field `{missing}` is missing", entry=name)
    return Question(
        id=shipped_id(read.id),
        kind=read.kind,
        topic=topic,
        difficulty=read.difficulty,
        prompt=read.prompt,
        reference_answer=read.reference_answer.strip(),
        key_points=read.key_points,
        traits=read.traits,
        star_cues=read.star_cues,
        follow_ups=read.follow_ups,
        tags=read.tags,
        source="bank",
    )


def _missing(read: BankQuestion) -> str | None:
    """The field that a question of its kind needs and this one lacks."""
    if read.kind == "technical":
        return None if read.key_points else "key_points"
    if not read.traits:
        return "traits"
    return None if read.star_cues else "star_cues"


def _broken(path: Path, reason: str, entry: str | None = None) -> BankFileError:
    where = f"entry {entry!r} of " if entry else ""
    return BankFileError(
        f"The question bank is broken in {where}{path.name}: {reason}.",
        details={"file": path.name, "entry": entry, "reason": reason},
    )
