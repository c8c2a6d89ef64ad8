"""The figures of one day as a page and a workbook: by group and unit, by category, and in all (rule 19)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Group, Organization, User
from organizations.quarter import Quarter
from rectification.current import current_quarter
from rectification.figures import Figures, snapshots, sum_of, sums_by
from rectification.histories import histories_of
from rectification.models import Item, ProblemCategory
from workbooks.writing import Table, Written, write_xlsx

QUARTER_ENDS = 4  # that are offered beside today


@dataclass(frozen=True)
class Column:
    """One figure. name: of the attribute of Figures. meaning: in one sentence."""

    name: str
    label: Any
    meaning: Any


COLUMNS = (
    Column(
        "raised",
        gettext_lazy("All items"),
        gettext_lazy("All items raised by the end of the day; what was withdrawn counts nowhere."),
    ),
    Column(
        "on_time_text",
        gettext_lazy("On-time rate"),
        gettext_lazy(
            "Of the items whose original due date had passed, or that were struck off by a date that had"
            " come, those struck off by that date; “—” where nothing was due."
        ),
    ),
    Column(
        "unsettled", gettext_lazy("Unsettled"), gettext_lazy("Not struck off: open, submitted or returned.")
    ),
    Column(
        "submitted",
        gettext_lazy("Waiting for strike-off"),
        gettext_lazy("Of these, what the unit has answered and the staff have not decided on."),
    ),
    Column(
        "overdue_week",
        gettext_lazy("Overdue 1–7 days"),
        gettext_lazy(
            "Unsettled and 1 to 7 whole days past the original due date; the due day itself is still in time,"
            " and an extension changes nothing."
        ),
    ),
    Column(
        "overdue_month",
        gettext_lazy("Overdue 8–30 days"),
        gettext_lazy("The same, 8 to 30 days past it."),
    ),
    Column(
        "overdue_longer",
        gettext_lazy("Overdue over 30 days"),
        gettext_lazy("The same, more than 30 days past it."),
    ),
    Column(
        "carried_over",
        gettext_lazy("Carried over"),
        gettext_lazy("Unsettled, and found in a quarter before the current one."),
    ),
    Column(
        "returned", gettext_lazy("Returned"), gettext_lazy("Items whose answer was sent back at least once.")
    ),
    Column(
        "relapsed",
        gettext_lazy("Relapsed"),
        gettext_lazy("Items that a return visit found not put right after all, at least once."),
    ),
    Column(
        "self_found_text",
        gettext_lazy("Self-found share"),
        gettext_lazy("Of all items, those that the unit had reported itself."),
    ),
)


@dataclass(frozen=True)
class Row:
    """One line of figures. unit: whose they are, where they are one unit's."""

    name: str
    figures: Figures
    unit: Organization | None = None

    @property
    def values(self) -> list[int | str]:
        """In the order of COLUMNS."""
        return [getattr(self.figures, column.name) for column in COLUMNS]


@dataclass(frozen=True)
class GroupRows:
    """The units of one group, in the host's order, and all of them together."""

    name: str
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True)
class DayFigures:
    """What the items a user sees amounted to at the end of a day. quarter: the current one of that day."""

    on: datetime.date
    quarter: Quarter | None
    groups: tuple[GroupRows, ...]
    categories: tuple[Row, ...]
    total: Row

    @property
    def is_empty(self) -> bool:
        return not self.total.figures.raised


def figures_on(user: User, host: Organization, on: datetime.date) -> DayFigures:
    """The figures of a day as far as this user may see. The same queries for any number of items."""
    items = Item.objects.visible_to(user).of_host(host)
    then = snapshots(histories_of(items), on)
    quarter = current_quarter(host, on) or max((item.quarter for item in then), default=None)
    units = sums_by(lambda item: (item.group, item.unit), then, on, quarter)
    categories = sums_by(lambda item: item.category, then, on, quarter)
    return DayFigures(
        on=on,
        quarter=quarter,
        groups=_groups(user, host, on, units),
        categories=_categories(host, categories),
        total=Row(_("In all"), sum_of(then, on, quarter)),
    )


def quarter_ends(today: datetime.date) -> list[tuple[Quarter, datetime.date]]:
    """The last quarters that are over, the newest first, each with its last day."""
    ends = []
    quarter = Quarter.of(today)
    for _number in range(QUARTER_ENDS):
        begins = datetime.date(quarter.year, quarter.number * 3 - 2, 1)
        quarter = quarter.previous()
        ends.append((quarter, begins - datetime.timedelta(days=1)))
    return ends


def figures_xlsx(found: DayFigures) -> bytes:
    """The same as a workbook: units, categories, and what each figure means."""
    header = [str(column.label) for column in COLUMNS] + [_("On time"), _("Due")]
    units: list[list[Written]] = []
    for group in found.groups:
        units += [[group.name, row.name, *_written(row)] for row in group.rows]
        units.append([group.name, group.total.name, *_written(group.total)])
    units.append(["", found.total.name, *_written(found.total)])
    categories = [[row.name, *_written(row)] for row in found.categories]
    notes: list[list[Written]] = [[_("As of"), found.on]]
    if found.quarter:
        notes.append([_("Current quarter"), found.quarter.label])
    notes += [[str(column.label), str(column.meaning)] for column in COLUMNS]
    return write_xlsx(
        [
            Table(_("By unit"), [_("Group"), _("Unit"), *header], units),
            Table(_("By category"), [_("Category"), *header], categories),
            Table(_("Notes"), [_("Notes"), ""], notes),
        ]
    )


def figures_name(found: DayFigures) -> str:
    """What the file is called: 整改情况统计（截至2018-09-30）.xlsx."""
    return f"整改情况统计（截至{found.on.isoformat()}）.xlsx"


def _written(row: Row) -> list[Written]:
    return [*row.values, row.figures.on_time, row.figures.due]


def _groups(
    user: User,
    host: Organization,
    on: datetime.date,
    found: Mapping[tuple[int | None, int | None], Figures],
) -> tuple[GroupRows, ...]:
    """Units in the host's order, each under the group it was in then; acting units without any item too."""
    theirs: dict[int, list[tuple[int | None, Figures]]] = defaultdict(list)
    for (group, key), figures in found.items():
        if key is not None:
            theirs[key].append((group, figures))
    rows: dict[int | None, list[Row]] = defaultdict(list)
    for unit in Organization.objects.reported_on(user, host, on, set(theirs)):
        for group, figures in theirs.get(unit.pk, [(unit.group_id, Figures())]):
            rows[group].append(Row(unit.name, figures, unit))
    groups = {group.pk: group.name for group in Group.objects.filter(host=host)}
    order = [*groups, None]
    return tuple(
        GroupRows(
            groups.get(key, _("No group")) if key else _("No group"), tuple(rows[key]), _total(rows[key])
        )
        for key in order
        if rows.get(key)
    )


def _total(rows: Iterable[Row]) -> Row:
    return Row(_("Together"), sum((row.figures for row in rows), Figures()))


def _categories(host: Organization, found: Mapping[int | None, Figures]) -> tuple[Row, ...]:
    names: Sequence[ProblemCategory] = list(host.problem_categories.all())
    rows = [Row(category.name, found[category.pk]) for category in names if category.pk in found]
    return (*rows, Row(_("No category yet"), found[None])) if None in found else tuple(rows)
