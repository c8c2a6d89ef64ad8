"""A programme's state table (工作台账) as a workbook; text never becomes a formula."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rectification.models import Programme, ProgrammeSession
from rectification.programme_board import Board, TargetLine
from workbooks.writing import Table, Written, write_xlsx


def programme_xlsx(board: Board) -> bytes:
    """A sheet of the targets with each row's state, one by unit, and one of sessions where there are any."""
    tables = [_targets(board), _units(board)]
    if board.has_sessions:
        tables.append(_sessions(board))
    return write_xlsx(tables)


def programme_file_name(programme: Programme) -> str:
    """What the file is called: 五化建设工作台账.xlsx. Documents are always Chinese."""
    return f"{programme.name}工作台账.xlsx"


def _targets(board: Board) -> Table:
    header = [
        _("No."),
        _("Unit"),
        _("Target"),
        pgettext("due date", "Class"),
        _("Responsible person"),
        _("Helping person"),
        pgettext("programme", "Original due date"),
        _("Extended to"),
        *(row.name for row in board.rows),
        pgettext("programme", "Progress"),
        _("State"),
        _("Days overdue"),
        _("Done on"),
        _("Demonstration site"),
    ]
    rows = [_target_row(number, line) for number, line in enumerate(board.lines, 1)]
    return Table(board.programme.name, header, rows)


def _target_row(number: int, line: TargetLine) -> list[Written]:
    target = line.target
    return [
        number,
        target.unit.name,
        target.organization.name,
        target.due_class.name,
        target.responsible,
        target.helper,
        target.original_due_on,
        target.due_on if target.is_extended else None,
        *(f"{cell.label} {cell.mark}" if cell.mark[:1].isdigit() else cell.label for cell in line.cells),
        line.progress_text,
        target.get_state_display(),
        line.late or None,
        target.done_on,
        pgettext("programme", "Yes") if target.is_demonstration else None,
    ]


def _units(board: Board) -> Table:
    header = [
        _("Unit"),
        _("Targets"),
        pgettext("targets", "Done"),
        _("Overdue"),
        pgettext("targets", "In time"),
        pgettext("programme", "Progress"),
    ]
    rows: list[list[Written]] = [
        [
            unit.name,
            unit.counts.targets,
            unit.counts.done,
            unit.counts.overdue,
            unit.counts.running,
            unit.progress_text,
        ]
        for unit in board.units
    ]
    counts = board.counts
    whole: list[Written] = [
        _("All together"),
        counts.targets,
        counts.done,
        counts.overdue,
        counts.running,
        board.progress_text,
    ]
    return Table(_("By unit"), header, [*rows, whole])


def _sessions(board: Board) -> Table:
    header = [
        pgettext("session", "Day"),
        _("Topic"),
        _("Held by"),
        _("Location"),
        _("Audience"),
        _("Expected"),
        _("Attended"),
    ]
    rows = [_session_row(session) for session in board.sessions]
    attendance = board.attendance
    whole: list[Written] = [
        _("Total of those held"),
        None,
        None,
        None,
        None,
        attendance["planned"],
        attendance["attended"],
    ]
    return Table(_("Sessions"), header, [*rows, whole])


def _session_row(session: ProgrammeSession) -> list[Written]:
    return [
        session.held_on,
        session.topic,
        session.task.target.organization.name,
        session.place,
        session.audience,
        session.planned,
        session.attended if session.is_held else _("planned"),
    ]
