"""What a reader's browser may keep of published pages: asked about each time, and never another reader's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from organizations import revalidating
from organizations.models import Membership, Role, User
from reviews.models import Disclosure, DocumentTemplate, ReviewCycle
from reviews.publishing import step_back
from reviews.year_publishing import publish_year
from tests.factories.organizations import somebody
from tests.factories.reviews import corrected_once, cycle_with_totals, published

CYCLE = "/cycles/2018Q3/"
STANDINGS = CYCLE + "standings/"
CIRCULAR = CYCLE + "report/circular"
TOTALS = {"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 70}
PAGES = [
    STANDINGS,
    STANDINGS + "?publication=1",
    CYCLE + "standings.xlsx",
    CYCLE + "standings.csv",
    CIRCULAR + "/",
    CIRCULAR + "/print/",
    CIRCULAR + ".docx",
    CIRCULAR + ".pdf",
    CYCLE + "report/speech/",
    CYCLE + "correction/",
    CYCLE + "correction.docx",
    "/years/2018/report/",
    "/years/2018/report.docx",
]


@pytest.fixture
def cycle(db: None) -> ReviewCycle:
    first = cycle_with_totals(TOTALS, quarter="2018Q1")
    published(first)
    cycle = cycle_with_totals(TOTALS, host=first.host, quarter="2018Q3")
    corrected_once(published(cycle), 甲镇党委=60)
    return ReviewCycle.objects.get(pk=cycle.pk)


@pytest.fixture
def leader(cycle: ReviewCycle) -> User:
    return somebody(Role.LEADER, cycle.host)


class Browser(Client):
    """Keeps the tags of what it was given, as browsers do, and sends them when it asks again."""

    def __init__(self, user: User) -> None:
        super().__init__(headers={"accept-language": "en"})
        self.tags: dict[str, str] = {}
        self.log_in(user)

    def log_in(self, user: User) -> None:
        self.force_login(user)
        self.get("/password/")  # brings the cookie of forms, as the login page does

    def open(self, address: str) -> Any:
        tag = self.tags.get(address)
        answer = self.get(address, headers={"if-none-match": tag} if tag else {})
        if "ETag" in answer.headers:
            self.tags[address] = answer.headers["ETag"]
        return answer


@pytest.mark.parametrize("address", PAGES)
def test_what_did_not_change_is_not_sent_twice(address: str, cycle: ReviewCycle, leader: User) -> None:
    publish_year(cycle.host, 2018, by=cycle.latest_publication().published_by, confirm=True)
    browser = Browser(leader)
    first, again = browser.open(address), browser.open(address)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    # The page that is kept has its own policy, whose nonce its styles carry.
    assert "Content-Security-Policy" not in again.headers


def test_nothing_is_ranked_or_set_for_what_is_kept(
    cycle: ReviewCycle, leader: User, django_assert_num_queries: Any
) -> None:
    browser = Browser(leader)
    for address in (STANDINGS, CIRCULAR + "/print/", CIRCULAR + ".pdf"):
        browser.open(address)
        with django_assert_num_queries(5):  # session, user, memberships, cycle and publication
            assert browser.open(address).status_code == 304


@pytest.mark.parametrize("address", [STANDINGS, CYCLE + "standings.xlsx", CIRCULAR + "/", CIRCULAR + ".docx"])
def test_a_correction_is_sent(address: str, cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    numbered = address + "?publication=2"
    browser.open(address), browser.open(numbered)
    corrected_once(cycle.latest_publication(), 乙镇党委=85)
    assert browser.open(address).status_code == 200
    assert browser.open(numbered).status_code == 200  # it says now that it was corrected
    assert browser.open(address).status_code == 304


def test_staff_see_at_once_that_a_correction_is_being_prepared(cycle: ReviewCycle) -> None:
    browser = Browser(somebody(Role.STAFF, cycle.host))
    browser.open(STANDINGS)
    step_back(cycle, by=cycle.latest_publication().published_by, reason="漏登")
    answer = browser.open(STANDINGS)
    assert (answer.status_code, b"A correction is being prepared" in answer.content) == (200, True)


def test_a_document_is_sent_anew_once_its_template_is_another(cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    browser.open(CIRCULAR + ".docx"), browser.open(CIRCULAR + ".pdf")
    DocumentTemplate.objects.create(
        host=cycle.host, kind="circular", stored_name="gone", size=1, sha256="0" * 64, uploaded_by=leader
    )
    assert browser.open(CIRCULAR + ".docx").status_code == 200
    assert browser.open(CIRCULAR + ".pdf").status_code == 304


def test_drafts_are_kept_nowhere(cycle: ReviewCycle) -> None:
    by = cycle.latest_publication().published_by
    step_back(cycle, by=by, reason="漏登")
    browser = Browser(by)
    for address in (STANDINGS + "?draft=1", CIRCULAR + "/print/?draft=1", CIRCULAR + ".docx?draft=1"):
        answer = browser.open(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert "ETag" not in answer.headers


# --- Whose it is ---------------------------------------------------------------------------------


def test_whoever_may_read_it_no_longer_gets_what_an_absent_page_gives(
    cycle: ReviewCycle, leader: User
) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    Membership.objects.filter(user=leader).delete()
    assert browser.open(STANDINGS).status_code == 404


def test_another_role_gets_another_page(cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    unit = cycle.host.units.get(name="甲镇党委")
    Membership.objects.filter(user=leader).update(role=Role.SECRETARY, organization=unit)
    answer = browser.open(STANDINGS)
    assert answer.status_code == 200
    assert "丙镇党委" not in [row.organization_name for row in answer.context["table"].data.data]


def test_a_cycle_that_shows_units_less_shows_it_at_once(cycle: ReviewCycle) -> None:
    ReviewCycle.objects.update(disclosure=Disclosure.TABLE)
    browser = Browser(somebody(Role.SECRETARY, cycle.host.units.get(name="甲镇党委")))
    for address in (STANDINGS, CIRCULAR + "/"):
        assert browser.open(address).status_code == 200
    ReviewCycle.objects.update(disclosure=Disclosure.LISTS)
    assert browser.open(STANDINGS).status_code == 200
    assert browser.open(CIRCULAR + "/").status_code == 403


def test_after_the_log_out_it_is_gone(cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    left = browser.post("/logout/")
    assert left.headers["Clear-Site-Data"] == '"cache"'  # a phone's records lie in "storage"
    answer = browser.open(STANDINGS)
    assert (answer.status_code, answer.url) == (302, f"/login/?next={STANDINGS}")


def test_the_next_person_at_the_same_browser_never_gets_it(cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    mine = browser.open(STANDINGS).headers["ETag"]
    browser.logout()
    browser.log_in(somebody(Role.LEADER, cycle.host))
    assert browser.open(STANDINGS).status_code == 200
    browser.logout()
    browser.log_in(leader)
    assert browser.open(STANDINGS).headers["ETag"] != mine  # nor do I get that of an earlier session


# --- What else the page tells --------------------------------------------------------------------


@pytest.mark.parametrize("cookie", [{"django_language": "zh-hans"}, {"text_size": "larger"}])
def test_another_language_or_size_is_another_page(
    cookie: dict[str, str], cycle: ReviewCycle, leader: User
) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    browser.cookies.load(cookie)
    assert browser.open(STANDINGS).status_code == 200


def test_a_page_with_a_message_is_shown_once(
    cycle: ReviewCycle, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    browser.post("/host/", {"host": cycle.host_id})  # leads on with a message
    answer = browser.open(STANDINGS)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert b"You now work in" in answer.content
    assert browser.open(STANDINGS).status_code == 304


def test_a_page_whose_forms_would_be_refused_is_sent_anew(cycle: ReviewCycle, leader: User) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    del browser.cookies["csrftoken"]
    assert browser.open(STANDINGS).status_code == 200


def test_an_upgrade_sends_everything_anew(
    cycle: ReviewCycle, leader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(leader)
    browser.open(STANDINGS)
    monkeypatch.setattr(revalidating, "code_version", lambda: "another")
    assert browser.open(STANDINGS).status_code == 200
