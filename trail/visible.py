"""Which entries of the audit trail somebody may see."""

from __future__ import annotations

from typing import Any, NamedTuple

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


# What somebody sees, in parts that lie in the index in the order of their keys. One query with an "or"
# between them would sort the whole trail for every page.
Streams = tuple[QuerySet[Entry], ...]


def visible_to(user: User, host: Organization) -> Streams:
    """What this user may read of a host's trail; before publication nobody learns a score here who may not
    see drafts (rule 15). Of accounts: those that act for the host or its units. What belongs to no host and
    no account, such as a sign-in under a name that is nobody's, only those who administer everything see.
    """
    if not can_read_audit(user, host):
        return ()
    of_accounts = Q(subject_table=ACCOUNTS, subject_key__in=_accounts(host))
    of_nobody = Q(subject_key=None) if user.is_superuser else Q(pk=None)
    return (
        Entry.objects.filter(_tells_no_draft_to(user, host), host=host.pk),
        Entry.objects.filter(of_accounts | of_nobody, host=None),
    )


def history_of(user: User, host: Organization, subject: Subject) -> Streams | None:
    """What was done to this object, for one who may read it; None where that is not for this user to know."""
    reads_all = can_read_audit(user, host)
    if not reads_all and (not can_read_history(user, host) or seen(user, subject) is None):
        return None
    entries = Entry.objects.filter(subject_table=subject.table, subject_key=subject.key)
    # A range of one: else SQLite takes the index of the host, and reads all that happened there.
    of_host = entries.filter(_tells_no_draft_to(user, host), host__range=(host.pk, host.pk))
    if reads_all and subject.table == ACCOUNTS:
        return of_host, entries.filter(host__isnull=True, subject_key__in=_accounts(host))
    return (of_host,)


def _tells_no_draft_to(user: User, host: Organization) -> Q:
    if host.pk in user.access.draft_host_ids:
        return Q()
    return Q(draft_of=None) | Q(draft_of__in=Publication.objects.values("cycle"))


def _accounts(host: Organization) -> QuerySet[Membership, Any]:
    """The accounts that act, or acted, for a host or one of its units."""
    acting = Membership.objects.filter(Q(organization=host) | Q(organization__parent=host))
    return acting.values("user")


def seen(user: User, subject: Subject) -> Model | None:
    """The object itself, where there still is one and the user sees it."""
    if subject.table not in PAGES:
        return None
    rows = apps.get_model(PAGES[subject.table])._default_manager.all()
    found: Model | None = rows.visible_to(user).filter(pk=subject.key).first()
    return found
