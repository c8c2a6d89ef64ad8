"""How score rows reach the database: one upsert, so that a thousand cells cost what one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from reviews.models import Score

BATCH_SIZE = 500
_A_STATEMENT = 2000  # rows: 22,000 values, within what both databases take at once

_REPLACED = ("points", "applies", "origin", "beyond_floor", "reason", "version", "recorded_by", "recorded_at")


def write_scores(scores: Iterable[Score]) -> None:
    """Insert or overwrite scores, one a cell, and learn their keys. Call under the cycle's lock.

    An upsert: bulk_update builds a case for every value and takes ten times as long.
    """
    Score.objects.bulk_create(
        scores,
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["review", "indicator"],
        update_fields=_REPLACED,
    )


def write_in_one(scores: Sequence[Score]) -> None:
    """Insert or overwrite scores, 2,000 a statement, without learning their keys.

    Django sends SQLite at most 999 values at a time, a dozen statements for a grid of 1,000 cells; the
    databases themselves take 32,000 and more.
    """
    fields = [field for field in Score._meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    replaced = [str(field.column) for field in fields if field.name in _REPLACED]
    row = f"({', '.join(['%s'] * len(columns))})"
    for start in range(0, len(scores), _A_STATEMENT):
        some = scores[start : start + _A_STATEMENT]
        values = [
            field.get_db_prep_save(field.pre_save(score, True), connection)
            for score in some
            for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Score._meta.db_table} ({', '.join(columns)}) "
                f"VALUES {', '.join([row] * len(some))} ON CONFLICT (review_id, indicator_id) DO UPDATE SET "
                + ", ".join(f"{column} = excluded.{column}" for column in replaced),
                values,
            )
