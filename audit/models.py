"""The audit trail: what was changed, when, by whom, from where and why. Written once, kept for ever."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Operation(models.TextChoices):
    """What was done. The first three the database writes itself, the others are told to it."""

    INSERT = "insert", pgettext_lazy("audit", "added")
    UPDATE = "update", pgettext_lazy("audit", "changed")
    DELETE = "delete", pgettext_lazy("audit", "deleted")
    LOGIN = "login", pgettext_lazy("audit", "signed in")
    LOGIN_FAILED = "login_failed", pgettext_lazy("audit", "sign-in failed")
    LOCKED = "locked", pgettext_lazy("audit", "locked out")
    CONFIRMED = "confirmed", pgettext_lazy("audit", "confirmed with the password")
    SECOND_FACTOR = "second_factor", pgettext_lazy("audit", "second factor")
    LOGOUT = "logout", pgettext_lazy("audit", "signed out")
    DOWNLOAD = "download", pgettext_lazy("audit", "downloaded")


class Legible(DjangoJSONEncoder):
    """JSON with its Chinese as it is, as the triggers write it, so that it can be searched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "ensure_ascii": False})


class Entry(models.Model):
    """One row that was changed, or one thing that was done.

    Keys only, no foreign keys: the trail outlives what it tells of, and never stops a deletion.
    """

    at = models.DateTimeField(_("time"))  # the database's clock
    table = models.CharField(max_length=63, blank=True)
    key = models.BigIntegerField(null=True)
    operation = models.CharField(pgettext_lazy("audit", "operation"), max_length=13, choices=Operation)
    # Of a change the columns that changed, of a new or deleted row all of them.
    old = models.JSONField(null=True, encoder=Legible)
    new = models.JSONField(null=True, encoder=Legible)
    # The object on whose page this is history: a score belongs to its review.
    subject_table = models.CharField(max_length=63, blank=True)
    subject_key = models.BigIntegerField(null=True)
    host = models.BigIntegerField(null=True)
    # The cycle before whose publication only those who may see drafts see this (rule 15).
    draft_of = models.BigIntegerField(null=True)
    actor = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("account"), max_length=210, blank=True)  # as it was called then
    why = models.CharField(_("reason"), max_length=500, blank=True)
    source = models.CharField(pgettext_lazy("audit", "source"), max_length=100, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = (
            models.Index(fields=("host", "id"), name="audit_of_host"),
            models.Index(fields=("subject_table", "subject_key", "id"), name="audit_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.key}"
