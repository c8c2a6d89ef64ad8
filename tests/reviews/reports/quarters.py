"""Quarters made up from a seed: the same everywhere, and between them all that a text can stumble on."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from random import Random

from organizations.quarter import Quarter
from reviews.ranking import ListName, ProgressMeasure, RankMethod
from reviews.reports.facts import (
    Deduction,
    GroupResult,
    Outcome,
    Rectification,
    Results,
    Score,
)
from reviews.reports.material import (
    DueDate,
    EarlierGroup,
    Finding,
    Highlight,
    Material,
    Programme,
)
from tests.reviews.reports.district import quarter_of

PUBLISHED_ON = datetime.date(2018, 10, 8)
GROUPS = ("乡镇（街道）", "系统单位", "两新组织")
NAMES = (
    "甲镇党委",
    "乙街道筹备办临时党工委",
    "丙乡党委",
    "𠮷安镇党委",
    "䶮湖街道党工委",
    "无名镇党委",
    "氹仔社区党总支",
    "中共某某经济技术开发区综合服务中心直属机关党委委员会",
    "区直机关（派驻）党支部",
    "庚镇党委",
    "辛镇党委",
    "壬镇党委",
    "𬭎鑫公司党总支",
    "子镇党委",
)
PLACES = ("", "", "东村党支部", "西村党支部", "𡎚上村党支部", "无尘村党支部", "南社区“两委”")
PRAISE = (
    "推行积分制管理，按月公示",
    "党员活动室一室多用",
    "把三会一课开到田间地头；流动党员按时参加",
    "群众满意率达98.5%",
    "坚持“四议两公开”",
)
WRONG = (
    "会议记录与签到表人数不一致",
    "支部书记对发展党员的程序掌握不准",
    "党费收缴公示不及时，底册不全",
    "后备干部储备不足",
    "活动室（村级）常年上锁",
)
CATEGORIES = ("党建业务不熟悉", "规范化程度不高", "督促指导力度不够", "村干部队伍建设有待加强")
REASONS = ("", "", "会议记录不完整。", "收缴滞后；", "，", "程序不规范，材料缺项", "台账缺页！")
INDICATORS = (
    ("基础工作", "三会一课"),
    ("基础工作", "主题党日"),
    ("", "五化建设"),
    ("队伍建设", "发展党员（程序）"),
)
UNRANKED = ("新设立", "未安排督查", "承担重大任务")
TASKS = ("", "逐个支部验收达标", "一村一策。限期整顿到位", "长" * 200, "对照清单逐项落实。" * 20)
LEADS = ("", "区委组织部", "区委党校", "甲镇党委")


def quarter_from(seed: int) -> Results:
    """One quarter; the same seed gives the same one."""
    random = Random(seed)
    groups = random.sample(GROUPS, random.choice((1, 1, 2, 2, 3)))
    names = random.sample(NAMES, len(NAMES))
    totals = {group: _totals(random, _some_of(random, names, len(groups))) for group in groups}
    has_baseline = random.random() < 0.75
    earlier = {group: _earlier(random, list(units)) for group, units in totals.items()}
    results = quarter_of(
        totals,
        earlier if has_baseline else None,
        scores=_scores(random, [name for units in totals.values() for name in units]),
        reasons={name: random.choice(UNRANKED) for name in NAMES},
        measure=random.choice(tuple(ProgressMeasure)),
        method=random.choice(tuple(RankMethod)),
        list_size=random.choice((1, 2, 3, 3, 3, 5)),
        baseline=random.choice((Quarter(2018, 2), Quarter(2018, 1), Quarter(2017, 4))),
    )
    if random.random() < 0.2:
        results = replace(results, number=random.choice((2, 3)), reason=random.choice(("录入有误。", "，")))
    rectification = _rectification(random) if random.random() < 0.5 else None
    material = _material(random, results) if random.random() < 0.8 else Material()
    return replace(results, rectification=rectification, material=material)


def shuffled(results: Results, seed: int) -> Results:
    """The same quarter with everything that has no order of its own in another order."""
    random = Random(seed)

    def mixed(values):
        return tuple(random.sample(values, len(values)))

    material = results.material
    return replace(
        results,
        groups=tuple(replace(group, units=mixed(group.units)) for group in results.groups),
        material=Material(
            mixed(material.highlights),
            mixed(material.findings),
            mixed(material.programmes),
            mixed(material.earlier),
        ),
    )


def _some_of(random: Random, names: list[str], groups: int) -> list[str]:
    """Names for one of so many groups, taken from those that are left: no two groups share a unit."""
    size = random.choice((1, 2, 3, len(NAMES) // groups, len(NAMES) // groups))
    return [names.pop() for _ in range(min(size, len(NAMES) // groups))]


def _totals(random: Random, names: list[str]) -> dict[str, Decimal | None]:
    """Many ties where the range is narrow; all equal or nobody ranked now and then."""
    spread = random.choice((0, 2, 4, 40, 40))
    left_out = random.choice((0, 0, 0, 0.2, 0.5, 1))
    return {
        name: None if random.random() < left_out else 80 + Decimal(random.randint(0, spread)) / 2
        for name in names
    }


def _earlier(random: Random, names: list[str]) -> dict[str, Decimal | None]:
    known = [name for name in names if random.random() < 0.85]
    return _totals(random, random.sample(known, len(known)))


def _scores(random: Random, names: list[str]) -> dict[str, list[Score]]:
    kind = random.choice(("lost", "lost", "lost", "full", "bonus", "none"))
    if kind == "none":
        return {}
    if kind == "bonus":
        bonus = [Score("加分项", "示范点", Decimal(2), Decimal(points), is_bonus=True) for points in (0, 2)]
        return {name: [random.choice(bonus)] for name in names}
    return {
        name: [
            _score(section, indicator, random.randint(0, 4) if kind == "lost" else 0, random)
            for section, indicator in INDICATORS
        ]
        for name in names
    }


def _score(section: str, indicator: str, lost: int, random: Random) -> Score:
    reason = random.choice(REASONS)
    deductions = (Deduction(Decimal(lost), reason),) if lost and reason else ()
    return Score(section, indicator, Decimal(10), Decimal(10 - lost), deductions=deductions)


def _rectification(random: Random) -> Rectification:
    outcomes = []
    for quarter in (Quarter(2018, 2), Quarter(2018, 1))[: random.choice((1, 2))]:
        on_time, late, left = (random.choice((0, 1, 5)) for _ in range(3))
        on_time += not (on_time or late or left)
        overdue = random.randint(0, left)
        outcomes.append(Outcome(quarter, on_time + late + left, on_time, late, left, overdue))
    return Rectification(PUBLISHED_ON, tuple(outcomes))


def _material(random: Random, results: Results) -> Material:
    units = [unit for group in results.groups for unit in group.units]
    places = [(unit.unit, unit.name, place) for unit in units for place in dict.fromkeys(PLACES)]
    where = sorted(random.sample(places, min(len(places), random.choice((0, 1, 4, 12)))))
    kinds = random.sample(CATEGORIES, random.choice((1, 4)))
    highlights = [Highlight(*each, random.choice(PRAISE)) for each in where]
    findings = [
        Finding(category, CATEGORIES.index(category), *each, random.choice(WRONG))
        for each in random.sample(where, random.randint(0, len(where)))
        for category in [random.choice(kinds)]
    ]
    programmes = [_programme(random, key) for key in range(1, random.choice((0, 1, 3, 25)) + 1)]
    earlier = [_earlier_group(random, group) for group in results.groups] if results.baseline else []
    return Material(tuple(highlights), tuple(findings), tuple(programmes), tuple(filter(None, earlier)))


def _programme(random: Random, key: int) -> Programme:
    targets = random.choice((0, 1, 2, 12))
    done = random.randint(0, targets)
    overdue = random.choice((0, targets - done))
    classes = random.choice(((), ("",), ("一类", "二类")))
    outcome = "finished" if random.random() < 0.3 else ("overdue" if overdue else "running")
    return Programme(
        key,
        random.choice(("软弱涣散基层党组织整顿", "党支部“五化”建设", "送课下乡", "综合服务平台建设（二期）")),
        random.choice((Quarter(2018, 3), Quarter(2018, 2))),
        random.choice(LEADS),
        None,
        random.choice(TASKS),
        tuple(
            DueDate(PUBLISHED_ON + datetime.timedelta(days=random.choice((-20, 0, 60))), name)
            for name in classes
        ),
        targets,
        done,
        overdue,
        outcome,
        is_new=random.random() < 0.5,
    )


def _earlier_group(random: Random, group: GroupResult) -> EarlierGroup | None:
    """As if the baseline had had these in its last list: the last of it by rank, as many as it names."""
    compared = sorted({unit.baseline_rank for unit in group.units if unit.baseline_rank})
    size = min(random.choice((1, 3)), len(compared) // 2)
    if not compared:
        return None
    last = compared[len(compared) - size :]
    average = random.choice((None, group.average() if group.totals else None, Decimal("81.25")))
    keys = tuple(unit.unit for unit in group.units if unit.baseline_rank in last)
    return EarlierGroup(group.key, average, size, keys)


def features_of(results: Results) -> set[str]:
    """What this quarter puts to the test."""
    groups, material = results.groups, results.material
    units = [unit for group in groups for unit in group.units]
    scores = [score for unit in units for score in unit.scores]
    found = {
        "ties": any(len(set(group.totals)) < len(group.totals) for group in groups),
        "all equal": any(len(set(group.totals)) == 1 < len(group.totals) for group in groups),
        "one group": len(groups) == 1,
        "one unit": any(len(group.units) == 1 for group in groups),
        "no baseline": results.baseline is None,
        "nobody ranked": not any(group.totals for group in groups),
        "a short list": any(0 < group.ends(results.list_size) < results.list_size for group in groups),
        "long names": any(len(unit.name) >= 24 for unit in units),
        "rare characters": any(ord(max(unit.name)) > 0xFFFF for unit in units),
        "a correction": results.is_correction,
        "no deductions": bool(scores) and not any(score.is_problem for score in scores),
        "only bonus": bool(scores) and all(score.is_bonus for score in scores),
        "many programmes": len(material.programmes) > 20,
        "findings": bool(material.findings),
        "one category": len({each.category for each in material.findings}) == 1,
        "highlights": bool(material.highlights),
        "no material": material == Material(),
        "progress": any(group.named(ListName.PROGRESS) for group in groups),
        "no setback": results.baseline is not None
        and not any(group.named(ListName.SETBACK) for group in groups),
    }
    return {name for name, is_there in found.items() if is_there}
