"""The table of handlers answers every channel, each once."""

from __future__ import annotations

from collections import Counter

from main_process.handlers import ROUTES, on, questions
from shared_contracts.channels import CATALOGUE_GET, CHANNELS


def test_every_channel_has_one_handler() -> None:
    assert Counter(channel.name for channel, _ in ROUTES) == Counter(CHANNELS.keys())


def test_a_line_of_the_table_is_a_channel_and_its_handler() -> None:
    assert on(CATALOGUE_GET, questions.catalogue) == (CATALOGUE_GET, questions.catalogue)
