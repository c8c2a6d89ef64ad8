"""The audit trail on the screen: who reads what of it, found how, at which cost."""

import csv
import io
import re

import pytest

from audit.deeds import acting_as, because
from audit.models import Entry, Operation
from organizations.models import AUDIT_ROLES, Membership, Role
from rectification.models import ProblemCategory
from reviews.models import Score
from tests.factories.organizations import HostFactory, UnitFactory, UserFactory, somebody
from tests.factories.reviews import give_total, published, score
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(cycle, administrator):
    """A score that somebody changed for a reason; the review it belongs to."""
    changed = Score.objects.filter(review__cycle=cycle, review__organization__name="甲镇党委").first()
    by = UserFactory(full_name="张甲", username="zhangjia")
    with acting_as(by, source="web", request_id="r1"), because("核对原始记录"):
        score(cycle, "甲镇党委", {changed.indicator.name: "7.5"})
    return changed.review


def page(client, query="", status=200):
    answer = client.get(f"/audit/{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def shown(html):
    """The rows of the table, without their tags."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if row.strip()]


def test_a_change_reads_as_who_did_what_to_what_and_why(signed_in, administrator, changed):
    (row,) = shown(page(signed_in(administrator), "?who=zhangjia&kind=reviews_score"))
    indicator = changed.scores.order_by("pk").first().indicator.name
    assert "张甲 (zhangjia) web" in row
    assert f"changed score {indicator} · 甲镇党委 · 2018年第三季度" in row
    assert "points 60 → 7.5" in row
    assert "核对原始记录" in row


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("?who=zhangjia", True),
        ("?who=李", False),
        ("?operation=update&kind=reviews_score&who=张甲", True),
        ("?operation=delete", False),
        ("?request=r1", True),
        ("?request=r2", False),
        ("?q=原始记录", True),
        ("?q=75000", True),
        ("?since=2000-01-01&until=2200-01-01&who=张甲", True),
        ("?until=2001-01-01", False),
    ],
)
def test_the_trail_is_searched_by_what_one_remembers(signed_in, administrator, changed, query, finds):
    found = any("核对原始记录" in row for row in shown(page(signed_in(administrator), query)))
    assert found is finds


def test_what_cannot_be_searched_for_says_so_and_breaks_nothing(signed_in, administrator):
    client = signed_in(administrator)
    assert "Enter a valid date" in page(client, "?since=gestern", status=422)
    page(client, "?kind=sqlite_master", status=422)
    page(client, "?before=-1")
    page(client, "?subject=reviews_score:1", status=404)
    page(client, "?subject=reviews_review:x", status=404)


def test_secretaries_leaders_and_strangers_find_no_page(
    signed_in, leader, secretary, stranger, nobody, changed
):
    for user in (leader, secretary, nobody):
        page(signed_in(user), status=404)
        page(signed_in(user), f"?subject=reviews_review:{changed.pk}", status=404)
        assert signed_in(user).get("/audit/export.csv").status_code == 404
    page(signed_in(stranger), f"?subject=reviews_review:{changed.pk}", status=404)


def test_staff_read_the_history_of_what_they_see_and_no_more(signed_in, staff, changed, administrator):
    client = signed_in(staff)
    page(client, status=404)
    assert any("→ 7.5" in row for row in shown(page(client, f"?subject=reviews_review:{changed.pk}")))
    page(client, f"?subject=organizations_user:{administrator.pk}", status=404)


def test_another_hosts_administrator_sees_nothing_of_it(signed_in, changed):
    other = somebody(Role.ADMINISTRATOR, HostFactory())
    client = signed_in(other)
    assert not any("甲镇党委" in row for row in shown(page(client)))
    assert shown(page(client, f"?subject=reviews_review:{changed.pk}")) == []


def test_before_publication_an_auditor_learns_no_score(signed_in, host, cycle, changed, monkeypatch):
    """Whoever audits without being let see drafts: here a leader who is made one."""
    auditor = somebody(Role.LEADER, host)
    for place in ("organizations.permissions", "organizations.hosts"):
        monkeypatch.setattr(f"{place}.AUDIT_ROLES", AUDIT_ROLES | {Role.LEADER})
    client = signed_in(auditor)
    assert not any("7.5" in row for row in shown(page(client)))
    assert shown(page(client, f"?subject=reviews_review:{changed.pk}")) == []
    give_total(cycle, "甲镇党委", 88)
    published(cycle)
    assert any("→ 7.5" in row for row in shown(page(client, "?kind=reviews_score&who=zhangjia")))


def test_accounts_that_act_for_the_host_are_told_with_their_log_ins(signed_in, administrator, unit, host):
    secretary = somebody(Role.SECRETARY, unit)
    elsewhere = somebody(Role.STAFF, HostFactory())
    for user in (secretary, elsewhere):
        signed_in(user)
    client = signed_in(administrator)
    rows = shown(page(client, f"?operation={Operation.LOGIN}"))
    assert any(secretary.username in row for row in rows)
    assert not any(elsewhere.username in row for row in rows)


def test_a_password_is_only_ever_told_as_changed(client, signed_in, administrator):
    administrator.password = "pbkdf2$geheim"
    administrator.save()
    html = page(signed_in(administrator), f"?subject=organizations_user:{administrator.pk}")
    assert "geheim" not in html
    assert "•••" in html


def test_pages_are_turned_by_key(signed_in, administrator, host):
    ProblemCategory.objects.bulk_create(ProblemCategory(host=host, name=f"类{n}") for n in range(60))
    client = signed_in(administrator)
    first = page(client, "?kind=rectification_problemcategory")
    older = re.search(r"before=(\d+)", first).group(1)
    second = page(client, f"?kind=rectification_problemcategory&before={older}")
    assert (len(shown(first)), len(shown(second))) == (50, 10 + ProblemCategory.objects.count() - 60)
    assert "类59" in first
    assert "类0" in second


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_page_costs_the_same_at_any_length(
    signed_in, administrator, cycle, rows, django_assert_num_queries
):
    group = cycle.host.groups.first()
    units = [UnitFactory(parent=cycle.host, group=group) for _ in range(rows)]
    client = signed_in(administrator)
    assert units
    with django_assert_num_queries(7):
        html = page(client, "?kind=organizations_organization")
    assert len(shown(html)) >= rows


def test_the_trail_is_taken_away_as_a_workbook_and_that_is_told_too(signed_in, administrator, changed):
    client = signed_in(administrator)
    answer = client.get("/audit/export.xlsx?who=zhangjia&kind=reviews_score")
    (sheet,) = read_workbook(b"".join(answer.streaming_content), "trail.xlsx").sheets
    assert len(sheet.rows) == 2
    answer = client.get("/audit/export.csv?who=zhangjia&kind=reviews_score")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "7.5" in rows[1][6]
    assert rows[1][7] == "核对原始记录"
    taken = Entry.objects.filter(operation=Operation.DOWNLOAD).order_by("pk")
    assert [entry.new["path"] for entry in taken] == ["/audit/export.xlsx", "/audit/export.csv"]
    assert {(entry.actor, entry.host) for entry in taken} == {(administrator.pk, changed.cycle.host_id)}


def test_what_is_gone_is_still_named(signed_in, administrator, host):
    category = ProblemCategory.objects.create(host=host, name="会议记录")
    ProblemCategory.objects.filter(pk=category.pk).delete()
    (row,) = shown(page(signed_in(administrator), "?operation=delete"))
    assert "会议记录" in row
    assert Membership.objects.filter(user=administrator).exists()
