"""What the speech recognition gets wrong, how long it takes, what it holds, and which fillers it
finds.

The recordings are those of `--data`; fillers are counted in synthetic speech alone, by the
interviewer's voice, and say little of real ones.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import psutil

from ai_service import models, sound
from ai_service.memory import give_back
from ai_service.transcribers import Samples
from ai_service.transcribers.fillers import is_filler
from ai_service.transcribers.whisper import Whisper
from ai_service.voices.hibari_voice import HibariVoice
from main_process.transcription import LISTEN_MS, PART_MS
from shared_contracts.recordings import SAMPLE_RATE
from tests.benchmarks.machine import commit, load, machine
from tests.benchmarks.report import Report, Result, Target

PER_MS = SAMPLE_RATE // 1000
ANSWER_MS, QUICK_ANSWER_MS = 120_000, 30_000
LONGEST_WAIT_SECONDS = 3.0
MEGABYTE = 1024 * 1024
SAID = (
    "So, um, an index makes reads quicker. Every write, uh, has to keep it up to date.",
    "Um, I was the lead of the team, and, uh, we had to, um, move the data in two weeks.",
    "The hardest part was, er, to agree. I, um, talked to everybody and, uh, wrote it down.",
    "I would first, uh, look at the logs. Then, um, I would try to see it again, and, er, fix it.",
    "My, um, first job was in a bakery. Uh, we started at four, and, um, I learned to plan.",
    "We had no tests at all. I wrote the first ones. The builds were green after a month.",
    "I asked the customer what she needed, and we cut the list in half. It was done in May.",
)
"""The last ones have no fillers: what is found there is invented."""


class Recorded(msgspec.Struct):
    """A line of manifest.json."""

    wav: str
    text: str


class Wait(NamedTuple):
    """How long a part took, and how much work of the processor that was."""

    seconds: float
    cpu_seconds: float


class Heard(NamedTuple):
    """What was heard of a recording, and in which time."""

    wanted: list[str]
    got: list[str]
    seconds: float
    sound_seconds: float


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where the recordings are."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="with manifest.json: {wav, text}"
    )


def run(options: argparse.Namespace) -> Report:
    """Listen to everything once."""
    before = load()
    manifest = (options.data / "manifest.json").read_bytes()
    recorded = msgspec.json.decode(manifest, type=list[Recorded])
    samples = [sound.from_wav((options.data / each.wav).read_bytes()) for each in recorded]
    ears, loading = _load()
    heard = [_hear(ears, each.text, some) for each, some in zip(recorded, samples, strict=True)]
    waits = _answer(ears, samples, QUICK_ANSWER_MS if options.quick else ANSWER_MS)
    found = _fillers(ears, SAID[-3:] if options.quick else SAID)
    del ears
    give_back()
    left = Result(name="let go", what="the process's memory", detail={"memory_mb": _memory_mb()})
    with tempfile.TemporaryDirectory() as folder:
        ran_on = machine(Path(folder), before)
    wait = Target(
        name="after the end of a long answer",
        value=round(waits[-1].seconds, 2),
        op="<=",
        target=LONGEST_WAIT_SECONDS,
        unit="s",
        holds=waits[-1].seconds <= LONGEST_WAIT_SECONDS,
        load=load(),
    )
    return Report(
        benchmark="speech",
        commit=commit(),
        date=datetime.now(tz=UTC).isoformat(timespec="seconds"),
        machine=ran_on,
        settings={"model": models.WHISPER.name, "listen_ms": LISTEN_MS, "quick": options.quick},
        results=(loading, _words(heard), _parts(waits), found, left),
        bars=(),
        targets=(wait,),
    )


def errors(wanted: Sequence[str], got: Sequence[str]) -> int:
    """How many words have to be put in, taken out or changed (Levenshtein)."""
    row = list(range(len(got) + 1))
    for at, word in enumerate(wanted, start=1):
        left = row
        row = [at]
        for number, other in enumerate(got, start=1):
            change = left[number - 1] + (word != other)
            row.append(min(left[number] + 1, row[-1] + 1, change))
    return row[-1]


def plain(text: str) -> list[str]:
    """The words without signs and capitals; figures stay figures."""
    return re.sub(r"[^\w' ]+", " ", text.lower()).split()


def _load() -> tuple[Whisper, Result]:
    memory = _memory_mb()
    started = time.perf_counter()
    ears = Whisper(*models.find(None))
    seconds = time.perf_counter() - started
    ears.hear(np.zeros(SAMPLE_RATE, np.float32), final=True)
    detail = {
        "seconds": round(seconds, 2),
        "memory_before_mb": memory,
        "memory_mb": _memory_mb(),
    }
    return ears, Result(name="load", what="sums checked, model read", detail=detail)


def _hear(ears: Whisper, text: str, samples: Samples) -> Heard:
    started = time.perf_counter()
    part = ears.hear(samples, final=True)
    seconds = time.perf_counter() - started
    got = plain(" ".join(word.text for word in part.words))
    return Heard(plain(text), got, seconds, len(samples) / SAMPLE_RATE)


def _words(heard: Sequence[Heard]) -> Result:
    wrong = sum(errors(each.wanted, each.got) for each in heard)
    words = sum(len(each.wanted) for each in heard)
    spent, lasted = (
        sum(each.seconds for each in heard),
        sum(each.sound_seconds for each in heard),
    )
    detail = {
        "word_error_rate": round(wrong / words, 4),
        "words": words,
        "real_time_factor": round(spent / lasted, 3),
        "sound_seconds": round(lasted, 1),
    }
    return Result(name="words", what="each recording by itself", count=len(heard), detail=detail)


def _answer(ears: Whisper, samples: Sequence[Samples], length_ms: int) -> list[Wait]:
    """An answer of this length part by part, as the app sends it. Returns each part's seconds.

    The last is what the person waits for, if the parts before were heard while they spoke.
    """
    once = np.concatenate(samples)
    answer = np.resize(once, length_ms * PER_MS)
    at, end = 0, LISTEN_MS
    waits: list[Wait] = []
    while at < length_ms:
        final = end >= length_ms
        stop = min(end, at + PART_MS, length_ms)
        started, worked = time.perf_counter(), time.process_time()
        part = ears.hear(answer[at * PER_MS : stop * PER_MS], final=final)
        waits.append(Wait(time.perf_counter() - started, time.process_time() - worked))
        at += part.consumed_ms
        end = stop + LISTEN_MS
    return waits


def _parts(waits: Sequence[Wait]) -> Result:
    detail = {
        "parts": len(waits),
        "median_seconds": round(statistics.median(wait.seconds for wait in waits), 2),
        "median_cpu_seconds": round(statistics.median(wait.cpu_seconds for wait in waits), 2),
        "after_the_end_seconds": round(waits[-1].seconds, 2),
        "after_the_end_cpu_seconds": round(waits[-1].cpu_seconds, 2),
    }
    return Result(name="long answer", what="part by part while it is spoken", detail=detail)


def _fillers(ears: Whisper, said: Sequence[str]) -> Result:
    voice = HibariVoice()
    wanted = found = invented = 0
    for text in said:
        part = ears.hear(sound.from_wav(voice.speak(text)), final=True)
        there = Counter(filter(is_filler, plain(text)))
        got = Counter(plain(" ".join(word.text for word in part.words if word.filler)))
        matched = min(there.total(), got.total())
        wanted += there.total()
        found += matched
        invented += got.total() - matched
    return Result(
        name="fillers",
        what="synthetic speech only",
        count=len(said),
        detail={"said": wanted, "found": found, "invented": invented},
    )


def _memory_mb() -> int:
    return int(psutil.Process().memory_info().rss // MEGABYTE)
