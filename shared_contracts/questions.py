"""Questions, their filter and pages, and the catalogue of roles and topics to choose from."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from shared_contracts.contract import Contract, Count, Cursor, Line, Paragraph, Slug, Span

Kind = Literal["technical", "behavioural"]
Difficulty = Literal["easy", "medium", "hard"]
Source = Literal["bank", "own"]
Prompt = Annotated[str, Meta(min_length=8, max_length=2_000)]
Reference = Annotated[str, Meta(max_length=8_000)]
KeyPoint = Annotated[str, Meta(min_length=3, max_length=400)]
KeyPoints = Annotated[tuple[KeyPoint, ...], Meta(max_length=12)]
Tags = Annotated[tuple[Slug, ...], Meta(max_length=8)]
FollowUps = Annotated[tuple[Line, ...], Meta(max_length=4)]


class StarCues(Contract, gc=False):
    """What a strong answer says in each part: situation, task, action, result."""

    situation: Paragraph
    task: Paragraph
    action: Paragraph
    result: Paragraph


class Question(Contract, gc=False):
    """A question with what a strong answer contains.

    Technical ones have `key_points`, behavioural ones `traits` and `star_cues`.
    """

    id: UUID
    kind: Kind
    topic: Slug
    difficulty: Difficulty
    prompt: Prompt
    reference_answer: Reference = ""
    key_points: KeyPoints = ()
    traits: tuple[Line, ...] = ()
    star_cues: StarCues | None = None
    follow_ups: FollowUps = ()
    tags: Tags = ()
    source: Source = "own"
    revision: int = 1


class QuestionFilter(Contract):
    """Which questions are meant; an empty field means all.

    `text` is words and "phrases" that are all in the prompt or the tags; the last word, if no space
    follows it, stands for all words that begin with it.
    """

    topics: Annotated[tuple[Slug, ...], Meta(max_length=20)] = ()
    kinds: tuple[Kind, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    sources: tuple[Source, ...] = ()
    text: Annotated[str, Meta(max_length=200)] = ""


class GetQuestions(Contract):
    """A page of questions, in an order that stays as it is while others are added: by topic, or, of
    a search, the best first. `count` asks for the total too.
    """

    filter: QuestionFilter = QuestionFilter()
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Cursor | None = None
    count: bool = False


class QuestionPage(Contract):
    """`next` is the following page's cursor, None on the last; `total` counts all that match, up to
    10,000, or of a search 1,000.

    `marks` are, for each item of a search, the passages of its prompt that matched.
    """

    items: tuple[Question, ...]
    marks: tuple[tuple[Span, ...], ...] = ()
    total: Count | None = None
    next: Cursor | None = None


class CreateQuestion(Contract):
    """A question of the person's own."""

    kind: Kind
    topic: Slug
    difficulty: Difficulty
    prompt: Prompt
    reference_answer: Reference = ""
    key_points: KeyPoints = ()
    follow_ups: FollowUps = ()
    tags: Tags = ()


class Topic(Contract):
    """A field of questions; `questions` counts those at hand, own ones included, up to 1,000."""

    id: Slug
    title: Line
    description: Paragraph
    questions: Count = Count(number=0)


class Role(Contract):
    """A job people apply for, and the topics of its interviews, the most important first."""

    id: Slug
    title: Line
    description: Paragraph
    topics: Annotated[tuple[Slug, ...], Meta(min_length=1)]


class GetCatalogue(Contract):
    """Asks for all roles and topics."""


class Catalogue(Contract):
    """What the start screen offers."""

    roles: tuple[Role, ...]
    topics: tuple[Topic, ...]
