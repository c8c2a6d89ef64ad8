"""What an outdated document says of itself: that it was corrected, and by what. Pure, always Chinese."""

from __future__ import annotations

import datetime

from reviews.reports.wording import chinese_number, official_date


def superseded_note(noun: str, *, latest: int, on: datetime.date) -> str:
    """本通报已于2018年11月2日更正，以第一次更正为准。

    noun: what the document calls itself. latest: the number of the newest publication, 2 being the first
    correction; on: its day.
    """
    return f"本{noun}已于{official_date(on)}更正，以第{chinese_number(latest - 1)}次更正为准。"
