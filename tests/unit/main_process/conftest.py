"""An open database and the services on it, new for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring
import pytest

from main_process.database import DatabaseManager
from main_process.database.migrate import migrate
from main_process.question_bank import Bank
from main_process.services import Services, open_services
from shared_contracts.questions import Role, Topic
from tests.factories import make_question
from tests.memory_ring import MemoryRing
from tests.steps import OpenApp

BANK = Bank(
    roles=(Role(id="baker", title="Baker", description="Bread.", topics=("bread", "people")),),
    topics=(
        Topic(id="bread", title="Bread", description="Flour and time."),
        Topic(id="people", title="People", description="Those who eat it."),
        Topic(id="ovens", title="Ovens", description="Heat."),
    ),
    questions=tuple(
        make_question(
            topic=topic,
            difficulty=difficulty,
            prompt=f"What is {difficulty} about {topic}? ({number})",
        )
        for topic in ("bread", "people", "ovens")
        for difficulty in ("easy", "medium", "hard")
        for number in range(3)
    ),
    problems=(),
)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "interview.db"
    migrate(path)
    return path


@pytest.fixture
def database_file(tmp_path: Path, migrated: Path) -> Path:
    """A copy of it for this test."""
    return Path(shutil.copy(migrated, tmp_path / "interview.db"))


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[DatabaseManager]:
    """It, open."""
    async with DatabaseManager.open(database_file) as database:
        yield database


@pytest.fixture(scope="session")
def bank() -> Bank:
    """A small bank: three topics, three questions for each difficulty."""
    return BANK


@pytest.fixture(scope="session")
def fresh_app(migrated: Path, bank: Bank) -> OpenApp:
    """Opens the services as at a first start, as often as an example of hypothesis needs it."""

    @asynccontextmanager
    async def open_app() -> AsyncIterator[Services]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(shutil.copy(migrated, folder))
            async with DatabaseManager.open(file) as database:
                yield await open_services(Path(folder), database, bank, lambda: ())

    return open_app


@pytest.fixture
def ring() -> Iterator[MemoryRing]:
    """A key ring that this system seems to have."""
    before = keyring.get_keyring()
    ring = MemoryRing()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def open_again(
    tmp_path: Path, database: DatabaseManager, bank: Bank
) -> Callable[[], Awaitable[Services]]:
    """Opens the services as at another start."""
    return lambda: open_services(tmp_path, database, bank, lambda: ())


@pytest.fixture
async def app(tmp_path: Path, database: DatabaseManager, bank: Bank) -> Services:
    """All the services, as at a first start."""
    return await open_services(tmp_path, database, bank, lambda: ())
