"""The wheel carries the built page and every data file, and nothing of a checkout's workshop."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ["main_process/bank/*.toml", "shared_contracts/migrations/**/*.py", "ai_service/prompts/*"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """Built from the checkout by the packages the lock holds, page and all."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(
        [sys.executable, *command], capture_output=True, check=False, text=True, timeout=240
    )
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = folder.glob("*.whl")
    return zipfile.Path(path)


pytestmark = pytest.mark.timeout(300)


def names(wheel: zipfile.Path) -> set[str]:
    return {name for name in wheel.root.namelist() if not name.endswith("/")}


def test_the_page_and_all_it_loads_are_inside(wheel: zipfile.Path) -> None:
    html = (wheel / "renderer/page/index.html").read_text(encoding="utf-8")
    scripts = {name for name in names(wheel) if name.startswith("renderer/page/assets/")}
    assert any(name.endswith(".js") for name in scripts)
    assert [name for name in scripts if name.removeprefix("renderer/page") in html]


@pytest.mark.parametrize("pattern", DATA)
def test_each_data_file_of_the_checkout_is_inside(wheel: zipfile.Path, pattern: str) -> None:
    files = {str(p.relative_to(ROOT)) for p in ROOT.glob(pattern) if "__pycache__" not in p.parts}
    assert files
    assert files - names(wheel) == set()


def test_only_the_four_packages_and_the_notices_are_inside(wheel: zipfile.Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    packages = {"ai_service", "main_process", "renderer", "shared_contracts"}
    assert {top for top in tops if not top.endswith(".dist-info")} == packages
    assert not [name for name in names(wheel) if name.startswith("renderer/ui/")]
    licences = {name.split("/licenses/")[1] for name in names(wheel) if "/licenses/" in name}
    assert licences == {"LICENSE", "THIRD_PARTY.md"}


def test_the_command_is_declared(wheel: zipfile.Path) -> None:
    [entry] = [name for name in names(wheel) if name.endswith("/entry_points.txt")]
    declared = (wheel / entry).read_text(encoding="utf-8")
    assert "interview-app = main_process.__main__:main" in declared
