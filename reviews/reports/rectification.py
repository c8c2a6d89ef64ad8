"""What a document says of the items of earlier quarters. Pure, always Chinese."""

from __future__ import annotations

from reviews.reports.facts import Outcome, Results
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.wording import official_date


def rectification_sentence(results: Results, book: FieldBook) -> str:
    """截至2018年10月10日，上季度应整改事项25项，按期销号20项，逾期销号1项，结转4项（其中逾期2项）。

    The newest earlier quarter in full; of those before it, only what is still not struck off. Empty where
    there were no items; a count of nothing is left out. The counts and the day are fields.
    """
    if results.rectification is None:
        return ""
    newest, *older = results.rectification.outcomes
    is_last = newest.quarter.next() == results.quarter
    whose = "上季度" if is_last else newest.quarter.label
    clauses = [f"{whose}应整改事项{_count(book, 'raised', newest.raised)}项", *_counted(newest, book)]
    left = sum(outcome.carried_over for outcome in older)
    if left:
        late = sum(outcome.overdue for outcome in older)
        clauses.append(
            f"更早季度结转{_count(book, 'older', left)}项{_overdue(late, left, book, 'older-overdue')}"
        )
    day = official_date(results.rectification.as_of)
    as_of = book.put("rectification.as-of", day, FieldKind.RECTIFICATION)
    return f"截至{as_of}，{'，'.join(clauses)}。"


def is_all_struck_off(results: Results) -> bool:
    """Whether earlier quarters had items and nothing of them is left."""
    if results.rectification is None:
        return False
    return not any(outcome.carried_over for outcome in results.rectification.outcomes)


def _counted(outcome: Outcome, book: FieldBook) -> list[str]:
    if outcome.on_time == outcome.raised:
        return ["已全部按期销号"]
    clauses = []
    if outcome.on_time:
        clauses.append(f"按期销号{_count(book, 'on-time', outcome.on_time)}项")
    if outcome.late:
        clauses.append(f"逾期销号{_count(book, 'late', outcome.late)}项")
    if outcome.carried_over:
        left = _count(book, "carried-over", outcome.carried_over)
        clauses.append(f"结转{left}项{_overdue(outcome.overdue, outcome.carried_over, book, 'overdue')}")
    return clauses


def _overdue(count: int, of: int, book: FieldBook, key: str) -> str:
    if count == of:
        return "（已逾期）" if of == 1 else "（均已逾期）"
    return f"（其中逾期{_count(book, key, count)}项）" if count else ""


def _count(book: FieldBook, key: str, count: int) -> str:
    return book.put(f"rectification.{key}", count, FieldKind.RECTIFICATION)
