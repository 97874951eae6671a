"""Where a recording is cut, and which silences are pauses."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_service.transcribers import Samples
from ai_service.transcribers.speech import Span, cut, find_speech, loudness_db, pauses
from shared_contracts.recordings import Pause


def silence(ms: int) -> Samples:
    return np.zeros(ms * 16, np.float32)


def test_what_nothing_follows_is_taken_whole() -> None:
    assert cut(silence(900), [Span(0, 900)], final=True) == 900


def test_it_is_cut_in_a_pause() -> None:
    assert cut(silence(5_000), [Span(0, 4_000)], final=False) == 4_750
    assert cut(silence(5_000), [Span(0, 2_000), Span(3_000, 4_900)], final=False) == 2_500


def test_who_goes_on_speaking_is_waited_for_but_not_for_ever() -> None:
    assert cut(silence(24_000), [Span(0, 24_000)], final=False) == 0
    loud = np.ones(26_000 * 16, np.float32)
    loud[23_000 * 16 : 23_200 * 16] = 0
    assert 23_000 <= cut(loud, [Span(0, 26_000)], final=False) <= 23_200


def test_silence_is_let_go_but_for_its_end() -> None:
    assert cut(silence(4_000), [], final=False) == 3_500
    assert cut(silence(100), [], final=False) == 0


def test_short_silences_are_no_pauses_but_at_the_edges() -> None:
    speech = [Span(100, 1_000), Span(1_300, 2_000), Span(2_600, 3_000)]
    assert pauses(speech, 3_200) == (
        Pause(start_ms=0, end_ms=100),
        Pause(start_ms=2_000, end_ms=2_600),
        Pause(start_ms=3_000, end_ms=3_200),
    )
    assert pauses([], 700) == (Pause(start_ms=0, end_ms=700),)


@given(st.lists(st.integers(0, 9_000), min_size=2, max_size=20, unique=True))
def test_pauses_lie_between_speech_in_order(times: list[int]) -> None:
    times.sort()
    speech = [Span(a, b) for a, b in zip(times[::2], times[1::2], strict=False)]
    found = pauses(speech, 9_500)
    assert sum(p.end_ms - p.start_ms for p in found) <= 9_500 - sum(b - a for a, b in speech)
    assert list(found) == sorted(found, key=lambda pause: pause.start_ms)


def test_loudness_is_in_db_below_full_scale() -> None:
    half = np.full(16_000, 0.5, np.float32)
    assert loudness_db(half, [Span(0, 1_000)]) == -6.0
    assert loudness_db(half, []) == -100.0
    assert loudness_db(silence(1_000), [Span(0, 1_000)]) == -100.0


def test_nobody_speaks_in_silence_or_noise() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 48_000).astype(np.float32)
    assert find_speech(silence(3_000)) == []
    assert find_speech(noise) == []
