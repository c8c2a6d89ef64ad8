"""The demo's visits: what inspectors found done well and wrong in the newest quarter, beside its scores."""

from __future__ import annotations

import datetime
import uuid
from typing import NamedTuple

from django.utils import timezone

from organizations.models import Organization, User
from rectification.categories import DEFAULTS
from reviews.models import ReviewCycle
from reviews.visiting import Findings, VisitDetails, record_new_visit

UNFAMILIAR, UNTIDY, UNLED, CADRES = DEFAULTS


class Found(NamedTuple):
    """What one visit found. problems: category and text each."""

    unit: str
    place: str = ""
    highlights: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


VISITS = (
    Found("甲镇党委", "东村党支部", ("推行积分制管理，党员参加组织生活、承诺践诺情况按月公示",)),
    Found("甲镇党委", "西村党支部", ("党员活动室一室多用，党务、村务、便民服务集中办理",)),
    Found(
        "乙街道筹备办临时党工委",
        "南社区党支部",
        ("引导在职党员到社区报到认领岗位，建立服务清单并逐项销账",),
    ),
    Found("丙乡党委", "中村党支部", ("把三会一课开到田间地头，流动党员通过视频按时参加",)),
    Found("丁镇党委", "", ("主要负责同志每季度到所辖党支部现场办公，问题当场交办、限期回复",)),
    Found(
        "戊镇党委",
        "北村党支部",
        ("软弱涣散整顿措施逐条落实，班子面貌明显改观",),
        ((UNTIDY, "会议记录与签到表人数不一致"),),
    ),
    Found("区林业局直属机关党委", "", ("主题党日与林区巡护、防火宣传结合开展，党员参与率高",)),
    Found("区水电公司党委", "检修党支部", ("设立党员责任区，把业务骨干发展成党员、把党员培养成业务骨干",)),
    Found(
        "己乡党委",
        "上村党支部",
        (),
        ((UNFAMILIAR, "支部书记对发展党员的程序掌握不准"), (CADRES, "后备干部储备不足")),
    ),
    Found("辛镇党委", "东村党支部", (), ((UNFAMILIAR, "支部书记对发展党员的程序掌握不准"),)),
    Found(
        "辛镇党委",
        "下村党支部",
        (),
        ((UNTIDY, "会议记录与签到表人数不一致"), (UNLED, "镇党委对村级党支部的指导没有记录")),
    ),
    Found("壬镇党委", "西村党支部", (), ((UNTIDY, "会议记录与签到表人数不一致"),)),
    Found(
        "辰镇党委",
        "南村党支部",
        (),
        ((UNFAMILIAR, "党务工作者说不清本支部党员底数"), (CADRES, "村“两委”换届后交接手续不全")),
    ),
    Found(
        "巳镇党委",
        "中村党支部",
        (),
        ((UNFAMILIAR, "支部书记对发展党员的程序掌握不准"), (UNTIDY, "组织生活会会前谈心谈话没有记录")),
    ),
    Found("午乡党委", "上村党支部", (), ((UNTIDY, "党费收缴公示不及时"), (CADRES, "后备干部储备不足"))),
    Found("区经信局系统党工委", "", (), ((UNLED, "全年没有专题研究所属党组织的党建工作"),)),
    Found("邮政集团某分公司党总支", "投递党支部", (), ((UNTIDY, "会议记录与签到表人数不一致"),)),
)


def make_visits(cycle: ReviewCycle, inspector: User) -> None:
    """Record them as made in the weeks before today; none takes points, so that the samples' totals stand."""
    units = {unit.name: unit for unit in Organization.objects.under(cycle.host)}
    today = timezone.localdate()
    for number, found in enumerate(VISITS):
        details = VisitDetails(
            organization=units[found.unit],
            inspectors=[inspector],
            place_name=found.place,
            visited_on=today - datetime.timedelta(days=8 + number % 12),
        )
        findings = Findings(highlights=found.highlights, problems=found.problems)
        record_new_visit(cycle, details, findings, by=inspector, client_uuid=uuid.uuid4())
