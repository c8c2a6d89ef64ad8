"""What a circular says of rectification: the earlier quarters' items, and who puts right what by when."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from organizations.quarter import Quarter
from reviews.reports.attachments import attachments_of
from reviews.reports.facts import Deduction, Outcome, Rectification, Score
from reviews.reports.fields import FieldBook, filled
from reviews.reports.prose import Heading, write_circular
from reviews.reports.rectification import rectification_sentence
from tests.reviews.reports.district import quarter_of

Q1, Q2 = Quarter(2018, 1), Quarter(2018, 2)
DAY = datetime.date(2018, 10, 10)
DUE = datetime.date(2018, 10, 31)
RESULTS = quarter_of({"乡镇（街道）": {"甲镇党委": 95, "乙镇党委": 90}})


def outcome(quarter, on_time=0, late=0, carried_over=0, overdue=0):
    return Outcome(quarter, on_time + late + carried_over, on_time, late, carried_over, overdue)


def with_outcomes(*outcomes):
    return replace(RESULTS, rectification=Rectification(DAY, outcomes))


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        (
            [outcome(Q2, on_time=20, late=1, carried_over=4, overdue=2)],
            "上季度应整改事项25项，按期销号20项，逾期销号1项，结转4项（其中逾期2项）。",
        ),
        ([outcome(Q2, on_time=20, carried_over=2)], "上季度应整改事项22项，按期销号20项，结转2项。"),
        ([outcome(Q2, carried_over=1, overdue=1)], "上季度应整改事项1项，结转1项（已逾期）。"),
        ([outcome(Q2, on_time=8)], "上季度应整改事项8项，已全部按期销号。"),
        ([outcome(Q1, on_time=1, late=1)], "2018年第一季度应整改事项2项，按期销号1项，逾期销号1项。"),
        (
            [outcome(Q2, on_time=3), outcome(Q1, on_time=9, carried_over=2, overdue=2)],
            "上季度应整改事项3项，已全部按期销号，更早季度结转2项（均已逾期）。",
        ),
        ([outcome(Q2, on_time=3), outcome(Q1, on_time=9)], "上季度应整改事项3项，已全部按期销号。"),
    ],
)
def test_one_sentence_says_how_earlier_items_stand(outcomes, sentence):
    book = FieldBook()
    written = rectification_sentence(with_outcomes(*outcomes), book)
    assert filled(written, book.fields) == f"截至2018年10月10日，{sentence}"


def test_it_stands_in_the_circular_and_without_items_there_is_none():
    def text(results):
        return "".join(paragraph.text for paragraph in write_circular(results, Heading()).paragraphs)

    assert "上季度应整改事项3项" in text(with_outcomes(outcome(Q2, on_time=3)))
    assert "应整改事项" not in text(RESULTS)


def problems(**losses):
    scores = {
        name: [
            Score("基础工作", "党费收缴", Decimal(5), Decimal(4), deductions=(Deduction(Decimal(1), *lost),))
        ]
        for name, lost in losses.items()
    }
    table = attachments_of(replace(quarter_of({"乡镇（街道）": dict.fromkeys(losses, 90)}, scores=scores)))[
        -1
    ]
    return [column.heading for column in table.columns], [row[2:] for row in table.rows]


def test_the_list_of_problems_names_the_person_and_the_date_where_they_are_known():
    headings, rows = problems(
        甲镇党委=("收缴滞后", "甲镇党委组织委员", DUE), 乙镇党委=("收缴滞后", "", DUE), 丙乡党委=("收缴滞后",)
    )
    assert headings == ["序号", "指标", "存在问题", "责任单位（责任人）", "整改时限"]
    assert rows == [
        ("收缴滞后", "甲镇党委（甲镇党委组织委员）、乙镇党委", "2018年10月31日"),
        ("收缴滞后", "丙乡党委", "—"),
    ]


def test_without_items_the_list_is_what_it_was():
    headings, rows = problems(甲镇党委=("收缴滞后",))
    assert headings == ["序号", "指标", "存在问题", "责任单位"]
    assert rows == [("收缴滞后", "甲镇党委")]
