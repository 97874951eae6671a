"""Unit tests mirror the code: tests/unit/<package>/.../test_<module>.py, one for each module."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ["ai_service", "main_process", "renderer", "shared_contracts"]

TESTED_ELSEWHERE = {
    "main_process/backend.py": "tests/integration/test_backend.py asks it over its socket",
    "shared_contracts/migrations/versions/0001_tables.py": (
        "tests/rules/test_revisions.py runs it up and down, in SQLite and in PostgreSQL"
    ),
    "shared_contracts/migrations/versions/0002_search.py": (
        "tests/rules/test_revisions.py runs it as well as the first"
    ),
    "shared_contracts/migrations/versions/0003_recordings.py": (
        "tests/rules/test_revisions.py runs it as well as the others"
    ),
}
"""A module without a unit test of its own, and the test or the reason that stands for it."""


def modules() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
    }


def unit_tests() -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / "tests/unit").rglob("test_*.py")}


def module_of(test: str) -> str:
    path = Path(test).relative_to("tests/unit")
    return str(path.with_name(path.name.removeprefix("test_")))


def module_of_package(test: str) -> str:
    """What a test named after a folder tests: the folder's __init__."""
    path = Path(module_of(test))
    return str(path.with_suffix("") / "__init__.py")


def has_code(module: str) -> bool:
    """Whether a module does anything: structs, tables and Protocols alone are not code."""
    tree = ast.parse((ROOT / module).read_text())
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for top in tree.body
        if not is_protocol(top)
        for node in ast.walk(top)
    )


def is_protocol(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef) and "Protocol" in {ast.unparse(b) for b in node.bases}


def test_each_unit_test_stands_beside_its_module() -> None:
    known = modules()
    strays = [t for t in unit_tests() if not {module_of(t), module_of_package(t)} & known]
    assert sorted(strays) == []


def test_each_module_with_code_has_a_unit_test() -> None:
    covered = {module for t in unit_tests() for module in (module_of(t), module_of_package(t))}
    untested = {module for module in modules() if has_code(module)} - covered
    assert sorted(untested - TESTED_ELSEWHERE.keys()) == []


def test_each_reason_for_having_no_unit_test_still_holds() -> None:
    covered = {module for t in unit_tests() for module in (module_of(t), module_of_package(t))}
    assert sorted(TESTED_ELSEWHERE.keys() - modules()) == []
    assert sorted(TESTED_ELSEWHERE.keys() & covered) == []
    assert all(len(reason.split()) > len(["one", "word"]) for reason in TESTED_ELSEWHERE.values())
