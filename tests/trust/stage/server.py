"""The product's own server, gunicorn with `config/gunicorn.py`, forked from a process that has loaded it.

So it is up in a fraction of a second and can be killed hundreds of times; nothing else about it is special.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connections
from django.test import Client

from organizations.models import User

_UP_WITHIN = 30  # seconds
_STOPPED_WITHIN = 20
_PR_SET_PDEATHSIG = 1


class Server:
    """A running server. Its processes are a group of their own."""

    def __init__(self, workers: int = 2) -> None:
        connections.close_all()  # a forked process must not share them
        self.port = free_port()
        self._alive, held = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._alive)
            _serve(self.port, workers)
        os.close(held)
        try:
            wait_until_up(self.port)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """kill -9 of all its processes at once; returns when none is left."""
        self.strike()
        self.bury()

    def strike(self) -> None:
        """The kill alone, for a moment that counts."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Wait until every process of a killed server is gone."""
        os.waitpid(self.pid, 0)
        # All its processes hold the other end of the pipe: it ends with the last of them.
        os.read(self._alive, 1)
        os.close(self._alive)


def wait_until_up(port: int) -> None:
    """Until the product answers that it is well."""
    until = time.monotonic() + _UP_WITHIN
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            if health(port) == 200:
                return
        time.sleep(0.02)
    raise RuntimeError("The server did not come up.")


def warm_up(*pages: str, by: User) -> None:
    """Load what a server loads with its first pages, so that the servers forked later have it."""
    client = Client(headers={"host": "127.0.0.1", "accept-language": "en"})
    for page in ("/healthz", "/login/"):
        client.get(page)
    client.force_login(by)
    for page in pages:
        client.get(page)


@contextmanager
def running(workers: int = 2) -> Iterator[Server]:
    """A server for the block, stopped in good order after it."""
    server = Server(workers)
    try:
        yield server
    finally:
        os.kill(server.pid, signal.SIGTERM)
        _stop(server)


def health(port: int) -> int:
    """What /healthz answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_UP_WITHIN)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    finally:
        connection.close()


def _stop(server: Server) -> None:
    until = time.monotonic() + _STOPPED_WITHIN
    while time.monotonic() < until:
        if os.waitpid(server.pid, os.WNOHANG)[0]:
            server.strike()  # workers that outlived it
            os.read(server._alive, 1)
            os.close(server._alive)
            return
        time.sleep(0.02)
    server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(port: int, workers: int) -> None:
    """Become the server; never returns."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # It ends with the trial, however that ends.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        os.environ |= {"PORT": str(port), "WEB_CONCURRENCY": str(workers), "WORKER": "0"}
        os.environ.pop("BIND", None)
        sys.argv = ["gunicorn", "-c", "python:config.gunicorn", "--log-level", "error"]
        from gunicorn.app.wsgiapp import WSGIApplication

        WSGIApplication().run()
    except SystemExit:
        pass
    finally:
        os._exit(0)
