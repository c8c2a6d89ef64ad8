"""Pages by which administrators keep the accounts of their host."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.account_filters import AccountFilter
from organizations.account_forms import EndForm, GrantByNameForm, GrantForm, NewAccountForm
from organizations.account_lists import account_page, accounts_of, with_memberships
from organizations.account_slips import slips_of
from organizations.account_tables import AccountTable
from organizations.accounts import (
    AccountRefused,
    deactivate,
    end_membership,
    reactivate,
    set_first_password,
)
from organizations.confirming import fresh_password
from organizations.guesses import lift_lock
from organizations.hosts import current_host
from organizations.models import Membership, Organization, User
from organizations.permissions import (
    can_administer,
    can_change_rights,
    can_remove_second_factor,
    require,
)
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from organizations.second_factor import FactorRefused, remove_devices
from organizations.tables import show_page

ROWS_A_PAGE = 50


@require_safe
def account_list(request: SignedInRequest) -> HttpResponse:
    """Who acts for the host and its units, and who once did."""
    host = administered_host(request)
    accounts = AccountFilter(request.GET, queryset=accounts_of(host), host=host)
    table = AccountTable(with_memberships(accounts.qs, host))
    show_page(table, request, rows=ROWS_A_PAGE)
    context = {"filter": accounts, "table": table, "host": host}
    return render(request, "organizations/account_list.html", context)


@require_safe
def account_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account: its memberships under this host, its last log-in, and what can be done with it."""
    host, account = _account(request, pk)
    context = {"page": account_page(request.user, account, host), "host": host}
    return render(request, "organizations/account_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_password
def new_account(request: SignedInRequest) -> HttpResponse:
    """Open an account; the answer shows its first password, this once."""
    host = administered_host(request)
    form = NewAccountForm(request.POST or None, host=host, by=request.user)
    if request.method == "POST" and form.is_valid() and (opened := form.save()):
        return show_slips(request, [opened], host)
    return _form_page(request, "organizations/account_new.html", form, {"host": host})


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_password
def grant(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """Give a membership to an account of the host, or to any by its exact name."""
    if pk is None:
        return _grant_by_name(request)
    host, account = _account(request, pk)
    require(can_change_rights(request.user, account))
    form = GrantForm(request.POST or None, host=host, by=request.user)
    if request.method == "POST" and form.is_valid() and (membership := form.save(account)):
        return _granted(request, membership)
    context = {"host": host, "account": account}
    return _form_page(request, "organizations/account_grant.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_password
def membership_until(request: SignedInRequest, pk: int, membership: int) -> HttpResponse:
    """Change the day on which a membership ends."""
    host, account = _account(request, pk)
    held = _membership(host, account, membership)
    require(can_change_rights(request.user, account))
    form = EndForm(request.POST or None, membership=held, host=host, by=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The end date has been changed."))
        return redirect("organizations:account-detail", account.pk)
    context = {"membership": held, "account": account}
    return _form_page(request, "organizations/membership_until.html", form, context)


@require_POST
@fresh_password
def end(request: SignedInRequest, pk: int, membership: int) -> HttpResponse:
    """End a membership today; its row stays."""
    host, account = _account(request, pk)
    held = _membership(host, account, membership)
    require(can_change_rights(request.user, account))
    try:
        end_membership(held, host=host, by=request.user)
    except AccountRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The membership has ended. The person is logged out everywhere."))
    return redirect("organizations:account-detail", account.pk)


@require_POST
@fresh_password
def first_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set a new first password; the answer shows it, this once."""
    host, account = _account(request, pk)
    require(can_change_rights(request.user, account))
    try:
        changed = set_first_password(account, host=host, by=request.user)
    except AccountRefused as reason:
        messages.error(request, str(reason))
        return redirect("organizations:account-detail", account.pk)
    return show_slips(request, [changed], host)


@require_POST
@fresh_password
def account_deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Switch an account off."""
    host, account = _account(request, pk)
    require(can_change_rights(request.user, account))
    try:
        deactivate(account, host=host, by=request.user)
    except AccountRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The account has been deactivated."))
    return redirect("organizations:account-detail", account.pk)


@require_POST
@fresh_password
def account_reactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Switch an account on again."""
    host, account = _account(request, pk)
    require(can_change_rights(request.user, account))
    try:
        reactivate(account, host=host, by=request.user)
    except AccountRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The account has been reactivated."))
    return redirect("organizations:account-detail", account.pk)


@require_POST
@fresh_password
def second_factor_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the second factor off an account whose owner lost it."""
    _host, account = _account(request, pk)
    require(can_remove_second_factor(request.user, account))
    try:
        remove_devices(account, by=request.user)
    except FactorRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("The second factor is off. The person sets it up anew after logging in."))
    return redirect("organizations:account-detail", account.pk)


@require_POST
@fresh_password
def unlock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let an account be tried again after wrong passwords."""
    _host, account = _account(request, pk)
    require(can_change_rights(request.user, account))
    lift_lock(account)
    messages.success(request, _("The account can log in again, if it was locked after wrong passwords."))
    return redirect("organizations:account-detail", account.pk)


def administered_host(request: SignedInRequest) -> Organization:
    """The host the user works in, if the user keeps its accounts; else 403."""
    host = current_host(request)
    require(can_administer(request.user, host))
    assert host is not None  # nobody administers no host
    return host


def show_slips(request: SignedInRequest, opened: list[tuple[User, str]], host: Organization) -> HttpResponse:
    """The passwords in the answer itself: nothing keeps them, and asking again gives none."""
    slips = slips_of(opened, host, address=request.build_absolute_uri("/"))
    return render(request, "organizations/account_slips.html", {"slips": slips, "host": host})


def _grant_by_name(request: SignedInRequest) -> HttpResponse:
    host = administered_host(request)
    form = GrantByNameForm(request.POST or None, host=host, by=request.user)
    if request.method == "POST" and form.is_valid() and (membership := form.save_by_name()):
        return _granted(request, membership)
    context = {"host": host, "account": None}
    return _form_page(request, "organizations/account_grant.html", form, context)


def _granted(request: SignedInRequest, membership: Membership) -> HttpResponse:
    messages.success(
        request,
        _("%(role)s for %(organization)s has been granted.")
        % {"role": membership.get_role_display(), "organization": membership.organization},
    )
    return redirect("organizations:account-detail", membership.user_id)


def _account(request: SignedInRequest, pk: int) -> tuple[Organization, User]:
    host = administered_host(request)
    accounts: QuerySet[User] = accounts_of(host)
    return host, get_object_or_404(accounts, pk=pk)


def _membership(host: Organization, account: User, pk: int) -> Membership:
    kept = Membership.objects.of(account).kept_by(host).in_reading_order()
    return get_object_or_404(kept, pk=pk)


def _form_page(
    request: SignedInRequest,
    template: str,
    form: NewAccountForm | GrantForm | EndForm,
    context: Mapping[str, object],
) -> HttpResponse:
    if form.errors:
        return try_again(request, template, {"form": form, **context})
    return render(request, template, {"form": form, **context})
