"""What problems are filed under: the host's own categories, or those of the source documents at first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from organizations.models import Organization
from organizations.names import clean_text
from rectification.models import ProblemCategory

# The headings under which the source circular lists its problems; documents are always Chinese.
DEFAULTS = ("党建业务不熟悉", "规范化程度不高", "督促指导力度不够", "村干部队伍建设有待加强")


def offered_categories(host: Organization) -> list[str]:
    """The names to choose from, in the host's order. One query; writes nothing."""
    own = list(host.problem_categories.all())
    return [category.name for category in own if category.is_active] if own else list(DEFAULTS)


def category_named(host: Organization, name: str) -> ProblemCategory:
    """The row of a category that is offered; the defaults become rows with their first use."""
    if not host.problem_categories.exists():
        ProblemCategory.objects.bulk_create(
            [ProblemCategory(host=host, name=each, position=n) for n, each in enumerate(DEFAULTS, 1)],
            ignore_conflicts=True,  # somebody else may use them for the first time too
        )
    return host.problem_categories.get(name=name)


@transaction.atomic
def set_categories(host: Organization, names: Iterable[str]) -> None:
    """Offer these categories in this order. One that is left out is offered no more; problems keep it."""
    Organization.objects.select_for_update().get(pk=host.pk)
    wanted = dict.fromkeys(filter(None, (clean_text(name) for name in names)))
    for position, name in enumerate(wanted, 1):
        ProblemCategory.objects.update_or_create(
            host=host, name=name, defaults={"position": position, "is_active": True}
        )
    host.problem_categories.exclude(name__in=wanted).update(is_active=False)
