"""How a list of accounts looks."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import User
from organizations.tables import WIDE


class AccountTable(tables.Table):
    """Accounts with the memberships that the host keeps; reads them from `with_memberships`."""

    full_name = tables.Column(
        verbose_name=pgettext_lazy("of a person", "Name"), order_by=("full_name", "username"), empty_values=()
    )
    username = tables.Column(verbose_name=_("Account name"), attrs=WIDE)
    memberships = tables.Column(verbose_name=_("Acts for"), orderable=False, empty_values=())
    last_login = tables.Column(verbose_name=_("Last log-in"), attrs=WIDE, default="")
    state = tables.Column(verbose_name=_("State"), orderable=False, empty_values=())

    class Meta:
        attrs = {"id": "accounts", "class": "table", "caption": _("Accounts")}
        empty_text = _("No account fits what you are looking for.")
        order_by = "full_name"

    def render_full_name(self, record: User) -> str:
        address = reverse("organizations:account-detail", args=[record.pk])
        return format_html(
            '<a href="{}">{}</a><span class="row-note">{}</span>', address, record, record.username
        )

    def render_memberships(self, record: User) -> str:
        """What runs today; of somebody who acts no more, what ended last."""
        today = timezone.localdate()
        held = list(record.memberships.all())
        running = [each for each in held if each.is_running(today)]
        lines = [
            (each.get_role_display(), each.organization.display_name, "" if running else _t("(not in force)"))
            for each in running or held[:1]
        ]
        return format_html_join("", '<span class="account-duty">{} · {} {}</span>', lines)

    def render_last_login(self, record: User) -> str:
        assert record.last_login is not None
        return date_format(timezone.localtime(record.last_login), "Y-m-d H:i")

    def render_state(self, record: User) -> str:
        if not record.is_active:
            return badge("closed", _t("Deactivated"))
        if record.first_password_is_out(timezone.now()):
            return badge("overdue", _t("First password run out"))
        if record.must_change_password:
            return badge("warning", _t("First password not used yet"))
        return badge("verified", _t("Active"))


def badge(tone: str, label: str) -> str:
    """As components/badge.html draws it."""
    return format_html('<span class="state state-{}">{}</span>', tone, label)
