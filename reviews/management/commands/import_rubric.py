"""Import a rubric workbook: one rubric a group."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.quarter import FIRST_YEAR, LAST_YEAR
from reviews.importing.rubric import Outcome, PlannedRubric, RubricsRefused, import_rubrics
from reviews.management import arguments


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Import a rubric workbook (类别, 一级指标, 指标, 满分, 扣分标准; where wanted 步长, 最多扣分, 加分): "
        "one rubric a group, in force for the year."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_file_argument(parser)
        parser.add_argument("--year", required=True, help=_("the year the rubrics are for"))
        arguments.add_host_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        year = _year(options["year"])
        workbook = arguments.open_workbook(arguments.read_file(options["file"]), options["file"])
        host = arguments.find_host(options["host"])
        try:
            plan = import_rubrics(workbook, host, year)
        except RubricsRefused as refusal:
            raise arguments.refuse(refusal.problems) from refusal
        self.tell(*map(arguments.described, plan.notes))
        self.tell(*map(_told, plan.rubrics))
        if any(rubric.outcome is Outcome.NEW_VERSION for rubric in plan.rubrics):
            self.tell(
                _(
                    "Reviews with scores keep their version; the others take the new one "
                    "when their roster is taken again."
                )
            )


def _year(text: str) -> int:
    year = arguments.whole_number(text, most=LAST_YEAR)
    if year >= FIRST_YEAR:
        return year
    raise CommandError(
        _("“%(text)s” is not a year from %(first)s to %(last)s.")
        % {"text": text, "first": FIRST_YEAR, "last": LAST_YEAR}
    )


def _told(rubric: PlannedRubric) -> str:
    message = {
        Outcome.NEW: _("%(group)s: %(count)s indicators, %(total)s points, in force."),
        Outcome.NEW_VERSION: _(
            "%(group)s: %(count)s indicators, %(total)s points, in force as version %(version)s."
        ),
        Outcome.UNCHANGED: _("%(group)s: unchanged."),
    }[rubric.outcome]
    return message % {
        "group": rubric.group.name,
        "count": len(rubric.indicators),
        "total": f"{rubric.full_total:f}",
        "version": rubric.version,
    }
