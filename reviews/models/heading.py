"""What a host's workbooks call its indicators, once somebody has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_HEADING = 100  # characters; a longer one is a sentence, not a name


class HeadingMeaningQuerySet(models.QuerySet["HeadingMeaning"]):
    def visible_to(self, user: User) -> Self:
        """Those who import scores: the host's staff."""
        return self.filter(host__in=user.access.draft_host_ids)

    def of_host(self, host: Organization) -> Self:
        return self.filter(host=host)


class HeadingMeaning(models.Model):
    """A heading of score workbooks that is no indicator's name, and the indicator it stands for.

    key: the heading as `reviews.importing.findings.Names` compares it. indicator: a name, because every
    version of a rubric has indicators of its own; blank where the heading is no indicator.
    """

    host = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="heading_meanings", verbose_name=_("host")
    )
    key = models.CharField(max_length=LONGEST_HEADING)
    heading = models.CharField(_("heading"), max_length=LONGEST_HEADING)
    indicator = models.CharField(_("indicator"), max_length=100, blank=True)
    remembered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("remembered by"),
    )
    remembered_at = models.DateTimeField(_("remembered at"), auto_now=True)

    objects = HeadingMeaningQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        ordering = ("heading", "pk")
        constraints = (
            models.UniqueConstraint(fields=("host", "key"), name="one_meaning_a_host_and_heading"),
        )

    def __str__(self) -> str:
        return self.heading
