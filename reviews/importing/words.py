"""The words by which a score workbook's columns and rows are known.

They are content, not interface: the workbooks are Chinese whatever language the screen has.
"""

from __future__ import annotations

import re

from workbooks.layout import Words, header_key, split_full_marks

NOT_APPLICABLE = "不适用"
# The hidden sheet behind the drop-downs of the workbook to fill in (reviews/score_template_xlsx.py).
CHOICES_SHEET = "选项"

# A unit's column, whatever brackets stand in its heading: 考核单位, 镇（街道）, 单位\\指标, 指标／单位.
_ASKED = "考核|考评|考察|督查|督导|检查|受检|评议|评估|测评|评分|扣分"
_WHOSE = rf"被|受|参评|{_ASKED}|所属|所在|直属|下属|下级|各级?|本|基层|全区|区直|县直|市直|机关"
_UNIT = "单位|党组织|党总支|党支部|党委|党工委|乡|镇|街道?|对象|部门"
_OTHER_AXIS = rf"(?:{_ASKED})?(?:指标|项目|内容|得分|分值|分数|类别)"
_UNIT_HEADING = re.compile(
    rf"(?:{_OTHER_AXIS}[\\/|、]?)?"
    rf"(?:{_WHOSE})*(?:{_UNIT})(?:[、/和及或]?(?:{_UNIT}))*(?:名称|全称|名)?"
    rf"(?:[\\/|]{_OTHER_AXIS})?"
)
_INDICATOR_HEADING = re.compile(rf"(?:二级|三级|{_ASKED})?(?:指标|项目|内容)(?:名称)?")
_NO_BRACKETS = str.maketrans("", "", "()")
_LONGEST_HEADING = 20  # characters; a heading that is longer is a sentence


def is_unit_heading(text: str) -> bool:
    """Is this what the column of units is called: 单位, 被考核单位, 党（工）委, 单位／项目?"""
    key = header_key(text)
    if len(key) > _LONGEST_HEADING:
        return False
    return key == "名称" or _UNIT_HEADING.fullmatch(key.translate(_NO_BRACKETS)) is not None


def is_indicator_heading(text: str) -> bool:
    """Is this what the column of indicators in a long sheet is called: 指标, 考核内容, 扣分项目?"""
    return _INDICATOR_HEADING.fullmatch(header_key(text)) is not None


# What the columns of a long sheet are called. 备注 gives the reason where no column of its own does.
COLUMN_WORDS: dict[str, Words] = {
    "unit": is_unit_heading,
    "indicator": is_indicator_heading,
    "score": {"得分", "分数", "评分", "实得分", "得分(分)", "实得分(分)"},
    "deduction": {"扣分", "扣分值", "扣分数", "扣分分值", "所扣分数", "扣分(分)", "扣分值(分)", "扣分数(分)"},
    "reason": {"扣分原因", "扣分理由", "原因", "扣分说明", "扣分情况", "主要扣分原因", "存在问题", "问题"},
    "remark": {"备注", "说明"},
}  # fmt: skip

# Totals are compared with what their row adds up to; those of another kind are passed over.
_TOTAL_HEADING = re.compile(
    r"(?:本季度?|季度|全年|年度)?(?:考核|综合|最后|最终|实际|督查|考评|实|合计)?"
    r"(?:总得分|得分|总分值?|总成绩|成绩|合计|总计|总和)(?:合计)?(?:\(分\))?"
)

# Columns of a wide sheet that are no indicators and are not looked at.
_PASSED_OVER_WORDS = {
    "序号", "编号", "名次", "排名", "位次", "排序", "等次", "等级", "升降",
    "小计", "平均分", "备注", "说明", "类别", "单位类别", "组织类型", "简称", "单位简称",
    "负责人", "责任人", "联系人", "联系电话", "电话", "签字", "扣分原因", "存在问题", "主要问题",
    "督查人员", "督查人", "督查组", "检查组", "督查时间", "督查日期", "日期", "时间",
}  # fmt: skip
_WHICH = r"(?:[本上下前去第全同一二三四0-9年度季期区县市组类总内别与比较]|考核|综合|得分)*"
_FIGURES_BESIDE = re.compile(
    rf"{_WHICH}(?:名次|排名|位次|排序|等次|等级)(?:升降|变化|对比|情况|位)*"
    rf"|{_WHICH}升降(?:情况|名次|位次|幅度)?"
    r"|(?:[上去前同]一?[季年期]度?|第?[一二三四1-4]季度)(?:考核|综合)?(?:总?得分|总分|总?成绩|合计)"
    r"|(?:合计|累计|共计?|总)扣分(?:值|数|分值)?|扣分(?:合计|总计|小计|总分|总数|情况)"
    r"|(?:折算|折合|折后|加权|平均)(?:后)?(?:总?得分|总分|分|成绩)|(?:得分|失分|扣分)率"
    r"|(?:联系|办公|手机)?(?:电话|手机)(?:号码?)?"
)
_TEXT_BESIDE = re.compile(
    "名次|排名|位次|序号|升降|原因|理由|情况|备注|说明|问题|书记|负责人|责任人|联系|电话|签字|时间|日期"
)


def is_total(text: str) -> bool:
    """Is this a column of totals: 合计, 考核得分, 总分（100分）?"""
    return any(_TOTAL_HEADING.fullmatch(key) for key in (header_key(text), split_full_marks(text)[0]))


def is_passed_over(text: str) -> bool:
    """Is this a column beside the scores, whatever it holds: 序号, 上季度排名, 扣分合计?"""
    key = header_key(text)
    return key in _PASSED_OVER_WORDS or _FIGURES_BESIDE.fullmatch(key) is not None


def is_passed_over_text(text: str) -> bool:
    """Is this a column beside the scores while it holds no points: 工作情况, 党组织书记, another 单位?

    An indicator that the rubric does not have, such as 问题整改情况, may be called so as well.
    """
    key, full_marks = split_full_marks(text)
    return full_marks is None and (is_unit_heading(key) or _TEXT_BESIDE.search(key) is not None)


# Rows below the units: figures of the whole table, and who filled it in.
_SUMMARY_ROWS = {
    "合计", "总计", "小计", "平均", "平均分", "平均值", "均分", "最高分", "最低分", "最高", "最低", "得分率",
}  # fmt: skip
_SUMMARY_ROW = re.compile(
    r"[^,，。:;]{0,8}(?:平均(?:得?分|值|成绩)?|均分|均值)|[^,，。:;]{0,6}(?:得分|失分|扣分|达标)率"
    r"|.{0,8}(?:小计|合计|总计)(?:\(.{0,8}\))?|(?:最高|最低|平均)得?分.{0,4}"
)
_CONTINUED = re.compile(r"\(?(?:续表|续上表|接上表|接上页|转下页|接下页)[0-9一二三四五六七八九十]*\)?")
_DATE = re.compile(
    r"[0-9]{4}[-./年][0-9]{1,2}(?:[-./月](?:[0-9]{1,2}日?)?)?"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?"
)
_SIGNED_ROWS = re.compile(
    r"(?:填表|填报|制表|审核|复核|审批|签发|经办|联系|统计|记分|督查|检查|负责|主管|分管|单位负责|部门负责)?"
    r"(?:人|人员|单位|时间|日期|领导|电话|签字|签名|盖章|组|部门)?(?:\(.{0,6}\))?:.*",
    re.DOTALL,
)
_NOTE_ROWS = re.compile(r"(?:备?注|说明|注释|附注)[0-9]*[:.、].*|(?:填表|填报|制表|审核|复核)人?", re.DOTALL)
_FULL_MARKS_ROW = re.compile(r"(?:指标|项目|考核)?(?:满分|分值|标准分|权重)(?:分?值|标准)?(?:\(分\))?")

_NUMBERING = re.compile(r"[(]?[一二三四五六七八九十0-9]{1,3}[)]?[、.]?")
# Of an indicator, whose name may begin with a numeral: 三会一课 keeps its 三.
_INDICATOR_NUMBERING = re.compile(
    r"(?:\([一二三四五六七八九十0-9]{1,3}\)|[一二三四五六七八九十]{1,3}[、.)]|[0-9]{1,2}(?:[.-][0-9]{1,2})*[、.)]?)、?"
)


def is_footer(text: str) -> bool:
    """Does this stand where a unit would, but closes the table: 平均分, 填表人：…, 注：…?"""
    key = header_key(text)
    return key in _SUMMARY_ROWS or any(
        pattern.fullmatch(key) for pattern in (_SUMMARY_ROW, _SIGNED_ROWS, _NOTE_ROWS, _CONTINUED)
    )


def is_full_marks_row(text: str) -> bool:
    """Does this stand before a row of full marks: 满分, 分值（分）?"""
    return _FULL_MARKS_ROW.fullmatch(header_key(text)) is not None


def is_date(text: str) -> bool:
    """Is this a day or a month and nothing else: 2018年10月, 2018-10-08, 二〇一八年十月八日?"""
    return _DATE.fullmatch(header_key(text)) is not None


def without_numbering(text: str) -> str:
    """A heading without what counts it: 一、乡镇（街道） → 乡镇(街道)."""
    return _NUMBERING.sub("", header_key(text), count=1)


def without_indicator_numbering(key: str) -> str:
    """An indicator's key without what counts it: 1.三会一课, 一、三会一课, (1)三会一课 → 三会一课."""
    match = _INDICATOR_NUMBERING.match(key)
    return key if match is None else key[match.end() :]
