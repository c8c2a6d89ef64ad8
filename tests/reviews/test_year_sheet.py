"""A unit's year, indicator by indicator."""

from organizations.quarter import Quarter
from reviews.year_sheet import sections_of_year


def score(indicator, points, *, section="基础工作", reason="", applies=True):
    return {
        "section": section,
        "indicator": indicator,
        "is_bonus": False,
        "full_marks": "10",
        "points": points,
        "applies": applies,
        "reason": "",
        "deductions": [{"points": "1", "reason": reason}] if reason else [],
    }


def year_of(*quarters):
    """The sections of quarters given from the first one on."""
    return sections_of_year([(Quarter(2018, number), scores) for number, scores in enumerate(quarters, 1)])


def test_an_indicator_has_one_row_with_its_points_by_quarter():
    (section,) = year_of([score("三会一课", "9", reason="记录不完整。")], [score("三会一课", "10")])
    (row,) = section.rows
    assert [(cell.points, cell.lost) for cell in row.cells] == [("9", "1"), ("10", "")]
    assert [(note.quarter.number, note.lost, note.reasons) for note in row.notes] == [
        (1, "1", ("记录不完整",))
    ]


def test_the_newest_rubric_gives_the_order_and_what_only_earlier_ones_had_follows():
    first = [score("换届", "10"), score("三会一课", "10"), score("台账", "10", section="其他")]
    second = [score("主题党日", "10"), score("三会一课", "10")]
    basics, others = year_of(first, second)
    assert [row.indicator for row in basics.rows] == ["主题党日", "三会一课", "换届"]
    assert [cell.points for cell in basics.rows[0].cells] == ["", "10"]
    assert [row.indicator for row in others.rows] == ["台账"]


def test_what_does_not_apply_is_told_from_what_was_not_scored():
    (section,) = year_of([score("三会一课", None, applies=False)], [score("三会一课", None)])
    assert [cell.applies for cell in section.rows[0].cells] == [False, True]


def test_the_same_name_in_another_section_is_another_indicator():
    basics, others = year_of([score("台账", "9"), score("台账", "8", section="其他")])
    assert (basics.rows[0].cells[0].points, others.rows[0].cells[0].points) == ("9", "8")
