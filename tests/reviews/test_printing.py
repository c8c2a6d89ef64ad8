"""Documents are printed without the database, and many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from organizations.models import Role
from reviews import printing
from reviews.printing import give_back_connections, print_document
from reviews.reports.renderers import RENDERERS
from reviews.views import corrections, reports
from tests.factories.organizations import somebody
from tests.factories.reviews import corrected_once, cycle_with_totals, published
from tests.reviews.reports.circulars import sample_circular

TOTALS = {"甲镇党委": 96, "乙镇党委": 95, "丙镇党委": 94, "丁镇党委": 93}


@pytest.fixture
def address(transactional_db):
    cycle = cycle_with_totals(TOTALS, quarter="2018Q3")
    published(cycle)
    return "/cycles/2018Q3/report/circular", somebody(Role.LEADER, cycle.host)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("extension", ["pdf", "docx"])
def test_no_connection_is_held_while_a_file_is_set(extension, address, monkeypatch):
    page, leader = address
    held = []

    def render(document, *rest):
        held.append(connection.connection)
        return RENDERERS[extension](document)

    monkeypatch.setattr(printing, "RENDERERS", {**RENDERERS, extension: render})
    assert signed_in(leader).get(f"{page}.{extension}").status_code == 200
    assert held == [None]


def test_no_connection_is_held_while_the_print_view_is_set(address, monkeypatch):
    page, leader = address
    held = []
    render = reports.render_html

    def seen(*arguments, **options):
        held.append(connection.connection)
        return render(*arguments, **options)

    monkeypatch.setattr(reports, "render_html", seen)
    assert signed_in(leader).get(f"{page}/print/").status_code == 200
    assert held == [None]


@pytest.mark.parametrize("ending", [".pdf", ".docx", "/"])
def test_no_connection_is_held_while_a_correction_notice_is_set(ending, transactional_db, monkeypatch):
    cycle = cycle_with_totals(TOTALS, quarter="2018Q3")
    corrected_once(published(cycle))
    held = []

    def seen(render):
        def rendered(*arguments, **options):
            held.append(connection.connection)
            return render(*arguments, **options)

        return rendered

    monkeypatch.setattr(printing, "RENDERERS", {kind: seen(each) for kind, each in RENDERERS.items()})
    monkeypatch.setattr(corrections, "render_html", seen(corrections.render_html))
    leader = somebody(Role.LEADER, cycle.host)
    assert signed_in(leader).get(f"/cycles/2018Q3/correction{ending}").status_code == 200
    assert held == [None]


@pytest.mark.parametrize("extension", ["pdf", "docx", "html"])
def test_setting_a_document_asks_the_database_nothing(extension, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        RENDERERS[extension](sample_circular())


def test_within_a_transaction_the_connection_stays(db):
    with transaction.atomic():
        give_back_connections()
        assert connection.connection is not None


def test_an_own_template_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        print_document(sample_circular(), "docx", host=0, kind="circular")


def test_many_at_once_are_all_served(address):
    page, leader = address
    clients = [signed_in(leader) for _number in range(12)]
    together = threading.Barrier(len(clients))

    def fetch(number_and_client):
        number, client = number_and_client
        together.wait()
        try:
            answer = client.get(f"{page}.{'pdf' if number % 2 else 'docx'}")
            return answer.status_code, answer.content[:2]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(fetch, enumerate(clients)))
    assert sorted(answers) == [(200, b"%P")] * 6 + [(200, b"PK")] * 6
