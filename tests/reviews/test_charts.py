"""The chart of a unit's places, as plain coordinates."""

from organizations.quarter import Quarter
from reviews.charts import MOST_QUARTERS, Place, places_chart, sparkline

START = Quarter(2018, 1)


def chart_of(*ranks):
    quarter, places = START, []
    for rank in ranks:
        places.append(Place(quarter, rank))
        quarter = quarter.next()
    return places_chart(places)


def test_the_first_place_stands_on_top():
    first, second = chart_of(1, 17).marks
    assert first.y < second.y


def test_no_places_make_no_chart():
    assert chart_of() is None
    assert chart_of(None, None) is None


def test_a_quarter_without_a_place_breaks_the_line():
    chart = chart_of(1, 2, None, 3, 4)
    assert [line.count(",") for line in chart.lines] == [2, 2]
    assert chart.marks[2].y is None


def test_one_place_is_a_mark_without_a_line():
    chart = chart_of(3)
    assert chart.lines == ()
    assert chart.marks[0].rank == 3


def test_the_scale_does_not_tell_how_many_others_there_are():
    assert chart_of(2, 3).grid[-1].rank == 5
    assert chart_of(2, 30).grid[-1].rank == 30


def test_marks_stay_within_the_picture_and_in_order():
    chart = chart_of(*range(1, 40))
    assert len(chart.marks) == MOST_QUARTERS
    assert [mark.rank for mark in chart.marks] == list(range(34, 40))
    xs = [mark.x for mark in chart.marks]
    assert xs == sorted(xs)
    assert 0 < xs[0] < xs[-1] < chart.width
    assert all(0 < mark.y < chart.height for mark in chart.marks)


def test_the_label_of_a_valley_stands_below_the_line():
    top, valley, end = chart_of(2, 4, 2).marks
    assert valley.label_y > valley.y
    assert top.label_y < top.y
    assert end.label_y < end.y


def test_a_small_chart_has_a_slot_a_quarter_and_breaks_where_there_was_no_place():
    chart = sparkline([1, None, 3, 4], lowest=17)
    assert len(chart.marks) == 3
    assert [line.count(",") for line in chart.lines] == [2]
    assert [x for x, _y in chart.marks] == sorted(x for x, _y in chart.marks)


def test_small_charts_of_one_table_share_their_scale():
    (first,) = sparkline([17, None, None, None], lowest=17).marks
    (second,) = sparkline([2, None, None, None], lowest=17).marks
    assert 0 < second[1] < first[1] < sparkline([1], lowest=1).height


def test_no_places_make_no_small_chart():
    assert sparkline([None, None], lowest=3) is None
