"""In which order rows are locked, so that no two deeds ever wait for each other."""

from __future__ import annotations

from organizations.models import Organization


def lock_ledger(host_id: int) -> None:
    """Queue behind the host's row, as every deed does that changes several items of its ledger.

    Take it after a cycle's row and before any item's. Whoever holds one item asks for no other without it.
    """
    Organization.objects.select_for_update().get(pk=host_id)
