"""Makes the evaluations that wait in line, in order and a few at once, as long as the app runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from urllib.parse import urlsplit

import structlog
from msgspec.structs import replace
from structlog.contextvars import bound_contextvars

from main_process.ai_client import AIClient
from main_process.repositories.evaluations import Work
from main_process.repositories.settings import StoredSettings
from main_process.services import Services
from shared_contracts.errors import AIServiceUnavailableError, AppError, ModelMissingError
from shared_contracts.evaluation import (
    OFFLINE_VERSION,
    Evaluation,
    EvaluationRequest,
    JobState,
    LLMServer,
)

MAX_ATTEMPTS = 3
"""When the service went away over a job so many times, it waits until the person asks again."""
AT_ONCE = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
"""How many are made at once: as many as there are cores; an AI server is not sent more than 4."""
PAUSE_SECONDS = 5.0
"""How long the line rests when the database can't be written."""

BESIDE = "Beside the AI server's judgement, on this computer."

_log = structlog.get_logger(__name__)


async def run(services: Services, ai: AIClient, at_once: int = AT_ONCE) -> None:
    """Work until cancelled. A job that is cut off stays in line and is made at the next start."""
    while True:
        try:
            await services.database.write(services.evaluations.requeue_interrupted)
            async with asyncio.TaskGroup() as workers:
                for _ in range(at_once):
                    workers.create_task(_work(services, ai))
        except* AppError as errors:
            await _rest(services, next(_each(errors)))


def _each(errors: BaseExceptionGroup[AppError]) -> Iterator[AppError]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _each(error)
        else:
            yield error


async def _rest(services: Services, error: AppError) -> None:
    """The database stayed locked, or the disk is full: that passes."""
    _log.error("interrupted", code=error.code)
    services.metrics.failed("evaluations", error.code)
    await asyncio.sleep(PAUSE_SECONDS)


async def _work(services: Services, ai: AIClient) -> None:
    while True:
        await ai.wait_ready()
        work = await services.database.write(services.evaluations.claim_next)
        if work is not None:
            with bound_contextvars(request=services.asked_by.of(work.job.answer_id)):
                await _evaluate(services, ai, work)
            continue
        await services.evaluations_due.wait()
        services.evaluations_due.clear()


async def _evaluate(services: Services, ai: AIClient, work: Work) -> None:
    services.events.changed("jobs", [work.session_id])
    try:
        results = await _judge(services, ai, work)
    except AppError as error:
        await _put_back(services, work, error)
    except asyncio.CancelledError:
        if _is_ending():
            raise
        _log.info("cancelled", job=str(work.job.id))
    else:
        await services.database.write(
            lambda tx: services.evaluations.finish(tx, work.job, *results)
        )
        _log.info("evaluated", job=str(work.job.id), evaluator=results[-1].evaluator)
    services.events.changed("sessions", [work.session_id])


async def _judge(services: Services, ai: AIClient, work: Work) -> list[Evaluation]:
    """What there is to keep: of an AI server's judgement, our own beside it, unless it is there."""
    request = await _request(services, work)
    result = await _cancellable(services, work, ai.evaluate(request))
    if result.evaluator == "offline" or await services.database.read(
        lambda tx: services.evaluations.has_of(tx, work.job.answer_id, OFFLINE_VERSION)
    ):
        return [result]
    alone = replace(request, llm=None, offline_reason=BESIDE)
    try:
        return [await _cancellable(services, work, ai.evaluate(alone)), result]
    except ModelMissingError:
        return [result]


async def _cancellable(
    services: Services, work: Work, judging: Coroutine[None, None, Evaluation]
) -> Evaluation:
    task = asyncio.create_task(judging)
    services.judging[work.job.id] = task
    try:
        return await task
    finally:
        del services.judging[work.job.id]


def _is_ending() -> bool:
    """Whether it is the worker that is cancelled, and not only the job it waited for."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


async def _put_back(services: Services, work: Work, error: AppError) -> None:
    gone = isinstance(error, AIServiceUnavailableError)
    again = gone and work.job.attempts < MAX_ATTEMPTS
    state: JobState = "queued" if again else "failed"
    services.metrics.failed("evaluations", error.code)
    _log.warning("not evaluated", job=str(work.job.id), code=error.code, state=state)
    await services.database.write(
        lambda tx: services.evaluations.put_back(tx, work.job, state, error.to_ipc())
    )


async def _request(services: Services, work: Work) -> EvaluationRequest:
    settings, _ = await services.database.read(services.settings.get)
    request = EvaluationRequest(
        question=work.question,
        answer=work.answer,
        duration_ms=work.spoken.duration_ms if work.spoken else None,
        spoken=work.spoken,
    )
    if reason := why_offline(settings, work.asked_at):
        return replace(request, offline_reason=reason)
    try:
        key = await asyncio.to_thread(services.keys.read, settings.key_place)
    except AppError as error:
        reason = f"Offline: {error.message} ({error.code}); nothing left this device."
        return replace(request, offline_reason=reason, offline_error=error.to_ipc())
    return replace(request, llm=_server(settings, key))


def why_offline(settings: StoredSettings, asked_at: int) -> str:
    """Why no text that was put in line then may leave for a server, in words; empty if it may."""
    if settings.evaluator == "offline":
        return "The offline evaluator is chosen in the settings; nothing left this device."
    if not (settings.llm_base_url and settings.llm_model):
        return "No AI server and model are set up; nothing left this device."
    if settings.consented_url != settings.llm_base_url:
        host = urlsplit(settings.llm_base_url).netloc
        return f"You have not agreed to send answers to {host} (AI007); nothing left this device."
    if asked_at < settings.llm_since:
        return "It waited since before you turned to the AI server; nothing left this device."
    return ""


def _server(settings: StoredSettings, key: str) -> LLMServer:
    return LLMServer(base_url=settings.llm_base_url, model=settings.llm_model, api_key=key)
