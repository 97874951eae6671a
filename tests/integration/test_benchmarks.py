"""Each benchmark runs, and its JSON has the one shape; how quick it was is no test's business."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ai_service.voices.hibari_voice import HibariVoice
from tests.benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.report import Report

SMALL: dict[str, list[str]] = {
    "cache": [],
    "fuzz": ["--cases", "50"],
    "ipc": ["--only", "app", "sockets"],
    "faults": ["--rounds", "1"],
    "journey": ["--starts", "1", "--clicks", "1"],
    "database": ["--rows", "200", "--cache", "{folder}"],
    "soak": ["--minutes", "0.1", "--people", "2"],
    "evaluation": ["--data", str(Path(__file__).parents[1] / "data" / "graded_set.csv")],
    "speech": ["--data", "{folder}"],
}
"""The options with which a benchmark does next to nothing; in a real window that takes a while."""


def test_each_benchmark_is_tried() -> None:
    assert SMALL.keys() == BENCHMARKS.keys()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_writes_its_report(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.wav").write_bytes(HibariVoice().speak("I wrote it down."))
    (tmp_path / "manifest.json").write_text('[{"wav": "one.wav", "text": "I wrote it down."}]')
    file = tmp_path / "report.json"
    options = [option.format(folder=tmp_path) for option in SMALL[name]]
    main([name, "--quick", "--seconds", "0", "--json", str(file), *options])
    report = msgspec.json.decode(file.read_bytes(), type=Report)
    assert report.benchmark == name
    assert report.results
    assert all(len(bar.rounds) in {0, 5} for bar in report.bars)
    assert all(one.what for one in report.results)
    assert report.bars or report.targets
    assert report.results[0].name in capsys.readouterr().out
