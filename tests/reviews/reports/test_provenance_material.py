"""Where the figures beyond the standings come from, worked out again."""

import re

import pytest

from reviews.explaining import KINDS as WORDS
from reviews.explaining import rule_of, steps_of
from reviews.reports.fields import FieldKind
from reviews.reports.kinds import KINDS
from reviews.reports.provenance import explain
from tests.reviews.reports.quarters import quarter_from
from tests.reviews.reports.test_speech import HEADING

BEYOND = {
    FieldKind.AVERAGE_CHANGE,
    FieldKind.CAUGHT_UP,
    FieldKind.LAST_AGAIN,
    FieldKind.HIGHLIGHT,
    FieldKind.FINDING,
    FieldKind.CATEGORY,
    FieldKind.PROGRAMME,
}


def test_every_figure_beyond_the_standings_comes_out_of_its_explanation():
    seen = set()
    for seed in range(60):
        results = quarter_from(seed)
        for kind in KINDS.values():
            for field in kind.draft(results, HEADING).fields.values():
                if field.kind not in BEYOND:
                    continue
                told = explain(field, results)
                seen.add(field.kind)
                assert told.is_own, field.key
                assert rule_of(told)
                assert told.gives in ("", field.value), field.key
                if re.fullmatch(r"\d+", field.value) and not field.key.endswith(".text"):
                    assert told.gives == field.value, field.key
                if told.rows and field.about.units:
                    meant = [row.unit.unit for row in told.rows if row.is_meant]
                    assert set(meant) == set(field.about.units), field.key
    assert seen == BEYOND


def test_the_change_of_an_average_is_shown_as_a_sum_to_do_by_hand():
    for seed in range(60):
        results = quarter_from(seed)
        for field in KINDS["circular"].draft(results, HEADING).fields.values():
            if field.kind is FieldKind.AVERAGE_CHANGE:
                (step,) = steps_of(explain(field, results))
                now, then, change = map(float, re.fullmatch(r"(\S+) − (\S+) = (\S+)", step).groups())
                assert round(now - then, 2) == change
                assert f"{abs(change):.2f}" in field.value or "持平" in field.value


@pytest.mark.parametrize("kind", sorted(BEYOND))
def test_each_kind_has_a_name(kind):
    assert str(WORDS[kind])
