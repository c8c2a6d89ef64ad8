import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.names import clean_text, normalize_name


@pytest.mark.parametrize(
    "typed",
    [
        "乙街道筹备办(临时)党工委",
        " 乙街道筹备办（临时）党工委 ",
        "乙街道筹备办〔临时〕党工委",
        "乙街道筹备办【临时】党工委",
        "乙街道筹备办［临时］党工委",
        "乙街道\u3000筹备办\n（临时）党工委",
        "乙街道筹备办\u00a0（临时）\u200b党工委\ufeff",
    ],
)
def test_width_brackets_and_blanks_make_no_difference(typed):
    assert normalize_name(typed) == normalize_name("乙街道筹备办（临时）党工委")


def test_letter_case_and_full_width_letters_make_no_difference():
    assert normalize_name("ＡＢＣ公司党支部") == normalize_name("abc 公司党支部")


def test_a_look_alike_radical_is_the_same_character():
    assert normalize_name("\u2f00二三社区党委") == normalize_name("一二三社区党委")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲镇党委", "乙镇党委"),
        ("甲镇党委", "甲镇党工委"),
        ("区委组织部（机关）党委", "区委组织部机关党委"),
    ],
)
def test_different_names_stay_different(one, other):
    assert normalize_name(one) != normalize_name(other)


@pytest.mark.parametrize("text", ["", " ", "\u3000\u200b\x00"])
def test_a_name_of_blanks_is_empty(text):
    assert normalize_name(text) == ""
    assert clean_text(text) == ""


@given(st.text())
def test_a_key_is_its_own_key(text):
    key = normalize_name(text)
    assert normalize_name(key) == key


@given(st.text())
def test_cleaning_a_name_does_not_change_what_it_is_compared_by(text):
    assert normalize_name(clean_text(text)) == normalize_name(text)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  甲镇党委\n", "甲镇党委"),
        ("会议记录\r\n 不  规范", "会议记录 不 规范"),
        ("台账\t\u3000缺失", "台账 缺失"),
        ("制度\x00未上墙\x07", "制度未上墙"),
        ("党员\u200b活动室\ufeff", "党员活动室"),
        ("三会一课（10分）", "三会一课（10分）"),
        ("\ud800甲镇", "甲镇"),
    ],
)
def test_text_is_stored_without_what_nobody_can_see(typed, stored):
    assert clean_text(typed) == stored


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_can_always_be_stored(text):
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert clean_text(cleaned) == cleaned == cleaned.strip()
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in cleaned)
