"""Two people at one text, and the buttons that move its blocks: nothing of anybody's is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.reports.arranging import Move, rearranged, well_formed
from reviews.reports.blocks import Block
from reviews.reports.document import Level
from reviews.reports.merging import reconciled
from tests.reviews.reports.texts import drafts, keys_of, worked_on

A, B, C = Block("a", "甲。"), Block("b", "乙。"), Block("c", "丙。")


def mine(block, text="我的。"):
    return replace(block, text=text, is_written=True)


def theirs(block, text="他的。"):
    return replace(block, text=text, is_written=True)


# --- Two people ----------------------------------------------------------------------------------


@given(st.data(), drafts())
def test_what_either_changed_is_in_the_text_or_beside_it(data, base):
    own, other = data.draw(worked_on(base, "own")), data.draw(worked_on(base, "other"))
    result = reconciled(own, base, other)
    was = {block.key: block.content for block in base}
    now = {block.key: block.content for block in result.blocks}
    beside = {key: block.content for key, block in result.beside.items() if block}
    for block in own:
        if block.content != was.get(block.key):
            assert now[block.key] == block.content
    for block in other:
        if block.content != was.get(block.key):
            assert block.content in (now.get(block.key), beside.get(block.key))
    assert len(result.blocks) == len(set(keys_of(result.blocks)))


@given(st.data(), drafts())
def test_where_one_did_nothing_the_other_is_taken(data, base):
    other = data.draw(worked_on(base))
    result = reconciled(base, base, other)
    assert sorted(keys_of(result.blocks)) == sorted(keys_of(other))
    assert result.beside == {}
    assert reconciled(other, base, base).blocks == other


def test_where_both_wrote_mine_stays_and_theirs_stands_beside():
    result = reconciled([mine(A), B], [A, B], [theirs(A), theirs(B)])
    assert result.blocks == (mine(A), theirs(B))
    assert result.beside == {"a": theirs(A)}
    assert result.taken == {"b"}


def test_what_i_changed_and_they_took_out_stays_and_says_so():
    result = reconciled([mine(A), B], [A, B], [B])
    assert (result.blocks, result.beside) == ((mine(A), B), {"a": None})


def test_what_i_took_out_and_they_changed_comes_back_where_it_was():
    result = reconciled([A, C], [A, B, C], [A, theirs(B), C])
    assert (result.blocks, result.taken) == ((A, theirs(B), C), {"b"})


def test_what_one_took_out_and_the_other_left_alone_is_out():
    assert reconciled([A, B], [A, B], [A]).blocks == (A,)
    assert reconciled([A], [A, B], [A, B]).blocks == (A,)


# --- Buttons -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("move", "key", "after"),
    [
        (Move.UP, "b", "bac"),
        (Move.UP, "a", "abc"),
        (Move.DOWN, "b", "acb"),
        (Move.DOWN, "c", "abc"),
        (Move.ADD, "a", "anbc"),
        (Move.REMOVE, "b", "ac"),
        (Move.REMOVE, "x", "abc"),
        (Move.BRING_BACK, "x", "abc"),
        (Move.BRING_BACK, "b", "abc"),
    ],
)
def test_each_button_does_what_it_says(move, key, after):
    result = rearranged([A, B, C], move, key, draft=[A, B, C], new_key="n")
    assert "".join(keys_of(result)) == after


def test_a_block_comes_back_after_what_precedes_it_in_the_draft():
    own = Block("o", "自己的。", is_written=True)
    assert rearranged([A, own, C], Move.BRING_BACK, "b", draft=[A, B, C], new_key="n") == (A, B, own, C)


def test_taking_the_draft_again_leaves_a_block_as_if_untouched():
    assert rearranged([mine(A)], Move.TAKE_DRAFT, "a", draft=[A], new_key="n") == (A,)


def test_keeping_what_was_written_counts_it_as_made_from_todays_draft():
    (kept,) = rearranged([mine(A)], Move.KEEP, "a", draft=[A], new_key="n")
    assert kept == replace(mine(A), origin=A.mark)


# --- Levels --------------------------------------------------------------------------------------


def formed(level, lead, text, *, is_written=True):
    block = Block("k", text, lead, level, is_written)
    return [(each.level, each.lead, each.text) for each in well_formed([block], lambda: "n")]


def test_a_paragraph_has_no_lead():
    assert formed(Level.TEXT, "总体情况", "甲。") == [(Level.TEXT, "", "总体情况。甲。")]
    assert formed(Level.TEXT, "总体情况：", "甲。") == [(Level.TEXT, "", "总体情况：甲。")]


def test_a_paragraph_that_becomes_a_heading_is_one():
    assert formed(Level.SECTION, "", "总体情况") == [(Level.SECTION, "总体情况", "")]


def test_what_stands_in_a_heading_besides_becomes_a_paragraph():
    assert formed(Level.SECTION, "总体情况", "甲。") == [
        (Level.SECTION, "总体情况", ""),
        (Level.TEXT, "", "甲。"),
    ]


def test_a_part_keeps_lead_and_text():
    assert formed(Level.PART, "加强领导", "甲。") == [(Level.PART, "加强领导", "甲。")]


@pytest.mark.parametrize("level", Level)
def test_the_draft_is_never_formed_anew(level):
    assert formed(level, "总体情况", "甲。", is_written=False) == [(level, "总体情况", "甲。")]
