"""The locks pin every package by hash, serve behind any mirror, and agree with the notices."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["build.txt", "run.txt", "test.txt", "bench.txt"]
PAGE_LOCK = ROOT / "renderer/ui/package-lock.json"

PIN = re.compile(r"^(?P<version>(?P<name>[a-z0-9][a-z0-9-]*)==\S+)( ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
COMMENT = re.compile(r"^ *#")


def locked(lock: str) -> list[str]:
    """The packages of a lock, by name; every line must be a pin, a hash or a comment."""
    names: list[str] = []
    hashed = True
    for line in (ROOT / "requirements" / lock).read_text().splitlines():
        pin = PIN.match(line)
        assert pin or HASH.match(line) or COMMENT.match(line), f"{lock}: unexpected line {line!r}"
        if pin:
            assert hashed, f"{lock}: {names[-1]} has no hash"
            names.append(pin["name"])
        hashed = bool(HASH.match(line)) or (hashed and not pin)
    assert hashed, f"{lock}: {names[-1]} has no hash"
    return names


@pytest.mark.parametrize("lock", LOCKS)
def test_every_python_package_is_pinned_by_hash_and_no_host_is_named(lock: str) -> None:
    assert len(locked(lock)) > len(["a lock is never empty"])


def test_each_lock_holds_what_runs_in_the_same_versions() -> None:
    def pins(lock: str) -> set[str]:
        lines = (ROOT / "requirements" / lock).read_text().splitlines()
        return {pin["version"] for line in lines if (pin := PIN.match(line))}

    assert pins("run.txt") <= pins("test.txt") <= pins("bench.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_heavy_or_unwanted_came_in(lock: str) -> None:
    assert not {"torch", "huggingface-hub", "transformers"} & set(locked(lock))


def test_the_pages_lock_names_no_host_and_hashes_every_package() -> None:
    packages = json.loads(PAGE_LOCK.read_text())["packages"]
    outside = {path: entry for path, entry in packages.items() if path}
    assert outside
    assert [path for path, entry in outside.items() if "resolved" in entry] == []
    assert [path for path, entry in outside.items() if "integrity" not in entry] == []


def test_the_notices_name_everything_an_installed_app_holds() -> None:
    notices = (ROOT / "THIRD_PARTY.md").read_text().lower().replace("_", "-")
    named = set(re.findall(r"[@a-z0-9/-]+", notices))
    page = json.loads((ROOT / "renderer/ui/package.json").read_text())["dependencies"]
    assert sorted({*locked("run.txt"), *page} - named) == []
