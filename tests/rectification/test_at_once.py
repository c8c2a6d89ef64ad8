"""Several people at one item at the same moment: one is first, the others are told, nothing happens twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from files.folders import folder_of
from organizations.models import Organization, Role, User
from rectification.closing import add_note, extend, return_to_unit, strike_off
from rectification.models import Evidence, Item, SavedFilter, Step
from rectification.saved_filters import save_filter
from rectification.stepping import ItemChanged
from tests.factories.items import in_days, raised, submitted
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.visits import picture
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
MOST_OF_EACH = 15  # filters; one more of two kinds would be too many


@pytest.fixture
def host():
    return HostFactory()


@pytest.fixture
def unit(host: Organization) -> Organization:
    return UnitFactory(parent=host, name="丙乡党委")


@pytest.fixture
def clerks(host: Organization) -> list[User]:
    """Two of the staff."""
    return [somebody(Role.STAFF, host) for _ in range(2)]


def numbers(item: Item) -> list[int]:
    return list(item.steps.values_list("number", flat=True))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_of_six_deeds_of_two_people_is_taken_and_the_others_are_told(_round, unit, clerks):
    item = submitted(unit)
    seen = item.version
    results = at_once(
        *(lambda by=by: strike_off(item, by=by, seen=seen) for by in clerks),
        *(lambda by=by: return_to_unit(item, "照片不清", by=by, seen=seen) for by in clerks),
        *(lambda by=by: extend(item, in_days(60), "道路施工", by=by, seen=seen) for by in clerks),
    )
    taken = [result for result in results if isinstance(result, Step)]
    told = [result for result in results if isinstance(result, ItemChanged)]
    assert (len(taken), len(told)) == (1, 5)
    assert {taken[0].get_kind_display() in str(message) for message in told} == {True}
    assert numbers(item) == list(range(1, seen + 2))
    after = Item.objects.get(pk=item.pk)
    assert (after.version, after.state) == (seen + 1, taken[0].state)
    assert item.steps.last() == taken[0]


def test_whoever_decides_again_goes_on_from_what_the_other_did(unit, clerks):
    item = submitted(unit)
    first, second = clerks
    deeds = [
        lambda: extend(item, in_days(60), "道路施工", by=first, seen=item.version),
        lambda: extend(item, in_days(70), "汛期", by=second, seen=item.version),
    ]
    results = at_once(*deeds)
    late = next(place for place, result in enumerate(results) if isinstance(result, ItemChanged))
    item.refresh_from_db()
    strike_off(item, by=clerks[late], seen=item.version)
    assert [step.kind for step in item.steps.all()][-2:] == ["extend", "strike_off"]


def test_one_person_who_clicks_eight_times_takes_one_step_and_keeps_one_file(
    settings, tmp_path, unit, clerks
):
    settings.MEDIA_ROOT = tmp_path
    item = submitted(unit)
    kept, seen = Evidence.objects.count(), item.version
    results = at_once(*[lambda: strike_off(item, by=clerks[0], seen=seen, text="属实")] * 8)
    assert {result.pk for result in results} == {item.steps.last().pk}
    assert numbers(item) == list(range(1, seen + 2))
    assert len(list(folder_of("items").iterdir())) == Evidence.objects.count() == kept


def test_notes_of_several_people_that_are_repeated_until_taken_all_come_once(unit, clerks):
    item = submitted(unit)

    def note(by: User, text: str) -> None:
        while True:
            try:
                add_note(item, text, by=by, seen=Item.objects.get(pk=item.pk).version)
            except ItemChanged:
                continue
            return

    before = item.version
    at_once(*(lambda n=n: note(clerks[n % 2], f"第{n}次") for n in range(6)))
    assert sorted(item.steps.filter(kind="note").values_list("text", flat=True)) == [
        f"第{n}次" for n in range(6)
    ]
    assert numbers(item) == list(range(1, before + 7))


def clients(people: list[User]) -> list[Client]:
    signed_in = [Client(headers={"accept-language": "en"}) for _ in people]
    for client, user in zip(signed_in, people, strict=True):
        client.force_login(user)
    return signed_in


def test_pages_of_two_people_tell_the_second_who_was_first(unit, clerks):
    item = submitted(unit)
    first, second = clients(clerks)
    strike = {"seen": item.version}
    back = {"seen": item.version, "text": "照片看不清日期"}
    answers = at_once(
        lambda: first.post(f"/items/{item.serial}/strike-off/", strike),
        lambda: second.post(f"/items/{item.serial}/return/", back),
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    winner = clerks[0] if answers[0].status_code == 302 else clerks[1]
    assert f"{winner} was faster" in told.content.decode()
    assert numbers(item) == list(range(1, item.version + 2))


def test_a_report_posted_eight_times_in_parallel_is_raised_once(unit):
    secretary = somebody(Role.SECRETARY, unit)
    report = {
        "category": "规范化程度不高",
        "found_on": timezone.localdate().isoformat(),
        "text": "台账未更新",
        "client_uuid": "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11",
    }

    def post(client: Client) -> str:
        files = {"evidence": SimpleUploadedFile("台账.jpg", picture())}
        return client.post("/items/new/", report | files).headers["Location"]

    answers = at_once(*(lambda client=client: post(client) for client in clients([secretary] * 8)))
    item = Item.objects.get()
    assert set(answers) == {item.get_absolute_url()}
    assert len(list(folder_of("items").iterdir())) == Evidence.objects.count() == 1


def test_one_person_who_saves_filters_and_raises_in_two_windows_is_never_stuck(host, unit, clerks):
    """Either names the other's row: a filter its host, a step its person."""
    clerk, times = clerks[0], range(60)

    def save(name: str) -> None:
        for number in times:
            save_filter(clerk, host, f"{name}{number % MOST_OF_EACH}", f"q={number}")

    def raise_some() -> None:
        for _number in times:
            raised(unit, by=clerk)

    assert at_once(lambda: save("逾期"), lambda: save("退回"), raise_some) == [None] * 3
    assert (SavedFilter.objects.count(), Item.objects.count()) == (2 * MOST_OF_EACH, len(times))
