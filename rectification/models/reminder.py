"""Whom the daily mail went to, so that nobody gets two on one day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderSent(models.Model):
    """That a person's mail of this day is on its way. Written before it is sent: a crash never sends two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_on = models.DateField(_("day"))
    claimed_at = models.DateTimeField(_("claimed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        constraints = (
            models.UniqueConstraint(fields=("user", "sent_on"), name="one_reminder_a_person_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.sent_on}"
