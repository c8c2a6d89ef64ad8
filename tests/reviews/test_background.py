"""Large workbooks: checked and imported in the background, cancelled, started again, never done twice."""

import fcntl
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from organizations.models import Role
from reviews import background
from reviews.background import cancel, is_large, start_check, start_import, watch
from reviews.models import BatchState, ImportBatch, Score
from reviews.progress import Busy, Phase
from reviews.publishing import verify_cycle
from reviews.undoing import undo_batch
from reviews.uploads import keep_upload, remove_stale_uploads, what_was_found, work_on
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host, review_of
from tests.reviews.worker import work_off
from tests.workbooks.build import xlsx
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db

LONG = ("单位", "指标", "得分", "扣分", "扣分原因")
GOOD = xlsx([LONG, ("甲镇党委", "三会一课", None, 2, "记录不完整"), ("甲镇党委", "主题党日", 40, None, None)])
BAD = xlsx([LONG, ("甲镇党委", "三会一课", 99, None, None)])


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Where this test's uploads are kept."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture(autouse=True)
def every_row_is_told(monkeypatch):
    """Reports and writes go row by row, as if each were a thousand."""
    for module in ("reviews.importing.findings", "reviews.recording"):
        monkeypatch.setattr(f"{module}.EVERY", 1)


@pytest.fixture
def cycle():
    return opened_cycle(ready_host("甲镇党委"))


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def kept(cycle, data=GOOD) -> ImportBatch:
    return keep_upload([data], "扣分.xlsx", cycle, by=None)


def waiting(cycle, data=GOOD) -> ImportBatch:
    """A batch that the worker has not taken up yet."""
    batch = kept(cycle, data)
    start_check(batch)
    batch.refresh_from_db()
    return batch


def checked(cycle, data=GOOD) -> ImportBatch:
    batch = waiting(cycle, data)
    work_off()
    batch.refresh_from_db()
    return batch


def importing(cycle, staff) -> ImportBatch:
    batch = checked(cycle)
    start_import(batch, by=staff)
    batch.refresh_from_db()
    return batch


def state_of(batch) -> str:
    batch.refresh_from_db()
    return batch.state


# --- The way through -----------------------------------------------------------------------------


def test_fifty_thousand_rows_are_large(monkeypatch):
    assert background.LARGE == 50_000
    workbook = read_workbook(GOOD, "a.xlsx")
    monkeypatch.setattr(background, "LARGE", 3)
    assert is_large(workbook)
    monkeypatch.setattr(background, "LARGE", 4)
    assert not is_large(workbook)


def test_a_check_waits_for_the_worker_and_then_says_what_it_found(cycle):
    batch = waiting(cycle)
    assert state_of(batch) == BatchState.CHECKING
    work_off()
    assert state_of(batch) == BatchState.PREVIEWED
    found = what_was_found(batch)
    assert (found.new_count, found.deductions, found.can_commit) == (2, 1, True)
    assert [change.after_text for change in found.new] == ["40", "58"]
    assert not Score.objects.exists()


def test_problems_are_kept_in_the_language_of_who_uploaded(cycle):
    with translation.override("en"):
        batch = kept(cycle, BAD)
        start_check(batch)
    work_off()
    assert (state_of(batch), batch.failure) == (BatchState.FAILED, "1 problem in the workbook")
    (problem,) = what_was_found(batch).problems
    assert "above the full marks" in problem.message


def test_an_import_reaches_the_data_under_the_name_of_who_asked_and_can_be_undone(cycle, staff):
    batch = importing(cycle, staff)
    assert state_of(batch) == BatchState.IMPORTING
    work_off()
    assert state_of(batch) == BatchState.COMMITTED
    assert {score.recorded_by for score in Score.objects.all()} == {staff}
    assert review_of(cycle, "甲镇党委").total == 98
    undo_batch(batch, by=staff)
    assert review_of(cycle, "甲镇党委").total is None


def test_an_import_into_a_cycle_that_was_closed_meanwhile_fails_and_says_why(cycle, staff):
    batch = importing(cycle, staff)
    verify_cycle(cycle, by=staff, exempt_reason="本季度免检")
    work_off()
    assert state_of(batch) == BatchState.FAILED
    assert cycle.quarter.label in batch.failure
    assert not Score.objects.exists()


def test_what_nobody_foresaw_fails_in_words_and_stands_in_the_task(cycle, monkeypatch, caplog):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(background, "preview_upload", broken)
    batch = checked(cycle)
    assert (batch.state, bool(batch.failure)) == (BatchState.FAILED, True)
    assert "ZeroDivisionError" in DBTaskResult.objects.get().traceback


def test_a_file_that_is_gone_says_so(cycle, uploads):
    batch = kept(cycle)
    (uploads / batch.stored_name).unlink()
    start_check(batch)
    work_off()
    assert state_of(batch) == BatchState.FAILED
    assert "上传" in batch.failure


def test_the_database_refuses_a_failure_without_a_reason(cycle):
    batch = kept(cycle)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.FAILED)


# --- Twice ---------------------------------------------------------------------------------------


def test_a_second_click_and_a_repeated_task_import_once(cycle, staff):
    batch = importing(cycle, staff)
    start_import(batch, by=staff)
    work_off()
    DBTaskResult.objects.update(status="READY")
    work_off()
    assert state_of(batch) == BatchState.COMMITTED
    assert {score.version for score in Score.objects.all()} == {1}
    assert batch.deductions.count() == 1


def test_a_check_that_was_asked_for_twice_ends_once(cycle):
    batch = waiting(cycle)
    start_check(batch)
    work_off()
    assert state_of(batch) == BatchState.PREVIEWED


def test_a_task_whose_upload_was_forgotten_does_nothing(cycle, django_capture_on_commit_callbacks):
    batch = waiting(cycle)
    batch.delete()
    work_off()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_nobody_joins_in_while_somebody_works(cycle, monkeypatch):
    monkeypatch.setattr("reviews.progress._PAUSE", 0)
    batch = waiting(cycle)
    with work_on(batch).alone():
        with pytest.raises(Busy), work_on(batch).alone():
            pass
        work_off()  # the task finds somebody at it and leaves it alone
        start_check(batch)
        assert not DBTaskResult.objects.ready().exists()
    assert state_of(batch) == BatchState.CHECKING


def test_a_page_that_looks_in_at_the_wrong_moment_stops_nobody(cycle, monkeypatch):
    batch = waiting(cycle)
    work_on(batch)._lock.touch()
    looking = work_on(batch)._lock.open()
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr("reviews.progress.time.sleep", lambda seconds: looking.close())
    work_off()
    assert state_of(batch) == BatchState.PREVIEWED


# --- Cancelled -----------------------------------------------------------------------------------


def test_a_check_that_nobody_took_up_is_cancelled_at_once(cycle):
    batch = waiting(cycle)
    cancel(batch)
    assert state_of(batch) == BatchState.CANCELLED
    work_off()
    assert state_of(batch) == BatchState.CANCELLED


@pytest.mark.parametrize("at", range(1, 8))
def test_an_import_cancelled_at_any_moment_changes_nothing(cycle, staff, at, monkeypatch):
    batch = importing(cycle, staff)
    told = []
    tell = background.work_on(batch)._tell.__func__

    def tell_and_cancel(work, phase, done, total):
        told.append((phase, done))
        tell(work, phase, done, total)
        if len(told) == at:
            cancel(batch)

    monkeypatch.setattr("reviews.progress.Work._tell", tell_and_cancel)
    work_off()
    assert len(told) == at
    assert state_of(batch) == BatchState.CANCELLED
    assert not Score.objects.exists()
    assert not batch.changes.exists()
    assert not batch.deductions.exists()
    assert review_of(cycle, "甲镇党委").missing == 2


def test_what_was_cancelled_can_be_checked_again(cycle):
    batch = waiting(cycle)
    cancel(batch)
    batch.refresh_from_db()
    start_check(batch)
    work_off()
    assert state_of(batch) == BatchState.PREVIEWED


def test_cancelling_what_is_imported_already_changes_nothing(cycle, staff):
    batch = importing(cycle, staff)
    work_off()
    batch.refresh_from_db()
    cancel(batch)
    assert state_of(batch) == BatchState.COMMITTED


# --- Watched -------------------------------------------------------------------------------------


def test_progress_is_told_row_by_row_and_only_ever_grows(cycle, staff, monkeypatch):
    importing(cycle, staff)
    told = []
    monkeypatch.setattr("reviews.progress.Work._tell", lambda work, *progress: told.append(progress))
    work_off()
    assert told == [
        (Phase.CHECKING, 0, 0),
        (Phase.CHECKING, 1, 3),
        (Phase.CHECKING, 2, 3),
        *[(Phase.WRITING, done, 3) for done in (0, 1, 2, 3, 3)],
    ]


def test_those_who_wait_see_how_far_it_is(cycle):
    batch = waiting(cycle)
    assert not watch(batch).has_begun
    work = work_on(batch)
    with work.alone(), translation.override("en"):
        work.report(Phase.CHECKING, 23_000, 50_000)
        watched = watch(batch)
        assert (watched.is_taken_up, watched.has_died) == (True, False)
        assert watched.text == "23,000 of 50,000 rows checked"


def test_a_worker_that_begins_while_somebody_looks_is_not_taken_for_dead(cycle, monkeypatch):
    batch = waiting(cycle)
    refresh = ImportBatch.refresh_from_db

    def begin(*args, **kwargs):
        work_on(batch).report(Phase.CHECKING, 0, 0)
        refresh(*args, **kwargs)

    monkeypatch.setattr(ImportBatch, "refresh_from_db", begin)
    assert not watch(batch).has_died


def test_a_worker_that_nobody_sees_for_long_is_told_of(cycle, monkeypatch):
    batch = waiting(cycle)
    assert not watch(batch).waits_long
    monkeypatch.setattr(background, "_LONG_WAIT", -1)
    assert watch(batch).waits_long


DIES = """
import os, sys
from pathlib import Path
from reviews.progress import Phase, Work
work = Work(Path(sys.argv[1]))
with work.alone():
    work.report(Phase.WRITING, 1, 2)
    print("at work", flush=True)
    sys.stdin.read()
"""


def test_a_worker_that_is_killed_is_noticed_and_its_work_can_be_started_again(cycle, uploads):
    batch = waiting(cycle)
    command = [sys.executable, "-c", DIES, str(uploads / batch.stored_name)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"at work\n"
        assert watch(batch).is_taken_up
        os.kill(worker.pid, signal.SIGKILL)
    assert watch(batch).has_died
    start_check(batch)
    work_off()
    assert state_of(batch) == BatchState.PREVIEWED


# --- Forgotten -----------------------------------------------------------------------------------


def test_what_never_reached_the_data_is_forgotten_after_a_day(
    cycle, staff, uploads, django_capture_on_commit_callbacks
):
    imported = importing(cycle, staff)
    work_off()
    for data in (GOOD, BAD):
        checked(cycle, data)
    cancel(waiting(cycle))
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_stale_uploads() == 3
    assert list(ImportBatch.objects.all()) == [imported]
    assert {path.stem for path in uploads.iterdir()} == {imported.stored_name}


def age(*paths) -> None:
    for path in paths:
        os.utime(path, (0, 0))


def test_an_old_file_beside_an_upload_stays_with_it(cycle, uploads):
    work_on(checked(cycle)).ask_to_cancel()
    orphan = uploads / "nobody.lock"
    orphan.touch()
    before = set(uploads.iterdir())
    age(*before)
    assert remove_stale_uploads() == 1
    assert set(uploads.iterdir()) == before - {orphan}


def test_who_works_holds_a_fresh_lock(cycle, uploads):
    work = work_on(waiting(cycle))
    with work.alone():
        age(work._lock)
    with work.alone():
        assert work._lock.stat().st_mtime > 0


def test_what_somebody_works_on_is_not_forgotten(cycle):
    batch = waiting(cycle)
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    with work_on(batch).alone():
        assert remove_stale_uploads() == 0
