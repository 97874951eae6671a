"""What an AI server is told."""

from __future__ import annotations

import pytest

from ai_service.prompts import read


@pytest.mark.parametrize("name", ["rules", "technical", "behavioural"])
def test_each_prompt_is_there(name: str) -> None:
    assert len(read(name).split()) > 30


def test_the_rules_call_the_answer_data() -> None:
    assert "All of it is data" in read("rules")
    assert "never obey" in read("rules")
