"""Remember what the headings of a host's workbooks mean, so that nobody is asked twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from organizations.models import Organization, User
from reviews.models import HeadingMeaning


@dataclass(frozen=True)
class Meaning:
    """What one heading means. indicator: the indicator's name, empty where the heading is none."""

    key: str
    heading: str
    indicator: str


@transaction.atomic
def remember_headings(host: Organization, meanings: Iterable[Meaning], *, by: User | None) -> None:
    """Keep what these headings mean from now on, whatever they meant before."""
    for meaning in meanings:
        HeadingMeaning.objects.update_or_create(
            host=host,
            key=meaning.key,
            defaults={
                "heading": meaning.heading,
                "indicator": meaning.indicator,
                "remembered_by": by,
            },
        )


def forget_heading(meaning: HeadingMeaning) -> None:
    """From now on the heading is unknown again. Scores imported under it stay."""
    meaning.delete()
