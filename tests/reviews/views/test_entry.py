"""The entry grid's page and the address it saves to: who gets what, and what bad requests come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from organizations.models import Role
from reviews.entering import TypedCell
from reviews.models import ReviewCycle, Score
from reviews.publishing import leave_out, verify_cycle
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    RubricFactory,
    add_group,
    cycle_with_totals,
    deduct,
    indicator_of,
    opened_cycle,
    ready_host,
    review_of,
)
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/entry/"
SAVE = "/cycles/2018Q3/entry/save/"


def cell(
    cycle, text: str, version: int = 0, unit: str = "丙镇党委", indicator: str = "三会一课"
) -> dict[str, Any]:
    review, of = review_of(cycle, unit), indicator_of(cycle, unit, indicator)
    return {"review": review.pk, "indicator": of.pk, "text": text, "version": version}


def post(client, user, *cells, path: str = SAVE):
    body = json.dumps({"user": user.pk, "cells": cells})
    return client.post(path, body, content_type="application/json")


# --- The page ------------------------------------------------------------------------------------


def test_every_unit_and_indicator_of_the_group_has_a_cell(running, staff, signed_in):
    answer = signed_in(staff).get(PAGE)
    grid = answer.context["grid"]
    assert [row.name for row in grid.rows][:3] == ["甲镇党委", "乙镇党委", "丙镇党委"]
    assert [(column.name, column.full_marks, column.step) for column in grid.columns] == [
        ("三会一课", "60", "0.5"),
        ("主题党日", "40", "0.5"),
    ]
    assert (grid.rows[0].cells, grid.rows[0].versions) == ("<td>60</td><td>36</td>", "1 1")
    assert text_of(answer).count("<td>") == 12


def test_a_tab_for_each_group(host, staff, signed_in):
    add_group(host, "系统单位", "区林业局直属机关党委")
    opened_cycle(host)
    client = signed_in(staff)
    assert [tab.name for tab in client.get(PAGE).context["tabs"]] == ["乡镇（街道）", "系统单位"]
    assert client.get(PAGE + "?group=2").context["tab"].name == "系统单位"
    unit = host.units.get(name="区林业局直属机关党委")
    assert client.get(f"{PAGE}?unit={unit.pk}").context["tab"].name == "系统单位"
    for nonsense in ("0", "99", "x", "-1", "9" * 30):
        assert client.get(f"{PAGE}?group={nonsense}").context["tab"].name == "乡镇（街道）"


def test_where_deductions_make_the_points_the_cell_leads_to_them(running, unit, staff, signed_in):
    deduct(running, "丙镇党委", "三会一课", 2)
    key = indicator_of(running, "丙镇党委", "三会一课").pk
    shown = text_of(signed_in(staff).get(PAGE))
    assert f'<a href="/cycles/2018Q3/units/{unit.pk}/deductions/{key}/"' in shown


def test_a_unit_left_out_says_why(running, staff, signed_in):
    leave_out(review_of(running, "丙镇党委"), state="exempt", reason="换届")
    assert "换届" in text_of(signed_in(staff).get(PAGE))


@pytest.mark.parametrize("units", [1, 5, 50])
def test_the_page_costs_the_same_at_any_length(units, signed_in, django_assert_num_queries, db):
    host = ready_host(*(f"第{number}镇党委" for number in range(units)))
    opened_cycle(host)
    client = signed_in(somebody(Role.STAFF, host))
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_a_draft_without_units_says_what_to_do(host, staff, signed_in):
    ReviewCycle.objects.create(host=host, year=2018, number=3)
    assert "No units take part yet" in text_of(signed_in(staff).get(PAGE))


def test_once_entry_is_closed_the_page_says_so(running, staff, signed_in):
    verify_cycle(running, by=staff)
    answer = signed_in(staff).get(PAGE)
    assert answer.status_code == 200
    assert "it takes no scores now" in text_of(answer)


def test_the_cycle_and_the_first_page_lead_to_the_grid(host, unit, staff, signed_in):
    opened_cycle(host)
    client = signed_in(staff)
    for page in ("/", "/cycles/2018Q3/"):
        assert f'href="{PAGE}"' in text_of(client.get(page))
    assert f'href="{PAGE}?unit={unit.pk}"' in text_of(client.get("/cycles/2018Q3/"))


def test_units_scored_by_two_versions_of_a_rubric_have_a_tab_each(running, host, staff, signed_in):
    review = review_of(running, "丙镇党委")
    review.rubric = RubricFactory(group=review.group, version=2)
    review.save()
    tabs = signed_in(staff).get(PAGE).context["tabs"]
    assert [tab.name for tab in tabs] == ["乡镇（街道）, rubric version 1", "乡镇（街道）, rubric version 2"]


@pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger", "nobody"])
def test_nobody_else_sees_or_saves(person, request, running, signed_in):
    user = request.getfixturevalue(person)
    client = signed_in(user)
    assert client.get(PAGE).status_code in (403, 404)
    assert client.get(SAVE).status_code in (403, 404)
    assert post(client, user, cell(running, "1", 1)).status_code in (403, 404)
    assert Score.objects.get(review=review_of(running, "丙镇党委"), indicator__name="三会一课").points == 60


# --- Saving --------------------------------------------------------------------------------------


def test_each_cell_is_answered_for(host, staff, signed_in):
    cycle = opened_cycle(host)
    answer = post(signed_in(staff), staff, cell(cycle, "５５"), cell(cycle, "41", indicator="主题党日"))
    assert answer.status_code == 200
    saved, refused = answer.json()["results"]
    assert (saved["outcome"], saved["text"], saved["version"]) == ("saved", "55", 1)
    assert refused["outcome"] == "refused"
    assert "0 – 40, in steps of 0.5" in refused["message"]


def test_a_conflict_names_the_other(running, host, staff, signed_in):
    other = somebody(Role.STAFF, host)
    client = signed_in(other)
    post(client, other, cell(running, "50", 1))
    (result,) = post(signed_in(staff), staff, cell(running, "51", 1)).json()["results"]
    assert (result["outcome"], result["text"], result["version"], result["by"]) == (
        "conflict",
        "50",
        2,
        other.username,
    )
    assert result["at"].startswith("20")


def test_a_closed_cycle_answers_409(running, staff, signed_in):
    verify_cycle(running, by=staff)
    answer = post(signed_in(staff), staff, cell(running, "50", 1))
    assert answer.status_code == 409
    assert "it takes no scores now" in answer.json()["message"]


def test_cells_that_another_account_typed_are_not_signed_with_this_one(running, host, staff, signed_in):
    other = somebody(Role.STAFF, host)
    assert post(signed_in(other), staff, cell(running, "50", 1)).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"user": 1}',
        b'{"user": 1, "cells": {}}',
        b'{"user": true, "cells": []}',
        b'{"user": 1, "cells": [1]}',
        b'{"user": 1, "cells": [{"review": 1, "indicator": 1, "text": 5, "version": 0}]}',
        b'{"user": 1, "cells": [{"review": 1.0, "indicator": 1, "text": "5", "version": 0}]}',
        b'{"user": 1, "cells": [{"review": 1, "indicator": 1, "text": "5", "version": -1}]}',
        b'{"user": 1, "cells": [{"review": 1e400, "indicator": NaN, "text": "5", "version": 0}]}',
        b'{"user": 1, "cells": [{"review": 99999999999999999999, "indicator": 1, "text": "", "version": 0}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_list_of_cells_answers_422(body, running, staff, signed_in):
    answer = signed_in(staff).post(SAVE, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_form_is_no_list_of_cells_either(running, staff, signed_in):
    assert signed_in(staff).post(SAVE, {"cells": "1"}).status_code == 422


@pytest.mark.parametrize("text", ["\x00", "\ud800", "9" * 5000, "１" * 300, "<script>", "%s%(x)s", "9" * 150])
def test_no_text_breaks_the_server(text, running, staff, signed_in):
    answer = post(signed_in(staff), staff, cell(running, text, 1))
    assert answer.status_code == 200
    assert answer.json()["results"][0]["outcome"] in ("refused", "saved")


def test_an_absurd_size_is_turned_away(running, staff, signed_in):
    client = signed_in(staff)
    assert post(client, staff, *[cell(running, "5", 1)] * 5001).status_code == 413
    body = b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert client.post(SAVE, body, content_type="application/json").status_code == 413


def test_unknown_cells_are_refused_one_by_one(running, staff, signed_in):
    unknown = {"review": 2**62, "indicator": 2**62, "text": "5", "version": 0}
    known, lost = post(signed_in(staff), staff, cell(running, "50", 1), unknown).json()["results"]
    assert (known["outcome"], lost["outcome"]) == ("saved", "refused")


def test_a_fresh_token_is_to_be_had(running, staff, signed_in):
    assert signed_in(staff).get(SAVE).json()["token"]


def test_a_thousand_cells_are_one_request_of_few_queries(db, signed_in, django_assert_max_num_queries):
    marks = {f"指标{number}": 5 for number in range(20)}
    cycle = cycle_with_totals({}, host=ready_host(*(f"第{n}镇党委" for n in range(50)), marks=marks))
    staff = somebody(Role.STAFF, cycle.host)
    keys = [(r.pk, i.pk) for r in cycle.reviews.select_related("rubric") for i in r.rubric.indicators.all()]
    cells = [vars(TypedCell(*key, "4.5", 0)) for key in keys]
    client = signed_in(staff)
    with django_assert_max_num_queries(10):  # the savepoint's two, which stand for BEGIN and COMMIT, included
        results = post(client, staff, *cells).json()["results"]
    assert [result["outcome"] for result in results] == ["saved"] * 1000
