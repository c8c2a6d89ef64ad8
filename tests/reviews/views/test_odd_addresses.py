"""What an address asks beyond sense is answered with a page, soon."""

import pytest

ODD = [
    "year=-1e300000",
    "year=2018.5",
    "year=" + "9" * 4000,
    "page=-1",
    "page=x",
    "per_page=-1",
    "per_page=100000",
    "sort=nothing",
    "sort=-0.2783761",
    "sort=name.first",
]


@pytest.mark.parametrize("query", ODD)
def test_a_list_answers_whatever_it_is_asked(running, secretary, signed_in, query):
    client = signed_in(secretary)
    for address in ("/cycles/", "/units/", "/rubrics/", "/cycles/2018Q1/standings/"):
        assert client.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/visits/", "/items/", "/programmes/"])
def test_a_list_is_sorted_by_its_own_columns_alone(running, staff, signed_in, address):
    assert signed_in(staff).get(f"{address}?sort=-0.2783761&sort=unit.pk").status_code == 200


def test_the_reader_does_not_say_how_many_rows_a_page_has(running, staff, signed_in):
    page = signed_in(staff).get("/units/?per_page=1").content.decode()
    assert page.count("镇党委</a>") == 6
