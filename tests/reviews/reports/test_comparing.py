"""Two versions side by side: what changed is marked, and nothing else is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviews.reports.blocks import Block
from reviews.reports.comparing import Change, compared
from reviews.reports.document import Level
from reviews.reports.fields import Field, FieldKind
from tests.reviews.reports.texts import drafts, keys_of, worked_on

FIELDS = {"host": Field("host", "区委组织部", FieldKind.SETTING)}
A, B, C = Block("a", "甲得第一。"), Block("b", "⟦host⟧督查。"), Block("c", "丙。")


def changes(before, after):
    return [str(row.change) for row in compared(before, after, FIELDS)]


def said(stretches):
    return "".join(stretch.text for stretch in stretches or ())


def marked(stretches):
    return [stretch.text for stretch in stretches if stretch.is_changed]


@given(drafts())
def test_a_text_does_not_differ_from_itself(text):
    assert {row.change for row in compared(text, text, {})} <= {Change.SAME}


@given(st.data(), drafts())
def test_every_paragraph_of_both_sides_is_there_once(data, draft):
    before, after = data.draw(worked_on(draft)), data.draw(worked_on(draft))
    rows = compared(before, after, {})
    assert len(rows) == len({*keys_of(before), *keys_of(after)})
    assert len([row for row in rows if row.before is not None]) == len(before)
    assert len([row for row in rows if row.after is not None]) == len(after)


@given(st.data(), drafts())
def test_without_what_is_marked_both_sides_say_the_same(data, draft):
    before, after = data.draw(worked_on(draft)), data.draw(worked_on(draft))
    for row in compared(before, after, {}):
        if row.change is Change.CHANGED:
            kept = ["".join(each.text for each in side or () if not each.is_changed)
                    for side in (row.before, row.after)]  # fmt: skip
            assert kept[0] == kept[1]


def test_changed_words_are_marked_to_the_character():
    (row,) = compared([A], [replace(A, text="甲得第二。")], FIELDS)
    assert (marked(row.before), marked(row.after)) == (["一"], ["二"])


def test_a_field_is_one_word_and_shown_with_its_value():
    (row,) = compared([B], [replace(B, text="督查。")], FIELDS)
    assert said(row.before) == "区委组织部督查。"
    assert marked(row.before) == ["区委组织部"]
    assert marked(row.after) == []


def test_a_field_that_nothing_fills_is_shown_by_its_key():
    (row,) = compared([Block("a", "⟦gone⟧")], [Block("a", "⟦gone⟧")], FIELDS)
    assert said(row.before) == "〔gone〕"


def test_what_was_added_taken_out_or_moved_says_so():
    assert changes([A, B], [A, C, B]) == ["same", "added", "same"]
    assert changes([A, B, C], [A, C]) == ["same", "removed", "same"]
    assert changes([A, B], [B]) == ["removed", "same"]
    assert sorted(changes([A, B], [B, A])) == ["moved", "same"]


def test_another_level_is_a_change():
    (row,) = compared([A], [replace(A, level=Level.PART)], FIELDS)
    assert (row.change, row.before_level, row.after_level) == ("changed", "text", "part")
