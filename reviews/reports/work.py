"""What documents say of assigned work: programmes with lead unit, targets and dates. Pure, always Chinese."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from reviews.reports.facts import Results
from reviews.reports.fields import About, FieldBook, FieldKind
from reviews.reports.limits import LONGEST_TASK
from reviews.reports.material import Programme
from reviews.reports.wording import enumerated, official_date

_OUTCOMES = {"finished": "已办结", "running": "按期推进", "overdue": "逾期"}


def unfinished(results: Results) -> list[Programme]:
    """What is still to be done, in the order of assigning."""
    return [each for each in _in_order(results.material.programmes) if not each.is_finished]


def name_field(programme: Programme, book: FieldBook) -> str:
    """The name of a programme as a field."""
    return _put(programme, "name", programme.name, book)


def programme_text(programme: Programme, on: datetime.date, book: FieldBook) -> str:
    """What is to be done, who leads, how far it is and by when it is due.

    on: the day of publication; a date before it is not set as one to come.
    """
    clauses = []
    if lead := _put(programme, "lead", programme.lead, book):
        clauses.append(f"由{lead}牵头")
    clauses += _progress(programme, book)
    if any(due.due_on >= on for due in programme.dues) and not programme.has_all_done:
        clauses.append(f"{_put(programme, 'due', _dates(programme, on), book)}完成")
    elif programme.overdue:
        clauses.append("逾期的要限期补齐")
    task = _put(programme, "task", _shortened(programme.task), book)
    how = "，".join(clauses) or ("" if task else "按要求抓好落实")
    return "".join(f"{sentence}。" for sentence in (task, how) if sentence)


def earlier_work_sentence(results: Results, book: FieldBook) -> str:
    """此前部署的专项工作5项，已办结2项，按期推进2项，逾期1项。 Empty where nothing was assigned before."""
    earlier = [each for each in _in_order(results.material.programmes) if not each.is_new]
    if not earlier:
        return ""
    total = book.put("work.earlier", len(earlier), FieldKind.PROGRAMME)
    counts = Counter(each.outcome for each in earlier)
    said = [(name, word) for name, word in _OUTCOMES.items() if counts[name]]
    if len(said) == 1:
        _name, word = said[0]
        all_of_them = "均" if len(earlier) > 1 else ""
        how = f"{all_of_them}{'已' if word == '逾期' else ''}{word}"
        return f"此前部署的专项工作{total}项，{book.put('work.earlier-all', how, FieldKind.PROGRAMME)}。"
    parts = [
        f"，{word}{book.put(f'work.earlier-{name}', counts[name], FieldKind.PROGRAMME)}项"
        for name, word in said
    ]
    return f"此前部署的专项工作{total}项{''.join(parts)}。"


def finished_sentence(results: Results, book: FieldBook) -> str:
    """A、B等专项工作已全部完成。 Empty where none was; one that was closed before all were done is not."""
    done = [each for each in _in_order(results.material.programmes) if each.is_finished and each.has_all_done]
    if not done:
        return ""
    several = "等专项工作" if len(done) > 1 else ""
    return f"{enumerated(name_field(each, book) for each in done)}{several}已全部完成。"


def _progress(programme: Programme, book: FieldBook) -> list[str]:
    """涉及12个对象，已完成5个，逾期2个; a lone target is not counted."""
    if programme.targets < 2:
        return []
    clauses = [f"涉及{_put(programme, 'targets', programme.targets, book)}个对象"]
    if programme.has_all_done:
        return [*clauses, "均已完成"]
    if programme.done:
        clauses.append(f"已完成{_put(programme, 'done', programme.done, book)}个")
    if programme.overdue:
        clauses.append(f"逾期{_put(programme, 'overdue', programme.overdue, book)}个")
    return clauses


def _dates(programme: Programme, on: datetime.date) -> str:
    """于2018年12月31日前, or a date for each class: 一类于…前、二类于…前."""
    ahead = [due for due in programme.dues if due.due_on >= on]
    if len({due.due_on for due in ahead}) == 1 and len(ahead) == len(programme.dues):
        return f"于{official_date(ahead[0].due_on)}前"
    return enumerated(f"{due.name}于{official_date(due.due_on)}前" for due in ahead)


def _shortened(task: str) -> str:
    """The task as far as whole sentences fit; empty where not even one does."""
    if len(task) <= LONGEST_TASK:
        return task
    return task[:LONGEST_TASK].rpartition("。")[0]


def _in_order(programmes: Sequence[Programme]) -> list[Programme]:
    return sorted(programmes, key=lambda each: (each.quarter, each.key))


def _put(programme: Programme, what: str, value: object, book: FieldBook) -> str:
    units = () if programme.lead_unit is None else (programme.lead_unit,)
    told = About(programme.name, units=units)
    return book.put(f"w{programme.key}.{what}", value, FieldKind.PROGRAMME, told)
