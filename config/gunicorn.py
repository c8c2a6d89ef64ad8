"""gunicorn's settings: `gunicorn -c python:config.gunicorn`.

The server brings the background worker with it, unless WORKER=0 says that it runs as a service of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from environs import Env

from config import logs

env = Env()

wsgi_app = "config.wsgi:application"
bind = env.str("BIND", f"127.0.0.1:{env.int('PORT', 8000)}")
worker_class = "gthread"
workers = env.int("WEB_CONCURRENCY", 2)
threads = 4
# A large workbook is read and a long document set within a request.
timeout = 120
# Each request has a line of its own (config.request_log); this one would add addresses and queries.
accesslog = env.str("ACCESS_LOG", "") or None
logconfig_dict = logs.set_up(env)
control_socket_disable = True

_STOPPED_WITHIN = 10  # seconds that the worker has for what it is at
_workers: list[subprocess.Popen[bytes]] = []


def on_starting(server: Any) -> None:
    """Do not listen beyond this machine while accounts have the demo's password."""
    asked = subprocess.run([sys.executable, "-m", "config.demo_stays_here", *server.cfg.bind])
    if asked.returncode:
        sys.exit(asked.returncode)


def when_ready(server: Any) -> None:
    """Start the worker once, in a session of its own: Ctrl+C is for the server, which then ends it."""
    if env.bool("WORKER", True):
        command = [sys.executable, "-m", "config.worker", str(os.getpid())]
        _workers.append(subprocess.Popen(command, start_new_session=True))


def on_exit(server: Any) -> None:
    """End the worker. An import that is cut short changes nothing and can be started again."""
    for worker in _workers:
        worker.terminate()
        try:
            worker.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
