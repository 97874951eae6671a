"""Which changes start the app anew while it is developed."""

from __future__ import annotations

import pytest
import watchfiles

from main_process.dev import ROOT, Sources


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("main_process/app.py", True),
        ("main_process/bank/devops.toml", True),
        ("main_process/app.pyc", False),
        ("renderer/ui/src/app.tsx", False),
        ("renderer/ui/node_modules/some/setup.py", False),
    ],
)
def test_the_page_is_left_to_vite(path: str, *, seen: bool) -> None:
    assert Sources()(watchfiles.Change.modified, str(ROOT / path)) is seen
