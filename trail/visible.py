"""Which entries of the audit trail somebody may see."""

from __future__ import annotations

from typing import NamedTuple

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from audit.models import Entry
from organizations.models import Membership, Organization, User
from organizations.permissions import can_read_audit, can_read_history
from reviews.models import Publication

ACCOUNTS = "organizations_user"
# The objects whose pages show their history, by table; seen as their own `visible_to` says.
PAGES = {
    "organizations_organization": "organizations.Organization",
    "rectification_item": "rectification.Item",
    "rectification_programme": "rectification.Programme",
    "reviews_review": "reviews.Review",
    "reviews_reviewcycle": "reviews.ReviewCycle",
    "reviews_rubric": "reviews.Rubric",
    "reviews_visit": "reviews.Visit",
}


class Subject(NamedTuple):
    """The object whose history is asked for."""

    table: str
    key: int

    def __str__(self) -> str:
        return f"{self.table}:{self.key}"

    @classmethod
    def parse(cls, text: str) -> Subject | None:
        """Of an address, `table:key`; None for what is none."""
        table, _colon, key = text.partition(":")
        is_key = key.isascii() and key.isdigit() and len(key) < 19
        return cls(table, int(key)) if is_key and (table in PAGES or table == ACCOUNTS) else None


def visible_to(user: User, host: Organization) -> QuerySet[Entry]:
    """What this user may read of a host's trail; before publication nobody learns a score here who may not
    see drafts (rule 15). Of accounts: those that act for the host or its units. What belongs to no host and
    no account, such as a sign-in under a name that is nobody's, only those who administer everything see.
    """
    if not can_read_audit(user, host):
        return Entry.objects.none()
    of_host = Q(host=host.pk)
    if host.pk not in user.access.draft_host_ids:
        of_host &= Q(draft_of=None) | Q(draft_of__in=Publication.objects.values("cycle"))
    accounts = Membership.objects.filter(Q(organization=host) | Q(organization__parent=host)).values("user")
    of_accounts = Q(host=None, subject_table=ACCOUNTS, subject_key__in=accounts)
    of_nobody = Q(host=None, subject_key=None) if user.is_superuser else Q(pk=None)
    return Entry.objects.filter(of_host | of_accounts | of_nobody)


def history_of(user: User, host: Organization, subject: Subject) -> QuerySet[Entry] | None:
    """What was done to this object, for one who may read it; None where that is not for this user to know."""
    if can_read_audit(user, host):
        return visible_to(user, host).filter(subject_table=subject.table, subject_key=subject.key)
    if not can_read_history(user, host) or seen(user, subject) is None:
        return None
    return Entry.objects.filter(host=host.pk, subject_table=subject.table, subject_key=subject.key)


def seen(user: User, subject: Subject) -> Model | None:
    """The object itself, where there still is one and the user sees it."""
    if subject.table not in PAGES:
        return None
    rows = apps.get_model(PAGES[subject.table])._default_manager.all()
    found: Model | None = rows.visible_to(user).filter(pk=subject.key).first()
    return found
