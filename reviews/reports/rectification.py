"""What a circular says of the items of earlier quarters. Pure, always Chinese."""

from __future__ import annotations

from reviews.reports.facts import Outcome, Results
from reviews.reports.wording import official_date


def rectification_sentence(results: Results) -> str:
    """截至2018年10月10日，上季度应整改事项25项，按期销号20项，逾期销号1项，结转4项（其中逾期2项）。

    The newest earlier quarter in full; of those before it, only what is still not struck off. Empty where
    there were no items; a count of nothing is left out.
    """
    if results.rectification is None:
        return ""
    newest, *older = results.rectification.outcomes
    is_last = newest.quarter.next() == results.quarter
    whose = "上季度" if is_last else newest.quarter.label
    clauses = [f"{whose}应整改事项{newest.raised}项", *_counted(newest)]
    left = sum(outcome.carried_over for outcome in older)
    if left:
        late = sum(outcome.overdue for outcome in older)
        clauses.append(f"更早季度结转{left}项{_overdue(late, left)}")
    return f"截至{official_date(results.rectification.as_of)}，{'，'.join(clauses)}。"


def _counted(outcome: Outcome) -> list[str]:
    if outcome.on_time == outcome.raised:
        return ["已全部按期销号"]
    counts = [
        (outcome.on_time, f"按期销号{outcome.on_time}项"),
        (outcome.late, f"逾期销号{outcome.late}项"),
        (
            outcome.carried_over,
            f"结转{outcome.carried_over}项{_overdue(outcome.overdue, outcome.carried_over)}",
        ),
    ]
    return [clause for count, clause in counts if count]


def _overdue(count: int, of: int) -> str:
    if count == of:
        return "（已逾期）" if of == 1 else "（均已逾期）"
    return f"（其中逾期{count}项）" if count else ""
