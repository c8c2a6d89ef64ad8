"""What a closed unit has not done of a programme goes on with its successor (rule 24): the target stays the
one it was, with its tasks, dates and log; the unit that answers for it is another.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization
from rectification.models import Programme, ProgrammeEntry, Target
from rectification.programme_rules import Kind
from rectification.succession import Heirs, reason_to_pass_on


@transaction.atomic
def pass_on_targets(host: Organization) -> int:
    """Let every unfinished target of a running programme be answered for by the unit it belongs to or, where
    that has ended, by its one successor; how many changed hands.

    A unit that acts again takes its targets back; of several successors or of none it stays as it is. May be
    called again and again.
    """
    today = timezone.localdate()
    if not Target.objects.of_host(host).in_wrong_hands(today).exists():
        return 0
    Organization.objects.select_for_update().get(pk=host.pk)
    found = Target.objects.of_host(host).in_wrong_hands(today)
    # Every step of a target takes its programme's row first.
    programmes = Programme.objects.select_for_update().filter(pk__in=found.values("programme")).order_by("pk")
    list(programmes.values_list("pk", flat=True))
    heirs = Heirs(host, today)
    moves = []
    for target in found.select_related("organization", "unit").with_newest_entry().order_by("pk"):
        above = target.organization.parent_id
        unit = heirs.answering_for(target.organization_id if above in (host.pk, None) else above)
        if unit is not None and unit.pk != target.unit_id:
            moves.append((target, unit))
    _pass_on(moves)
    return len(moves)


def _pass_on(moves: list[tuple[Target, Organization]]) -> None:
    now = timezone.now()
    entries = []
    for target, unit in moves:
        target.version += 1
        entries.append(
            ProgrammeEntry(
                programme_id=target.programme_id,
                target=target,
                number=target.version,
                kind=Kind.PASS_ON.value,
                state=target.state,
                at=max(now, target.newest_at),  # a clock that was put back must not reorder the past
                text=reason_to_pass_on(target.unit, unit),
            )
        )
        target.unit = unit
    ProgrammeEntry.objects.bulk_create(entries, batch_size=500)
    Target.objects.bulk_update([target for target, _unit in moves], ["unit", "version"], batch_size=500)
