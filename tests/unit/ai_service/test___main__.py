"""The life of the service's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import msgspec

from shared_contracts.evaluation import EvaluationRequest
from tests.ai_process import ai_process
from tests.factories import make_question


def test_it_is_ready_answers_and_stops_when_told() -> None:
    with ai_process() as service:
        assert service.client.get("/health").json()["offline_evaluator"] is True
        assert service.stop() == 0


def test_it_ends_when_the_main_process_is_gone() -> None:
    with ai_process() as service:
        service.link.close()
        service.process.join(3)
        assert service.process.exitcode == 0


def test_it_stops_in_time_while_an_answer_is_judged() -> None:
    long = EvaluationRequest(question=make_question(), answer="It reads a row or more. " * 8_000)
    body = msgspec.json.encode(long)
    sent = threading.Event()

    def stream() -> Iterator[bytes]:
        yield body
        sent.set()

    with ai_process() as service, ThreadPoolExecutor() as pool:
        judging = pool.submit(service.client.post, "/v1/evaluations", content=stream())
        assert sent.wait(10)
        assert service.stop() == 0
        failed = judging.exception(10)
        assert failed is None or isinstance(failed, httpx.HTTPError)
