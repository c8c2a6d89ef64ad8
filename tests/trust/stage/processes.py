"""Processes that end in good order: what they started is ended too, and their folders are gone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

_ENDS_WITHIN = 30  # seconds


def end_in_good_order() -> None:
    """Let SIGTERM unwind this process instead of cutting it off."""
    signal.signal(signal.SIGTERM, _exit)


def run_to_its_end(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command; where this process is ended meanwhile, the command is first, in its own good order."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            try:
                process.wait(_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def _exit(signal_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal_number)
