"""Reads `lexicon.toml`: the words and phrases that the offline evaluator knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_LEXICON: Mapping[str, Any] = tomllib.loads(
    files("ai_service").joinpath("lexicon.toml").read_text(encoding="utf-8")
)


def word_set(name: str) -> frozenset[str]:
    """The words of this name."""
    return frozenset(_LEXICON["words"][name].split())


def opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of word groups that can't both be said of one thing."""
    lines = _LEXICON["words"]["opposites"].strip().splitlines()
    halves = (line.split("|") for line in lines)
    return tuple((frozenset(one.split()), frozenset(other.split())) for one, other in halves)


def phrases(name: str) -> re.Pattern[str]:
    """Finds any of the phrases of this name, as whole words."""
    return _whole_words(_LEXICON["phrases"][name])


def orders_to_grader() -> re.Pattern[str]:
    """Finds a sentence that speaks to whoever grades."""
    table: Mapping[str, list[str]] = _LEXICON["phrases"]
    pattern = "|".join(f"(?:{each})" for each in table["injection"])
    for name in ("verdict", "rating", "imperative"):
        pattern = pattern.replace(f"{{{name}}}", f"(?:{'|'.join(table[name])})")
    return re.compile(pattern, re.DOTALL)


def star_cues(part: str) -> re.Pattern[str]:
    """Finds a phrase that tells this part of a story."""
    return _whole_words(_LEXICON["star_cues"][part])


def star_prototypes(part: str) -> tuple[str, ...]:
    """Sentences that tell this part of some story."""
    return tuple(_LEXICON["star_prototypes"][part])


def _whole_words(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)
