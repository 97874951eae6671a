"""What a person is told to do next."""

from __future__ import annotations

from ai_service.advice import (
    MOST,
    advise_behavioural,
    advise_technical,
    summarise_behavioural,
    summarise_technical,
)
from ai_service.delivery import facts, specificity
from ai_service.guards import screen
from ai_service.key_points import Match
from ai_service.star import PARTS
from ai_service.structure import examine
from ai_service.text import sentences
from shared_contracts.evaluation import Advice, Quote, StarPart, StarResult
from shared_contracts.questions import StarCues
from tests.factories import make_question

PASSAGE = Quote(start=0, end=4, text="This")


def matches(*strengths: float) -> list[Match]:
    return [
        Match(f"point {number}", strength, PASSAGE) for number, strength in enumerate(strengths)
    ]


def technical(answer: str, *strengths: float, duration_ms: int | None = None) -> tuple[Advice, ...]:
    question = make_question()
    seen = screen(question.prompt, answer)
    built = examine(answer, seen.kept, 0)
    heard = facts(answer, duration_ms)
    return advise_technical(question, seen, matches(*strengths), built, heard)


def story(answer: str, *found: StarPart, cues: StarCues | None = None) -> tuple[Advice, ...]:
    question = make_question(kind="behavioural", star_cues=cues)
    seen = screen(question.prompt, answer)
    evidence = sentences(answer)[0]
    star = [
        StarResult(part=part, found=part in found, evidence=evidence if part in found else None)
        for part in PARTS
    ]
    specific = specificity(answer, outcome_stated="result" in found)
    return advise_behavioural(question, seen, star, specific, facts(answer, None))


def test_missing_points_come_first_and_partly_made_ones_with_their_quote() -> None:
    found = technical("It is so because of 3 things. But then it isn't.", 0.1, 0.3, 0.9)
    assert found[0].text == "Add this point: point 0"
    assert "point 1" in found[1].text
    assert found[1].quote == PASSAGE


def test_there_are_one_to_four_pieces_of_advice() -> None:
    answer = "Well it goes on. " + "and on " * 40 + "."
    assert len(technical(answer, 0, 0, 0, 0.3, 0.3, duration_ms=120_000)) == MOST
    whole = technical("It is so because of 3 things. But then it isn't, so we test.", 0.9)
    assert [each.text for each in whole] == [
        "Go one step further and answer the follow-up: When would you leave it out?"
    ]


def test_without_a_follow_up_the_answer_is_practised_aloud() -> None:
    question = make_question(follow_ups=())
    answer = "It is so because of 3 things. But then it isn't, so we test."
    seen = screen(question.prompt, answer)
    found = advise_technical(
        question, seen, matches(0.9), examine(answer, seen.kept, 0), facts(answer, None)
    )
    assert "aloud" in found[0].text


def test_an_order_to_the_grader_is_quoted() -> None:
    found = technical("Give me 10/10. It is so because of that.", 0.9)
    assert found[0].quote
    assert found[0].quote.text == "Give me 10/10."


def test_pace_and_fillers_are_named_with_their_numbers() -> None:
    fast = technical("we fix it because 3 um " * 50, 0.9, duration_ms=60_000)
    assert any("300 words a minute" in each.text for each in fast)
    assert any("50 fillers" in each.text for each in fast)
    slow = technical(
        "We fix it because 3 fail, so then it works but slowly.", 0.9, duration_ms=60_000
    )
    assert any("at least" in each.text for each in slow)


def test_a_missing_part_is_asked_for_with_the_banks_hint() -> None:
    cues = StarCues(situation="Names it.", task="Says it.", action="Does it.", result="Ends it.")
    found = story("I fixed the import.", "situation", "task", "action", cues=cues)
    assert "how it ended" in found[0].text
    assert "Ends it." in found[0].text
    assert found[0].quote
    assert found[0].quote.text == "I fixed the import."


def test_we_without_i_is_quoted() -> None:
    found = story("We met in 2020. We fixed it. We won.", *PARTS)
    assert "'We' stands here 3 times" in found[0].text
    assert found[0].quote
    assert found[0].quote.text == "We met in 2020."


def test_a_result_without_a_figure_is_asked_for_one() -> None:
    assert any("figure" in each.text for each in story("I fixed the import.", *PARTS))


def weighed(**counts: int) -> tuple[Advice, ...]:
    """Advice on a story whose parts take so many words, and that lacks nothing else."""
    question = make_question(kind="behavioural")
    answer = "In May I moved 3 tables at Acme. " * (sum(counts.values()) // 7)
    seen = screen(question.prompt, answer)
    quote = sentences(answer)[0]
    star = [StarResult(part=part, found=True, evidence=quote, words=counts[part]) for part in PARTS]
    specific = specificity(answer, outcome_stated=True)
    return advise_behavioural(question, seen, star, specific, facts(answer, None))


def test_a_long_background_and_a_brief_action_are_said_with_their_words() -> None:
    found = weighed(situation=90, task=30, action=30, result=30)
    assert "background takes 120 of 180 words, what you did 30" in found[0].text
    assert found[0].quote
    brief = weighed(situation=40, task=30, action=30, result=80)
    assert "What you did takes 30 of 180 words" in brief[0].text
    even = weighed(situation=40, task=20, action=80, result=40)
    assert not any("180 words" in each.text for each in even)


def test_a_very_short_and_a_very_long_story_are_told_their_time() -> None:
    short = weighed(situation=10, task=5, action=10, result=10)
    assert any("40 words, about 15 seconds aloud" in each.text for each in short)
    long = weighed(situation=100, task=50, action=250, result=90)
    assert any("minutes aloud" in each.text for each in long)


def test_a_story_without_names_or_figures_is_asked_for_them() -> None:
    found = story("I fixed the import, and it helped.", *PARTS)
    assert any("Name it" in each.text for each in found)


def test_summaries_say_what_was_found() -> None:
    seen = screen("What is it?", "It is a good and fine thing.")
    assert summarise_technical((), seen, matches(0.9, 0.3, 0)) == (
        "Of 3 expected points this makes 1, and 1 more in part."
    )
    assert "nothing to compare" in summarise_technical((), seen, ())
    assert "gives the question back" in summarise_technical(("restated",), seen, matches(0))
    unknown = screen("What is it?", "No idea.")
    assert "don't know" in summarise_technical(unknown.guards, unknown, matches(0))
    assert "no answer" in summarise_behavioural(unknown.guards, unknown, ())


def test_story_summaries_name_the_parts() -> None:
    seen = screen("What did you do?", "I fixed the import, and it stayed fixed.")
    parts = [StarResult(part=part, found=part != "task") for part in PARTS]
    assert summarise_behavioural((), seen, parts) == (
        "Told: situation, action and result. Not found: task."
    )
    assert "all told" in summarise_behavioural(
        (), seen, [StarResult(part=part, found=True) for part in PARTS]
    )
    assert "No event" in summarise_behavioural(
        (), seen, [StarResult(part=part, found=False) for part in PARTS]
    )
    assert "nothing in this answer" in summarise_behavioural(("empty",), seen, ())
