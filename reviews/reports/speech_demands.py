"""下一步 of the speech: what is to be done, by whom and by when. Pure, always Chinese."""

from __future__ import annotations

import datetime

from reviews.ranking import ListName
from reviews.reports.blocks import Block
from reviews.reports.document import Level
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook
from reviews.reports.prose_demands import before, programme_points
from reviews.reports.rankings import host_field
from reviews.reports.work import earlier_work_sentence


def spoken_demands(results: Results, rectify_by: datetime.date | None, book: FieldBook) -> list[Block]:
    """Rectification, the assigned work with a point each, responsibility, and what the host will look at."""
    has_last = any(group.named(ListName.LAST) for group in results.groups)
    responsible = "位次靠后的单位，主要负责同志会后要带头查摆原因，拿出过硬措施。" if has_last else ""
    return [
        _part(
            "strike-off",
            "抓整改销号，做到件件有着落",
            "对督查发现的问题，各单位要照单全收、主动认领，逐条明确责任人和整改时限"
            f"{before(rectify_by, '，于', '前整改到位', book)}。整改一项、销号一项，"
            "还要举一反三，对所辖党组织来一次自查自纠，防止同类问题反复发生。",
        ),
        *_work(results, book),
        _part(
            "duty",
            "抓责任落实，做到层层有压力",
            "各单位党组织书记是第一责任人，要多到一线去，多到支部去，面对面督促、手把手指导，"
            f"把压力传导到每一个党支部。{responsible}",
        ),
        _part(
            "follow-up",
            "抓跟踪问效，做到事事有回音",
            f"{host_field(results, book)}要适时开展“回头看”，看问题是不是真改了、措施是不是真落实了。"
            "对逾期未销号、屡改屡犯的，点名通报，严肃问责。",
        ),
    ]


def _work(results: Results, book: FieldBook) -> list[Block]:
    """The part of assigned work with a point a programme; nothing where nothing is left to do."""
    points = programme_points(results, book)
    earlier = earlier_work_sentence(results, book)
    if not points:
        return []
    intro = f"{earlier}下一步，牵头单位要倒排工期、挂图作战，各单位要密切配合、不等不靠。"
    return [
        _part("work", "抓重点任务，做到项项有进展", intro),
        *(Block(f"demands.{key}", text, lead, Level.POINT) for key, lead, text in points),
    ]


def _part(key: str, lead: str, text: str) -> Block:
    return Block(f"demands.{key}", text, lead, Level.PART)
