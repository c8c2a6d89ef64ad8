"""Photos added to a visit that was recorded."""

from __future__ import annotations

import pytest

from files.folders import folder_of
from files.limits import MOST_PHOTOS
from files.pictures import PhotoRefused
from reviews.evidence import add_photos
from reviews.models import VisitPhoto
from reviews.photos import NewPhoto
from reviews.visiting import Findings, VisitRefused
from tests.factories.reviews import opened_cycle, published, ready_host
from tests.factories.visits import loss, made, photo, picture, planned


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def host(db):
    return ready_host("甲镇党委")


@pytest.fixture
def cycle(host):
    return opened_cycle(host)


def numbered(number: int) -> NewPhoto:
    """A photo unlike all others."""
    return NewPhoto(f"{number}.jpg", picture(size=(40 + number, 30)))


def losses(cycle, *indicators):
    return [loss(cycle, "甲镇党委", indicator=name) for name in indicators]


class TestWithTheRecord:
    def test_each_photo_proves_the_deduction_it_came_with(self, cycle):
        photos = [NewPhoto("会场.jpg", picture()), NewPhoto("党日.jpg", picture("PNG"), loss=1)]
        taken = losses(cycle, "三会一课", "主题党日")
        visit = made(cycle, "甲镇党委", Findings(losses=taken, photos=photos))
        proved = visit.photos.get(original_name="党日.jpg").deduction
        assert (proved.indicator.name, proved.visit) == ("主题党日", visit)
        assert [each.original_name for each in visit.photos_of_the_whole] == ["会场.jpg"]


class TestAfterwards:
    def test_also_after_publication_and_with_who_added_it(self, cycle, staff):
        visit = made(cycle, "甲镇党委", Findings(losses=losses(cycle, "三会一课")))
        published(cycle, by=staff)
        deduction = visit.deductions.get()
        assert add_photos(visit, [photo()], deduction, by=staff) == 1
        kept = visit.photos.get()
        assert (kept.deduction, kept.added_by) == (deduction, staff)

    def test_one_that_is_there_is_not_kept_twice(self, cycle, staff):
        visit = made(cycle, "甲镇党委")
        assert add_photos(visit, [photo(), photo()], by=staff) == 1
        assert add_photos(visit, [photo()], by=staff) == 0
        assert len(list(folder_of("visits").iterdir())) == 1

    def test_one_photo_may_prove_two_deductions(self, cycle, staff):
        taken = losses(cycle, "三会一课", "主题党日")
        visit = made(cycle, "甲镇党委", Findings(losses=taken))
        for deduction in visit.deductions.all():
            add_photos(visit, [photo()], deduction, by=staff)
        assert visit.photos.count() == 2

    def test_a_visit_holds_so_many_and_no_more(self, cycle, staff):
        first = [numbered(number) for number in range(MOST_PHOTOS - 1)]
        visit = made(cycle, "甲镇党委", Findings(photos=first))
        with pytest.raises(PhotoRefused, match="20"):
            add_photos(visit, [numbered(30), numbered(31)], by=staff)
        assert len(list(folder_of("visits").iterdir())) == visit.photos.count() == MOST_PHOTOS - 1
        add_photos(visit, [numbered(30)], by=staff)
        assert visit.photos.count() == MOST_PHOTOS

    def test_another_visits_deduction_is_not_proved_here(self, cycle, staff):
        other = made(cycle, "甲镇党委", Findings(losses=losses(cycle, "三会一课"))).deductions.get()
        visit = made(cycle, "甲镇党委")
        with pytest.raises(VisitRefused):
            add_photos(visit, [photo()], other, by=staff)
        assert not VisitPhoto.objects.exists()
        assert not list(folder_of("visits").iterdir())

    def test_a_planned_visit_has_nothing_to_prove_yet(self, cycle, staff):
        with pytest.raises(VisitRefused):
            add_photos(planned(cycle, "甲镇党委"), [photo()], by=staff)

    def test_what_is_no_photo_is_refused_with_all_that_came_with_it(self, cycle, staff):
        visit = made(cycle, "甲镇党委")
        with pytest.raises(PhotoRefused, match=r"假\.jpg"):
            add_photos(visit, [photo(), NewPhoto("假.jpg", b"GIF89a")], by=staff)
        assert not visit.photos.exists()
