"""The TypeScript says what the contracts say."""

from __future__ import annotations

import pytest

from shared_contracts import typescript
from shared_contracts.channels import CHANNELS
from shared_contracts.errors import ErrorCode


@pytest.fixture(scope="module")
def generated() -> str:
    return typescript.generate()


def interface(text: str, name: str) -> list[str]:
    """The fields of an interface, a line each."""
    _, _, rest = text.partition(f"export interface {name} {{\n")
    body, _, _ = rest.partition("\n}")
    return [line.strip() for line in body.splitlines()]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("SaveDraft", "text: string;"),
        ("SaveSession", 'status?: "active" | "finished" | "paused";'),
        ("SessionSetup", "seconds_per_question: number | null;"),
        ("GetHistory", "after?: string | null;"),
        ("InterviewSession", "questions: ReadonlyArray<SessionQuestion>;"),
        ("IPCError", "details: unknown;"),
        ("Event", 'type: "event";'),
        ("Quote", "start: number;"),
        ("AppHealth", "problems: ReadonlyArray<IPCError>;"),
        ("EvaluationRecord", "created_at: string;"),
        ("Evaluation", "opinion: boolean;"),
    ],
)
def test_a_field_has_the_type_that_travels(generated: str, name: str, field: str) -> None:
    assert field in interface(generated, name)


def test_nothing_is_declared_twice_and_the_page_never_sees_the_key(generated: str) -> None:
    names = [line for line in generated.splitlines() if line.startswith("export ")]
    assert len(names) == len(set(names))
    assert "LLMServer" not in generated


def test_every_code_channel_and_time_limit_is_there(generated: str) -> None:
    for code in ErrorCode:
        assert f'  {code.name}: "{code.value}",' in generated
    for channel in CHANNELS.values():
        assert f'  "{channel.name}": {channel.timeout_seconds * 1000:g},' in generated
