"""What the product's own deeds tell the trail: the import they belong to, who started it, and why."""

import pytest

from audit.deeds import acting
from organizations.models import Role
from reviews.background import import_in_background
from reviews.models import BatchState
from reviews.publishing import step_back, verify_cycle
from reviews.undoing import undo_batch
from reviews.uploads import keep_upload
from tests.audit.trail import newly_told
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, opened_cycle, ready_host
from workbooks.writing import Table, write_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cycle = opened_cycle(ready_host("甲镇党委"))
    rows = [["甲镇党委", "三会一课", 2, "记录不全"]]
    data = write_xlsx([Table("扣分明细", ["单位", "指标", "扣分", "扣分原因"], rows)])
    batch = keep_upload([data], "扣分.xlsx", cycle, by=somebody(Role.STAFF, cycle.host))
    batch.state = BatchState.IMPORTING
    batch.save()
    return batch


def test_the_worker_acts_for_whoever_started_the_import(batch):
    starter = somebody(Role.STAFF, batch.cycle.host)
    with newly_told(table="reviews_deduction") as told:
        import_in_background.call(batch.pk, starter.pk, "en")
    assert [(entry.actor, entry.source) for entry in told] == [(starter.pk, f"worker · import {batch.pk}")]


def test_taking_an_import_back_is_told_as_its_undoing(batch):
    import_in_background.call(batch.pk, batch.uploaded_by_id, "en")
    with newly_told(table="reviews_deduction") as told, acting(source="web"):
        undo_batch(batch, by=batch.uploaded_by)
    assert [(entry.operation, entry.source) for entry in told] == [
        ("delete", f"web · undo of import {batch.pk}")
    ]


def test_a_step_back_is_told_with_its_reason():
    cycle = cycle_with_totals({"甲镇党委": 90})
    staff = somebody(Role.STAFF, cycle.host)
    verify_cycle(cycle, by=staff)
    with newly_told(table="reviews_reviewcycle") as told:
        step_back(cycle, by=staff, reason="漏录一个单位")
    assert [(entry.new, entry.why) for entry in told] == [({"state": "open"}, "漏录一个单位")]
