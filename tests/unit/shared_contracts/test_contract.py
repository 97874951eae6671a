"""Messages are frozen, take their fields by name, and refuse what they don't know."""

from __future__ import annotations

import string
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.contract import Contract, Slug
from shared_contracts.evaluation import ServerURL
from shared_contracts.settings import SaveSettings


class Parcel(Contract):
    """A message as any other."""

    weight: int


class Letter(Parcel, forbid_unknown_fields=False):
    """One that overlooks what it doesn't know, as stored rows of a newer version need."""

    stamp: str = ""


@pytest.mark.parametrize("kind", [Parcel, Letter])
def test_a_message_is_frozen_and_takes_its_fields_by_name(kind: Any) -> None:  # noqa: ANN401
    with pytest.raises(AttributeError):
        kind(weight=1).weight = 2
    with pytest.raises(TypeError):
        kind(1)


def test_an_unknown_field_is_refused_unless_a_message_says_otherwise() -> None:
    body = b'{"weight": 1, "colour": "red"}'
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.json.decode(body, type=Parcel)
    assert msgspec.json.decode(body, type=Letter) == Letter(weight=1)


@given(
    st.lists(st.text(string.ascii_lowercase + string.digits, min_size=1), min_size=1, max_size=3)
)
def test_a_slug_is_lower_case_words_and_hyphens(words: list[str]) -> None:
    text = "-".join(words)[:80].strip("-")
    assert msgspec.convert(text, Slug) == text
    for broken in (f"{text}-", f"-{text}", f"{text}\n", f"{text} ", f"{text}É", text + "x" * 80):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(broken, Slug)


@pytest.mark.parametrize("url", ["", "https://ai.example/v1", "http://127.0.0.1:8080"])
def test_a_servers_address_is_http_or_empty(url: str) -> None:
    assert msgspec.convert({"llm_base_url": url}, SaveSettings).llm_base_url == url


@pytest.mark.parametrize(
    "url",
    ["ftp://a", "javascript:alert(1)", "https://a b", "https://", "https://a\n", " https://a"],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(url, ServerURL)
