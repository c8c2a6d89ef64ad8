"""Several people who do something at the same moment, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

_TOGETHER_WITHIN = 30  # seconds


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each deed gave or raised, in order; all begin together."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(_TOGETHER_WITHIN)
            return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))
