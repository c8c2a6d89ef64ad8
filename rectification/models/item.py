"""What must be put right: one problem of one unit (整改事项), where it stands now."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, F, Func, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Group, Organization
from organizations.quarter import Quarter
from rectification.lifecycle import ANSWERABLE, UNSETTLED, State
from rectification.models.category import ProblemCategory
from rectification.serials import Serial

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_TEXT = 1000
LONGEST_NAME = 50
SOON = 7  # days before the due day
A_WEEK = datetime.timedelta(days=SOON)


class ItemState(models.TextChoices):
    OPEN = State.OPEN.value, pgettext_lazy("item", "Open")
    SUBMITTED = State.SUBMITTED.value, _("Submitted")
    RETURNED = State.RETURNED.value, _("Returned")
    STRUCK_OFF = State.STRUCK_OFF.value, _("Struck off")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")


class Source(models.TextChoices):
    """Who found the problem."""

    VISIT = "visit", _("District visit")
    SELF = "self", _("Self-found")
    SUPERIOR = "superior", _("Superior's inspection")
    RETURN_VISIT = "return_visit", _("Return visit")


class Audience(models.TextChoices):
    """Who sees an item beside the host's staff.

    A problem of a quarter that is not published would tell others how a unit stands (rule 15): its unit sees
    it once it is sent, the host's other people once the quarter is published.
    """

    STAFF = "staff", _("The host's staff only")
    UNIT = "unit", _("The unit as well")
    HOST = "host", _("All who work for the host as well")


# What an item's audience can be before it is shown to this one.
NARROWER: dict[Audience, tuple[Audience, ...]] = {
    Audience.STAFF: (),
    Audience.UNIT: (Audience.STAFF,),
    Audience.HOST: (Audience.STAFF, Audience.UNIT),
}


class Tally(NamedTuple):
    """How many items there are. due_soon: not overdue, and due within a week."""

    total: int
    overdue: int
    due_soon: int
    submitted: int
    returned: int


class DueOrNever(Func):
    """An original due date; without one a day after all others.

    Written into the SQL as it stands: the index of `most_pressing_first` serves only what is worded like it.
    """

    template = "COALESCE(%(expressions)s, '9999-12-31')"
    output_field = models.DateField()


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User) -> Self:
        """All of a host for its staff; a unit's own once they were sent to it; of published quarters also for
        the host's leaders and inspectors (rule 15).
        """
        access = user.access
        return self.filter(
            Q(host__in=access.draft_host_ids)
            | Q(host__in=access.host_ids, audience=Audience.HOST)
            | Q(unit__in=access.unit_ids, audience__in=(Audience.UNIT, Audience.HOST))
        )

    def of_host(self, host: Organization | None) -> Self:
        return self.filter(host=host) if host else self.none()

    def shown_to_host(self) -> Self:
        """Those that all who work for the host may read; an audience never narrows, so any that ever were."""
        return self.filter(audience=Audience.HOST)

    def of_unit(self, unit: Organization) -> Self:
        return self.filter(unit=unit)

    def in_quarter(self, quarter: Quarter) -> Self:
        """Found in this quarter."""
        return self.filter(year=quarter.year, number=quarter.number)

    def before(self, quarter: Quarter) -> Self:
        """Found in an earlier quarter."""
        return self.filter(Q(year__lt=quarter.year) | Q(year=quarter.year, number__lt=quarter.number))

    def with_serial(self, serial: Serial) -> Self:
        return self.in_quarter(serial.quarter).filter(sequence=serial.sequence)

    def quarters(self) -> list[Quarter]:
        """The quarters these were found in, the newest first. One query."""
        rows = self.order_by("-year", "-number").values_list("year", "number").distinct()
        return [Quarter(year, number) for year, number in rows]

    def sent_under(self, key: uuid.UUID) -> Self:
        """Raised by the form that carried this key."""
        return self.filter(client_uuid=key)

    def unsettled(self) -> Self:
        """Neither struck off nor withdrawn."""
        return self.filter(state__in=UNSETTLED)

    def answerable(self) -> Self:
        """What waits for the unit."""
        return self.filter(state__in=ANSWERABLE)

    def submitted(self) -> Self:
        """What waits for the staff."""
        return self.filter(state=State.SUBMITTED)

    def struck_off(self) -> Self:
        return self.filter(state=State.STRUCK_OFF)

    def with_units_that_ended(self, on: datetime.date) -> Self:
        """Unsettled, though their unit no longer acts on this day: a successor takes them over (rule 24)."""
        return self.unsettled().filter(unit__active_to__lte=on)

    def overdue(self, on: datetime.date) -> Self:
        """Unsettled past the original date; the due day itself is still in time (rule 19)."""
        return self.unsettled().filter(original_due_on__lt=on)

    def due_by(self, day: datetime.date) -> Self:
        """Unsettled, with an original date up to this day: what is overdue and what falls due until then."""
        return self.unsettled().filter(original_due_on__lte=day)

    def due_within(self, on: datetime.date, days: int) -> Self:
        """Unsettled and not overdue, with an original date from this day to `days` days later."""
        until = on + datetime.timedelta(days=days)
        return self.unsettled().filter(original_due_on__range=(on, until))

    def returned(self) -> Self:
        """Answered, and sent back to the unit."""
        return self.filter(state=State.RETURNED)

    def counted(self) -> Self:
        """Without those raised by mistake, which count nowhere."""
        return self.exclude(state=State.WITHDRAWN)

    def passed_on(self) -> Self:
        """Raised with a unit that no longer acts, and taken over by its successor (rule 24)."""
        return self.filter(origin_unit__isnull=False)

    def unassigned(self) -> Self:
        """Unsettled without all that an answer needs: a person, a date and a category (rule 17)."""
        lacking = Q(responsible="") | Q(due_on__isnull=True) | Q(category__isnull=True)
        return self.unsettled().filter(lacking)

    def saying(self, word: str) -> Self:
        """With this word in what is wrong and what is done about it, or in the unit's name."""
        columns = (
            "text",
            "place",
            "indicator",
            "responsible",
            "measures",
            "answer",
            "unit__name",
            "unit__short_name",
        )
        return self.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns)))

    def quarter_span(self) -> list[Quarter]:
        """All quarters from the oldest of these items to the newest one. Two queries."""
        ends = self.order_by("year", "number").values_list("year", "number")
        oldest, newest = ends.first(), ends.last()
        found = [Quarter(*oldest)] if oldest else []
        while newest and found[-1] < Quarter(*newest):
            found.append(found[-1].next())
        return found

    def tally(self, on: datetime.date) -> Tally:
        """How many these are, and how many of them call for what. One query."""
        unsettled = Q(is_closed=False)
        late, soon = Q(original_due_on__lt=on), Q(original_due_on__range=(on, on + A_WEEK))
        counted = self.aggregate(
            total=Count("pk"),
            overdue=Count("pk", filter=unsettled & late),
            due_soon=Count("pk", filter=unsettled & soon),
            submitted=Count("pk", filter=Q(state=State.SUBMITTED)),
            returned=Count("pk", filter=Q(state=State.RETURNED)),
        )
        return Tally(**counted)

    def self_found_by(self, units: Collection[int]) -> Self:
        """What these units reported themselves and was not withdrawn, the newest first (rule 20)."""
        reported = self.filter(unit__in=units, source=Source.SELF).exclude(state=State.WITHDRAWN)
        return reported.order_by("-found_on", "-pk")

    def last_categories(self, indicators: Collection[str]) -> dict[str, ProblemCategory]:
        """By indicator: the category its problems were last filed under, as far as it is still offered."""
        filed = self.filter(indicator__in=indicators, category__is_active=True)
        newest = filed.order_by().values("indicator").annotate(newest=Max("pk")).values("newest")
        rows = self.model._default_manager.filter(pk__in=newest).select_related("category")
        return {item.indicator: item.category for item in rows if item.category is not None}

    def with_repeats(self, among: ItemQuerySet | None = None) -> Self:
        """Each with `is_repeat`: the same unit had the same indicator or category in an earlier quarter
        (rule 20). Withdrawn problems make no repeat.

        among: where earlier ones are looked for; what the reader may see, or the mark would tell of others.
        """
        earlier = (self.model._default_manager.all() if among is None else among).filter(
            Q(year__lt=OuterRef("year")) | Q(year=OuterRef("year"), number__lt=OuterRef("number")),
            unit=OuterRef("unit"),
        )
        earlier = earlier.exclude(state=State.WITHDRAWN)
        same_category = earlier.filter(category=OuterRef("category"))
        same_indicator = earlier.filter(indicator=OuterRef("indicator")).exclude(indicator="")
        return self.annotate(
            is_repeat=(Exists(same_category) | Exists(same_indicator)) & ~Q(state=State.WITHDRAWN)
        )

    def repeats(self, among: ItemQuerySet) -> Self:
        """Only repeat problems; among: as in `with_repeats`."""
        return self.with_repeats(among).filter(is_repeat=True)

    def most_pressing_first(self) -> Self:
        """Unsettled before closed, by the original date, so that what is overdue longest leads."""
        return self.order_by("is_closed", DueOrNever("original_due_on"), "year", "number", "sequence")

    def with_names(self) -> Self:
        """With all that a list of items shows of each."""
        return self.select_related("unit", "group", "category", "origin_unit")


class Item(models.Model):
    """One problem of one unit, to be put right by a person and a date (整改事项, rule 17).

    The row is where it stands now; how it came there is its log, which alone is the truth about the past:
    `state` and what follows from the steps is written with each of them, never alone.

    `year` and `number` are the quarter it was found in. `place` and `indicator` are words, as they were then.
    `version` is the number of its newest step. `original_due_on` is the first due date it got; `due_on` what
    it was extended to. `answer` is what the unit said last. `origin_unit` is the unit it was raised with,
    where a successor took it over. `merged_into` is the item that tells of the same problem. `client_uuid` is
    the key of the form that raised it: sent twice, it is raised once.
    """

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ledger")
    unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="items", verbose_name=_("unit")
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("quarter"))
    sequence = models.PositiveIntegerField(_("number in the quarter"))
    source = models.CharField(_("source"), max_length=12, choices=Source)
    category = models.ForeignKey(
        ProblemCategory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("category"),
    )
    indicator = models.CharField(_("indicator"), max_length=100, blank=True)
    place = models.CharField(_("location"), max_length=100, blank=True)
    text = models.CharField(_("problem"), max_length=LONGEST_TEXT)
    found_on = models.DateField(_("found on"))
    responsible = models.CharField(_("responsible person"), max_length=LONGEST_NAME, blank=True)
    measures = models.CharField(_("measures"), max_length=LONGEST_TEXT, blank=True)
    original_due_on = models.DateField(_("original due date"), null=True, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.OPEN)
    is_closed = models.BooleanField(_("closed"), default=False)
    answer = models.CharField(_("answer"), max_length=LONGEST_TEXT, blank=True)
    struck_off_on = models.DateField(_("struck off on"), null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField(_("times returned"), default=0)
    relapses = models.PositiveSmallIntegerField(_("relapses"), default=0)
    audience = models.CharField(_("who sees it"), max_length=5, choices=Audience, default=Audience.STAFF)
    origin_unit = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("raised with"),
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    client_uuid = models.UUIDField(null=True, blank=True, editable=False)

    objects = ItemQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        is_repeat: bool

    class Meta:
        verbose_name = _("rectification item")
        verbose_name_plural = _("rectification items")
        constraints = (
            models.UniqueConstraint(
                fields=("host", "year", "number", "sequence"), name="item_serial_once_a_host"
            ),
            models.UniqueConstraint(
                fields=("host", "client_uuid"),
                condition=Q(client_uuid__isnull=False),
                name="item_raised_once_a_form",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=4), name="item_quarter_one_to_four"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="item_says_what_is_wrong"),
            # Rule 17: nothing leaves "open" without them.
            models.CheckConstraint(
                condition=~Q(state__in=("submitted", "returned", "struck_off"))
                | ~Q(responsible="") & Q(due_on__isnull=False, category__isnull=False),
                name="item_leaves_open_with_person_and_date",
            ),
            models.CheckConstraint(
                condition=Q(original_due_on__isnull=True, due_on__isnull=True)
                | Q(original_due_on__isnull=False, due_on__gte=F("original_due_on")),
                name="item_keeps_its_original_date",
            ),
            models.CheckConstraint(
                condition=Q(state="struck_off", struck_off_on__isnull=False)
                | ~Q(state="struck_off") & Q(struck_off_on__isnull=True),
                name="item_struck_off_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(is_closed=True, state__in=("struck_off", "withdrawn"))
                | Q(is_closed=False, state__in=("open", "submitted", "returned")),
                name="item_is_closed_with_its_state",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(state="withdrawn"), name="merged_item_counts_once"
            ),
        )
        indexes = (
            # The whole order of the ledger, or a host's every item would be sorted for each of its pages.
            models.Index(
                "host",
                "is_closed",
                DueOrNever("original_due_on"),
                "year",
                "number",
                "sequence",
                name="item_pressing",
            ),
            models.Index(fields=("unit", "category", "year", "number"), name="item_same_category"),
            models.Index(fields=("unit", "indicator", "year", "number"), name="item_same_indicator"),
        )

    def __str__(self) -> str:
        return str(self.serial)

    def get_absolute_url(self) -> str:
        return reverse("rectification:item-detail", args=[self.serial])

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def serial(self) -> Serial:
        return Serial(self.quarter, self.sequence)

    @property
    def is_extended(self) -> bool:
        return self.due_on != self.original_due_on

    @property
    def is_answerable(self) -> bool:
        return self.state in ANSWERABLE

    def was_struck_off_before(self, day: datetime.date) -> bool:
        """Whether it was put right by then, so that what was found on this day is not put right with it."""
        return self.struck_off_on is not None and self.struck_off_on < day

    def is_shown_beyond(self, audience: Audience) -> bool:
        """Whether people see it who are not of this audience."""
        return self.audience not in (audience, *NARROWER[audience])

    def days_overdue(self, on: datetime.date) -> int:
        """Whole days past the original date, 0 while in time or closed (rule 19)."""
        if self.is_closed or self.original_due_on is None:
            return 0
        return max(0, (on - self.original_due_on).days)
