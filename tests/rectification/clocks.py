"""A clock for tests that take many days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.utils import timezone


@dataclass
class Clock:
    """A clock that stands at noon until it is told to go on to another day."""

    day: datetime.date
    moments: int = 0

    def now(self) -> datetime.datetime:
        self.moments += 1  # no two steps at one moment
        noon = datetime.datetime.combine(self.day, datetime.time(12), timezone.get_current_timezone())
        return noon + datetime.timedelta(seconds=self.moments)


@contextmanager
def clock_that_stands(day: datetime.date) -> Iterator[Clock]:
    """Within the block it is this day for the product, or what the clock is set to."""
    clock = Clock(day)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", clock.now)
        yield clock
