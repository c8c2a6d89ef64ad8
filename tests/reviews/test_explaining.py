"""Every explanation can be said in words."""

from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given

from reviews.explaining import (
    COLUMNS,
    KINDS,
    RULES,
    STEPS,
    TALLIES,
    cells_of,
    kind_of,
    steps_of,
    tally_headings,
)
from reviews.reports.explained import Column, Counted, Explanation, Rule, Says
from reviews.reports.facts import Results
from reviews.reports.fields import Field, FieldKind
from reviews.reports.provenance import EXPLAIN, explain
from tests.reviews.reports.test_provenance import fields_of, quarters


@pytest.mark.parametrize(
    ("names", "words"),
    [(Rule, RULES), (Says, STEPS), (Column, COLUMNS), (Counted, TALLIES), (EXPLAIN, KINDS)],
)
def test_nothing_is_without_words(names, words):
    assert set(names) <= set(words)


@given(quarters())
def test_every_working_is_said_with_all_its_numbers(results: Results):
    for field in fields_of(results):
        told = explain(field, results)
        for step, said in zip(told.steps, steps_of(told), strict=True):
            assert "%(" not in said
            assert all(number in said for number in step.numbers.values()), said
        for row in told.rows:
            assert len(cells_of(row, told.columns)) == len(told.columns)
        if told.tally:
            assert {1 + len(line.figures) for line in told.tally.lines} <= {len(tally_headings(told))}


def test_a_kind_without_a_word_of_its_own_is_a_figure_or_name():
    told = Explanation(Field("x", "1", FieldKind.COUNT), Rule.NAMED)
    assert str(kind_of(told)) == "参加排名的单位数"
    unknown = replace(told, field=Field("x", "1", cast(FieldKind, "new")))
    assert str(kind_of(unknown)) == "数字或名称"
