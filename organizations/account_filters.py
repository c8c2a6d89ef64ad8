"""What the list of accounts can be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.account_forms import role_choices
from organizations.forms import fields_only
from organizations.models import Membership, Organization, User
from organizations.names import clean_text

STATES = (
    ("unused", _("First password not used yet")),
    ("former", _("No membership in force")),
    ("inactive", _("Deactivated")),
    ("all", _("All")),
)


class AccountFilter(django_filters.FilterSet):
    """By name, unit, role and state; those that may act today unless another state is asked for."""

    q = django_filters.CharFilter(method="called", label=_("Name or account name"))
    unit = django_filters.ModelChoiceFilter(
        queryset=Organization.objects.none(), method="acts_for", label=_("Unit"), empty_label=_("All")
    )
    role = django_filters.ChoiceFilter(method="acts_as", label=_("Role"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        choices=STATES, method="in_state", label=_("State"), empty_label=_("Acting today")
    )

    class Meta:
        model = User
        fields = ("q", "unit", "role", "state")

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host
        units = Organization.objects.filter(pk=host.pk) | Organization.objects.within(host)
        self.filters["unit"].queryset = units.in_own_order()
        self.filters["role"].extra["choices"] = role_choices(host)
        self.form.helper = fields_only()

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def called(self, accounts: QuerySet[User], field: str, value: str) -> QuerySet[User]:
        text = clean_text(value)
        return accounts.filter(Q(full_name__icontains=text) | Q(username__icontains=text))

    def acts_for(self, accounts: QuerySet[User], field: str, value: Organization) -> QuerySet[User]:
        return accounts.filter(self._kept(organization=value))

    def acts_as(self, accounts: QuerySet[User], field: str, value: str) -> QuerySet[User]:
        return accounts.filter(self._kept(role=value))

    def in_state(self, accounts: QuerySet[User], field: str, value: str) -> QuerySet[User]:
        return accounts  # the default depends on it too: `filter_queryset`

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        found: QuerySet[User] = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("state")
        running = self._kept()
        if state == "inactive":
            return found.filter(is_active=False)
        if state == "former":
            return found.filter(~running)
        if state == "unused":
            return found.filter(is_active=True, must_change_password=True)
        return found if state == "all" else found.filter(running, is_active=True)

    def _kept(self, **wanted: Any) -> Exists:
        """Whether the host keeps a membership of the account that runs today, of this kind."""
        running = Membership.objects.kept_by(self.host).running(timezone.localdate())
        return Exists(running.filter(user=OuterRef("pk"), **wanted))
