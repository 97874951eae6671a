"""Only the browser that used the one-time address is let in, and only on the page's behalf."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from renderer.admission import Admission, Keys

KEYS = Keys("boot-token", "interview_app_1", "cookie-secret")
ADDRESS = "127.0.0.1:4711"
TEXT = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60)


def make_admission() -> Admission:
    return Admission(KEYS, (ADDRESS,))


def with_cookie(cookie: str) -> Headers:
    return Headers({"host": ADDRESS, "cookie": cookie})


def test_the_boot_token_is_traded_once_for_a_cookie_that_scripts_cannot_read() -> None:
    admission = make_admission()
    cookie = admission.boot(KEYS.boot_token)
    assert cookie == "interview_app_1=cookie-secret; HttpOnly; SameSite=Strict; Path=/"
    assert admission.has_cookie(with_cookie(cookie.partition(";")[0]))
    assert admission.boot(KEYS.boot_token) is None


def test_a_wrong_token_does_not_use_up_the_right_one() -> None:
    admission = make_admission()
    assert admission.boot("") is None
    assert admission.boot("bööt") is None
    assert admission.boot(KEYS.boot_token)


@given(TEXT)
def test_no_other_cookie_lets_anyone_in(text: str) -> None:
    headers = with_cookie(text)
    assert not make_admission().has_cookie(headers) or KEYS.cookie_secret in text


@pytest.mark.parametrize(
    "cookie",
    ["", "interview_app_1=", "interview_app_2=cookie-secret", "interview_app_1=cookie-secre", "="],
)
def test_an_almost_right_cookie_is_wrong(cookie: str) -> None:
    assert not make_admission().has_cookie(with_cookie(cookie))


@pytest.mark.parametrize(
    ("headers", "plain", "socket"),
    [
        ({"host": ADDRESS}, True, False),
        ({"host": ADDRESS, "origin": f"http://{ADDRESS}"}, True, True),
        ({"host": ADDRESS, "origin": "https://evil.example"}, False, False),
        ({"host": ADDRESS, "origin": "null"}, False, False),
        ({"host": ADDRESS, "origin": "http://127.0.0.1:4712"}, False, False),
        ({"host": "evil.example", "origin": f"http://{ADDRESS}"}, False, False),
        ({"host": "localhost:4711"}, False, False),
        ({}, False, False),
    ],
)
def test_host_and_origin_must_be_ours(
    headers: dict[str, str], *, plain: bool, socket: bool
) -> None:
    admission = make_admission()
    assert admission.is_for_us(Headers(headers)) is plain
    assert admission.is_for_us(Headers(headers), origin_required=True) is socket


@pytest.mark.parametrize("name", ["host", "origin"])
def test_a_header_that_is_given_twice_is_refused(name: str) -> None:
    once = {"host": ADDRESS, "origin": f"http://{ADDRESS}"}
    raw = [(key.encode(), value.encode()) for key, value in once.items()]
    assert make_admission().is_for_us(Headers(raw=raw))
    assert not make_admission().is_for_us(Headers(raw=[*raw, (name.encode(), once[name].encode())]))
