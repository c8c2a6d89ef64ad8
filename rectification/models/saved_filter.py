"""A filter of the ledger that somebody keeps under a name."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, User

LONGEST_QUERY = 2_000


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> Self:
        """One's own and nobody else's."""
        return self.filter(user=user)

    def of_host(self, host: Organization) -> Self:
        return self.filter(host=host)


class SavedFilter(models.Model):
    """What somebody looks for again and again in a host's ledger. query: as it stands in the address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    host = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=30)
    query = models.CharField(_("filter"), max_length=LONGEST_QUERY)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "host", "name"), name="saved_filter_name_once_a_user_and_host"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(query=""), name="saved_filter_has_a_name_and_narrows"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('rectification:item-list')}?{self.query}"
