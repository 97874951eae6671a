"""Finds situation, task, action and result in an answer about something that was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ai_service.embeddings import Embedder, Vectors
from shared_contracts.evaluation import Quote, StarPart, StarResult

FOUND = 0.5
CUE = 0.35
"""What a telling phrase adds to a sentence's likeness to the prototypes."""
PLACE = 0.22
"""What standing where the part is usually told adds at most."""
ACT = 0.25
"""What 'I' and a verb of doing adds to an action."""
PAST = 0.1
"""What telling it as something that happened adds."""
FIGURE = 0.1
"""What a number adds to a result."""

_PROTOTYPES: dict[StarPart, tuple[str, ...]] = {
    "situation": (
        "At my last company I was working in a team on a project.",
        "We had a serious problem, and customers were complaining.",
        "Last year, when I worked as a developer, our system kept failing.",
    ),
    "task": (
        "My task was to find a solution before the deadline.",
        "I was responsible for making sure that it got done.",
        "I had to decide what to do and convince the others.",
    ),
    "action": (
        "I talked to everybody involved and wrote down what they needed.",
        "I decided to change the plan and built a first version myself.",
        "I analysed the data, suggested an alternative and set up a meeting.",
    ),
    "result": (
        "As a result we finished on time and complaints fell by half.",
        "In the end it was a success, and the customer was happy.",
        "I learned to ask earlier, and the team still works that way.",
    ),
}
_CUES: dict[StarPart, str] = {
    "situation": r"last (?:year|month|summer|spring|winter|autumn|week)|at my (?:last|previous|current|old|first)|in my (?:last|"
    r"previous|current|old|first)|when i (?:was|worked|joined)|i was (?:a|an|the|working|leading|running)|i (?:worked|used to)|"
    r"\w+ (?:years|months|weeks) ago|i (?:managed|ran|led|supported|headed) (?:a|an|the|our|accounts)|in 20\d\d|at university|during my|there was|we were|back (?:then|when)|once\b",
    "task": r"my (?:task|job|role|goal|responsibility|objective|assignment|aim)|i (?:had|needed|was supposed|was asked|was expected) to|"
    r"i was (?:responsible|in charge|tasked)|it was (?:my|up to me)|i (?:wanted|aimed|hoped) to|we (?:had|needed) to|the (?:goal|challenge|question) was|"
    r"(?:had|needed|must) to (?:be )?(?:decided?|done|finish\w*|deliver\w*)",
    "action": r"(?:so|then|first|next|instead),? i\b|i (?:decided|asked|talked|spoke|suggested|proposed|wrote|built|set up|organi[sz]ed|"
    r"called|met|sat down|explained|analy[sz]ed|checked|looked|went|took|offered|created|changed|started|began|made|showed|listened|"
    r"split|moved|agreed|arranged|collected|measured|tested|prepared|planned|told|sent|ran|fixed|found|implemented|introduced|"
    r"designed|convinced|negotiated|worked|gave|put|kept|learned how|invited|raised|apologi[sz]ed|refused|stopped|led|taught|trained)",
    "result": r"as a result|in the end|the result|(?:the )?outcome|eventually|finally|because of (?:this|that)|since then|ever since|"
    r"i (?:learned|learnt|realised|realized)|now (?:we|i|he|she|they)\b|afterwards|we (?:finished|delivered|shipped|launched|won|saved|kept)|"
    r"(?:fell|rose|dropped|grew|went (?:up|down)|increased|decreased|improved|reduced)\b|by \d+ ?(?:%|percent)|"
    r"(?:was|were) (?:a success|happy|satisfied|pleased)|today\b|led to|turned out|paid off",
}
_CUE_PATTERNS = {part: re.compile(rf"\b(?:{cue})", re.IGNORECASE) for part, cue in _CUES.items()}
_OWN_ACT = re.compile(r"\bI(?: \w+ly)? (?!am\b|was\b|had to\b|have\b|think\b|would\b|could\b|know\b|believe\b|guess\b)\w+", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:\w{3,}ed|was|were|had|did|went|told|said|wrote|built|took|gave|made|came|found|got|kept|left|lost|met|ran|saw|"
    r"sent|set|spent|spoke|stood|taught|thought|won|began|brought|chose|fell|felt|grew|held|knew|led|put|rose|sold|broke)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|\b(?:half|twice|percent|zero|none|no)\b", re.IGNORECASE)
_USUAL_PLACE: dict[StarPart, float] = {"situation": 0.0, "task": 0.25, "action": 0.55, "result": 1.0}
_INTENT = re.compile(r"\b(?:would|could|might|generally|usually|in general|always try)\b", re.IGNORECASE)
INTENT = 0.25
"""What 'I would' takes off: a plan is not an experience."""
PARTS: tuple[StarPart, ...] = ("situation", "task", "action", "result")




def find(embedder: Embedder, sentences: Sequence[Quote]) -> tuple[StarResult, ...]:
    """The four parts in order, each with the sentence that tells it best; no sentence tells two."""
    if not sentences:
        return tuple(StarResult(part=part, found=False) for part in PARTS)
    strengths = np.stack([_strengths(embedder, part, sentences) for part in PARTS], axis=1)
    return tuple(_result(part, place, strengths, sentences) for part, place in zip(PARTS, _assign(strengths), strict=True))


def _strengths(embedder: Embedder, part: StarPart, sentences: Sequence[Quote]) -> Vectors:
    vectors = embedder.embed([sentence.text for sentence in sentences])
    alike = (vectors @ embedder.embed(_PROTOTYPES[part]).T).max(axis=1)
    told = [_told(part, sentence.text, place / max(1, len(sentences) - 1)) for place, sentence in enumerate(sentences)]
    return np.asarray(alike + np.array(told), dtype=np.float32)


def _told(part: StarPart, sentence: str, place: float) -> float:
    """What words and place (0 first, 1 last) say for the sentence being this part."""
    value = PLACE * (1 - 1.5 * abs(place - _USUAL_PLACE[part]))
    value += CUE if _CUE_PATTERNS[part].search(sentence) else 0
    value += PAST if _PAST.search(sentence) else 0
    value += FIGURE if part == "result" and place > 0.5 and _FIGURE.search(sentence) else 0
    value += ACT if part == "action" and _OWN_ACT.search(sentence) else 0
    return value - (INTENT if _INTENT.search(sentence) else 0)


def _assign(strengths: Vectors) -> list[int | None]:
    """The sentence of each part, the surest first; None when no free one is strong enough."""
    places: list[int | None] = [None] * len(PARTS)
    free = strengths.copy()
    for _ in PARTS:
        sentence, part = np.unravel_index(int(free.argmax()), free.shape)
        if free[sentence, part] < FOUND:
            break
        places[int(part)] = int(sentence)
        free[sentence, :] = free[:, part] = -1
    return places


def _result(part: StarPart, place: int | None, strengths: Vectors, sentences: Sequence[Quote]) -> StarResult:
    if place is None:
        return StarResult(part=part, found=False)
    cue = _CUE_PATTERNS[part].search(sentences[place].text)
    return StarResult(part=part, found=True, evidence=sentences[place], cue=cue[0] if cue else "")
