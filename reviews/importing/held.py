"""Compare the deductions of a file with those that the cycle holds, and tell of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import clean_text
from reviews.importing.expected import CellNames, Expected, HeldDeduction, RecordedDeduction
from reviews.importing.findings import Cell, Findings, number, shown

_DESCRIBED = 3  # deductions that one message quotes


def by_cell(deductions: Iterable[RecordedDeduction]) -> dict[Cell, list[RecordedDeduction]]:
    """The deductions of a file, by the cell they are taken from, in the order of the file."""
    cells: dict[Cell, list[RecordedDeduction]] = defaultdict(list)
    for deduction in deductions:
        cells[deduction.review, deduction.indicator].append(deduction)
    return dict(cells)


def merge_deductions(
    held: Iterable[HeldDeduction], in_file: Iterable[RecordedDeduction]
) -> tuple[RecordedDeduction, ...]:
    """Which deductions of a file are still to be added to those recorded, for one unit and indicator.

    Importing the same file twice records nothing twice: a deduction of the same points and reason
    counts as the recorded one, as often as it is recorded. Together the result is the multiset union
    (the larger count of each), so two equal rows in a file of which one is recorded add one. A deduction
    whose reason was given later is known by it and, as in the file it came from, without it.
    """
    _lacking, added = _unpaired(held, in_file)
    return added


def only_held(
    held: Iterable[HeldDeduction], in_file: Iterable[RecordedDeduction]
) -> tuple[HeldDeduction, ...]:
    """Which recorded deductions a file does not list, counted as `merge_deductions` does."""
    lacking, _added = _unpaired(held, in_file)
    return lacking


def _unpaired(
    held: Iterable[HeldDeduction], in_file: Iterable[RecordedDeduction]
) -> tuple[tuple[HeldDeduction, ...], tuple[RecordedDeduction, ...]]:
    """Those of either side that none of the other stands for, each standing for one."""
    rows = [(one, (one.points, clean_text(one.reason))) for one in in_file]
    left = Counter(key for _row, key in rows)
    lacking = []
    # Those known by one reason choose first: they have no other.
    for one in sorted(held, key=lambda one: one.reason_came_later):
        reasons = [clean_text(one.reason), ""] if one.reason_came_later else [clean_text(one.reason)]
        key = next(((one.points, reason) for reason in reasons if left[one.points, reason]), None)
        if key is None:
            lacking.append(one)
        else:
            left[key] -= 1
    added = []
    for row, key in reversed(rows):
        if left[key]:
            left[key] -= 1
            added.append(row)
    return tuple(lacking), tuple(reversed(added))


def note_only_held(findings: Findings, expected: Expected, names: CellNames, file_name: str) -> None:
    """Note the recorded deductions that a list of deductions lacks: they stay, and nobody should wonder.

    Counts those imported from a file of this name and those of the units that the list names; tells of
    each cell that it names.
    """
    in_file = by_cell(findings.deductions)
    if not in_file:
        return
    units = {review for review, _indicator in in_file}
    count = 0
    for cell, held in expected.recorded_deductions.items():
        lacking = only_held(held, in_file.get(cell, ()))
        if cell[0] not in units:
            lacking = tuple(one for one in lacking if file_name and one.source == file_name)
        count += len(lacking)
        if lacking and cell in in_file:
            findings.note(in_file[cell][0].where, _lacking(lacking, names.of(*cell)))
    if count:
        message = _("Deductions that the cycle holds and the file does not list: %(count)s. They stay.")
        findings.note(None, message % {"count": count})


def _lacking(lacking: Sequence[HeldDeduction], cell: dict[str, str]) -> str:
    message = _("%(unit)s, %(indicator)s: the cycle also holds deductions of %(held)s; they stay.")
    return message % {**cell, "held": described(lacking)}


def described(held: Sequence[HeldDeduction]) -> str:
    """Deductions as a message quotes them: points and reason, the first few."""
    texts = [_described(one) for one in held[:_DESCRIBED]]
    text = "、".join(texts)
    if len(held) > _DESCRIBED:
        return _("%(first)s and others, %(count)s in all") % {"first": text, "count": len(held)}
    return text


def _described(held: HeldDeduction) -> str:
    if not held.reason:
        return _("%(points)s (no reason given)") % {"points": number(held.points)}
    return _("%(points)s (%(reason)s)") % {
        "points": number(held.points),
        "reason": shown(held.reason),
    }


def contradiction(
    cell: dict[str, str],
    held: Sequence[HeldDeduction],
    added: Sequence[RecordedDeduction],
    *,
    given: Decimal,
    derived: Decimal,
) -> str:
    """Why a score cannot stand beside the deductions held and added, and what to do about it."""
    taken = sum((one.points for one in held), Decimal(0)) + sum((one.points for one in added), Decimal(0))
    values = {
        **cell,
        "held": described(held),
        "taken": number(taken),
        "derived": number(derived),
        "given": number(given),
        "way_out": _way_out(held),
    }
    if added:
        message = _(
            "%(unit)s, %(indicator)s: the cycle already holds deductions of %(held)s. With those of this "
            "file, %(taken)s points are taken off, so the score should be %(derived)s, but the file says "
            "%(given)s. %(way_out)s"
        )
        return message % values
    message = _(
        "%(unit)s, %(indicator)s: the points follow from deductions, %(count)s of them, %(taken)s points in "
        "all: %(held)s. They leave %(derived)s, but the file says %(given)s. Change the deductions, not the "
        "score. %(way_out)s"
    )
    return message % {**values, "count": len(held)}


def _way_out(held: Sequence[HeldDeduction]) -> str:
    files = list(dict.fromkeys(one.source for one in held if one.source))
    if not files:
        return _("The deductions held were recorded by hand, not imported.")
    message = _("To correct this, undo the import of %(files)s first, then import the new file.")
    text = message % {"files": "、".join(files)}
    if all(one.source for one in held):
        return text
    return text + _("Part of the deductions held was recorded by hand.")
