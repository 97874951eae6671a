"""`app:health:get`, `app:safemode:set`, `app:window:raise` and `app:data:wipe`."""

from __future__ import annotations

import asyncio
import shutil
from importlib.metadata import version
from pathlib import Path

from main_process.database import Transaction
from main_process.database.copies import folder_of
from main_process.profile_folder import (
    database_file,
    export_folder,
    log_folder,
    without_home,
)
from main_process.question_bank import import_bank
from main_process.recovery import left_aside
from main_process.repositories import wipe as wiping
from main_process.services import Services
from shared_contracts import migrations
from shared_contracts.channels import DATA_WIPE
from shared_contracts.errors import ProfileNotWritableError
from shared_contracts.health import AppHealth, Done, GetHealth, RaiseWindow, SetSafeMode
from shared_contracts.settings import Wiped, WipeData


async def health(app: Services, _: GetHealth) -> AppHealth:
    """How everything is, with what a person should know of."""
    processes = app.process_health()
    failures = tuple(process.error for process in processes if process.error is not None)
    backups = app.backups.problem
    return AppHealth(
        version=version("interview-app"),
        profile=str(app.profile),
        log_folder=without_home(log_folder(app.profile)),
        safe_mode=app.around.safe_mode,
        schema_revision=migrations.HEAD,
        write_queue_depth=app.database.queue.depth,
        evaluations_waiting=await app.database.read(app.evaluations.waiting),
        processes=processes,
        problems=(*app.bank.problems, *failures, *((backups.to_ipc(),) if backups else ())),
    )


async def set_safe_mode(app: Services, request: SetSafeMode) -> Done:
    """Have the app start anew once this is answered."""
    app.around.set_safe_mode(request.on)
    return Done()


async def raise_window(_: Services, __: RaiseWindow) -> Done:
    """The router announces the topic `window`; the renderer does the rest."""
    return Done()


async def wipe(app: Services, _: WipeData) -> Wiped:
    """Delete everything of the person's for good: key, copies, rows and free pages.

    Raises NotErasedError (DB010) when all is deleted and another program still holds old pages.
    """

    def work(tx: Transaction) -> Wiped:
        wiped = wiping.delete_everything(tx)
        import_bank(tx, app.questions, app.bank.questions)
        return wiped

    stored, _revision = await app.database.read(app.settings.get)
    await asyncio.to_thread(app.keys.forget, stored.key_place)
    # Nobody makes a copy meanwhile, of what is about to go.
    async with app.backups.turn:
        await asyncio.to_thread(_remove_copies, app.profile)
        await asyncio.to_thread(app.voice.clear)
        await app.recorder.aclose()
        wiped = await app.database.write(work, large=True)
        await app.recorder.sweep()
        # Announced here as well: what is gone is gone, also when old pages can't be erased yet.
        for topic in DATA_WIPE.topics:
            app.events.changed(topic)
        await app.database.erase_free_space()
    return wiped


def _remove_copies(profile: Path) -> None:
    """Raises ProfileNotWritableError (DB005) when a copy is left."""
    # Where the database is a link, they are beside the real one; before, they were here as well.
    places = {database_file(profile), profile / database_file(profile).name}
    aside = {path for place in places for path in left_aside(place.parent)}
    try:
        for path in (*map(folder_of, places), export_folder(profile), *aside):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise ProfileNotWritableError(
            f"Nothing but the key was wiped: a copy can't be removed: {error.strerror}.",
            details={"file": str(error.filename)},
        ) from error
