"""What was read aloud once is not spoken again, and takes bounded room."""

from __future__ import annotations

from pathlib import Path

import pytest

from main_process.voice_cache import VoiceCache
from shared_contracts.errors import VoiceMissingError


class Voice:
    def __init__(self) -> None:
        self.said: list[str] = []

    async def speak(self, text: str) -> bytes:
        self.said.append(text)
        return text.encode()


async def test_a_text_is_spoken_once(tmp_path: Path) -> None:
    voice = Voice()
    cache = VoiceCache(tmp_path, voice.speak)
    for _ in range(2):
        sound = await cache.read("Hello there", 6, 5)
        assert (sound.data, sound.total_bytes) == (b"there", 11)
    assert voice.said == ["Hello there"]


async def test_what_was_heard_the_longest_ago_goes_first(tmp_path: Path) -> None:
    voice = Voice()
    cache = VoiceCache(tmp_path, voice.speak, max_bytes=8)
    for text in ("aaa", "bbb", "aaa", "ccc", "aaa", "bbb"):
        await cache.read(text, 0, 9)
    assert voice.said == ["aaa", "bbb", "ccc", "bbb"]


async def test_it_is_forgotten_on_demand(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path, Voice().speak)
    await cache.read("Hello", 0, 9)
    cache.clear()
    cache.clear()
    assert not cache.is_filled()


async def test_without_room_there_is_no_voice_and_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "voice").write_text("in the way")
    with pytest.raises(VoiceMissingError):
        await VoiceCache(tmp_path, Voice().speak).read("Hello", 0, 9)
