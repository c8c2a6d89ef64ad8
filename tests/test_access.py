"""Who may open what: the permission table, asked of the product by tests/matrix.py."""

import sys

import pytest

from tests import matrix
from tests.access import ACCESS
from tests.factories.reach import Reach
from tools import permissions

pytestmark = (pytest.mark.django_db, pytest.mark.any_database)


def test_every_address_has_a_stated_access():
    assert matrix.unwritten() == [], "add these to tests/access.py"
    named = {name for name, _parameters in matrix.named_addresses()}
    assert sorted(ACCESS.keys() - named) == [], "these are gone: take them out of tests/access.py"


def test_everybody_gets_what_the_table_says_and_no_more(everybody: Reach, capsys):
    found = matrix.ask_all(everybody, matrix.cases(everybody, rotate=True))
    with capsys.disabled():
        sys.stdout.write(f"\n{found}\n")
    assert found.leaks == []


def test_uploads_and_what_lies_beside_the_pages_have_no_address(client):
    for path in ("/media/", "/uploads/", "/data/db.sqlite3", "/static/../data/secret_key", "/.git/config"):
        assert client.get(path).status_code == 404


def test_the_printed_table_is_that_of_the_tests():
    printed = permissions.PAGE.read_text(encoding="utf-8")
    assert printed == permissions.page(), "python -m tools.permissions prints docs/permissions.md anew"
