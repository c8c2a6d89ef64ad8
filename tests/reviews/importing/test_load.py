"""From a checked workbook into the cycle, and an upload kept in between."""

import hashlib
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Role
from reviews import uploads
from reviews.activating import activate_rubric, copy_to_new_version
from reviews.deducting import give_reason
from reviews.importing.load import ImportRefused, commit_import, expected_for, preview_import
from reviews.models import BatchState, Deduction, ImportBatch, Score
from reviews.opening import refresh_roster
from reviews.publishing import verify_cycle
from reviews.recording import EntryClosed
from reviews.undoing import undo_batch
from tests.factories.organizations import somebody
from tests.factories.reviews import deduct, give_total, opened_cycle, ready_host, review_of, score
from tests.workbooks.build import xlsx
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db

WIDE = ("序号", "单位", "三会一课（60分）", "主题党日（40分）", "合计")
LONG = ("单位", "指标", "得分", "扣分", "扣分原因")


def wide(*rows):
    return xlsx([WIDE, *((number, *row) for number, row in enumerate(rows, 1))], name="得分")


def long(*rows):
    return xlsx([LONG, *rows], name="扣分明细")


SCORES = wide(("甲镇党委", 55, 38.5), ("乙镇党委", 60, None))
DEDUCTIONS = long(
    ("甲镇党委", "三会一课", None, 2, "记录不完整"), ("甲镇党委", "三会一课", None, 1, "程序不规范")
)


@pytest.fixture
def cycle():
    return opened_cycle(ready_host("甲镇党委", "乙镇党委"))


def preview(data, cycle):
    return preview_import(read_workbook(data, "得分.xlsx"), cycle, "得分.xlsx")


def commit(data, cycle, **options):
    digest = hashlib.sha256(data).hexdigest()
    workbook = read_workbook(data, "得分.xlsx")
    return commit_import(workbook, cycle, by=None, file_name="得分.xlsx", sha256=digest, **options)


def dump():
    rows = [model.objects.order_by("pk").values() for model in (Score, Deduction, ImportBatch)]
    return [list(found) for found in rows]


def points(cycle, unit, indicator):
    return Score.objects.get(review=review_of(cycle, unit), indicator__name=indicator).points


# --- What is expected ----------------------------------------------------------------------------


def test_a_unit_is_expected_under_all_its_names(cycle):
    unit = review_of(cycle, "甲镇党委").organization
    unit.short_name = "甲镇"
    unit.save()
    unit.former_names.create(name="甲乡（党委）")
    names = expected_for(cycle).units[0].names
    assert names == {"甲镇党委", "甲镇", "甲乡(党委)"}


def test_expecting_costs_the_same_queries_at_any_size():
    counts = []
    for size in (2, 40):
        large = opened_cycle(ready_host(*(f"第{size}-{number}镇党委" for number in range(size))))
        with CaptureQueriesContext(connection) as queries:
            expected_for(large)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_group_with_two_versions_in_one_cycle_is_read_by_each_units_own(cycle):
    give_total(cycle, "甲镇党委", 90)
    old = review_of(cycle, "甲镇党委").rubric
    copy = copy_to_new_version(old)
    copy.indicators.filter(name="主题党日").update(name="主题教育")
    activate_rubric(copy)
    refresh_roster(cycle)
    expected = expected_for(cycle)
    assert len({unit.group for unit in expected.units}) == 2
    assert sorted(len(members) for members in expected.indicators.values()) == [2, 2]


# --- Preview and import --------------------------------------------------------------------------


def test_a_preview_counts_what_is_new_changed_and_unchanged(cycle):
    score(cycle, "甲镇党委", {"三会一课": 50, "主题党日": 38.5})
    found = preview(SCORES, cycle)
    assert [(c.unit, c.indicator, c.before_text, c.after_text) for c in found.changed] == [
        ("甲镇党委", "三会一课", "50", "55")
    ]
    assert [(c.unit, c.indicator, c.after_text) for c in found.new] == [("乙镇党委", "三会一课", "60")]
    assert found.unchanged == 1
    assert [(s.sheet, s.new, s.changed, s.unchanged) for s in found.sheets] == [("得分", 1, 1, 1)]
    assert found.can_commit


def test_a_preview_writes_nothing(cycle):
    before = dump()
    preview(SCORES, cycle)
    assert dump() == before


def test_the_import_does_what_the_preview_said(cycle):
    said = preview(SCORES, cycle)
    batch = commit(SCORES, cycle)
    assert (batch.new_count, batch.changed_count) == (len(said.new), len(said.changed)) == (3, 0)
    assert points(cycle, "甲镇党委", "主题党日") == Decimal("38.5")
    assert review_of(cycle, "甲镇党委").total == Decimal("93.5")


def test_a_blank_cell_is_not_scored_and_not_zero(cycle):
    commit(SCORES, cycle)
    review = review_of(cycle, "乙镇党委")
    assert (review.total, review.missing) == (None, 1)


def test_importing_the_same_file_twice_changes_nothing_the_second_time(cycle):
    for data in (SCORES, DEDUCTIONS):
        commit(data, cycle)
        before = dump()
        assert preview(data, cycle).changes_nothing
        assert commit(data, cycle).pk is None
        assert dump() == before
    assert Deduction.objects.count() == 2
    assert points(cycle, "甲镇党委", "三会一课") == 57


def test_a_second_visits_deductions_add_up(cycle):
    commit(DEDUCTIONS, cycle)
    commit(
        long(("甲镇党委", "三会一课", None, 2, "记录不完整"), ("甲镇党委", "三会一课", None, 4, "新问题")),
        cycle,
    )
    assert points(cycle, "甲镇党委", "三会一课") == 53


def test_points_typed_beside_deductions_must_agree(cycle):
    commit(DEDUCTIONS, cycle)
    before = dump()
    with pytest.raises(ImportRefused) as refusal:
        commit(wide(("甲镇党委", 60, 40)), cycle)
    (problem,) = refusal.value.problems
    assert (problem.where.row, problem.where.column) == (2, 3)
    assert dump() == before
    commit(wide(("甲镇党委", 57, 40)), cycle)
    assert review_of(cycle, "甲镇党委").total == 97


def test_one_bad_cell_keeps_the_whole_file_out(cycle):
    before = dump()
    with pytest.raises(ImportRefused):
        commit(wide(("甲镇党委", 55, 38.5), ("乙镇党委", 61, 40)), cycle)
    assert dump() == before


def test_an_error_in_the_middle_leaves_nothing(cycle, monkeypatch):
    before = dump()

    def fail(*args, **options):
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("reviews.recording.write_totals", fail)
    with pytest.raises(RuntimeError):
        commit(SCORES, cycle)
    assert dump() == before


def test_entry_that_is_closed_is_a_problem_in_the_preview_and_refused_after_it(cycle):
    for unit in ("甲镇党委", "乙镇党委"):
        give_total(cycle, unit, 90)
    verify_cycle(cycle, by=None)
    cycle.refresh_from_db()
    assert not preview(SCORES, cycle).can_commit
    with pytest.raises(EntryClosed):
        commit(SCORES, cycle)
    assert review_of(cycle, "甲镇党委").total == 90


def test_a_reason_given_since_does_not_make_the_same_file_count_again(cycle):
    data = long(("甲镇党委", "三会一课", None, 2, ""))
    commit(data, cycle)
    give_reason(Deduction.objects.get(), reason="缺签到表", by=somebody(Role.STAFF, cycle.host))
    assert preview(data, cycle).changes_nothing
    commit(data, cycle)
    assert Deduction.objects.get().reason == "缺签到表"


def test_an_undone_import_holds_no_rubric_and_can_be_imported_again(cycle):
    undo_batch(commit(SCORES, cycle), by=None)
    activate_rubric(copy_to_new_version(review_of(cycle, "甲镇党委").rubric))
    refresh_roster(cycle)
    assert review_of(cycle, "甲镇党委").rubric.version == 2
    assert commit(SCORES, cycle).new_count == 3


# --- Deductions beside what the cycle holds ------------------------------------------------------

REASONS = long(("甲镇党委", "三会一课", 55, 5, "记录不完整"), ("乙镇党委", "三会一课", 58, 2, "程序不规范"))


def test_deductions_that_leave_the_scores_as_they_are_change_none_and_are_counted_apart(cycle):
    commit(SCORES, cycle)
    found = preview(REASONS, cycle)
    assert [(c.unit, c.before_text, c.after_text) for c in found.explained] == [("甲镇党委", "55", "55")]
    assert [(c.unit, c.before_text, c.after_text) for c in found.changed] == [("乙镇党委", "60", "58")]
    assert (found.deductions, found.unchanged, found.changes_nothing) == (2, 0, False)
    assert [(s.new, s.changed, s.explained, s.unchanged) for s in found.sheets] == [(0, 1, 1, 0)]


def test_the_batch_counts_real_changes_only_and_undoing_it_restores_every_score(cycle):
    commit(SCORES, cycle)
    before = dump_of_scores()
    batch = commit(REASONS, cycle)
    assert (batch.new_count, batch.changed_count, batch.deductions.count()) == (0, 1, 2)
    assert (points(cycle, "甲镇党委", "三会一课"), points(cycle, "乙镇党委", "三会一课")) == (55, 58)
    undo_batch(batch, by=None)
    assert dump_of_scores() == before
    assert not Deduction.objects.exists()


def dump_of_scores():
    fields = ("review", "indicator", "points", "applies", "origin", "beyond_floor", "reason")
    return list(Score.objects.order_by("pk").values_list(*fields))


def test_a_reason_added_to_a_score_of_the_same_points_is_no_change_of_the_score(cycle):
    commit(SCORES, cycle)
    found = preview(long(("甲镇党委", "三会一课", 55, None, "记录不完整")), cycle)
    assert (len(found.explained), found.changed, found.changes_nothing) == (1, (), False)


def test_a_row_that_adds_to_held_deductions_says_how_much_there_was(cycle, in_english):
    commit(DEDUCTIONS, cycle)
    (change,) = preview(long(("甲镇党委", "三会一课", 53, 4, "新问题")), cycle).changed
    assert (change.before_text, change.after_text) == ("57", "53")
    assert change.adds_to == "3 points deducted before, 4 more now"


def test_what_is_no_addition_says_nothing_of_one(cycle):
    commit(SCORES, cycle)
    found = preview(REASONS, cycle)
    assert {change.adds_to for change in (*found.changed, *found.explained)} == {""}


def test_a_corrected_list_names_the_import_to_undo_and_is_imported_after_that(cycle, in_english):
    batch = commit(long(("甲镇党委", "三会一课", 59, 1, "记录不完整")), cycle)
    corrected = long(("甲镇党委", "三会一课", 58, 2, "记录不完整"))
    (problem,) = preview(corrected, cycle).problems
    assert "undo the import of 得分.xlsx first" in problem.message
    undo_batch(batch, by=None)
    commit(corrected, cycle)
    assert points(cycle, "甲镇党委", "三会一课") == 58


def test_deductions_taken_by_hand_are_no_imports(cycle, in_english):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (problem,) = preview(wide(("甲镇党委", 60, 40)), cycle).problems
    assert "recorded by hand" in problem.message


def test_a_list_that_lacks_a_held_row_changes_nothing_and_says_that_the_row_stays(cycle, in_english):
    commit(DEDUCTIONS, cycle)
    found = preview(long(("甲镇党委", "三会一课", None, 2, "记录不完整")), cycle)
    assert found.changes_nothing
    assert [note.message for note in found.notes] == [
        "Deductions that the cycle holds and the file does not list: 1. They stay.",
        "甲镇党委, 三会一课: the cycle also holds deductions of 1 (程序不规范); they stay.",
    ]


# --- Uploads -------------------------------------------------------------------------------------


@pytest.fixture
def uploaded(cycle, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return uploads.keep_upload([SCORES[:100], SCORES[100:]], "C:\\评查\\得分.xlsx", cycle, by=None)


def kept_files(tmp_path):
    return sorted(path.name for path in (tmp_path / "imports").iterdir())


def test_an_upload_is_kept_privately_under_a_random_name(uploaded, tmp_path):
    assert (uploaded.state, uploaded.file_name) == (BatchState.PREVIEWED, "得分.xlsx")
    assert uploaded.sha256 == hashlib.sha256(SCORES).hexdigest()
    assert kept_files(tmp_path) == [uploaded.stored_name]
    assert (tmp_path / "imports" / uploaded.stored_name).stat().st_mode & 0o777 == 0o600


def test_an_upload_is_previewed_then_imported(uploaded, cycle):
    assert len(uploads.preview_upload(uploaded).new) == 3
    batch = uploads.commit_upload(uploaded, None)
    assert (batch.pk, batch.state, batch.new_count) == (uploaded.pk, BatchState.COMMITTED, 3)
    assert review_of(cycle, "甲镇党委").total == Decimal("93.5")


def test_a_second_click_imports_nothing_more(uploaded, cycle):
    first = uploads.commit_upload(uploaded, None)
    score(cycle, "甲镇党委", {"三会一课": 50})
    before = dump()
    assert uploads.commit_upload(uploaded, None).committed_at == first.committed_at
    assert dump() == before


def test_an_undone_upload_is_not_imported_again(uploaded):
    undo_batch(uploads.commit_upload(uploaded, None), by=None)
    before = dump()
    with pytest.raises(ImportRefused):
        uploads.commit_upload(uploaded, None)
    assert dump() == before


def test_a_name_longer_than_its_field_keeps_its_end(cycle, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    batch = uploads.keep_upload([SCORES], "表" * 300 + ".xlsx", cycle, by=None)
    assert len(batch.file_name) == 255
    assert batch.file_name.endswith(".xlsx")


def test_a_file_too_large_is_refused_and_leaves_nothing(cycle, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(uploads, "MAX_FILE", 1000)
    with pytest.raises(uploads.UploadRefused):
        uploads.keep_upload(iter([b"x" * 600, b"x" * 600]), "得分.xlsx", cycle, by=None)
    assert kept_files(tmp_path) == []
    assert not ImportBatch.objects.exists()


def test_a_file_whose_row_cannot_be_written_is_not_left_behind(cycle, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path

    def fail(**fields):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(ImportBatch.objects, "create", fail)
    with pytest.raises(RuntimeError):
        uploads.keep_upload([SCORES], "得分.xlsx", cycle, by=None)
    assert kept_files(tmp_path) == []


def test_a_kept_file_that_changed_or_vanished_is_refused(uploaded, tmp_path):
    path: Path = tmp_path / "imports" / uploaded.stored_name
    path.write_bytes(DEDUCTIONS)
    with pytest.raises(uploads.UploadRefused):
        uploads.commit_upload(uploaded, None)
    path.unlink()
    with pytest.raises(uploads.UploadRefused):
        uploads.preview_upload(uploaded)


@pytest.mark.django_db(transaction=True)
def test_previews_of_yesterday_are_forgotten_and_imports_kept(uploaded, cycle, tmp_path):
    imported = uploads.commit_upload(uploaded, None)
    stale = uploads.keep_upload([DEDUCTIONS], "扣分.xlsx", cycle, by=None)
    fresh = uploads.keep_upload([DEDUCTIONS], "扣分.xlsx", cycle, by=None)
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    ImportBatch.objects.filter(pk__in=[imported.pk, stale.pk]).update(uploaded_at=yesterday)

    assert uploads.remove_stale_uploads() == 1

    assert set(ImportBatch.objects.values_list("pk", flat=True)) == {imported.pk, fresh.pk}
    assert kept_files(tmp_path) == sorted([imported.stored_name, fresh.stored_name])


def test_a_file_that_no_row_points_to_is_cleared_after_a_day(uploaded, tmp_path):
    orphans = [tmp_path / "imports" / name for name in ("old", "young")]
    for path in orphans:
        path.write_bytes(SCORES)
    yesterday = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(orphans[0], (yesterday, yesterday))
    os.utime(tmp_path / "imports" / uploaded.stored_name, (yesterday, yesterday))
    assert uploads.remove_stale_uploads() == 1
    assert kept_files(tmp_path) == sorted(["young", uploaded.stored_name])


def test_discarding_an_import_that_counts_does_nothing(uploaded):
    uploads.commit_upload(uploaded, None)
    uploads.discard_upload(uploaded)
    assert ImportBatch.objects.count() == 1
