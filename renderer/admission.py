"""Who may talk to the page's server: the one browser that was given this run's one-time address."""

from __future__ import annotations

import http.cookies
import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one run. The boot token opens once; the cookie it is traded for stays good.

    Cookies of 127.0.0.1 are shared by all its ports, hence a name of its own for each run.
    """

    boot_token: str
    cookie_name: str
    cookie_secret: str


class Admission:
    """Checks Host, Origin and cookie of every request and socket.

    A page elsewhere that reaches 127.0.0.1 (by DNS rebinding or a plain form) fails Host or Origin;
    another program on this machine has no cookie.
    """

    def __init__(self, keys: Keys, addresses: tuple[str, ...]) -> None:
        """`addresses` are the host:port pairs that the page may be reached under."""
        self._keys = keys
        self._hosts = frozenset(addresses)
        self._origins = frozenset(f"http://{address}" for address in addresses)
        self._booted = False

    def is_for_us(self, headers: Headers, *, origin_required: bool = False) -> bool:
        """Whether the request is meant for this server, and not sent by a page of another one."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or len(origins) > 1:
            return False
        from_us = origins[0] in self._origins if origins else not origin_required
        return from_us and hosts[0] in self._hosts

    def has_cookie(self, headers: Headers) -> bool:
        """Whether the request comes from the browser that used the boot token."""
        try:
            cookies = http.cookies.SimpleCookie(headers.get("cookie", ""))
        except http.cookies.CookieError:
            return False
        cookie = cookies.get(self._keys.cookie_name)
        return cookie is not None and _same(cookie.value, self._keys.cookie_secret)

    def boot(self, token: str) -> str | None:
        """The Set-Cookie value that the boot token is traded for, once; else None."""
        if self._booted or not _same(token, self._keys.boot_token):
            return None
        self._booted = True
        keys = self._keys
        return f"{keys.cookie_name}={keys.cookie_secret}; HttpOnly; SameSite=Strict; Path=/"


def _same(given: str, secret: str) -> bool:
    """Compare in constant time; also what isn't ASCII, which compare_digest refuses as text."""
    return secrets.compare_digest(given.encode(), secret.encode())
