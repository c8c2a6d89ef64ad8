"""An installation in use is upgraded: its guards stand while its tables are rebuilt."""

import pytest
from django.core.management import call_command
from django.db import connection

from reviews.triggers import missing_triggers

BEFORE = (("reviews", "0014"), ("rectification", "0008"))


@pytest.mark.django_db(transaction=True)
def test_the_tables_of_files_change_under_their_guards_and_back():
    assert missing_triggers(connection) == []
    for app, migration in BEFORE:
        call_command("migrate", app, migration, verbosity=0)
    columns = {
        column.name
        for column in connection.introspection.get_table_description(
            connection.cursor(), "rectification_evidence"
        )
    }
    assert "original_sha256" not in columns
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
