import pytest
from django.utils import translation

from workbooks.cells import Place, Problem, column_letters, column_number


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (16384, "XFD")]
)
def test_columns_are_named_as_spreadsheets_name_them(number, letters):
    assert column_letters(number) == letters
    assert column_number(letters) == number


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("乡镇（街道）", 5, 5), "“乡镇（街道）” row 5, column E"),
        (Place("乡镇（街道）", 5), "“乡镇（街道）” row 5"),
        (Place("乡镇（街道）", column=5), "“乡镇（街道）” column E"),
        (Place("乡镇（街道）"), "Sheet “乡镇（街道）”"),
        (Place("", 5, 5), "Row 5, column E"),
        (Place("", 5), "Row 5"),
    ],
)
def test_a_place_reads_as_the_spreadsheet_shows_it(place, text):
    assert str(place) == text


def test_a_problem_says_where_and_what():
    with translation.override("en"):
        assert str(Problem(Place("表", 2, 3), "“x” is no number")) == "“表” row 2, column C: “x” is no number"
        assert str(Problem(None, "Nothing was found.")) == "Nothing was found."
