"""What each channel does; the table is the whole of what can be asked of the main process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from main_process.handlers import (
    answers,
    app,
    backups,
    evaluations,
    metrics,
    questions,
    recordings,
    servers,
    sessions,
    settings,
)
from main_process.services import Services
from shared_contracts import channels
from shared_contracts.channels import Channel

Request = TypeVar("Request")
Reply = TypeVar("Reply")
Handler = Callable[[Services, Request], Awaitable[Reply] | Reply]
"""A plain function where there is nothing to wait for: it is answered without a task."""
Route = tuple[Channel[Any, Any], Handler[Any, Any]]


def on(channel: Channel[Request, Reply], handler: Handler[Request, Reply]) -> Route:
    """A line of the table; the type checker compares the handler with the contract."""
    return channel, handler


ROUTES: tuple[Route, ...] = (
    on(channels.QUESTIONS_GET, questions.get),
    on(channels.QUESTIONS_CREATE, questions.create),
    on(channels.CATALOGUE_GET, questions.catalogue),
    on(channels.SESSION_START, sessions.start),
    on(channels.SESSION_SAVE, sessions.save),
    on(channels.SESSION_GET, sessions.get),
    on(channels.SESSION_HISTORY, sessions.history),
    on(channels.SESSION_DELETE, sessions.delete),
    on(channels.SESSION_RESTORE, sessions.restore),
    on(channels.SESSION_FOLLOWUP, sessions.follow_up),
    on(channels.DRAFTS_SAVE, answers.save_draft),
    on(channels.ANSWERS_SAVE, answers.save),
    on(channels.ANSWERS_SEARCH, answers.search),
    on(channels.ANSWERS_SKIP, answers.skip),
    on(channels.RECORDING_START, recordings.start),
    on(channels.RECORDING_STOP, recordings.stop),
    on(channels.RECORDING_DISCARD, recordings.discard),
    on(channels.SOUND_DELETE, recordings.delete_sound),
    on(channels.RECORDING_GET, recordings.get),
    on(channels.RECORDING_LIST, recordings.list_all),
    on(channels.SOUND_READ, recordings.sound),
    on(channels.VOICE_READ, recordings.voice),
    on(channels.EVALUATIONS_DISPUTE, evaluations.dispute),
    on(channels.EVALUATE_REQUEST, evaluations.request),
    on(channels.EVALUATE_CANCEL, evaluations.cancel),
    on(channels.EVALUATE_OUTDATED, evaluations.outdated),
    on(channels.EVALUATE_RENEW, evaluations.renew),
    on(channels.HEALTH_GET, app.health),
    on(channels.METRICS_GET, metrics.get),
    on(channels.SAFE_MODE_SET, app.set_safe_mode),
    on(channels.WINDOW_RAISE, app.raise_window),
    on(channels.DATA_WIPE, app.wipe),
    on(channels.DATA_EXPORT, backups.export),
    on(channels.BACKUP_LIST, backups.list_all),
    on(channels.BACKUP_CREATE, backups.create),
    on(channels.SETTINGS_GET, settings.get),
    on(channels.SETTINGS_SAVE, settings.save),
    on(channels.KEYS_PLACES, settings.key_places),
    on(channels.SERVER_TEST, servers.test),
)
