"""The words by which a score workbook's columns and rows are known.

They are content, not interface: the workbooks are Chinese whatever language the screen has.
"""

from __future__ import annotations

import re

from workbooks.layout import header_key

NOT_APPLICABLE = "不适用"

# What the columns are called. 备注 gives the reason where no column of its own does.
COLUMN_WORDS = {
    "unit": {"单位", "单位名称", "单位全称", "党组织", "党组织名称", "党委名称", "被督查单位", "受检单位",
             "被检查单位", "名称", "乡镇", "乡镇(街道)", "乡镇街道", "镇街", "部门"},
    "indicator": {"指标", "指标名称", "二级指标", "考核指标", "督查指标", "扣分指标", "考核项目", "项目"},
    "score": {"得分", "分数", "评分", "实得分"},
    "deduction": {"扣分", "扣分值", "扣分数", "扣分分值", "所扣分数"},
    "reason": {"扣分原因", "扣分理由", "原因", "扣分说明", "扣分情况", "存在问题", "问题"},
    "remark": {"备注", "说明"},
}  # fmt: skip

TOTAL_WORDS = {"合计", "总分", "总得分", "得分合计", "合计得分", "总计", "最终得分", "总成绩", "得分"}

# Columns of a wide sheet that are no indicators and are not looked at.
PASSED_OVER_WORDS = {
    "序号", "编号", "名次", "排名", "位次", "排序", "等次", "等级", "升降", "上季度名次", "上季度得分",
    "小计", "平均分", "备注", "说明", "类别", "单位类别", "组织类型", "简称", "单位简称",
    "负责人", "责任人", "联系人", "联系电话", "电话", "签字", "扣分原因", "存在问题", "主要问题",
    "督查人员", "督查人", "督查组", "检查组", "督查时间", "督查日期", "日期", "时间",
}  # fmt: skip

# Rows below the units: figures of the whole table, and who filled it in.
_SUMMARY_ROWS = {
    "合计", "总计", "小计", "平均", "平均分", "平均值", "均分", "最高分", "最低分", "最高", "最低", "得分率",
    "平均得分", "全区平均", "全区平均分", "总平均", "总平均分",
}  # fmt: skip
_SIGNED_ROWS = re.compile(
    r"(?:填表|填报|制表|审核|复核|审批|签发|经办|联系|统计|记分|督查|检查|负责|主管|分管|单位负责|部门负责)?"
    r"(?:人|人员|单位|时间|日期|领导|电话|签字|签名|盖章|组|部门)?(?:\(.{0,6}\))?:.*",
    re.DOTALL,
)
_NOTE_ROWS = re.compile(r"(?:备?注|说明|注释|附注)[0-9]*[:.、].*|(?:填表|填报|制表|审核|复核)人?", re.DOTALL)
FULL_MARKS_ROWS = {"满分", "分值", "标准分", "满分值", "权重"}

_NUMBERING = re.compile(r"[(]?[一二三四五六七八九十0-9]{1,3}[)]?[、.]?")


def is_footer(text: str) -> bool:
    """Does this stand where a unit would, but closes the table: 平均分, 填表人：…, 注：…?"""
    key = header_key(text)
    return key in _SUMMARY_ROWS or bool(_SIGNED_ROWS.fullmatch(key) or _NOTE_ROWS.fullmatch(key))


def without_numbering(text: str) -> str:
    """A heading without what counts it: 一、乡镇（街道） → 乡镇(街道)."""
    return _NUMBERING.sub("", header_key(text), count=1)
