"""The notice of a correction: every changed unit and no other, in whole sentences, old beside new."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.ranking import ListName
from reviews.reports.correction import UNITS_IN_WORDS, changed_units, write_correction
from reviews.reports.facts import Results
from tests.reviews.reports.circulars import HEADING
from tests.reviews.reports.district import quarter_of

GROUPS = ("乡镇（街道）", "系统单位")
TOTALS = {"甲镇党委": 96, "乙镇党委": 95, "丙乡党委": 94, "丁镇党委": 93, "戊镇党委": 92, "己乡党委": 91}
EARLIER = {"甲镇党委": 96, "乙镇党委": 91, "丙乡党委": 92, "丁镇党委": 93, "戊镇党委": 94, "己乡党委": 95}


def published(totals, earlier=None, **options) -> Results:
    return quarter_of({GROUPS[0]: totals}, earlier and {GROUPS[0]: earlier}, **options)


def second(results: Results, number: int = 2, reason: str = "丙乡党委得分录入有误。") -> Results:
    return replace(results, number=number, reason=reason, digest="f" * 64)


def notice(old: Results, new: Results):
    return write_correction(old, new, HEADING, HEADING)


def text_of(document) -> str:
    return "\n".join(paragraph.lead + paragraph.text for paragraph in document.paragraphs)


class TestWords:
    """丙乡党委 falls from the third place to the last."""

    @pytest.fixture
    def document(self):
        old = published(TOTALS, EARLIER)
        return notice(old, second(published(TOTALS | {"丙乡党委": 80}, EARLIER)))

    def test_the_title_names_what_is_corrected(self, document):
        assert document.title == "关于更正2018年第三季度基层党建工作督查情况通报的通知"
        assert "".join(document.title_lines) == document.title

    def test_it_says_which_circular_and_why(self, document):
        opening = document.paragraphs[0].text
        assert "2018年10月8日，区委组织部印发了《关于2018年第三季度基层党建工作督查情况的通报》" in opening
        assert "（×组通〔2018〕18号）" in opening
        assert "更正原因：丙乡党委得分录入有误。现将" in opening

    def test_it_says_what_the_places_were_and_are(self, document):
        text = text_of(document)
        assert "丙乡党委总分由94.00分更正为80.00分，名次由第3名更正为第6名" in text
        assert "丁镇党委名次由第4名更正为第3名" in text
        assert "甲镇党委名次" not in text

    def test_it_says_who_enters_and_who_leaves_each_list(self, document):
        text = text_of(document)
        assert "前三名中，增列丁镇党委，不再列丙乡党委" in text
        assert "后三名中，增列丙乡党委，不再列丁镇党委" in text
        assert "退步较大的单位中，增列丙乡党委" in text

    def test_it_says_what_became_of_the_averages(self, document):
        assert "平均得分由93.50分更正为91.17分，最低得分由91.00分更正为80.00分。" in text_of(document)

    def test_it_says_what_to_do_with_earlier_paper(self, document):
        text = text_of(document)
        assert "原通报（校验码：0123 4567 89ab cdef）停止使用" in text
        assert "（校验码：ffff ffff ffff ffff）为准" in text
        assert "注明“已更正”" in text

    def test_the_tables_show_old_beside_new(self, document):
        units, lists = document.attachments
        assert units.rows[-1] == (GROUPS[0], "丙乡党委", "3", "94.00", "6", "80.00")
        assert lists.rows[0] == (
            GROUPS[0],
            "前三名",
            "甲镇党委；乙镇党委；丙乡党委",
            "甲镇党委；乙镇党委；丁镇党委",
        )
        for table in document.attachments:
            assert sum(column.width for column in table.columns) == 156

    def test_it_is_signed_and_sealed_by_its_own_digest_and_has_no_number_yet(self, document):
        assert document.signature.signer == "区委组织部"
        assert document.digest == "f" * 64
        assert document.document_number == ""


def test_a_later_correction_says_which_it_is():
    old = second(published(TOTALS))
    document = notice(old, second(published(TOTALS | {"丙乡党委": 80}), number=3))
    assert document.title == "关于第二次更正2018年第三季度基层党建工作督查情况通报的通知"
    assert "《关于2018年第三季度基层党建工作督查情况的通报（更正）》" in document.paragraphs[0].text


def test_a_correction_of_words_alone_says_that_the_figures_stand():
    old = published(TOTALS)
    document = notice(old, second(published(TOTALS), reason="责任单位名称有误"))
    assert "各单位的名次、总分和各项名单均与原通报一致。" in text_of(document)
    assert document.attachments == ()


def test_where_many_units_changed_the_table_names_them():
    names = [f"第{number}镇党委" for number in range(UNITS_IN_WORDS + 3)]
    old = published(dict.fromkeys(names, 90) | {"甲镇党委": 99})
    new = second(published(dict.fromkeys(names, 80) | {"甲镇党委": 99}))
    document = notice(old, new)
    assert f"{GROUPS[0]}：共{len(names)}个单位的名次、总分或有关说明有更正，详见附件" in text_of(document)
    assert {row[1] for row in document.attachments[0].rows} == set(names)


def test_of_many_that_moved_those_that_gave_cause_are_named():
    names = {f"第{number}镇党委": 99 - number for number in range(12)}
    document = notice(published(names), second(published(names | {"第0镇党委": 70})))
    text = text_of(document)
    assert (
        "第0镇党委总分由99.00分更正为70.00分，名次由第1名更正为第12名；另有11个单位的名次相应调整，详见附件1。"
        in text
    )
    assert len(document.attachments[0].rows) == 12


def test_units_that_come_go_move_or_are_not_ranked_are_told_of_in_words():
    old = quarter_of({GROUPS[0]: TOTALS, GROUPS[1]: {"区林业局党委": 90, "区水电公司党委": 80}})
    keys = {unit.name: unit.unit for group in old.groups for unit in group.units}
    fewer = {name: total for name, total in TOTALS.items() if name != "己乡党委"}
    new = quarter_of(
        {
            GROUPS[0]: fewer | {"戊镇党委": None, "区水电公司党委": 80},
            GROUPS[1]: {"区林业局党委": 90, "新单位党委": 70},
        },
        reasons={"戊镇党委": "班子换届"},
    )
    new = replace(
        new,
        groups=tuple(
            replace(group, units=tuple(replace(unit, unit=keys.get(unit.name, 9999)) for unit in group.units))
            for group in new.groups
        ),
    )
    document = notice(old, second(new))
    text = text_of(document)
    assert "不再列入己乡党委" in text
    assert "增列新单位党委，总分70.00分、第2名" in text
    assert "戊镇党委由总分92.00分、第5名更正为未参加排名（班子换届）" in text
    assert "区水电公司党委由系统单位调整到乡镇（街道）" in text
    remarks = {row[1]: row[-1] for row in document.attachments[0].rows}
    assert remarks["己乡党委"] == "不再列入"
    assert remarks["新单位党委"] == "增列"
    assert remarks["戊镇党委"] == "班子换届"
    assert remarks["区水电公司党委"] == "由系统单位调整"


def test_another_baseline_is_told_of():
    old = published(TOTALS, EARLIER)
    new = second(published(TOTALS, TOTALS))
    assert "升降情况" not in text_of(notice(old, new))
    assert "不再与第一季度对比升降情况。" in text_of(notice(old, second(published(TOTALS))))


names = st.lists(
    st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯", min_size=2, max_size=6).map(lambda text: f"{text}镇党委"),
    min_size=1,
    max_size=9,
    unique=True,
)
totals = st.one_of(
    st.none(), st.sampled_from([Decimal(value) for value in ("90", "91.5", "92", "93.5", "95")])
)


@st.composite
def corrections(draw):
    """Two publications of the same units, in one or two groups, with a baseline or without."""
    units = draw(names)
    split = draw(st.integers(0, len(units) - 1))

    def groups(results):
        parts = {GROUPS[0]: units[split:], GROUPS[1]: units[:split]}
        return {group: {name: results[name] for name in part} for group, part in parts.items() if part}

    def drawn():
        return groups({name: draw(totals) for name in units})

    earlier = drawn() if draw(st.booleans()) else None
    reasons = {name: draw(st.sampled_from(["免检", "未督查"])) for name in units}
    old = quarter_of(drawn(), earlier, reasons=reasons)
    return old, second(quarter_of(drawn(), earlier, reasons=reasons))


@settings(max_examples=200)
@given(corrections())
def test_every_changed_unit_is_named_and_no_other(pair):
    old, new = pair
    document = notice(old, new)
    changes = changed_units(old, new)
    everybody = {unit.name for results in pair for group in results.groups for unit in group.units}
    in_table = {row[1] for each in document.attachments for row in each.rows if len(row) > 4}
    named = in_table | {name for name in everybody if _is_named(name, text_of(document), everybody)}
    assert {change.name for change in changes} == named
    assert in_table == {change.name for change in changes if change.is_in_table}
    before = {unit.unit: unit for group in old.groups for unit in group.units}
    for group in new.groups:
        for unit in group.units:
            was = before[unit.unit]
            is_same = (was.rank, was.total, was.unranked_reason) == (
                unit.rank,
                unit.total,
                unit.unranked_reason,
            )
            if not is_same or set(was.list_places) != set(unit.list_places):
                assert unit.name in named


def _is_named(name: str, text: str, everybody: set[str]) -> bool:
    """Whether the text names this unit, and not only a longer name that ends like it."""
    for longer in everybody:
        if longer != name and longer.endswith(name):
            text = text.replace(longer, "")
    return name in text


@settings(max_examples=200)
@given(corrections())
def test_its_sentences_are_whole(pair):
    document = notice(*pair)
    for paragraph in document.paragraphs:
        text = paragraph.lead + paragraph.text
        assert not re.search(r"[，、；：]([，、；：。]|$)|。。|（）|《》|^[，、；。]|None", text), text
        assert "无" not in text
        assert not re.search(rf"({GROUPS[0]}|{GROUPS[1]}|；)(的单位)?中，", text), text
        assert not paragraph.text or paragraph.text.endswith("。"), text
    cells = [cell for each in document.attachments for row in each.rows for cell in row]
    assert "无" not in cells
    assert all(each.rows for each in document.attachments)


@settings(max_examples=50)
@given(corrections())
def test_every_list_that_changed_stands_in_the_table_of_lists(pair):
    old, new = pair
    document = notice(old, new)
    shown = {(row[0], row[1][:2]) for each in document.attachments for row in each.rows if len(row) == 4}
    heads = {
        ListName.TOP: ("前", "第"),
        ListName.LAST: ("后", "最"),
        ListName.PROGRESS: ("进",),
        ListName.SETBACK: ("退",),
    }
    for was, now in zip(old.groups, new.groups, strict=True):
        for name in ListName:
            if [unit.unit for unit in was.named(name)] != [unit.unit for unit in now.named(name)]:
                assert any(group == now.name and label[0] in heads[name] for group, label in shown)
