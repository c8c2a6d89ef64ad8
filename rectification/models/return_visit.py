"""Return visits (回访“回头看”) to what was struck off, and the draws that chose them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization, Role
from rectification.models.item import LONGEST_TEXT, Audience, Item
from rectification.models.step import Step

if TYPE_CHECKING:
    from organizations.models import User


class ReturnDrawQuerySet(models.QuerySet["ReturnDraw"]):
    def visible_to(self, user: User) -> Self:
        """Whoever works for the host may check a draw among items all of them may see; the others are the
        staff's. Nobody sees one that may name an item of the own unit (rule 16).
        """
        access = user.access
        own = self.model.units.through.objects.filter(organization__in=access.own_organization_ids)
        open_to_all = Q(host__in=access.host_ids, audience=Audience.HOST)
        visible = self.filter(Q(host__in=access.draft_host_ids) | open_to_all)
        return visible.exclude(pk__in=own.values("returndraw"))

    def of_host(self, host: Organization) -> Self:
        return self.filter(host=host)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def contains_key(self, pk: int) -> bool:
        return self.filter(pk=pk).exists()


class ReturnDraw(models.Model):
    """One drawing of struck-off items to look at again, with all that is needed to repeat it. Append-only.

    candidates, result: lists as `rectification.sampling` writes them; names are as they were on that day.
    wanted: how many were asked for. each_unit: at least one of every unit. asked: the filter, in words.
    audience: of the candidate that the fewest people may see.
    """

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="return_draws")
    units = models.ManyToManyField(Organization, related_name="+", verbose_name=_("units"))
    seed = models.CharField(_("seed"), max_length=64)
    wanted = models.PositiveIntegerField(_("how many"))
    each_unit = models.BooleanField(_("at least one of each unit"))
    asked = models.CharField(_("drawn among"), max_length=500, blank=True)
    candidates = models.JSONField(_("candidates"))
    result = models.JSONField(_("drawn"))
    audience = models.CharField(max_length=5, choices=Audience)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )
    drawn_at = models.DateTimeField(_("drawn at"), auto_now_add=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = ReturnDrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw of return visits")
        verbose_name_plural = _("draws of return visits")
        constraints = (
            models.CheckConstraint(condition=Q(wanted__gte=1), name="return_draw_asks_for_an_item"),
            models.CheckConstraint(condition=~Q(seed=""), name="return_draw_keeps_its_seed"),
        )

    def __str__(self) -> str:
        return f"{self.host} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:return-draw-detail", args=[self.pk])


class ReturnVisitState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    PASSED = "passed", pgettext_lazy("return visit", "Passed")
    FAILED = "failed", pgettext_lazy("return visit", "Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ReturnCounts(NamedTuple):
    """How many return visits there are in each state; shares of those made print as fractions."""

    planned: int
    passed: int
    failed: int

    @property
    def passed_text(self) -> str:
        """3/4; "—" where none was made."""
        return f"{self.passed}/{made}" if (made := self.passed + self.failed) else "—"

    @property
    def failed_text(self) -> str:
        return f"{self.failed}/{made}" if (made := self.passed + self.failed) else "—"


class ReturnVisitQuerySet(models.QuerySet["ReturnVisit"]):
    def visible_to(self, user: User) -> Self:
        """Rule 16: for the host's staff and, of items they see, its inspectors; for nobody of the unit."""
        access = user.access
        inspected = access.organizations({Role.INSPECTOR})
        return self.filter(
            Q(item__host__in=access.draft_host_ids)
            | Q(item__host__in=inspected, item__audience=Audience.HOST)
        ).exclude(item__unit__in=access.own_organization_ids)

    def of_host(self, host: Organization) -> Self:
        return self.filter(item__host=host)

    def planned(self) -> Self:
        return self.filter(state=ReturnVisitState.PLANNED)

    def in_state(self, state: str) -> Self:
        """Those in this state; all for what is none."""
        return self.filter(state=state) if state in ReturnVisitState.values else self.all()

    def of_item(self, item: Item) -> Self:
        return self.filter(item=item)

    def recorded_under(self, key: uuid.UUID) -> Self:
        """Recorded by the form that carried this key."""
        return self.filter(client_uuid=key)

    def that_spare_an_item(self) -> Self:
        """For a subquery over items: planned, or passed since the item was struck off. No other is needed."""
        passed = Q(state=ReturnVisitState.PASSED, visited_on__gte=OuterRef("struck_off_on"))
        return self.filter(Q(state=ReturnVisitState.PLANNED) | passed, item=OuterRef("pk"))

    def planned_first(self) -> Self:
        """What is still to be made, then what was made, the newest first."""
        is_planned = Q(state=ReturnVisitState.PLANNED)
        return self.order_by(
            models.Case(models.When(is_planned, then=0), default=1),
            F("visited_on").desc(nulls_first=True),
            "-pk",
        )

    def with_names(self) -> Self:
        """With all that a list of return visits shows of each."""
        return self.select_related(
            "item__unit",
            "item__group",
            "item__host",
            "item__category",
            "draw",
            "step",
            "planned_by",
            "recorded_by",
        )

    def counts(self) -> ReturnCounts:
        """How many are planned, passed and failed. One query."""
        states = (ReturnVisitState.PLANNED, ReturnVisitState.PASSED, ReturnVisitState.FAILED)
        return ReturnCounts(
            **self.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in states})
        )


class ReturnVisit(models.Model):
    """One return visit to a struck-off item: planned in secret, then recorded once (rules 16 and 17).

    `draw` chose it; without one somebody did, by hand. `words` is what was found, or why it was cancelled.
    `step` is the item's step that tells of the result. `client_uuid` is the key under which it was recorded.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="return_visits")
    draw = models.ForeignKey(
        ReturnDraw, on_delete=models.PROTECT, null=True, blank=True, related_name="return_visits"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReturnVisitState, default=ReturnVisitState.PLANNED
    )
    visited_on = models.DateField(_("day of the visit"), null=True, blank=True)
    words = models.CharField(_("words"), max_length=LONGEST_TEXT, blank=True)
    step = models.OneToOneField(
        Step, on_delete=models.PROTECT, null=True, blank=True, related_name="return_visit"
    )
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    client_uuid = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects = ReturnVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(state="planned"), name="one_planned_return_visit_an_item"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", recorded_by__isnull=True, recorded_at__isnull=True)
                | ~Q(state="planned") & Q(recorded_by__isnull=False, recorded_at__isnull=False),
                name="return_visit_is_signed_when_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("passed", "failed"), visited_on__isnull=False, step__isnull=False)
                | Q(state__in=("planned", "cancelled"), visited_on__isnull=True, step__isnull=True),
                name="return_visit_made_has_its_day_and_step",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "cancelled")) | ~Q(words=""),
                name="return_visit_failed_or_cancelled_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:return-visit-detail", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        return self.state == ReturnVisitState.PLANNED

    @property
    def is_made(self) -> bool:
        return self.state in (ReturnVisitState.PASSED, ReturnVisitState.FAILED)

    @property
    def is_failed(self) -> bool:
        return self.state == ReturnVisitState.FAILED


class ReturnVisitFinding(models.Model):
    """Another problem that a return visit met, raised as an item of its own."""

    return_visit = models.ForeignKey(ReturnVisit, on_delete=models.PROTECT, related_name="findings")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="return_visit_finding")

    class Meta:
        verbose_name = _("problem found on a return visit")
        verbose_name_plural = _("problems found on return visits")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.item)
