"""What is generated from the contracts is committed as it would be generated now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared_contracts.__main__ import GENERATED
from shared_contracts.channels import CHANNELS
from shared_contracts.errors import ERRORS, ErrorCode

ROOT = Path(__file__).parents[2]


def test_the_command_writes_exactly_what_is_committed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shared_contracts"]
    subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True, timeout=60)
    written = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert written == set(GENERATED)
    for path in written:
        assert (tmp_path / path).read_text() == (ROOT / path).read_text(), f"{path} is out of date"


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_says_what_happened_and_what_to_do(code: ErrorCode) -> None:
    page = (ROOT / "docs/reference/errors.md").read_text()
    error = ERRORS[code]()
    assert error.remedy.strip().endswith(".")
    assert error.message.endswith(".")
    assert f"| `{code}` | {type(error).__name__} | {error.message} | {error.remedy} |" in page


def test_every_code_is_in_the_tree_at_the_top_of_the_module() -> None:
    source = (ROOT / "shared_contracts/errors.py").read_text().split('"""')[1]
    assert [code for code in ErrorCode if code not in source] == []


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_is_in_the_reference_and_in_typescript(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/reference/channels.md").read_text()
    assert f'  "{name}": {{ request:' in (ROOT / "renderer/ui/src/contracts.gen.ts").read_text()
