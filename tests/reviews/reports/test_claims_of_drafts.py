"""A person who takes up a drafted paragraph is not told that its live fields are wrong."""

from dataclasses import replace

import pytest

from reviews.reports.blocks import Block
from reviews.reports.claims import Checker
from reviews.reports.kinds import KINDS
from reviews.reports.truths import Truth
from tests.reviews.reports.quarters import quarter_from
from tests.reviews.reports.test_speech import HEADING, WEAK, quarter_with


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_was_drafted_stays_unmarked_when_a_person_writes_on(kind):
    for seed in range(60):
        results = quarter_from(seed)
        draft = KINDS[kind].draft(results, HEADING)
        taken_up = [replace(block, is_written=True) for block in draft.blocks]
        truth = Truth(results, rectify_by=HEADING.rectify_by)
        marked = [(each.block, each.says) for each in Checker(truth).remarks(taken_up, draft.fields)]
        assert marked == [], seed


def test_a_figure_that_somebody_typed_is_read_as_ever():
    results = quarter_with(programmes=(WEAK,))
    typed = Block("own", "乡镇平均得分99.00分。", is_written=True)
    assert Checker(Truth(results)).remarks([typed], {})
