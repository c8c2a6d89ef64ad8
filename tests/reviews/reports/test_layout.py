"""Lines of titles and the place of the signature, counted out before a document is set."""

import pytest

from reviews.reports.layout import signature_indents, title_lines, width_in_halves


def test_a_short_title_stays_on_one_line():
    assert title_lines(["关于", "督查", "情况的通报"]) == ("关于督查情况的通报",)


def test_a_long_title_grows_downward_and_splits_no_word():
    words = ["关于", "2018年", "第三季度", "基层党建工作", "督查", "情况的通报"]
    assert title_lines(words) == ("关于2018年第三季度", "基层党建工作督查情况的通报")


def test_a_word_longer_than_a_line_is_split_before_no_mark():
    lines = title_lines(["镇" * 20 + "（街道）" + "乡" * 30], per_line=20)
    assert all(width_in_halves(line) <= 42 for line in lines)
    assert not any(line[0] in "，。；）" for line in lines)
    assert "".join(lines) == "镇" * 20 + "（街道）" + "乡" * 30


def test_a_sealed_date_stands_four_characters_in_with_the_signer_centred_over_it():
    signer, date = signature_indents("区委组织部", "2018年10月8日", is_sealed=True)
    assert date == 8
    centre_of_date = date + width_in_halves("2018年10月8日") / 2
    centre_of_signer = signer + width_in_halves("区委组织部") / 2
    assert abs(centre_of_date - centre_of_signer) <= 0.5


def test_a_long_sealed_signer_pushes_the_date_in_instead_of_leaving_the_page():
    long_name = "中共某某某某某某自治区某某某某市某某某区委员会组织部"
    signer, date = signature_indents(long_name, "2018年10月8日", is_sealed=True)
    assert signer == 0
    assert date > 8


def test_an_unsealed_date_starts_two_characters_right_of_the_signer():
    name, date = "中共某区委员会组织部", "2018年10月8日"
    signer_indent, date_indent = signature_indents(name, date, is_sealed=False)
    assert signer_indent == 4
    start_of_signer = signer_indent + width_in_halves(name)
    assert start_of_signer - (date_indent + width_in_halves(date)) == 4


def test_an_unsealed_date_longer_than_the_signer_stands_two_characters_in():
    signer_indent, date_indent = signature_indents("区委组织部", "2018年10月18日", is_sealed=False)
    assert date_indent == 4
    start_of_signer = signer_indent + width_in_halves("区委组织部")
    assert start_of_signer - (date_indent + width_in_halves("2018年10月18日")) == 4


@pytest.mark.parametrize("is_sealed", [True, False])
def test_no_signature_leaves_the_type_area(is_sealed):
    for length in range(1, 41):
        assert min(signature_indents("委" * length, "2018年10月8日", is_sealed=is_sealed)) >= 0
