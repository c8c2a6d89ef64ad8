"""What the database says, so that two moments can be compared, and what must be true of it at any moment."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from organizations.models import LoginSession
from rectification.models import Item
from rectification.stepping import apply_step
from reviews.freezing import is_intact
from reviews.models import CycleState, Publication, ReviewCycle

OWN_APPS = ("organizations", "audit", "rectification", "reviews")
# What is new each time a deed is done, though it is the same deed: moments, random names, digests.
_NEW_EACH_TIME = re.compile(
    r"\b[0-9a-f]{64}\b|\b[0-9a-z]{32}\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[+-]\d{2}:?\d{2}|Z)?"
)

# Points are whole numbers in both databases, so that they add up exactly.
_WRONG_TOTALS = """
SELECT id, total, points FROM (
    SELECT review.id, total, missing, points, COALESCE(scored, 0) AS scored,
           (SELECT count(*) FROM reviews_indicator AS i WHERE i.rubric_id = review.rubric_id) AS indicators
    FROM reviews_review AS review LEFT JOIN (
        SELECT review_id, sum(points) AS points, count(points) AS scored FROM reviews_score GROUP BY review_id
    ) AS score ON score.review_id = review.id
) AS kept
WHERE scored + missing <> indicators
   OR (missing = 0 AND (total IS NULL OR total <> points))
   OR (missing > 0 AND total IS NOT NULL)
"""

Dump = dict[str, Counter[str]]


def own_tables() -> Iterator[type[models.Model]]:
    """Models of the product's own apps, those that keep many-to-many relations too; log-ins are no deeds."""
    for name in OWN_APPS:
        if apps.is_installed(name):
            models_of_app = apps.get_app_config(name).get_models(include_auto_created=True)
            yield from (model for model in models_of_app if model is not LoginSession)


def dump() -> Dump:
    """All rows of the product's own tables, without what is new each time."""
    return {model._meta.db_table: _rows(model) for model in own_tables()}


def differences(one: Dump, other: Dump) -> list[str]:
    """Which tables differ, and by how many rows on either side."""
    return [
        f"{table}: {(one[table] - other[table]).total()} / {(other[table] - one[table]).total()} rows"
        for table in one
        if one[table] != other[table]
    ]


def faults() -> list[str]:
    """What is wrong with the database and its files as they stand; nothing, or a trial has failed."""
    return [*damage(), *wrong_totals(), *wrong_publications(), *wrong_items(), *wrong_files()]


def damage() -> list[str]:
    """What the database itself finds wrong."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT 1")  # it answers; PostgreSQL has no check of the whole
            return []
        cursor.execute("PRAGMA integrity_check")
        found = [text for (text,) in cursor.fetchall() if text != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [f"foreign key: {row}" for row in cursor.fetchall()]


def wrong_totals() -> list[str]:
    """Reviews whose kept total is not the sum of their points, where every indicator applies."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_TOTALS)
        return [f"review {key}: total {total}, points {points}" for key, total, points in cursor.fetchall()]


def wrong_publications() -> list[str]:
    """Publications that are not whole, and cycles whose state does not follow from their log."""
    found = []
    for publication in Publication.objects.select_related("cycle__host", "baseline_publication__cycle"):
        if not is_intact(publication):
            found.append(f"{publication}: not what its digest says")
        if publication.standings.count() != publication.cycle.reviews.count():
            found.append(f"{publication}: standings are missing")
    for cycle in ReviewCycle.objects.all():
        steps = list(cycle.steps.order_by("pk"))
        if steps and steps[-1].to_state != cycle.state:
            found.append(f"{cycle}: {cycle.state}, but its log says {steps[-1].to_state}")
        published = sum(step.to_state == CycleState.PUBLISHED for step in steps)
        if published != cycle.publications.count():
            found.append(
                f"{cycle}: {published} steps to published, {cycle.publications.count()} publications"
            )
    return found


def wrong_items() -> list[str]:
    """Items whose row is not what their log comes to."""
    found = []
    for item in Item.objects.all():
        replayed = Item.objects.get(pk=item.pk)
        steps = list(item.steps.order_by("number"))
        for step in steps:
            apply_step(replayed, step)
        same = all(getattr(replayed, name) == getattr(item, name) for name in ("state", "version", "due_on"))
        if not same or [step.number for step in steps] != list(range(1, item.version + 1)):
            found.append(f"{item}: not what its log says")
    return found


def wrong_files() -> list[str]:
    """Rows that point to a file that is not there."""
    root = Path(settings.MEDIA_ROOT)
    lying = {path.name for path in root.rglob("*") if path.is_file() and path.stat().st_size}
    found = []
    for model in own_tables():
        for field in model._meta.concrete_fields:
            if field.name in ("stored_name", "original_stored_name"):
                rows = model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                found += [
                    f"{model._meta.db_table}: {name} is not there" for name in rows if name not in lying
                ]
    return found


def wait_for_silence() -> None:
    """Until nobody else works on this database: PostgreSQL ends what a killed client began only by and by."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.005)


def _rows(model: type[models.Model]) -> Counter[str]:
    lasting = [
        f'"{field.column}"'
        for field in model._meta.concrete_fields
        if not isinstance(field, models.DateTimeField | models.UUIDField)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(lasting)} FROM "{model._meta.db_table}"')
        rows = "\n".join(map(repr, cursor.fetchall()))
    return Counter(_NEW_EACH_TIME.sub("…", rows).splitlines())
