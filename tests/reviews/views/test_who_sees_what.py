"""Each page for each kind of person: what one may not see is not found, what one may not do is refused."""

import pytest

from organizations.models import User
from tests.reviews.views.answers import said_by

PUBLISHED = "/cycles/2018Q3/"
OWN = "own"  # stands for the secretary's unit
OTHER = "other"

# Person → status, for a published cycle that discloses its lists.
PAGES = {
    "/": {"staff": 200, "leader": 200, "inspector": 200, "secretary": 200},
    "/start/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
    "/settings/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
    "/cycles/": {"staff": 200, "leader": 200, "inspector": 200, "secretary": 200},
    "/cycles/new/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
    PUBLISHED: {"staff": 200, "leader": 200, "inspector": 200, "secretary": 200, "stranger": 404},
    PUBLISHED + "edit/": {"staff": 200, "leader": 403, "secretary": 403, "stranger": 404},
    PUBLISHED + "publish/": {"staff": 200, "leader": 403, "secretary": 403, "stranger": 404},
    PUBLISHED + "import/": {"staff": 200, "leader": 403, "secretary": 403, "stranger": 404},
    PUBLISHED + "standings/": {
        "staff": 200,
        "leader": 200,
        "inspector": 200,
        "secretary": 200,
        "stranger": 404,
    },
    PUBLISHED + "standings/?draft=1": {"staff": 200, "leader": 404, "inspector": 404, "secretary": 404},
    PUBLISHED + "standings.xlsx": {"staff": 200, "leader": 200, "secretary": 200, "stranger": 404},
    PUBLISHED + "units/own/": {"staff": 200, "leader": 200, "secretary": 200, "stranger": 404},
    PUBLISHED + "units/other/": {"staff": 200, "leader": 200, "secretary": 404, "stranger": 404},
    PUBLISHED + "report/circular/": {"staff": 200, "leader": 200, "secretary": 403, "stranger": 404},
    PUBLISHED + "report/circular.docx": {"leader": 200, "secretary": 403, "stranger": 404},
    PUBLISHED + "report/circular/fields/host/": {
        "staff": 200,
        "leader": 200,
        "inspector": 200,
        "secretary": 403,
        "stranger": 404,
    },
    PUBLISHED + "report/speech/": {"staff": 200, "leader": 200, "secretary": 403, "stranger": 404},
    PUBLISHED + "report/circular.odt": {"leader": 404},
    "/rubrics/": {"staff": 200, "leader": 200, "inspector": 200, "secretary": 200},
    "/rubrics/import/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
}


def path_for(path: str, unit, host) -> str:
    other = host.units.get(name="丁镇党委")
    return path.replace("own", str(unit.pk)).replace("other", str(other.pk))


@pytest.mark.parametrize("path", PAGES)
def test_a_published_cycle(path, request, done, unit, host, signed_in):
    for person, status in PAGES[path].items():
        user: User = request.getfixturevalue(person)
        answer = signed_in(user).get(path_for(path, unit, host))
        assert answer.status_code == status, f"{person} gets {answer.status_code}"


UNPUBLISHED = (
    "standings/",
    "standings.xlsx",
    "standings.csv",
    "units/own/",
    "units/other/",
    "report/circular/",
    "report/circular.pdf",
)


@pytest.mark.parametrize("path", UNPUBLISHED)
@pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger"])
def test_an_unpublished_quarter_answers_like_one_that_does_not_exist(
    path, person, request, running, unit, host, signed_in
):
    client = signed_in(request.getfixturevalue(person))
    there = client.get(path_for(PUBLISHED + path, unit, host))
    nowhere = client.get(path_for("/cycles/2017Q2/" + path, unit, host))
    assert there.status_code == 404
    assert said_by(there) == said_by(nowhere)


def test_a_unit_does_not_learn_that_a_cycle_runs(secretary, running, signed_in):
    client = signed_in(secretary)
    assert client.get(PUBLISHED).status_code == 404
    assert "第三季度" not in client.get("/cycles/").content.decode()
    assert "第三季度" not in client.get("/").content.decode()


def test_a_leader_knows_that_a_cycle_runs_but_no_figures_of_it(leader, running, signed_in):
    client = signed_in(leader)
    page = client.get(PUBLISHED).content.decode()
    assert client.get(PUBLISHED).status_code == 200
    assert "How far scoring is" not in page
    assert "Finished" not in client.get("/cycles/").content.decode()


DEEDS = (
    "open/",
    "roster/",
    "reply/",
    "verify/",
    "back/",
    "units/own/leave-out/",
    "units/own/put-back/",
    "import/1/commit/",
    "import/1/undo/",
)


@pytest.mark.parametrize("path", DEEDS)
def test_deeds_are_never_done_by_following_a_link(path, staff, running, unit, host, signed_in):
    assert signed_in(staff).get(path_for(PUBLISHED + path, unit, host)).status_code == 405


@pytest.mark.parametrize("path", DEEDS)
@pytest.mark.parametrize("person", ["leader", "secretary"])
def test_only_the_hosts_staff_run_a_cycle(path, person, request, done, unit, host, signed_in):
    client = signed_in(request.getfixturevalue(person))
    answer = client.post(path_for(PUBLISHED + path, unit, host), {"reason": "不该成功"})
    assert answer.status_code in (403, 404)
    done.refresh_from_db()
    assert done.state == "published"


@pytest.mark.parametrize(
    "path",
    [
        "/cycles/0000Q1/",
        "/cycles/2018Q5/",
        "/cycles/2018Q3/units/99999999999999999999999999/",
        "/cycles/2018Q3/import/99999999999999999999999999/",
        "/rubrics/99999999999999999999999999/",
        "/cycles/2018Q3/standings/?publication=99999999999999999999999999&draft",
    ],
)
def test_an_address_that_somebody_guesses_is_not_found(path, leader, done, signed_in):
    assert signed_in(leader).get(path).status_code in (403, 404)


def test_every_page_stays_out_of_caches(staff, done, signed_in):
    for path in ("/", PUBLISHED, PUBLISHED + "standings/", PUBLISHED + "standings.xlsx"):
        assert signed_in(staff).get(path).headers["Cache-Control"] == "private, no-store"
