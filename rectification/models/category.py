"""What kind of problem it is (问题类别)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization


class ProblemCategory(models.Model):
    """What kind of problem it is (问题类别), in the host's words. One in use is retired, never deleted."""

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="problem_categories")
    name = models.CharField(_("category"), max_length=50)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("problem category")
        verbose_name_plural = _("problem categories")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("host", "name"), name="problem_category_name_once_a_host"),
        )

    def __str__(self) -> str:
        return self.name
