"""A local server that speaks OpenAI's protocol over a real socket, and misbehaves as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-right"
Asked = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One HTTP response; `text` is wrapped as a completion unless it is `raw`. None never comes."""

    text: str | None
    status: int = 200
    raw: bool = False
    location: str = ""
    encoding: str = ""
    usage: Any = field(default_factory=lambda: {"prompt_tokens": 120, "completion_tokens": 30})

    def body(self) -> bytes:
        message = {"role": "assistant", "content": self.text}
        completion = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "usage": self.usage,
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        }
        error = {"error": {"message": self.text, "type": "stub"}}
        if self.raw:
            return (self.text or "").encode()
        return json.dumps(completion if self.status == 200 else error).encode()


Behaviour = Callable[[Asked, int], Reply]
"""Answers a request, of which so many came before."""


@dataclass
class Stub:
    """The running server: where it is, and what it was asked."""

    base_url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Stub]:
    """Serve on loopback until the block ends; only `KEY` is let in."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            number = len(stub.asked)
            stub.asked.append(body)
            known = self.headers["Authorization"] == f"Bearer {KEY}"
            reply = behaviour(body, number) if known else Reply("Incorrect API key", 401)
            if reply.text is None:
                closing.wait()
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body())))
            self.send_header("retry-after-ms", "1")
            if reply.location:
                self.send_header("Location", reply.location)
            if reply.encoding:
                self.send_header("Content-Encoding", reply.encoding)
            self.end_headers()
            with suppress(ConnectionError):  # It may be broken off.
                self.wfile.write(reply.body())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def verdict(**fields: Any) -> str:  # noqa: ANN401  any field of a verdict
    """A technical verdict of two points, as a well-behaved server would write it."""
    defaults: dict[str, Any] = {
        "key_points": [
            {"number": 1, "coverage": "covered", "quote": "Reads become faster"},
            {"number": 2, "coverage": "partly", "quote": "each write costs more"},
        ],
        "content": 0.7,
        "structure": 0.6,
        "confidence": 0.8,
        "summary": "Both points are there.",
        "advice": [{"text": "Say why writes cost more.", "quote": "each write costs more"}],
        "follow_ups": ["When would you leave the index out?"],
    }
    return json.dumps(defaults | fields)
