"""Two people at one row of the entry grid, both typing at the same time."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from organizations.models import Role
from reviews.models import Indicator, ReviewCycle, Score
from tests.browser.conftest import OpenPage
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory, somebody
from tests.factories.reviews import RubricFactory, opened_cycle

pytestmark = pytest.mark.django_db(transaction=True)

GRID = "/cycles/2018Q3/entry/"
EDITS = 200
COLUMNS = 5
TYPIST = (Path(__file__).parent / "typist.js").read_text(encoding="utf-8")

# By outcome: who was told so, of which column, and what.
Told = dict[str, list[tuple[int, int, dict[str, Any]]]]


@pytest.fixture
def cycle(transactional_db: None) -> ReviewCycle:
    """One unit, whose cells take any whole or half number up to the number of edits."""
    group = GroupFactory(host=HostFactory(group=None))
    marks = {f"指标{column}": EDITS for column in range(COLUMNS)}
    RubricFactory(group=group, full_total=COLUMNS * EDITS, marks=marks, in_force=True)
    UnitFactory(parent=group.host, group=group)
    return opened_cycle(group.host)


def test_nothing_is_lost_unseen_between_two_who_edit_a_row_at_once(
    open_page: OpenPage, cycle: ReviewCycle
) -> None:
    """Two hundred edits each. Whatever somebody replaces of the other's was on their screen before."""
    pages = [open_page(somebody(Role.STAFF, cycle.host)) for _person in range(2)]
    told, work = both_type(pages)
    seen = [(person, each["column"], value_of(each)) for person in (0, 1) for each in work[person]["shown"]]
    conflicts = [(person, column, each["text"]) for person, column, each in told["conflict"]]
    assert {person for person, _column, _text in seen} == {0, 1}
    assert sorted(seen) == sorted(conflicts)  # each was shown, and once
    for shown in work[0]["shown"] + work[1]["shown"]:
        assert f"保存了 {value_of(shown)}，您录入的是 {shown['mine']}。" in shown["line"]
    assert neither_saved_nor_given_up(told, work) == []
    final = [last_of(column, told, seen) for column in range(COLUMNS)]
    scores = Score.objects.order_by("indicator__position")
    assert [(score.version, str(score.points)) for score in scores] == final
    for page in pages:
        assert page.evaluate("localStorage.length") == 0
        page.reload()
        fields = page.locator("#entry-grid td input")
        assert fields.evaluate_all("all => all.map(each => each.value)") == [text for _version, text in final]


def value_of(shown: dict[str, str]) -> str:
    """The colleague's value as the cell named it."""
    return shown["theirs"].removeprefix("对方：")


def neither_saved_nor_given_up(told: Told, work: list[Any]) -> list[tuple[int, int, str]]:
    """What was typed but never saved, although its author took nothing else for it."""
    saved = {(person, column, each["text"]) for person, column, each in told["saved"]}
    typed = [(person, each["column"], each["text"]) for person in (0, 1) for each in work[person]["typed"]]
    given_up = {
        (person, each["column"], each["mine"])
        for person in (0, 1)
        for each in work[person]["shown"]
        if not each["isMine"]
    }
    assert len(typed) == 2 * EDITS
    return [value for value in typed if value not in saved and value not in given_up]


def last_of(column: int, told: Told, seen: list[tuple[int, int, str]]) -> tuple[int, str]:
    """Version and value a cell came to: its author, or somebody who saw it, replaced each before it."""
    chain = {each["version"]: (person, each["text"]) for person, at, each in told["saved"] if at == column}
    assert sorted(chain) == list(range(1, len(chain) + 1))
    for version in range(2, len(chain) + 1):
        (author, text), (person, _text) = chain[version - 1], chain[version]
        assert author == person or (person, column, text) in seen
    return len(chain), chain[len(chain)][1]


def both_type(pages: list[Page]) -> tuple[Told, list[Any]]:
    """Let both type at the same time: what the server told them, and what each typed and saw."""
    answers: list[tuple[int, Any]] = []
    for person, page in enumerate(pages):
        page.goto(GRID)
        page.on("response", lambda answer, person=person: answers.append((person, answer)))
    for person, page in enumerate(pages):
        page.evaluate(f"work => {{ window.work = ({TYPIST})(work); }}", {"person": person, "edits": EDITS})
    work = [page.evaluate("window.work") for page in pages]
    columns = {indicator.pk: indicator.position - 1 for indicator in Indicator.objects.all()}
    told: Told = defaultdict(list)
    for person, answer in answers:
        if answer.request.method == "POST":
            for each in answer.json()["results"]:
                told[each["outcome"]].append((person, columns[each["indicator"]], each))
    return told, work
