"""The documentation names what there is, and leads nowhere that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from main_process.__main__ import COMMANDS, MODES
from main_process.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
REFERENCE = (ROOT / "docs/reference/commands-and-settings.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_number_a_status_and_three_parts(decision: Path) -> None:
    text = decision.read_text("utf-8")
    number = int(decision.name.partition("-")[0])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Status: (accepted|superseded)", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_reference(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in REFERENCE


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_in_the_reference(mode: str) -> None:
    assert f"| `{mode}` |" in REFERENCE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    assert re.search(rf"^\| `{command}[ `]", REFERENCE, re.MULTILINE)


def test_every_test_that_is_named_as_proof_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/explanation/security.md").read_text()))
    sources = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    written = {name for text in sources for name in re.findall(r"def (test_\w+)\(", text)}
    assert named
    assert named - written == set()
