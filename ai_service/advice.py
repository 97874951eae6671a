"""Says in plain words what was found and what to do next, from what was measured alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ai_service.guards import Screening
from ai_service.key_points import Match
from ai_service.structure import Structure
from ai_service.text import words
from shared_contracts.evaluation import (
    Advice,
    DeliveryFacts,
    Guard,
    Specificity,
    StarPart,
    StarResult,
)
from shared_contracts.questions import Question, StarCues
from shared_contracts.recordings import FASTEST_USUAL, SLOWEST_USUAL, USUAL_FILLERS

MOST = 4
MOST_POINTS = 2
"""Points to add at once; more is a list nobody works through."""
WEAK = 0.35
EARLY_ENOUGH = 0.7

USUAL_PACE = 157
"""Words a minute, the median of the interviews that the limits above come from."""
SHORT_STORY, LONG_STORY = 90, 400
"""Words below and above which a story's length is spoken of: 35 seconds, two and a half minutes."""
LONG_BACKGROUND, BRIEF_ACTION = 0.5, 0.25
"""Shares of a story from which the background crowds out, or below which what was done is brief."""
MOST_PROMPT = 300
_UNANSWERED: frozenset[Guard] = frozenset({"empty", "restated", "off_topic"})
_SUMMARIES: dict[Guard, str] = {
    "empty": "There is nothing in this answer that could be scored.",
    "restated": "This gives the question back but does not answer it.",
    "off_topic": "This does not seem to be about the question.",
    "keywords_only": "These are keywords rather than sentences, so at most 30 of 100 can be given.",
}
_NOTHING_TO_COMPARE = (
    "There is nothing to compare this answer with: "
    "the question has no key points and no reference answer."
)
_MISSING_PART: dict[StarPart, str] = {
    "situation": "Begin with the situation: where you were, who was involved and why it mattered.",
    "task": "Say what your own task was: what you had to achieve or decide, and by when.",
    "action": "Say what you did yourself, step by step, with 'I'.",
    "result": "Say how it ended: what changed, in figures if you have them, and what you learned.",
}


def summarise_technical(
    guards: Sequence[Guard], screening: Screening, matches: Sequence[Match]
) -> str:
    """One or two sentences on what the answer holds."""
    if screening.no_idea:
        return "You said that you don't know. The expected points are below, to come back to."
    for guard in guards:
        if guard in _SUMMARIES:
            return _SUMMARIES[guard]
    if not matches:
        return _NOTHING_TO_COMPARE
    covered = sum(match.coverage == "covered" for match in matches)
    partly = sum(match.coverage == "partly" for match in matches)
    also = f", and {partly} more in part" if partly else ""
    return f"Of {len(matches)} expected points this makes {covered}{also}."


def summarise_behavioural(
    guards: Sequence[Guard], screening: Screening, star: Sequence[StarResult]
) -> str:
    """Which parts of the story are told. No grade: text says too little about that."""
    if screening.no_idea:
        return (
            "You said that you have no answer. Think of one real event, and tell it in four parts."
        )
    for guard in guards:
        if guard in _SUMMARIES and guard != "keywords_only":
            return _SUMMARIES[guard]
    told = [result.part for result in star if result.found]
    missing = [result.part for result in star if not result.found]
    if not told:
        return "No event is told here yet: situation, task, action and result were not found."
    if not missing:
        return "Situation, task, action and result are all told."
    return f"Told: {_listed(told)}. Not found: {_listed(missing)}."


def advise_technical(
    question: Question,
    screening: Screening,
    matches: Sequence[Match],
    built: Structure | None,
    heard: DeliveryFacts,
) -> tuple[Advice, ...]:
    """One to four things to do, the most useful first."""
    found = [
        *_on_orders(screening),
        *_on_points(matches),
        *_on_structure(built),
        *_on_delivery(heard),
    ]
    return tuple(found[:MOST]) or (_practise(question),)


def advise_behavioural(
    question: Question,
    screening: Screening,
    star: Sequence[StarResult],
    specific: Specificity,
    heard: DeliveryFacts,
) -> tuple[Advice, ...]:
    """One to four things to do, quoting the person's own words."""
    found = [
        *_on_orders(screening),
        *_on_parts(star, question.star_cues),
        *_on_balance(star),
        *_on_specificity(screening, star, specific),
        *_on_length(star, heard),
        *_on_delivery(heard),
    ]
    return tuple(found[:MOST]) or (_practise(question),)


def answer_first(
    question: Question, guards: Sequence[Guard], others: Sequence[Advice]
) -> tuple[Advice, ...]:
    """The advice, led by answering at all if the answer doesn't: how it is built matters little."""
    if not _UNANSWERED & set(guards):
        return tuple(others)
    asked = " ".join(question.prompt.split())[:MOST_PROMPT]
    first = Advice(text=f"Answer the question that was asked: {asked}")
    return (first, *others[:MOST_POINTS])


def _on_orders(screening: Screening) -> Iterator[Advice]:
    for piece in screening.injected[:1]:
        yield Advice(
            text="This speaks to whoever grades, not to the interviewer: leave it out.",
            quote=piece,
        )


def _on_points(matches: Sequence[Match]) -> Iterator[Advice]:
    missing = [match for match in matches if match.coverage == "missing"]
    partly = [match for match in matches if match.coverage == "partly"]
    for match in missing[:MOST_POINTS]:
        yield Advice(text=f"Add this point: {match.point}")
    for match in partly[:MOST_POINTS]:
        yield Advice(
            text=f"This goes part of the way. Spell it out: {match.point}", quote=match.passage
        )


def _on_structure(built: Structure | None) -> Iterator[Advice]:
    if built is None:
        return
    if built.longest:
        length = len(words(built.longest.text))
        yield Advice(
            text=f"This sentence has {length} words. Split it, to be followed by ear.",
            quote=built.longest,
        )
    if 0 < built.early < EARLY_ENOUGH:
        yield Advice(text="Your first expected point comes late. Answer first, then explain.")
    if built.signposts < WEAK:
        yield Advice(
            text="Join your points with 'because', 'so' or 'however', so that your reasoning shows."
        )
    if not built.example:
        yield Advice(text="Add one concrete example or figure from something you have worked on.")


def _on_delivery(heard: DeliveryFacts) -> Iterator[Advice]:
    pace = heard.words_per_minute
    if pace is not None and pace > FASTEST_USUAL:
        yield Advice(
            text=f"You spoke {pace:.0f} words a minute; {FASTEST_USUAL} is fast already. Pause."
        )
    if pace is not None and heard.words and pace < SLOWEST_USUAL:
        yield Advice(
            text=f"You spoke {pace:.0f} words a minute; most people speak at least {SLOWEST_USUAL}."
        )
    if heard.fillers and 100 * heard.fillers > 2 * USUAL_FILLERS * heard.words:
        yield Advice(
            text=f"You used {heard.fillers} fillers such as 'um'. A silent pause sounds surer."
        )


def _on_parts(star: Sequence[StarResult], cues: StarCues | None) -> Iterator[Advice]:
    told = [result.evidence for result in star if result.found]
    for result in star:
        if not result.found:
            hint = f" A strong answer here: {getattr(cues, result.part)}" if cues else ""
            after = told[-1] if told and result.part == "result" else None
            yield Advice(text=_MISSING_PART[result.part] + hint, quote=after)


def _on_balance(star: Sequence[StarResult]) -> Iterator[Advice]:
    """Whether the background takes the room of what the person did."""
    parts = {result.part: result for result in star if result.found}
    total = sum(result.words for result in parts.values())
    action = parts.get("action")
    if action is None or total < SHORT_STORY:
        return
    background = [parts[part] for part in ("situation", "task") if part in parts]
    before = sum(result.words for result in background)
    if before >= LONG_BACKGROUND * total:
        yield Advice(
            text=f"The background takes {before} of {total} words, what you did {action.words}. "
            "Shorten it from here on, and use the room for your own steps.",
            quote=background[0].evidence,
        )
    elif action.words < BRIEF_ACTION * total:
        yield Advice(
            text=f"What you did takes {action.words} of {total} words. Say how you did this: "
            "the steps, what was hard, and what you decided against.",
            quote=action.evidence,
        )


def _on_length(star: Sequence[StarResult], heard: DeliveryFacts) -> Iterator[Advice]:
    seconds = 60 * heard.words / USUAL_PACE
    told = next((result.evidence for result in star if result.part == "action"), None)
    if 0 < heard.words < SHORT_STORY and any(result.found for result in star):
        yield Advice(
            text=f"This is {heard.words} words, about {seconds:.0f} seconds aloud. "
            "A story has room for one to two minutes: go through it step by step.",
            quote=told,
        )
    if heard.words > LONG_STORY:
        yield Advice(
            text=f"This is {heard.words} words, about {seconds / 60:.1f} minutes aloud. "
            "Two minutes can be followed: keep what shows your own part."
        )


def _on_specificity(
    screening: Screening, star: Iterable[StarResult], specific: Specificity
) -> Iterator[Advice]:
    parts = {result.part: result.evidence for result in star if result.found}
    we, i = specific.first_person_plural, specific.first_person_singular
    if we > max(1, 2 * i):
        said = next((piece for piece in screening.kept if "we" in words(piece.text)), None)
        text = f"'We' stands here {we} times, 'I' {i}. Say what you did yourself."
        yield Advice(text=text, quote=said)
    if "action" in parts and not specific.names and not specific.numbers:
        yield Advice(
            text="Name it: which product, tool, customer or team was this, and when?",
            quote=parts.get("situation") or parts["action"],
        )
    if "result" in parts and not specific.numbers:
        yield Advice(
            text="Put a figure to this: how much, how many, how long?", quote=parts["result"]
        )


def _practise(question: Question) -> Advice:
    if question.follow_ups:
        return Advice(
            text=f"Go one step further and answer the follow-up: {question.follow_ups[0]}"
        )
    return Advice(text="Give the same answer aloud in under two minutes, without reading it.")


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
