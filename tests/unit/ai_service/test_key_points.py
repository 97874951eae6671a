"""Which expected points an answer makes, and where."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_service.embeddings import Embedder
from ai_service.key_points import (
    MOST_WORDS,
    SIGNS,
    demote,
    match,
    nearest,
    passages,
    points_of,
    signs,
    word_share,
)
from ai_service.text import sentences, words

QUESTION = "What does an index of a database cost, and what does it give?"
POINTS = (
    "Rows are found without scanning the whole table.",
    "Every insert and update has to maintain the index.",
    "An index takes up additional disk space.",
)
ANSWER = (
    "With an index the database jumps right to the rows instead of reading the "
    "table from start to end. "
    "The price is that each write must update the index as well. "
    "My favourite colour is green."
)


def test_each_point_gets_the_passage_that_makes_it(embedder: Embedder) -> None:
    found = match(embedder, QUESTION, POINTS, ANSWER, sentences(ANSWER))
    assert [each.coverage for each in found] == ["covered", "covered", "missing"]
    assert "jumps right to the rows" in found[0].passage.text
    assert "each write must update" in found[1].passage.text
    results = [each.result() for each in found]
    assert results[2].evidence is None
    evidence = results[0].evidence
    assert evidence
    assert ANSWER[evidence.start : evidence.end] == evidence.text


def test_signs_are_more_for_the_passage_that_makes_the_point(embedder: Embedder) -> None:
    found = passages(ANSWER, sentences(ANSWER))
    table = signs(embedder, QUESTION, POINTS, found)
    assert table.shape == (len(POINTS), len(found), len(SIGNS))
    update = next(at for at, each in enumerate(found) if "each write must" in each.text)
    colour = next(at for at, each in enumerate(found) if "colour" in each.text)
    assert (table[1, update, :3] > table[1, colour, :3]).all()
    alone = signs(embedder, QUESTION, POINTS[:1], found)
    assert alone.shape == (1, len(found), len(SIGNS))


def test_an_answer_without_sentences_makes_no_point(embedder: Embedder) -> None:
    found = match(embedder, QUESTION, POINTS, "", ())
    assert {each.result().coverage for each in found} == {"missing"}


def test_the_question_given_back_is_worth_little(embedder: Embedder) -> None:
    found = match(embedder, QUESTION, POINTS, QUESTION, sentences(QUESTION))
    assert "covered" not in {each.coverage for each in found}


def test_a_sentence_without_content_makes_no_point(embedder: Embedder) -> None:
    answer = "An index is a thing. A database index is a very important thing in a database."
    found = match(embedder, QUESTION, POINTS, answer, sentences(answer))
    assert {each.coverage for each in found} == {"missing"}


def test_the_opposite_of_a_point_never_covers_it(embedder: Embedder) -> None:
    answer = (
        "Rows are not found without scanning the whole table. "
        "No insert or update has to maintain the index. "
        "An index takes up no additional disk space."
    )
    found = match(embedder, QUESTION, POINTS, answer, sentences(answer))
    assert "covered" not in {each.coverage for each in found}


def test_evidence_is_the_sentence_that_shows_it_and_not_its_neighbour(embedder: Embedder) -> None:
    answer = "Why care? Each write has to maintain the index. Browsers and proxies don't mind."
    found = match(embedder, QUESTION, POINTS, answer, sentences(answer))
    assert found[1].passage.text == "Each write has to maintain the index."


def test_demoting_takes_the_question_out(embedder: Embedder) -> None:
    asked, other = embedder.embed([QUESTION, POINTS[0]])
    demoted = demote(np.stack([asked, other]), asked)
    assert np.linalg.norm(demoted[0]) < 0.01
    assert abs(float(demoted[1] @ asked)) < 0.01


def test_words_of_the_question_are_no_sign_that_a_point_is_made() -> None:
    assert word_share(POINTS[2], "takes up additional disk space", QUESTION) == 1
    assert word_share(POINTS[2], "a cost of an index", QUESTION) == 0
    assert word_share("An index.", "An index.", QUESTION) == 1


def test_passages_are_clauses_sentences_and_pairs() -> None:
    answer = (
        "It is quick to read, but it is slow to write. It also needs space.\n\nThe end is here."
    )
    texts = [piece.text for piece in passages(answer, sentences(answer))]
    assert "It is quick to read" in texts
    assert "It also needs space." in texts
    assert any(text.endswith("It also needs space.") and "slow" in text for text in texts)


@given(st.text(alphabet="ab ,.\n-", max_size=200))
def test_passages_stand_in_the_answer(answer: str) -> None:
    for piece in passages(answer, sentences(answer)):
        assert piece.text == answer[piece.start : piece.end]


def test_of_a_very_long_answer_the_closest_sentences_are_compared() -> None:
    answer = "Nothing to see here at all, move on. " * 500 + "The index must be maintained."
    chosen = nearest(sentences(answer), POINTS)
    assert sum(len(words(piece.text)) for piece in chosen) <= MOST_WORDS
    assert chosen[-1].text == "The index must be maintained."
    assert list(chosen) == sorted(chosen, key=lambda piece: piece.start)


def test_clauses_of_the_reference_stand_in_for_key_points() -> None:
    points = points_of(
        "It makes reading a lot quicker, but it makes every write slower. It takes space."
    )
    assert len(points) == 3
    assert points_of("") == ()
