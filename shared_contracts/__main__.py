"""Writes what is generated from the contracts: `python -m shared_contracts`, from the root of the
repo.
"""

from __future__ import annotations

from pathlib import Path

from shared_contracts import reference, typescript

GENERATED = {
    "renderer/ui/src/contracts.gen.ts": typescript.generate,
    "docs/reference/errors.md": reference.errors,
    "docs/reference/channels.md": reference.channels,
}
"""Each generated file, from the root of the repo, and what makes its text."""

if __name__ == "__main__":
    for path, text in GENERATED.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text(), encoding="utf-8")
