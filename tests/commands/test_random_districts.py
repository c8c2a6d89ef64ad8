"""Random districts, laid out at random, against the rules written down a second time in the plainest way."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
import pytest

from organizations.models import User
from tests.workbooks import build

REASON = "未督查"
SEEDS = range(12)


# --- A district ----------------------------------------------------------------------------------


@dataclass
class Group:
    """A group: its units in the host's order and its indicators with full marks in halves."""

    name: str
    units: list[str]
    indicators: dict[str, Decimal]
    scores: dict[str, dict[str, dict[str, Decimal]]] = field(default_factory=dict)  # quarter, unit, indicator


def random_group(name: str, randomly: random.Random, size: int) -> Group:
    units = [f"{name}第{number}单位党委" for number in randomly.sample(range(100, 1000), size)]
    parts, left = {}, 100
    for number in range(1, randomly.randint(2, 6)):
        marks = randomly.randint(1, max(left - 10, 1))
        parts[f"指标{'一二三四五六七'[number]}"] = Decimal(marks)
        left -= marks
    parts["问题整改销号"] = Decimal(left)
    return Group(name, units, parts)


def random_scores(group: Group, randomly: random.Random) -> dict[str, dict[str, Decimal]]:
    """Points in halves of few distinct totals, so that ties fall on every cut; some units not scored."""
    largest = max(group.indicators, key=lambda name: group.indicators[name])
    steps = int(group.indicators[largest] * 2)
    levels = [Decimal(randomly.randint(0, steps)) / 2 for _ in range(randomly.randint(1, len(group.units)))]
    scores = {}
    for unit in group.units:
        if randomly.random() < 0.12:
            continue
        scores[unit] = dict(group.indicators) | {largest: randomly.choice(levels)}
    return scores


# --- Its workbooks -------------------------------------------------------------------------------


def roster(groups: Iterable[Group], randomly: random.Random) -> bytes:
    rows = [(number, unit, group.name) for group in groups for number, unit in enumerate(group.units, 1)]
    title = [("单位名册",)] if randomly.random() < 0.5 else []
    return build.xlsx([*title, ("序号", randomly.choice(["单位全称", "单位"]), "类别"), *rows])


def rubric(groups: Iterable[Group]) -> bytes:
    rows = [
        (group.name, "基础工作", name, marks) for group in groups for name, marks in group.indicators.items()
    ]
    return build.xlsx([("类别", "一级指标", "指标", "满分"), *rows])


def score_sheets(groups: Iterable[Group], quarter: str, randomly: random.Random) -> bytes:
    """Wide sheets, or one long sheet; columns and rows in any order, titles and sums or none."""
    if randomly.random() < 0.3:
        rows = [
            (unit, name, points)
            for group in groups
            for unit, scores in group.scores[quarter].items()
            for name, points in scores.items()
        ]
        randomly.shuffle(rows)
        return build.xlsx([("单位", "指标", "得分"), *rows])
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for group in groups:
        sheet = workbook.create_sheet(f"表{group.name}")
        names = list(group.indicators)
        randomly.shuffle(names)
        if randomly.random() < 0.5:
            sheet.append([f"{quarter[:4]}年第{'一二三四'[int(quarter[-1]) - 1]}季度得分表"])
        sheet.append(
            ["序号", "单位", *(f"{name}（{group.indicators[name]}分）" for name in names), "合计", "备注"]
        )
        units = list(group.units)
        randomly.shuffle(units)
        for number, unit in enumerate(units, 1):
            scores = group.scores[quarter].get(unit, {})
            total = sum(scores.values()) if scores else None
            sheet.append([number, unit, *(scores.get(name) for name in names), total, None])
    return build.saved(workbook)


# --- The rules, a second time --------------------------------------------------------------------


def ranked(totals: dict[str, Decimal], method: str) -> dict[str, int]:
    if method == "dense":
        return {
            unit: 1 + len({other for other in totals.values() if other > total})
            for unit, total in totals.items()
        }
    return {unit: 1 + sum(other > total for other in totals.values()) for unit, total in totals.items()}


def movers(group: Group, changes: dict[str, tuple[int, Decimal]], size: int, sign: int) -> list[str]:
    """Those that moved furthest up (sign 1) or down (sign −1), the n best distinct movements."""
    moved = {
        unit: (sign * places, sign * change)
        for unit, (places, change) in changes.items()
        if sign * places > 0
    }
    best = sorted(set(moved.values()), reverse=True)[:size]
    chosen = [unit for unit in group.units if moved.get(unit) in best]
    return sorted(chosen, key=lambda unit: (best.index(moved[unit]), group.units.index(unit)))


def expected_group(group: Group, now: str, before: str, method: str, size: int) -> dict:
    totals = {unit: sum(scores.values(), Decimal(0)) for unit, scores in group.scores[now].items()}
    totals_before = {unit: sum(scores.values(), Decimal(0)) for unit, scores in group.scores[before].items()}
    places, places_before = ranked(totals, method), ranked(totals_before, method)
    in_order = sorted(totals, key=lambda unit: (places[unit], group.units.index(unit)))
    ends = min(size, len(set(totals.values())) // 2)
    from_bottom = ranked({unit: -total for unit, total in totals.items()}, method)
    changes = {
        unit: (places_before[unit] - places[unit], totals[unit] - totals_before[unit])
        for unit in totals
        if unit in totals_before
    }
    return {
        "group": group.name,
        "standings": [
            {
                "organization": unit,
                "rank": places[unit],
                "total": f"{totals[unit]:.2f}",
                "baseline_rank": places_before.get(unit),
                "places": changes[unit][0] if unit in changes else None,
                "total_change": f"{changes[unit][1]:.2f}" if unit in changes else None,
            }
            for unit in in_order
        ],
        "unranked": [{"organization": unit, "reason": REASON} for unit in group.units if unit not in totals],
        "top": [unit for unit in in_order if places[unit] <= ends],
        "last": [unit for unit in in_order if from_bottom[unit] <= ends],
        "progress": movers(group, changes, size, 1),
        "setback": movers(group, changes, size, -1),
    }


# --- The comparison ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_commands_give_what_the_rules_say(seed, must, saved, db):
    randomly = random.Random(seed)
    method = randomly.choice(["dense", "competition"])
    size = randomly.choice([1, 2, 3, 3, 5])
    groups = [
        random_group("乡镇", randomly, 5 if seed % 3 == 0 else randomly.randint(1, 20)),
        random_group("系统", randomly, randomly.randint(2, 12)),
    ]
    User.objects.create_user("publisher")
    must("import_units", saved(roster(groups, randomly), "名册.xlsx"))
    must("import_rubric", saved(rubric(groups), "细则.xlsx"), "--year", 2018)
    for quarter, baseline in (("2018Q1", None), ("2018Q3", "2018Q1")):
        for group in groups:
            group.scores[quarter] = random_scores(group, randomly)
        if not any(group.scores[quarter] for group in groups):
            groups[0].scores[quarter] = {groups[0].units[0]: dict(groups[0].indicators)}
        options = ["--baseline", baseline] if baseline else []
        must("open_cycle", quarter, "--rank-method", method, "--list-size", size, *options)
        must("import_scores", saved(score_sheets(groups, quarter, randomly), "得分.xlsx"), "--cycle", quarter)
        must("verify_cycle", quarter, "--exempt-unscored", REASON)
        live = must("standings", quarter, "--format", "json").json
        must("publish_cycle", quarter, "--by", "publisher", "--confirm")

    frozen = must("standings", "2018Q3", "--format", "json").json
    assert frozen["groups"] == [expected_group(group, "2018Q3", "2018Q1", method, size) for group in groups]
    assert live["groups"] == frozen["groups"]
    assert (frozen["rank_method"], frozen["baseline"]) == (method, "2018Q1")
