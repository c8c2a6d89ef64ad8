"""What a unit says to a deduction while it may reply (rule 13), and what the host decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from files.folders import Shelf
from organizations.models import Organization
from rectification.models.kept_file import KeptFile
from reviews.models.cycle import ReviewCycle
from reviews.models.review import Deduction, Review

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_WORDS = 1000
USUAL_DAYS = 5
MOST_DAYS = 60


class ReplySettings(models.Model):
    """How long a host's units may reply; one day at least, counted from the day after the stage starts."""

    host = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="reply_settings")
    days = models.PositiveSmallIntegerField(
        _("days to reply"), default=USUAL_DAYS, validators=[MaxValueValidator(MOST_DAYS)]
    )

    class Meta:
        verbose_name = _("settings of the reply stage")
        verbose_name_plural = _("settings of the reply stage")
        constraints = (
            models.CheckConstraint(condition=Q(days__gte=1), name="units_have_a_day_to_reply_at_least"),
        )

    def __str__(self) -> str:
        return str(self.host)

    @classmethod
    def of_host(cls, host: Organization) -> Self:
        """The host's settings, or unsaved ones with what is usual."""
        return cls.objects.filter(host=host).first() or cls(host=host)


class ReplyState(models.TextChoices):
    OPEN = "open", _("Undecided")
    ACCEPTED = "accepted", _("Accepted: deduction withdrawn")
    KEPT = "kept", _("Deduction kept")


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, user: User) -> Self:
        """All of a host for its staff; a unit's own for whoever answers for it, while it sees its review."""
        access = user.access
        own = Review.objects.visible_to(user).filter(organization__in=access.unit_ids)
        return self.filter(
            Q(deduction__review__cycle__host__in=access.draft_host_ids)
            | Q(deduction__review__in=own.values("pk"))
        )

    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(deduction__review__cycle=cycle)

    def of_unit(self, organization: Organization) -> Self:
        return self.filter(deduction__review__organization=organization)

    def undecided(self) -> Self:
        return self.filter(state=ReplyState.OPEN)

    def decided(self) -> Self:
        return self.exclude(state=ReplyState.OPEN)

    def with_names(self) -> Self:
        """With all that a list of replies shows of each, and whether the deduction is the `only_one` of its
        indicator that counts.
        """
        others = Deduction.objects.in_force().filter(
            review=OuterRef("deduction__review"), indicator=OuterRef("deduction__indicator")
        )
        return (
            self.select_related(
                "deduction__review__organization",
                "deduction__review__cycle__host",
                "deduction__indicator__section",
            )
            .prefetch_related("steps__by", "steps__files")
            .annotate(only_one=~Exists(others.exclude(pk=OuterRef("deduction"))))
        )

    def in_own_order(self) -> Self:
        """Unit by unit in the host's order, then by indicator."""
        review, indicator = "deduction__review", "deduction__indicator"
        group = (f"{review}__group__position", f"{review}__group__name")
        return self.order_by(*group, f"{review}__position", review, f"{indicator}__position", "pk")


class Reply(models.Model):
    """A unit's reply (申诉) to one deduction. A deduction is replied to once: what was decided stands.

    Its row is the summary of its steps; version is the number of the newest one.
    """

    deduction = models.OneToOneField(Deduction, on_delete=models.PROTECT, related_name="reply")
    state = models.CharField(_("state"), max_length=10, choices=ReplyState, default=ReplyState.OPEN)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ReplyQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        only_one: bool

    class Meta:
        verbose_name = _("reply of a unit")
        verbose_name_plural = _("replies of units")

    def __str__(self) -> str:
        return f"{self.deduction}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == ReplyState.OPEN


class ReplyStepKind(models.TextChoices):
    SEND = "send", _("Replied")
    ADD = "add", _("Added to the reply")
    ACCEPT = "accept", _("Accepted")
    KEEP = "keep", _("Deduction kept")


DECISIONS = (ReplyStepKind.ACCEPT, ReplyStepKind.KEEP)


class ReplyStep(models.Model):
    """One thing said to a deduction: by its unit, or by the host who decides. Append-only.

    client_uuid: the key under which a form sent it; what comes again under the same key changes nothing.
    """

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("step"), max_length=10, choices=ReplyStepKind)
    text = models.CharField(_("words"), max_length=LONGEST_WORDS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    client_uuid = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("step of a reply")
        verbose_name_plural = _("steps of replies")
        ordering = ("reply", "number")
        constraints = (
            models.UniqueConstraint(fields=("reply", "number"), name="reply_step_taken_once"),
            models.UniqueConstraint(
                fields=("reply",), condition=Q(kind__in=("accept", "keep")), name="reply_decided_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1, kind="send") | Q(number__gt=1) & ~Q(kind="send"),
                name="reply_begins_with_being_sent",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="reply_step_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.reply} #{self.number}"

    @property
    def is_decision(self) -> bool:
        return self.kind in DECISIONS


class ReplyFileQuerySet(models.QuerySet["ReplyFile"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may see the reply sees its files."""
        return self.filter(step__reply__in=Reply.objects.visible_to(user).values("pk"))

    def of_reply(self, reply: Reply) -> Self:
        return self.filter(step__reply=reply)


class ReplyFile(KeptFile):
    """A photo or document that a unit sent with its reply."""

    SHELF = Shelf("replies")

    step = models.ForeignKey(ReplyStep, on_delete=models.PROTECT, related_name="files")

    objects = ReplyFileQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("file of a reply")
        verbose_name_plural = _("files of replies")
        ordering = ("pk",)
