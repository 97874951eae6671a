"""Sentences against heaps of words."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import main_process
from ai_service.order import DISORDER_LIMIT, disorder, is_heap_of_words, stop_word_share

BANK = Path(next(iter(main_process.__path__))) / "bank"


def references() -> list[str]:
    return [
        question["reference_answer"]
        for path in sorted(BANK.glob("*.toml"))
        for question in tomllib.loads(path.read_text()).get("questions", [])
    ]


def test_no_reference_answer_of_the_bank_looks_like_a_heap() -> None:
    texts = references()
    assert len(texts) >= 150
    assert [text for text in texts if is_heap_of_words(text)] == []


def test_nearly_all_reference_answers_look_like_a_heap_once_shuffled() -> None:
    mixer = random.Random(7)  # noqa: S311  nothing secret
    shuffled = [" ".join(mixer.sample(text.split(), len(text.split()))) for text in references()]
    caught = sum(is_heap_of_words(text) for text in shuffled)
    assert caught / len(shuffled) > 0.95


def test_a_keyword_list_is_a_heap() -> None:
    assert is_heap_of_words("index, b-tree, lookup, scan, disk, write, cost, maintenance")
    assert is_heap_of_words("index lookup faster scan disk writes slower maintenance")


def test_code_is_no_heap() -> None:
    assert not is_heap_of_words("def size(node): return 1 + size(node.left) + size(node.right)")


def test_a_short_sentence_is_no_heap() -> None:
    assert not is_heap_of_words("It makes reads faster and writes slower.")


def test_disorder_counts_small_words_out_of_place() -> None:
    assert disorder("The of and a is to the with by for. My on the at of and.") > DISORDER_LIMIT
    assert disorder("The index of a table is kept by the database for the reader.") == 0


def test_stop_word_share_of_nothing_is_nothing() -> None:
    assert stop_word_share("") == 0
