"""Live fields: tokens in a text and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.reports.fields import (
    About,
    Field,
    FieldBook,
    FieldKind,
    filled,
    keyed,
    keys_in,
    pieces_of,
    token,
    without_tokens,
)

FIELDS = {
    "g1.average": Field("g1.average", "86.50", FieldKind.AVERAGE, About("乡镇（街道）", 1)),
    "host": Field("host", "区委组织部", FieldKind.SETTING),
}
TEXTS = st.text("甲乙⟦⟧ag1.⟦host⟧", max_size=20)


def test_a_token_is_filled_with_what_its_field_says():
    text = f"{token('host')}督查，平均得分{token('g1.average')}分。"
    assert filled(text, FIELDS) == "区委组织部督查，平均得分86.50分。"
    assert keys_in(text) == ["host", "g1.average"]


def test_a_token_that_nothing_fills_prints_nothing_and_is_told_apart():
    (piece, words) = pieces_of("⟦gone⟧分", FIELDS)
    assert piece.is_unfilled
    assert (words.text, words.is_words) == ("分", True)
    assert filled("⟦gone⟧分", FIELDS) == "分"


@pytest.mark.parametrize("text", ["⟦⟧", "⟦G1⟧", "⟦a b⟧", "⟦ａ⟧", "⟦.a⟧", "⟦a", "a⟧", f"⟦{'a' * 81}⟧"])
def test_what_is_no_token_stays_as_it_was_written(text):
    assert filled(text, FIELDS) == text


def test_brackets_around_a_token_stay():
    assert filled("⟦⟦host⟧⟧", FIELDS) == "⟦区委组织部⟧"


@given(TEXTS)
def test_the_pieces_make_up_the_whole_text(text):
    pieces = pieces_of(text, FIELDS)
    assert "".join(token(piece.key) if piece.key else piece.text for piece in pieces) == text
    assert "".join(piece.text for piece in pieces) == filled(text, FIELDS)
    assert all(piece.text for piece in pieces if piece.is_words)


@given(TEXTS)
def test_a_text_from_outside_holds_no_token(text):
    assert keys_in(without_tokens(text)) == []


def test_a_book_gives_the_token_and_keeps_the_field():
    book = FieldBook()
    assert book.put("g1.count", 17, FieldKind.COUNT, About("乡镇（街道）", 1)) == "⟦g1.count⟧"
    assert book.fields["g1.count"] == Field("g1.count", "17", FieldKind.COUNT, About("乡镇（街道）", 1))


def test_an_empty_value_is_no_field():
    book = FieldBook()
    assert book.put("host", "", FieldKind.SETTING) == ""
    assert book.fields == {}


def test_one_key_says_one_thing():
    book = FieldBook()
    book.put("host", "区委组织部", FieldKind.SETTING)
    book.put("host", "区委组织部", FieldKind.SETTING)
    with pytest.raises(ValueError, match="host"):
        book.put("host", "市委组织部", FieldKind.SETTING)


@pytest.mark.parametrize("key", ["", "甲", "a b", "A", "-a", "a" * 81])
def test_a_key_that_no_token_can_hold_is_refused(key):
    with pytest.raises(ValueError, match="token"):
        FieldBook().put(key, "1", FieldKind.COUNT)


def test_a_name_has_the_same_key_every_time():
    assert keyed("三会一课") == keyed("三会一课") != keyed("主题党日")
    assert keys_in(token(f"i{keyed('三会一课')}.name"))


@pytest.mark.parametrize("kind", FieldKind)
def test_a_field_comes_back_from_its_json(kind):
    field = Field("u7.name", "甲镇党委", kind, About("甲镇党委", 1, (7, 8), "三会一课"))
    assert Field.from_json(field.to_json()) == field
