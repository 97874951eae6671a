"""Recordings on the disk: private, whole at every moment, readable as WAV files."""

from __future__ import annotations

import io
import os
import wave
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.sound_files import SoundFolder, append, wav_head
from shared_contracts.errors import SoundDeletedError

HEAD = 44


def test_a_recording_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder, recording = SoundFolder(tmp_path), uuid4()
    os.close(folder.create(recording))
    assert folder.path.stat().st_mode & 0o777 == 0o700
    (file,) = folder.path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(folder.all()) == [recording]


def test_it_is_a_wav_file_for_who_reads_it_also_when_the_last_sample_is_torn(
    tmp_path: Path,
) -> None:
    folder, recording = SoundFolder(tmp_path), uuid4()
    file = folder.create(recording)
    append(file, b"\1\2" * 160 + b"\3")
    os.close(file)
    sound = folder.wav(recording, 0, 1_000)
    with wave.open(io.BytesIO(sound.data)) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth()) == (16_000, 1, 2)
        assert read.readframes(1_000) == b"\1\2" * 160
    assert folder.duration_ms(recording) == 10
    assert folder.pcm(recording, 5, 99) == b"\1\2" * 80


@given(st.integers(0, 400), st.integers(1, 400))
def test_any_part_of_it_is_that_part_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, offset: int, length: int
) -> None:
    folder, recording = SoundFolder(tmp_path_factory.mktemp("it")), uuid4()
    file = folder.create(recording)
    samples = bytes(range(200))
    append(file, samples)
    os.close(file)
    whole = wav_head(200) + samples
    assert folder.wav(recording, offset, length).data == whole[offset : offset + length]


def test_what_is_deleted_is_gone_and_says_so(tmp_path: Path) -> None:
    folder, recording = SoundFolder(tmp_path), uuid4()
    os.close(folder.create(recording))
    folder.delete(recording)
    folder.delete(recording)
    assert list(folder.all()) == []
    assert folder.duration_ms(recording) == 0
    with pytest.raises(SoundDeletedError):
        folder.wav(recording, 0, 1)
    with pytest.raises(SoundDeletedError):
        folder.pcm(recording, 0, 1)


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    folder = SoundFolder(tmp_path)
    folder.path.mkdir()
    (folder.path / "notes.pcm").touch()
    assert list(folder.all()) == []
