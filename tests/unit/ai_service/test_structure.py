"""How an answer is built."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ai_service.structure import WEIGHTS, Structure, examine
from ai_service.text import sentences


def built(answer: str, first: int | None = 0) -> Structure:
    found = examine(answer, sentences(answer), first)
    assert found
    return found


def test_the_weights_add_up_to_one() -> None:
    assert abs(sum(WEIGHTS.values()) - 1) < 1e-9


def test_nothing_has_no_structure() -> None:
    assert examine("", (), None) is None


def test_the_point_first_is_better_than_last_is_better_than_never() -> None:
    answer = "One is this. Two is that. Three is more. Four is here. The point is made."
    scores = [built(answer, first).score for first in (0, answer.index("The point"), None)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_signposts_help() -> None:
    plain = "The cache is empty. The load goes up. The service is slow. We add a cache."
    joined = (
        "First the cache is empty. Because of that load goes up. So we add a cache. It is fine."
    )
    assert built(joined).signposts > built(plain).signposts


def test_an_overlong_sentence_is_pointed_at() -> None:
    endless = "it goes on " * 15 + "and ends."
    answer = f"Short start here. {endless}"
    found = built(answer)
    assert found.longest
    assert found.longest.text == endless
    assert found.readable == 0.5


def test_an_example_or_a_figure_counts() -> None:
    assert built("We cut the time to 20 ms.").example == 1
    assert built("For example we cut the time.").example == 1
    assert built("We cut the time.").example == 0


def test_a_long_answer_wants_paragraphs_or_order() -> None:
    answer = "This is a sentence. " * 12
    assert built(answer).laid_out == 0
    assert built(answer.replace(". ", ".\n", 1)).laid_out == 1
    assert built(answer + "First this is it. Then that is it.").laid_out == 1


@given(st.text(max_size=300), st.none() | st.integers(0, 300))
def test_scores_are_shares(answer: str, first: int | None) -> None:
    found = examine(answer, sentences(answer), first)
    assert found is None or 0 <= found.score <= 1
