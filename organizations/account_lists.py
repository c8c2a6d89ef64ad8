"""Which accounts the administrators of a host see, and what a page shows of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Membership, Organization, User
from organizations.permissions import can_change_rights, can_remove_second_factor, can_take_over
from organizations.second_factor import has_device


def accounts_of(host: Organization) -> QuerySet[User]:
    """Accounts that act or once acted for the host or a unit below it."""
    kept = Membership.objects.kept_by(host).filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(kept))


def with_memberships(accounts: QuerySet[User], host: Organization) -> QuerySet[User]:
    """With the memberships that the host keeps, and no others."""
    kept = Membership.objects.kept_by(host).in_reading_order()
    return accounts.prefetch_related(Prefetch("memberships", kept))


def organizations_to_act_for(host: Organization) -> QuerySet[Organization]:
    """The units below the host that act today, for a role of a unit."""
    return Organization.objects.within(host).active(timezone.localdate()).in_own_order()


@dataclass(frozen=True)
class AccountAction:
    """A button on an account's page that asks once more. label: names the deed; submit: does it."""

    url: str
    label: str
    question: str
    submit: str
    tone: str = ""


@dataclass(frozen=True)
class MembershipLine:
    """One membership on an account's page. may_change: by this reader, now."""

    membership: Membership
    state: str
    tone: str
    may_change: bool


@dataclass(frozen=True)
class AccountPage:
    """What the page of one account shows. note: why there are fewer buttons; else empty."""

    account: User
    lines: tuple[MembershipLine, ...]
    may_grant: bool
    actions: tuple[AccountAction, ...]
    note: str
    shows_email: bool
    first_password_is_out: bool


def account_page(user: User, account: User, host: Organization) -> AccountPage:
    """The page as this administrator of the host may see it. Reads the account's memberships."""
    today = timezone.localdate()
    kept = Membership.objects.of(account).kept_by(host).in_reading_order()
    works_elsewhere = Membership.objects.of(account).not_ended(today).kept_elsewhere(host).exists()
    may_grant = can_change_rights(user, account)
    may_take_over = can_take_over(user, account, works_elsewhere=works_elsewhere)
    return AccountPage(
        account=account,
        lines=tuple(
            MembershipLine(each, *_state(each), may_change=may_grant and not each.has_ended(today))
            for each in kept
        ),
        may_grant=may_grant and account.is_active,
        actions=_actions(user, account) if may_take_over else (),
        note=_why_less(user, account, may_grant, may_take_over),
        shows_email=may_take_over or user == account,
        first_password_is_out=account.first_password_is_out(timezone.now()),
    )


def _state(membership: Membership) -> tuple[str, str]:
    today = timezone.localdate()
    if membership.has_ended(today):
        return _("Ended"), "closed"
    return (_("In force"), "verified") if membership.is_running(today) else (_("To come"), "draft")


def _actions(user: User, account: User) -> tuple[AccountAction, ...]:
    if not account.is_active:
        return (
            AccountAction(
                url=reverse("organizations:account-reactivate", args=[account.pk]),
                label=_("Reactivate"),
                question=_("The account can log in again, with the memberships it still has."),
                submit=_("Reactivate the account"),
            ),
        )
    lost = AccountAction(
        url=reverse("organizations:account-second-factor-off", args=[account.pk]),
        label=_("Remove the second factor"),
        question=_("For a telephone that is lost: the account logs in with its password alone."),
        submit=_("Remove the second factor"),
        tone="danger",
    )
    removes_factor = has_device(account) and can_remove_second_factor(user, account)
    return (
        AccountAction(
            url=reverse("organizations:account-unlock", args=[account.pk]),
            label=_("Lift the lock"),
            question=_("After too many wrong passwords: the account can be tried again at once."),
            submit=_("Lift the lock on the account"),
        ),
        *((lost,) if removes_factor else ()),
        AccountAction(
            url=reverse("organizations:account-first-password", args=[account.pk]),
            label=_("New first password"),
            question=_(
                "The present password stops working at once. The new one is shown to you once, to hand over."
            ),
            submit=_("Set a new first password"),
        ),
        AccountAction(
            url=reverse("organizations:account-deactivate", args=[account.pk]),
            label=_("Deactivate"),
            question=_("The account is logged out everywhere and logs in no more. Nothing it did is lost."),
            submit=_("Deactivate the account"),
            tone="danger",
        ),
    )


def _why_less(user: User, account: User, may_grant: bool, may_take_over: bool) -> str:
    if user == account:
        return _("This is your own account: another administrator changes its rights.")
    if not may_grant:
        return _("This is a superuser’s account: only superusers change it.")
    if not may_take_over:
        return _("It acts for others as well: you give and end its memberships here, no more.")
    return ""
