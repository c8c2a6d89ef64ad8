"""Import rubrics from a workbook: one a group, a row an indicator, all of them or none (rule 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import Group, Organization
from organizations.names import clean_text, normalize_name
from reviews.activating import activate_rubric, next_version, step_fault, sum_fault
from reviews.models import Indicator, Rubric, Section
from reviews.models.points import LARGEST, PLACES
from workbooks.cells import UNCALCULATED, Place, Problem
from workbooks.layout import Header, find_header
from workbooks.records import Record, records_below
from workbooks.sheets import Sheet, Workbook

_COLUMNS = {
    "group": ("类别", "单位类别", "组别"),
    "section": ("一级指标", "一级", "项目", "考核项目"),
    "name": ("指标", "二级指标", "指标名称", "考核指标", "考核内容"),
    "full_marks": ("满分", "分值", "标准分"),
    "standard": ("扣分标准", "评分标准", "考核标准", "扣分办法"),
    "step": ("步长", "扣分步长", "最小分值"),
    "cap": ("最多扣分", "扣分上限", "最多扣"),
    "is_bonus": ("加分", "加分项", "是否加分"),
}
_TOTAL_WORDS = frozenset({"合计", "总分", "总计", "满分合计"})
_SUBTOTAL_WORDS = frozenset({"小计", "分项合计"})
_YES, _NO = frozenset({"是", "加分", "√", "✓", "y", "yes"}), frozenset({"否", "", "×", "n", "no"})
_ONLY_SECTION = "考核指标"  # of a rubric that has no first level
NAME_LENGTH, STANDARD_LENGTH = 100, 5_000
DEFAULT_STEP, DEFAULT_TOTAL = Decimal("0.5"), Decimal(100)


class RubricsRefused(Exception):
    """The workbook cannot be imported; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Outcome(StrEnum):
    """What becomes of a group's rubric."""

    NEW = "new"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class PlannedIndicator:
    """One row of the file. cap: None for no limit."""

    section: str
    name: str
    full_marks: Decimal
    step: Decimal
    cap: Decimal | None
    is_bonus: bool
    standard: str


@dataclass(frozen=True)
class PlannedRubric:
    """What a group's rubric would be. version: its number, the present one's where nothing changes."""

    group: Group
    version: int
    outcome: Outcome
    full_total: Decimal
    indicators: tuple[PlannedIndicator, ...]


@dataclass(frozen=True)
class RubricPlan:
    """What importing would do, or did; nothing is imported while there are problems."""

    year: int
    rubrics: tuple[PlannedRubric, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def changes_nothing(self) -> bool:
        return all(rubric.outcome is Outcome.UNCHANGED for rubric in self.rubrics)


def plan_rubrics(workbook: Workbook, host: Organization, year: int) -> RubricPlan:
    """Work out which rubrics the workbook would put in force for a year. Writes nothing."""
    reading = _Reading(host)
    reading.read(workbook)
    in_force = {
        rubric.group_id: rubric
        for rubric in Rubric.objects.of_host(host)
        .active()
        .filter(year=year)
        .prefetch_related("indicators__section")
    }
    rubrics = tuple(
        _planned(host, year, draft, in_force.get(draft.group.pk)) for draft in reading.drafts.values()
    )
    return RubricPlan(year, rubrics, tuple(reading.problems), tuple(reading.notes))


@transaction.atomic
def import_rubrics(workbook: Workbook, host: Organization, year: int) -> RubricPlan:
    """Put the workbook's rubrics in force, all or none; one that says the same stays as it is.

    Reviews that have scores keep the version they were scored by; the others take the new one when their
    cycle's roster is refreshed. Raises RubricsRefused.
    """
    host = Organization.objects.select_for_update().get(pk=host.pk)
    plan = plan_rubrics(workbook, host, year)
    if plan.problems:
        raise RubricsRefused(plan.problems)
    for planned in plan.rubrics:
        if planned.outcome is not Outcome.UNCHANGED:
            activate_rubric(_draft_of(host, year, planned))
    return plan


@dataclass
class _Draft:
    """One group's rows, as far as they are read. total: what a 合计 row states, with its place."""

    group: Group
    where: Place
    indicators: list[PlannedIndicator] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    total: Decimal | None = None
    total_where: Place | None = None

    @property
    def full_total(self) -> Decimal:
        return DEFAULT_TOTAL if self.total is None else self.total


class _Reading:
    """Reads every sheet into one draft a group and gathers what is wrong."""

    def __init__(self, host: Organization) -> None:
        self.groups = {normalize_name(group.name): group for group in host.groups.all()}
        self.drafts: dict[int, _Draft] = {}
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def read(self, workbook: Workbook) -> None:
        found_any = False
        for sheet in workbook.sheets:
            if sheet.hidden:
                self.notes.append(Problem(sheet.place(), _("The sheet is hidden and was not read.")))
                continue
            header = find_header(sheet, _COLUMNS, ["name", "full_marks"])
            if header is None:
                self.notes.append(
                    Problem(sheet.place(), _("No header row with 指标 and 满分 was found; nothing was read."))
                )
                continue
            found_any = True
            self._read_sheet(sheet, header)
        if not found_any:
            self.problems.append(Problem(None, _("No sheet has a header row with 指标 and 满分.")))
        elif not self.drafts and not self.problems:
            self.problems.append(Problem(None, _("The workbook lists no indicators.")))
        for draft in self.drafts.values():
            self._check(draft)

    def _read_sheet(self, sheet: Sheet, header: Header) -> None:
        group_text, section = "", ""
        for record in records_below(header, sheet, self.problems):
            # Offices merge a group or section over its rows, or write it in the first of them only.
            group_before, group_text = group_text, _first_text(record, "group") or group_text
            if group_text != group_before or _is_word(section, _TOTAL_WORDS | _SUBTOTAL_WORDS):
                section = ""
            section = _first_text(record, "section") or section
            if record.is_blank("name", "full_marks") and not _is_word(section, _TOTAL_WORDS):
                continue
            if not record.has("group"):
                group_text = sheet.name
            draft = self._draft(record, group_text)
            if draft is not None:
                self._read_row(record, draft, section)

    def _draft(self, record: Record, group_text: str) -> _Draft | None:
        if _is_word(group_text, _TOTAL_WORDS):
            return None  # a sum over all groups says nothing of any of them
        group = self.groups.get(normalize_name(group_text))
        if group is None:
            record.refuse("group", self._unknown_group(group_text))
            return None
        return self.drafts.setdefault(group.pk, _Draft(group, record.place("group")))

    def _unknown_group(self, text: str) -> str:
        known = "、".join(group.name for group in self.groups.values())
        if not known:
            return _("The host has no groups: import the roster first.")
        if not text:
            return _("The group is missing; it is one of %(known)s.") % {"known": known}
        return _("The group “%(group)s” is unknown; it is one of %(known)s.") % {
            "group": text[:NAME_LENGTH],
            "known": known,
        }

    def _read_row(self, record: Record, draft: _Draft, section: str) -> None:
        name = clean_text(record.text("name", longest=NAME_LENGTH))
        if _is_word(name, _SUBTOTAL_WORDS) or _is_word(section, _SUBTOTAL_WORDS):
            return
        if _is_word(name, _TOTAL_WORDS) or _is_word(section, _TOTAL_WORDS):
            self._read_total(record, draft)
            return
        if not name:
            if record.is_blank("name"):
                record.refuse("name", _("The indicator's name is missing."))
            return
        first = draft.places.setdefault(normalize_name(name), record.place("name"))
        if first != record.place("name"):
            record.refuse(
                "name",
                _("“%(name)s” is listed already for “%(group)s”: %(place)s.")
                % {"name": name, "group": draft.group.name, "place": first},
            )
            return
        if record.has("section") and not section:
            record.refuse("section", _("The first-level indicator is missing."))
        indicator = _indicator(record, name, section or _ONLY_SECTION)
        if indicator is not None:
            draft.indicators.append(indicator)

    def _read_total(self, record: Record, draft: _Draft) -> None:
        column = record.header.columns["full_marks"]
        if record.sheet.value(record.row, column) is UNCALCULATED:
            message = _("The sum has no result yet; %(total)s is taken as the total.")
            self.notes.append(Problem(record.place("full_marks"), message % {"total": draft.full_total}))
            return
        total = _points(record, "full_marks")
        if total is None or not total:
            return
        if draft.total is not None and draft.total != total:
            message = _("The total of “%(group)s” is given as %(first)s already: %(place)s.")
            record.refuse(
                "full_marks",
                message % {"group": draft.group.name, "first": draft.total, "place": draft.total_where},
            )
            return
        draft.total, draft.total_where = total, record.place("full_marks")

    def _check(self, draft: _Draft) -> None:
        """What would keep the rubric from being put in force; pointless beside unreadable rows."""
        if self.problems:
            return
        rubric = Rubric(group=draft.group, full_total=draft.full_total)
        indicators = [_model_of(planned) for planned in draft.indicators]
        fault = sum_fault(rubric, indicators)
        if fault:
            self.problems.append(Problem(draft.total_where or draft.where, fault))
        for indicator in indicators:
            fault = step_fault(rubric, indicator)
            if fault:
                self.problems.append(Problem(draft.places[normalize_name(indicator.name)], fault))


def _first_text(record: Record, key: str) -> str:
    return clean_text(record.text(key, longest=NAME_LENGTH, spread=True))


def _is_word(text: str, words: frozenset[str]) -> bool:
    return normalize_name(text) in words


def _indicator(record: Record, name: str, section: str) -> PlannedIndicator | None:
    """An indicator as its row gives it; None where its full marks cannot be read."""
    full_marks = _points(record, "full_marks")
    if full_marks is None or not full_marks:
        if full_marks is not None or record.is_blank("full_marks"):
            record.refuse("full_marks", _("“%(name)s” needs full marks above 0.") % {"name": name})
        return None
    step = _points(record, "step")
    if step is not None and not step:
        record.refuse("step", _("A step is above 0."))
    cap = _points(record, "cap")
    if cap is not None and cap > full_marks:
        message = _("At most the full marks %(full)s can be lost, not %(cap)s.")
        record.refuse("cap", message % {"full": full_marks, "cap": cap})
    return PlannedIndicator(
        section=section,
        name=name,
        full_marks=full_marks,
        step=step or DEFAULT_STEP,
        cap=cap,
        is_bonus=_is_bonus(record),
        standard=_standard(record),
    )


def _points(record: Record, key: str) -> Decimal | None:
    number = record.number(key)
    if number is None:
        return None
    if not 0 <= number <= LARGEST or number != round(number, PLACES):
        message = _("%(number)s is no number of points: 0 to %(most)s, at most %(places)s decimals.")
        record.refuse(key, message % {"number": number, "most": LARGEST, "places": PLACES})
        return None
    return number


def _is_bonus(record: Record) -> bool:
    value = record.value("is_bonus")
    if isinstance(value, bool):
        return value
    word = "" if value is None else normalize_name(str(value))
    if word not in _YES | _NO:
        record.refuse("is_bonus", _("“%(value)s” is neither 是 nor blank.") % {"value": value})
    return word in _YES


def _standard(record: Record) -> str:
    """The deduction standard, which keeps its lines."""
    value = record.value("standard", spread=True)
    lines = [] if value is None else [clean_text(line) for line in str(value).split("\n")]
    text = "\n".join(line for line in lines if line)
    if len(text) > STANDARD_LENGTH:
        message = _("The text has %(length)s characters; at most %(longest)s are kept.")
        record.refuse("standard", message % {"length": len(text), "longest": STANDARD_LENGTH})
    return text


def _planned(host: Organization, year: int, draft: _Draft, in_force: Rubric | None) -> PlannedRubric:
    if in_force is not None and _says_the_same(in_force, draft):
        version, outcome = in_force.version, Outcome.UNCHANGED
    else:
        version = next_version(host, draft.group.pk, year)
        outcome = Outcome.NEW if in_force is None else Outcome.NEW_VERSION
    return PlannedRubric(draft.group, version, outcome, draft.full_total, tuple(draft.indicators))


def _says_the_same(rubric: Rubric, draft: _Draft) -> bool:
    kept = [
        PlannedIndicator(
            section=indicator.section.name,
            name=indicator.name,
            full_marks=indicator.full_marks,
            step=indicator.step,
            cap=indicator.cap,
            is_bonus=indicator.is_bonus,
            standard=indicator.standard,
        )
        for indicator in rubric.indicators.all()
    ]
    return rubric.full_total == draft.full_total and kept == draft.indicators


def _draft_of(host: Organization, year: int, planned: PlannedRubric) -> Rubric:
    """The rubric as a draft in the database, to be put in force. Totals go on being rounded as before."""
    before = Rubric.objects.of_host(host).filter(group=planned.group, year=year).order_by("-version").first()
    rubric = Rubric(
        host=host, group=planned.group, year=year, version=planned.version, full_total=planned.full_total
    )
    if before is not None:
        rubric.places = before.places
    rubric.save()
    sections = list(dict.fromkeys(indicator.section for indicator in planned.indicators))
    kept = {
        name: Section.objects.create(rubric=rubric, name=name, position=position)
        for position, name in enumerate(sections, 1)
    }
    Indicator.objects.bulk_create(_models_of(rubric, kept, planned.indicators))
    return rubric


def _models_of(
    rubric: Rubric, sections: dict[str, Section], indicators: Sequence[PlannedIndicator]
) -> Iterator[Indicator]:
    for position, planned in enumerate(indicators, 1):
        indicator = _model_of(planned)
        indicator.rubric, indicator.section = rubric, sections[planned.section]
        indicator.position = position
        yield indicator


def _model_of(planned: PlannedIndicator) -> Indicator:
    return Indicator(
        name=planned.name,
        full_marks=planned.full_marks,
        step=planned.step,
        cap=planned.cap,
        is_bonus=planned.is_bonus,
        standard=planned.standard,
    )
