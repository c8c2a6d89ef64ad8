"""Self-checks as lists and as a workbook. What a user may see was decided before the rows came here."""

from __future__ import annotations

from collections.abc import Iterable

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rectification.models import SelfCheck, SelfCheckAnswer
from workbooks.writing import Table

NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}
NARROW = {"th": {"class": "narrow"}, "td": {"class": "narrow"}}
WIDE = {"th": {"class": "number col-wide"}, "td": {"class": "number col-wide"}}
WIDE_WORDS = {"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}


class CheckTable(tables.Table):
    """A host's self-checks, `with_counts`, for its staff."""

    text = tables.Column(_("What to look for"), orderable=False)
    category = tables.Column(_("Category"), orderable=False, attrs=WIDE_WORDS)
    answer_by = tables.Column(_("Answer by"), attrs=NARROW)
    answered = tables.Column(_("Answered"), orderable=False, attrs=NUMBER)
    found = tables.Column(_("Found"), attrs=WIDE)
    late = tables.Column(_("Late"), attrs=WIDE)

    class Meta:
        attrs = {"id": "table", "class": "table", "caption": _("Self-checks")}

    def render_text(self, record: SelfCheck) -> str:
        return format_html(
            '<a href="{}">{}</a><span class="row-note">{}</span>',
            record.get_absolute_url(),
            record.text,
            record.category,
        )

    def render_answer_by(self, record: SelfCheck) -> str:
        return record.answer_by.isoformat()

    def render_answered(self, record: SelfCheck) -> str:
        return f"{record.answered} / {record.asked}"


class OwnAnswerTable(tables.Table):
    """What a unit was asked, with its own answer and nobody else's."""

    self_check = tables.Column(_("What to look for"), orderable=False)
    category = tables.Column(
        _("Category"), accessor="self_check__category", orderable=False, attrs=WIDE_WORDS
    )
    answer_by = tables.Column(_("Answer by"), accessor="self_check__answer_by", attrs=NARROW)
    outcome = tables.Column(_("Answer"), orderable=False, empty_values=(), attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table", "caption": _("Self-checks")}

    def render_self_check(self, record: SelfCheckAnswer) -> str:
        check = record.self_check
        return format_html('<a href="{}">{}</a>', check.get_absolute_url(), check.text)

    def render_answer_by(self, record: SelfCheckAnswer) -> str:
        return record.self_check.answer_by.isoformat()

    def render_outcome(self, record: SelfCheckAnswer) -> str:
        return outcome_badge(record)


def outcome_badge(answer: SelfCheckAnswer) -> str:
    """What a unit answered, or that it has not, as a coloured word."""
    return render_to_string("rectification/_check_outcome.html", {"answer": answer})


def answers_table(answers: Iterable[SelfCheckAnswer]) -> Table:
    """The answers as a sheet, unit by unit."""
    return Table(
        name=_now("Self-check"),
        header=[
            _now("Unit"),
            _now("Group"),
            _now("Answer"),
            _now("Late"),
            _now("In a few words"),
            _now("Rectification items"),
            _now("By"),
            _now("Answered on"),
        ],
        rows=[
            [
                answer.unit.name,
                answer.unit.group.name if answer.unit.group else "",
                answer.get_outcome_display() or _now("Not answered"),
                _now("Yes") if answer.is_late else "",
                answer.words,
                "、".join(str(finding.item.serial) for finding in answer.findings.all()),
                _who(answer),
                answer.answered_on,
            ]
            for answer in answers
        ],
    )


def _who(answer: SelfCheckAnswer) -> str:
    """Who gave the answer, and whether for the unit."""
    if not answer.is_answered:
        return ""
    return f"{answer.answered_by} {_now('(for the unit)')}" if answer.is_by_staff else str(answer.answered_by)
