"""A container asks its own server, under the name that the server answers to."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tools import is_healthy


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = (self.path, self.headers["Host"]) == ("/healthz", "review.example")
        self.send_response(200 if known else 400)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Nothing."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("BIND", f"0.0.0.0:{server.server_port}")
        yield server.server_port
        server.shutdown()


def test_a_server_that_serves_is_healthy(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "review.example,other.example")
    assert is_healthy.main() == 0


def test_one_that_refuses_or_is_gone_is_not(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "elsewhere.example")
    assert is_healthy.main() == 1
    monkeypatch.setenv("BIND", "0.0.0.0:1")
    assert is_healthy.main() == 1
