"""The text on the screen is the printed text, with every field told apart."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.reports.blocks import Block
from reviews.reports.composing import composed
from reviews.reports.document import Level
from reviews.reports.fields import Field, FieldKind, token
from reviews.reports.kinds import KINDS
from reviews.reports.prose import Heading
from reviews.reports.reading import readable
from tests.reviews.reports.district import sample_district

FIELDS = {
    key: Field(key, value, FieldKind.UNIT)
    for key, value in {"a": "甲镇党委", "b": "3", "c": "第 一 党委", "d": "结束。"}.items()
}
PARTS = [
    *map(token, [*FIELDS, "gone"]),
    "甲镇党委",
    "在3月",
    " ",
    "。",
    "",
    "、",
    "一",
    "（",
    "）",
    ".",
    "\u200b",
]
BLOCKS = st.builds(
    Block,
    key=st.just("x"),
    text=st.lists(st.sampled_from(PARTS), max_size=5).map("".join),
    lead=st.lists(st.sampled_from(PARTS), max_size=4).map("".join),
    level=st.sampled_from(Level),
)


def said(pieces) -> str:
    return "".join(piece.text for piece in pieces)


@given(st.lists(BLOCKS, max_size=6))
def test_the_screen_says_what_the_paper_says(blocks):
    on_screen = [(each.level, said(each.lead), said(each.text)) for each in readable(blocks, FIELDS)]
    on_paper = [(each.level, each.lead, each.text) for each in composed(blocks, FIELDS)]
    assert on_screen == on_paper


@given(st.lists(BLOCKS, max_size=6))
def test_what_is_told_apart_as_a_field_is_what_the_field_says(blocks):
    for paragraph in readable(blocks, FIELDS):
        for piece in paragraph.text:
            assert piece.is_words or piece.text == FIELDS[piece.key].value


def test_a_figure_is_told_apart_from_the_same_words_before_it():
    (paragraph,) = readable([Block("x", f"在3月有{token('b')}个")], FIELDS)
    assert [(piece.text, piece.key) for piece in paragraph.text] == [("在3月有", ""), ("3", "b"), ("个", "")]


def test_the_number_and_the_mark_of_a_lead_are_no_field():
    (paragraph,) = readable([Block("x", "好。", token("a"), Level.PART)], FIELDS)
    assert [(piece.text, piece.key) for piece in paragraph.lead] == [
        ("（一）", ""),
        ("甲镇党委", "a"),
        ("。", ""),
    ]


def test_every_field_of_both_documents_is_found_in_them():
    results = sample_district()
    for kind in KINDS.values():
        draft = kind.draft(results, Heading())
        paragraphs = readable(draft.blocks, draft.fields)
        told = {piece.key for each in paragraphs for piece in (*each.lead, *each.text) if piece.key}
        named = {
            key
            for key in draft.fields
            if any(token(key) in block.lead + block.text for block in draft.blocks)
        }
        assert told == named
