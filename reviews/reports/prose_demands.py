"""下一步工作要求 of the circular: rectification and assigned work with dates. Pure, always Chinese."""

from __future__ import annotations

import datetime

from reviews.ranking import ListName
from reviews.reports.blocks import Block
from reviews.reports.document import Level
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.prose_problems import attachment_field
from reviews.reports.rankings import host_field, unit_field
from reviews.reports.wording import enumerated, official_date
from reviews.reports.work import name_field, programme_text, unfinished


def demands(results: Results, rectify_by: datetime.date | None, book: FieldBook) -> list[Block]:
    """What the units have to do next, by when; every programme that is not done has a point of its own."""
    label = attachment_field(results, book)
    against = f"本通报和{label}" if label else "本通报"
    last = last_units(results, book)
    turn_round = f"{last}要深入查找原因，尽快扭转落后局面。" if last else ""
    points = [
        (
            "strike-off",
            "逐条整改销号",
            f"各单位要对照{against}指出的问题，逐条制定整改措施，明确责任人和整改时限"
            f"{before(rectify_by, '，于', '前完成', book)}。整改一项，申请销号一项，并附整改佐证材料。",
        ),
        (
            "self-check",
            "认真自查自纠",
            "各单位要举一反三，对所辖党组织开展自查自纠，自查发现的问题一并列入台账，按时整改。",
        ),
        *programme_points(results, book),
        (
            "duty",
            "压实工作责任",
            "各单位党组织书记要切实履行第一责任人责任，加强对所辖党支部的督促指导。" + turn_round,
        ),
        (
            "follow-up",
            "强化跟踪问效",
            f"{host_field(results, book)}将适时对整改情况开展“回头看”，对逾期未销号、屡改屡犯的予以通报。",
        ),
    ]
    return [Block(f"demands.{key}", text, lead, Level.POINT) for key, lead, text in points]


def programme_points(results: Results, book: FieldBook) -> list[tuple[str, str, str]]:
    """Key, name and text of every programme that is not done; by its own key, so that edits stay with it."""
    return [
        (
            f"programme.{each.key}",
            name_field(each, book),
            programme_text(each, results.published_on, book),
        )
        for each in unfinished(results)
    ]


def last_units(results: Results, book: FieldBook) -> str:
    """The units of all last lists as fields; empty where there are none."""
    return enumerated(
        unit_field(unit, book) for group in results.groups for unit in group.named(ListName.LAST)
    )


def before(day: datetime.date | None, start: str, end: str, book: FieldBook) -> str:
    """The day by which the quarter's problems are put right, between these words; empty without a day."""
    if day is None:
        return ""
    return f"{start}{book.put('rectify-by', official_date(day), FieldKind.SETTING)}{end}"
