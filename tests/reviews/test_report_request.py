"""Reading what the composer sends."""

import pytest
from django.http import QueryDict

from reviews.report_request import MalformedText, read_text
from reviews.reports.arranging import Move
from reviews.reports.blocks import Block
from reviews.reports.document import Level

DRAFTED = Block("averages", "平均⟦g1.average⟧分。")


def sent(*blocks, seen="0", drafted="averages", **more):
    """What a page with these blocks sends: (block, origin, written)."""
    data = QueryDict(mutable=True)
    for block, origin, written in blocks:
        for name, value in (
            ("key", block.key), ("level", str(block.level)), ("lead", block.lead), ("text", block.text),
            ("origin", origin), ("written", written),
        ):  # fmt: skip
            data.appendlist(name, value)
    data.update({"seen": seen, "drafted": drafted, **more})
    return data


def test_what_was_not_touched_follows_the_draft():
    (block,) = read_text(sent((DRAFTED, DRAFTED.mark, ""))).blocks
    assert block == DRAFTED


def test_what_was_changed_is_written_and_knows_its_draft():
    changed = Block("averages", "平稳。")
    (block,) = read_text(sent((changed, DRAFTED.mark, ""))).blocks
    assert (block.text, block.is_written, block.origin) == ("平稳。", True, DRAFTED.mark)


def test_what_was_written_before_stays_written_however_it_reads():
    (block,) = read_text(sent((DRAFTED, DRAFTED.mark, "1"))).blocks
    assert block.is_written


def test_every_further_line_is_a_paragraph_of_its_own():
    blocks = read_text(sent((Block("a", "甲。\r\n\r\n乙。\n丙。"), "", ""))).blocks
    assert [block.text for block in blocks] == ["甲。", "乙。", "丙。"]
    assert len({block.key for block in blocks}) == 3


def test_what_no_database_holds_is_left_out():
    (block,) = read_text(sent((Block("a", "甲\x00乙\u200b丙\ud800", "头\n尾", Level.PART), "", ""))).blocks
    assert (block.lead, block.text) == ("头 尾", "甲 乙丙")


def test_no_key_stands_twice():
    keys = [block.key for block in read_text(sent(*[(Block("a", "甲。"), "", "1")] * 3)).blocks]
    assert keys[0] == "a"
    assert len(set(keys)) == 3


@pytest.mark.parametrize("key", ["", "甲", "a b", "A", "a" * 81, "<b>"])
def test_a_key_that_is_none_gets_another(key):
    (block,) = read_text(sent((Block(key, "甲。"), "", "1"))).blocks
    assert block.key.startswith("own-")


def test_an_emptied_paragraph_is_taken_out_when_it_is_saved():
    typed = read_text(sent((Block("averages"), DRAFTED.mark, ""), (Block("own-1"), "", "1")))
    assert len(typed.blocks) == 2
    assert typed.said == ()


def test_an_empty_paragraph_of_the_draft_is_no_deletion():
    empty = Block("averages")
    assert read_text(sent((empty, empty.mark, ""))).said == (empty,)


def test_a_button_names_a_move_and_a_block():
    typed = read_text(sent((DRAFTED, DRAFTED.mark, ""), do="up:averages"))
    assert (typed.move, typed.moved) == (Move.UP, "averages")


@pytest.mark.parametrize(
    "data",
    [
        QueryDict(""),
        QueryDict("seen=x"),
        QueryDict("seen=-1"),
        QueryDict("seen=9999999999"),
        QueryDict("seen=1&key=a"),
        sent((Block("a", "甲。"), "", ""), do="fly:a"),
        QueryDict("seen=0&key=a&level=poem&lead=&text=&origin=&written="),
    ],
)
def test_what_no_composer_sends_is_refused_whole(data):
    with pytest.raises(MalformedText):
        read_text(data)


def test_an_origin_that_is_none_is_left_out():
    (block,) = read_text(sent((DRAFTED, "<script>", "1"))).blocks
    assert block.origin == ""
