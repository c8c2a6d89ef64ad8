"""Forms that were acted on, each under the key it was rendered with: so that each is acted on once."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A phone without signal for a fortnight has long lost its session.
KEPT_FOR = datetime.timedelta(days=14)


class SentFormQuerySet(models.QuerySet["SentForm"]):
    def outdated(self) -> Self:
        """Sent so long ago that nobody sends them again."""
        return self.filter(sent_at__lt=timezone.now() - KEPT_FOR)


class SentForm(models.Model):
    """A form that was sent and done, written in the transaction of its deed.

    `key` came with the form as it was rendered. `fingerprint` tells its content from any other. `led_to` is
    where the answer sent the browser, `said` what it told the user: pairs of a level and a text.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    led_to = models.TextField(blank=True)
    said = models.JSONField(default=list)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = SentFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")

    def __str__(self) -> str:
        return str(self.key)
