"""Keep what somebody looks for in the ledger under a name of their own."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.names import clean_text
from rectification.models import SavedFilter

MOST = 30  # of one person and host; more would be a list to search in itself


class FilterRefused(Exception):
    """The filter is not saved; its text is one clear line for the user."""


@transaction.atomic
def save_filter(user: User, host: Organization, name: str, query: str) -> SavedFilter:
    """Keep the filter under this name; one that already has the name is replaced.

    query: as `ItemFilter.query` writes it. Raises FilterRefused.
    """
    name = clean_text(name)
    longest = SavedFilter._meta.get_field("name").max_length or 0
    if not name or len(name) > longest:
        raise FilterRefused(_("Give the filter a name of at most %(most)s characters.") % {"most": longest})
    if not query:
        raise FilterRefused(_("There is no filter to save: choose something first."))
    # Two saved at once must not exceed the limit. Steps that the user takes meanwhile only name the row.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = SavedFilter.objects.visible_to(user).of_host(host)
    if own.exclude(name=name).count() >= MOST:
        raise FilterRefused(_("You have %(most)s saved filters: delete one first.") % {"most": MOST})
    saved, _is_new = SavedFilter.objects.update_or_create(
        user=user, host=host, name=name, defaults={"query": query}
    )
    return saved


def delete_filter(saved: SavedFilter) -> None:
    """Forget it; what it finds stays."""
    saved.delete()
