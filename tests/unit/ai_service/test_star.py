"""Situation, task, action and result."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.embeddings import Embedder
from ai_service.star import PARTS, find
from ai_service.text import sentences, words

STORY = (
    "Two years ago our nightly import kept failing, and support spent every morning on the phone. "
    "I had to make it reliable before the busy season. "
    "I traced the failures to one supplier's file, wrote a check that rejects bad rows, "
    "and agreed on a format with the supplier. "
    "Failures dropped from five a week to none, and the check is still in use."
)


def told(embedder: Embedder, answer: str) -> set[str]:
    return {result.part for result in find(embedder, sentences(answer)) if result.found}


def test_a_whole_story_has_its_four_parts_in_their_places(embedder: Embedder) -> None:
    parts = find(embedder, sentences(STORY))
    assert [result.part for result in parts] == list(PARTS)
    evidence = [result.evidence for result in parts]
    assert all(evidence)
    assert [piece.text for piece in evidence if piece] == [s.text for s in sentences(STORY)]
    assert parts[1].cue == "I had to"


@pytest.mark.parametrize(
    ("removed", "part"), [(0, "situation"), (1, "task"), (2, "action"), (3, "result")]
)
def test_a_part_left_out_is_missed(embedder: Embedder, removed: int, part: str) -> None:
    kept = [s.text for number, s in enumerate(sentences(STORY)) if number != removed]
    assert told(embedder, " ".join(kept)) == set(PARTS) - {part}


@pytest.mark.parametrize(
    "answer",
    [
        "I am a good team player. Communication is very important to me.",
        "I would talk to the colleague first. Then I would ask the manager for advice.",
        "Conflicts are normal in teams and should be solved by talking.",
    ],
)
def test_opinions_and_plans_are_no_story(embedder: Embedder, answer: str) -> None:
    assert told(embedder, answer) <= {"task"}


def test_what_we_did_is_not_what_i_did(embedder: Embedder) -> None:
    answer = "There was an outage last year. We fixed it together. As a result it never came back."
    assert "action" not in told(embedder, answer)


def test_each_part_says_how_much_of_the_answer_it_takes(embedder: Embedder) -> None:
    parts = find(embedder, sentences(STORY))
    assert [result.words for result in parts] == [len(words(s.text)) for s in sentences(STORY)]
    more = STORY.replace("I had to", "It was a mess, and nobody knew why it was so. I had to")
    longer = find(embedder, sentences(more))
    assert longer[0].words > parts[0].words
    assert sum(result.words for result in longer) == len(words(more))


def test_no_sentences_no_parts(embedder: Embedder) -> None:
    assert [result.found for result in find(embedder, ())] == [False] * 4


@given(st.lists(st.sampled_from([s.text for s in sentences(STORY)]), max_size=6))
def test_no_sentence_tells_two_parts(embedder: Embedder, pieces: list[str]) -> None:
    answer = " ".join(pieces)
    places = [r.evidence.start for r in find(embedder, sentences(answer)) if r.evidence]
    assert len(places) == len(set(places))
