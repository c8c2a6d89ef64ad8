"""The page where other settings are tried before publication, and what says so elsewhere."""

import pytest

from organizations.models import Role
from reviews.models import ReviewCycle
from tests.factories.organizations import somebody
from tests.factories.reviews import published, ready_host, scored_at_once
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/compare/"
TRIED = {"baseline": "", "rank_method": "dense", "list_size": 1, "measure": "places"}


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def seen(client) -> str:
    return client.get(PAGE).context["seen"]


@pytest.mark.parametrize("person", ["leader", "inspector"])
def test_it_is_the_staffs_alone(person, request, running, signed_in):
    assert signed_in(request.getfixturevalue(person)).get(PAGE).status_code == 403


@pytest.mark.parametrize("person", ["secretary", "stranger"])
def test_others_learn_not_even_that_there_is_such_a_cycle(person, request, running, signed_in):
    assert signed_in(request.getfixturevalue(person)).get(PAGE).status_code == 404


def test_it_starts_from_the_settings_in_use(running, client):
    answer = client.get(PAGE)
    shown = text_of(answer)
    assert "In use now:" in shown
    assert "How firm the lists are" in shown
    assert "Use these settings" not in shown


def test_a_trial_shows_who_enters_and_leaves_without_saving_it(running, client):
    answer = client.get(PAGE, TRIED)
    shown = text_of(answer)
    assert "Use these settings" in shown
    assert answer.context["trial"].changes > 0
    running.refresh_from_db()
    assert running.list_size == 3


def test_only_published_quarters_can_be_the_baseline(running, host, client):
    ReviewCycle.objects.create(host=host, year=2018, number=2)
    quarters = [str(each) for each in client.get(PAGE).context["form"].fields["baseline"].queryset]
    assert quarters == ["2018年第一季度"]


def test_a_choice_is_saved_and_stands_in_the_log(running, client):
    answer = client.post(PAGE, TRIED | {"seen": seen(client)}, follow=True)
    assert "The settings are saved." in text_of(answer)
    running.refresh_from_db()
    assert running.list_size == 1
    shown = text_of(client.get("/cycles/2018Q3/"))
    assert "Settings changed" in shown
    assert "List size 3 → 1" in shown


def test_a_choice_made_against_older_settings_says_so_and_saves_nothing(running, client):
    older = seen(client)
    running.list_size = 2
    running.save()
    answer = client.post(PAGE, TRIED | {"seen": older}, follow=True)
    assert "The settings were changed meanwhile" in text_of(answer)
    running.refresh_from_db()
    assert running.list_size == 2


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"list_size": 0},
        {"list_size": "many"},
        {"rank_method": "fair"},
        {"measure": ""},
        {"baseline": 999_999},
    ],
)
def test_what_makes_no_sense_is_said_in_place(method, wrong, running, client):
    answer = getattr(client, method)(PAGE, TRIED | wrong)
    assert answer.status_code == 422
    assert "trial" not in answer.context
    running.refresh_from_db()
    assert running.list_size == 3


def test_a_draft_has_no_places_to_try_on(host, client):
    ReviewCycle.objects.create(host=host, year=2018, number=3)
    assert "There are no places yet" in text_of(client.get(PAGE))
    answer = client.post(PAGE, TRIED)
    assert answer.status_code == 200
    assert ReviewCycle.objects.get().list_size == 3


def test_a_published_quarter_shows_a_trial_but_takes_no_choice(done, client):
    shown = text_of(client.get(PAGE, TRIED))
    assert "Use these settings" not in shown
    assert "Only a correction can be published with others." in shown
    refused = client.post(PAGE, TRIED | {"seen": seen(client)}, follow=True)
    assert "its settings are not chosen now" in text_of(refused)
    done.refresh_from_db()
    assert done.list_size == 3


@pytest.mark.parametrize("page", ["/cycles/2018Q3/", "/cycles/2018Q3/publish/", "/cycles/2018Q3/standings/"])
def test_the_cycle_its_places_and_the_publishing_page_lead_there(page, running, client):
    assert f'href="{PAGE}"' in text_of(client.get(page))


def test_the_publishing_page_says_in_brief_how_firm_the_lists_are(running, client):
    shown = text_of(client.get("/cycles/2018Q3/publish/"))
    assert "What the first one outside each list lacks: First places: 1 points" in shown


@pytest.mark.parametrize("units", [1, 3, 50])
def test_it_costs_the_same_for_any_number_of_units(
    units, db, signed_in, somebody_of, django_assert_num_queries
):
    names = [f"镇{number}" for number in range(units)]
    host = ready_host(*names)
    published(scored_at_once(host, "2018Q1", dict.fromkeys(names, 80)))
    scored_at_once(host, "2018Q3", {name: 90 - number / 100 for number, name in enumerate(names)})
    client = signed_in(somebody_of(host))
    with django_assert_num_queries(10):
        client.get(PAGE, TRIED)


@pytest.fixture
def somebody_of():
    return lambda host: somebody(Role.STAFF, host)
