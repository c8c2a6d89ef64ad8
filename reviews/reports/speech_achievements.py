"""肯定成绩 of the speech: who leads, who rose, who is praised for what. Pure, always Chinese."""

from __future__ import annotations

from reviews.ranking import ListName
from reviews.reports.blocks import Block
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook
from reviews.reports.highlights import praise
from reviews.reports.limits import HIGHLIGHTS_IN_SPEECH
from reviews.reports.parts import Part, counted_off, part_blocks
from reviews.reports.rankings import baseline_field, list_clauses
from reviews.reports.rectification import is_all_struck_off, rectification_sentence
from reviews.reports.since_baseline import averages, caught_up_sentence, has_risen
from reviews.reports.work import finished_sentence


def spoken_achievements(results: Results, book: FieldBook) -> list[Block]:
    """Each part, as far as figures and findings give cause."""
    return part_blocks(
        "achievements",
        [
            _averages(results, book),
            ("leaders", "先进单位示范带动作用明显", _leaders(results, book)),
            ("risers", "争先进位的势头比较好", _risers(results, book)),
            ("highlights", "一些工作有特色、有亮点", _praise(results, book)),
            _work(results, book),
        ],
    )


def _averages(results: Results, book: FieldBook) -> Part:
    lead = "整体水平稳步提升" if has_risen(results) else "各项工作有序推进"
    said = averages(results, book, with_ends=False)
    return "averages", lead, f"从得分看，{said}" if said else ""


def _leaders(results: Results, book: FieldBook) -> str:
    clauses = list_clauses(results, ListName.TOP, book)
    if not clauses:
        return ""
    return (
        f"{''.join(f'{clause}。' for clause in clauses)}在这里，对这些单位提出表扬，希望再接再厉、走在前列。"
    )


def _risers(results: Results, book: FieldBook) -> str:
    clauses = list_clauses(results, ListName.PROGRESS, book)
    compared = f"与{baseline_field(results, book)}相比，{'；'.join(clauses)}。" if clauses else ""
    return compared + caught_up_sentence(results, book)


def _praise(results: Results, book: FieldBook) -> str:
    clauses = praise(results, book, HIGHLIGHTS_IN_SPEECH)
    if not clauses:
        return ""
    if len(clauses) == 1:
        return f"督查中看到，{clauses[0]}。这一做法值得各单位学习借鉴。"
    return f"督查中看到了一些好的做法。{counted_off(clauses)}这些做法都很实在，各单位要互相学习借鉴。"


def _work(results: Results, book: FieldBook) -> Part:
    struck_off = rectification_sentence(results, book) if is_all_struck_off(results) else ""
    finished = finished_sentence(results, book)
    what = "和".join([*(["问题整改"] if struck_off else []), *(["专项工作"] if finished else [])])
    return "work", f"{what}抓得紧", struck_off + finished
