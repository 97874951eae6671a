"""The words and phrases, as patterns."""

from __future__ import annotations

import re

from ai_service.lexicon import orders_to_grader, phrases, star_cues, star_prototypes, word_set


def test_word_lists_hold_plain_words_in_lower_case() -> None:
    stop = word_set("stop")
    assert {"the", "because", "it's"} <= stop
    assert all(word == word.lower() for word in stop)


def test_phrases_match_whole_words_only() -> None:
    signpost = phrases("signpost")
    assert signpost.search("It works, so that we can go on")
    assert not signpost.search("Some sofas")


def test_cues_and_prototypes_exist_for_each_part_of_a_story() -> None:
    assert star_cues("task").search("My task was clear")
    assert all(
        len(star_prototypes(part)) >= 3 for part in ("situation", "task", "action", "result")
    )


def test_orders_are_put_together_from_their_parts() -> None:
    assert orders_to_grader().search("give me 10/10")
    assert not re.search(r"\{[a-z]", orders_to_grader().pattern)
