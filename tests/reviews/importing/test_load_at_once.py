"""Several people, or one who clicks twice, at the same moment: each deed happens once and whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from organizations.models import Role
from reviews import uploads
from reviews.importing.load import commit_import
from reviews.models import BatchState, Deduction, ImportBatch, Publication, Score
from reviews.publishing import StepRefused, publish_cycle, verify_cycle
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct, opened_cycle, ready_host, review_of
from tests.workbooks.build import xlsx
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db(transaction=True)

DEDUCTIONS = xlsx(
    [
        ("单位", "指标", "扣分", "扣分原因"),
        ("甲镇党委", "三会一课", 2, "缺"),
        ("甲镇党委", "主题党日", 1, "缺"),
    ],
    name="扣分明细",
)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds in threads that start together; what each gave or raised, in order."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_a_double_click_imports_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cycle = opened_cycle(ready_host("甲镇党委"))
    batch = uploads.keep_upload([DEDUCTIONS], "扣分.xlsx", cycle, by=None)
    results = at_once(*[lambda: uploads.commit_upload(batch, None)] * 4)
    assert {(result.pk, result.state) for result in results} == {(batch.pk, BatchState.COMMITTED)}
    assert Deduction.objects.count() == 2
    assert {score.version for score in Score.objects.all()} == {1}


def test_one_file_imported_by_several_people_counts_once():
    cycle = opened_cycle(ready_host("甲镇党委"))
    workbook = read_workbook(DEDUCTIONS, "扣分.xlsx")

    def load() -> ImportBatch:
        return commit_import(workbook, cycle, by=None, file_name="扣分.xlsx", sha256="0" * 64)

    results = at_once(load, load, load)
    assert sum(result.pk is not None for result in results) == 1
    assert Deduction.objects.count() == 2
    assert review_of(cycle, "甲镇党委").total == 97


def test_deductions_of_several_people_all_count():
    cycle = opened_cycle(ready_host("甲镇党委"))
    at_once(*(lambda n=n: deduct(cycle, "甲镇党委", "三会一课", 1, f"第{n}处") for n in range(6)))
    score = Score.objects.get()
    assert (score.points, score.version) == (Decimal(54), 6)


def test_a_cycle_is_published_once_however_many_publish_it():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80})
    staff = somebody(Role.STAFF, cycle.host)
    verify_cycle(cycle, by=staff)
    results = at_once(*[lambda: publish_cycle(cycle, by=staff)] * 3)
    assert sum(isinstance(result, Publication) for result in results) == 1
    assert sum(isinstance(result, StepRefused) for result in results) == 2
    assert Publication.objects.get().standings.count() == 2
