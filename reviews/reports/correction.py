"""The notice that a published circular was corrected: old beside new, in sentences and tables.

Pure, always Chinese, never translated. A set that is empty drops its clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reviews.ranking import ListName
from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Attachment, Column, Level, OfficialDocument
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.layout import title_lines
from reviews.reports.prose import Heading, circular_of
from reviews.reports.rankings import end_lists, move_lists, named_baseline
from reviews.reports.score_tables import DASH
from reviews.reports.wording import chinese_number, enumerated, official_date, without_end_mark

UNITS_IN_WORDS = 6  # of one group; more of them are left to the table


@dataclass(frozen=True)
class Said:
    """What one publication says of a unit. remark: why it has no place; lists: those that name it."""

    group: str
    name: str
    rank: int | None
    total: str | None
    remark: str
    lists: frozenset[ListName]

    @property
    def figures(self) -> tuple[str, int | None, str | None, str]:
        """What the tables print of it."""
        return (self.group, self.rank, self.total, self.remark)


@dataclass(frozen=True)
class Changed:
    """A unit of which the two publications do not say the same; None where one says nothing of it."""

    old: Said | None
    new: Said | None

    @property
    def name(self) -> str:
        said = self.new or self.old
        return said.name if said else ""

    @property
    def group(self) -> str:
        """The group under which it is told of: the one it is in now."""
        said = self.new or self.old
        return said.group if said else ""

    @property
    def is_in_table(self) -> bool:
        """Whether a place, a total, a group or a reason changed, not only a list."""
        return not (self.old and self.new) or self.old.figures != self.new.figures

    @property
    def is_only_moved(self) -> bool:
        """Whether its place alone changed, because of others."""
        if self.old is None or self.new is None:
            return False
        return replace(self.old, rank=0).figures == replace(self.new, rank=0).figures


def changed_units(old: Results, new: Results) -> tuple[Changed, ...]:
    """Every unit whose place, printed total, group, reason or lists are no longer what they were.

    In the order of the new tables; then those that the correction says nothing of. A unit is the same by its
    key, whatever it is called.
    """
    before, after = _said_by_unit(old), _said_by_unit(new)
    return tuple(
        Changed(before.get(key), after.get(key))
        for key in dict.fromkeys([*after, *before])
        if _tells_of_change(before.get(key), after.get(key))
    )


def write_correction(old: Results, new: Results, heading: Heading, old_heading: Heading) -> OfficialDocument:
    """The notice of the correction `new` of the publication `old`, from nothing but the two of them."""
    changes = changed_units(old, new)
    attachments = _attachments(old, new, changes)
    blocks = [Block("opening", _opening(old, new, old_heading)), *_contents(old, new, changes, attachments)]
    blocks += _demands(old, new)
    words = ["关于", _which_time(new), f"{new.quarter.year}年", new.quarter.ordinal]
    words += ["基层党建工作", "督查情况", "通报的通知"]
    return replace(
        _circular(new, heading),
        title="".join(words),
        title_lines=title_lines(words),
        paragraphs=composed(blocks, {}),
        attachments=attachments,
        document_number="",  # the notice gets a number of its own; the one that is kept is the circular's
    )


def _circular(results: Results, heading: Heading) -> OfficialDocument:
    """The circular without its text: the notice is headed and signed as it is."""
    return circular_of(Draft((), {}), results, heading)


def _said_by_unit(results: Results) -> dict[int, Said]:
    return {
        unit.unit: Said(
            group=group.name,
            name=unit.name,
            rank=unit.rank,
            total=None if unit.total is None else group.points(unit.total),
            remark=unit.unranked_reason,
            lists=frozenset(unit.list_places),
        )
        for group in results.groups
        for unit in group.units
    }


def _tells_of_change(old: Said | None, new: Said | None) -> bool:
    if old is None or new is None:
        return True
    return (old.figures, old.lists) != (new.figures, new.lists)


def _which_time(new: Results) -> str:
    """更正, and from the second one on 第二次更正."""
    return "更正" if new.number == 2 else f"第{chinese_number(new.number - 1)}次更正"


# --- Text ----------------------------------------------------------------------------------------


def _opening(old: Results, new: Results, old_heading: Heading) -> str:
    issuer = old_heading.issuer or old.host_name
    number = f"（{old_heading.document_number}）" if old_heading.document_number else ""
    title = _circular(old, old_heading).title
    reason = without_end_mark(new.reason)
    why = f"更正原因：{reason}。" if reason else ""
    return (
        f"{official_date(old.published_on)}，{issuer}印发了《{title}》{number}（以下简称原通报）。"
        f"经复核，需对原通报有关内容予以更正。{why}现将更正内容通知如下。"
    )


def _contents(
    old: Results, new: Results, changes: Sequence[Changed], attachments: Sequence[Attachment]
) -> list[Block]:
    """What changed: places and totals, then averages, then the lists; each only where it says something."""
    parts = [
        ("places", "名次和总分", _places(new, changes, attachments)),
        ("averages", "平均得分和最高、最低得分", _averages(old, new)),
        ("lists", "名单", _lists(old, new)),
    ]
    said = [part for part in parts if part[2]]
    blocks = [Block("contents", lead="更正内容", level=Level.SECTION)]
    if baseline := _baseline(old, new):
        blocks.append(Block("contents.baseline", baseline))
    if not said:
        blocks.append(Block("contents.same", "各单位的名次、总分和各项名单均与原通报一致。"))
    blocks += [Block(f"contents.{key}", text, lead, Level.PART) for key, lead, text in said]
    if said and attachments:
        labels = enumerated(each.label for each in attachments)
        blocks.append(Block("contents.tables", f"更正前后的对照情况见{labels}。"))
    return blocks


def _baseline(old: Results, new: Results) -> str:
    """That places are compared with another quarter; empty where they are not."""
    before, now = named_baseline(old), named_baseline(new)
    if before == now:
        return ""
    if before and now:
        return f"升降情况的对比季度由{before}更正为{now}。"
    return f"升降情况更正为与{now}对比。" if now else f"不再与{before}对比升降情况。"


def _places(new: Results, changes: Sequence[Changed], attachments: Sequence[Attachment]) -> str:
    """One sentence a group. Where many changed: those that gave cause, and how many moved because of them."""
    told = [change for change in changes if change.is_in_table]
    groups = dict.fromkeys([*(group.name for group in new.groups), *(change.group for change in told)])
    label = f"，详见{attachments[0].label}" if attachments else ""
    sentences = []
    for group in groups:
        units = [change for change in told if change.group == group]
        causes = [change for change in units if not change.is_only_moved]
        if not units:
            continue
        if len(units) <= UNITS_IN_WORDS:
            text = "；".join(map(_unit_clause, units))
        elif causes and len(causes) <= UNITS_IN_WORDS:
            moved = len(units) - len(causes)
            text = "；".join([*map(_unit_clause, causes), f"另有{moved}个单位的名次相应调整{label}"])
        else:
            text = f"共{len(units)}个单位的名次、总分或有关说明有更正{label}"
        sentences.append(f"{group}：{text}。")
    return "".join(sentences)


def _unit_clause(change: Changed) -> str:
    """甲镇党委总分由96.50分更正为95.00分，名次由第一名更正为第三名."""
    old, new = change.old, change.new
    if new is None:
        return f"不再列入{change.name}"
    if old is None:
        return f"增列{change.name}，{_standing(new)}"
    moved = f"由{old.group}调整到{new.group}" if old.group != new.group else ""
    if old.rank is None or new.rank is None:
        if (old.rank, old.remark) == (new.rank, new.remark):
            return new.name + moved
        return new.name + "，".join(filter(None, [moved, f"由{_standing(old)}更正为{_standing(new)}"]))
    total = f"总分由{old.total}分更正为{new.total}分" if old.total != new.total else ""
    rank = f"名次由第{old.rank}名更正为第{new.rank}名" if old.rank != new.rank else ""
    return new.name + "，".join(filter(None, [moved, total, rank]))


def _standing(said: Said) -> str:
    """总分95.00分、第3名, or 未参加排名（本季度免检）."""
    if said.rank is None:
        return f"未参加排名（{said.remark}）" if said.remark else "未参加排名"
    return f"总分{said.total}分、第{said.rank}名"


def _averages(old: Results, new: Results) -> str:
    before = {group.key: group for group in old.groups}
    sentences = []
    for group in new.groups:
        earlier = before.get(group.key)
        if earlier is None or not earlier.totals or not group.totals:
            continue
        figures = [
            ("平均得分", earlier.points(earlier.average()), group.points(group.average())),
            ("最高得分", earlier.points(max(earlier.totals)), group.points(max(group.totals))),
            ("最低得分", earlier.points(min(earlier.totals)), group.points(min(group.totals))),
        ]
        clauses = [f"{name}由{was}分更正为{now}分" for name, was, now in figures if was != now]
        if clauses:
            sentences.append(f"{group.name}{'，'.join(clauses)}。")
    return "".join(sentences)


def _lists(old: Results, new: Results) -> str:
    """Who enters and who leaves which list; one sentence a group whose lists changed."""
    before = {group.key: group for group in old.groups}
    sentences = []
    for group in new.groups:
        earlier = before.get(group.key, GroupResult(group.name, (), group.decimals, group.key))
        clauses = [clause for name in ListName if (clause := _list_clause(name, earlier, group, old, new))]
        if clauses:
            sentences.append(f"{group.name}{'；'.join(clauses)}。")
    return "".join(sentences)


def _list_clause(name: ListName, earlier: GroupResult, group: GroupResult, old: Results, new: Results) -> str:
    """前三名中，增列丙乡党委，不再列丁镇党委; empty where the list prints as it did."""
    was, now = _printed_list(name, earlier, old), _printed_list(name, group, new)
    if was == now:
        return ""
    is_move = name in (ListName.PROGRESS, ListName.SETBACK)
    units = (now[0] or was[0]).removesuffix("的是") + ("的单位" if is_move else "")
    then, today = earlier.named(name), group.named(name)
    added = _names_without(today, then)
    dropped = _names_without(then, today)
    clauses = [f"增列{added}" if added else "", f"不再列{dropped}" if dropped else ""]
    if added or dropped:
        return f"{units}中，{'，'.join(filter(None, clauses))}"
    order = "升降幅度或排列次序" if is_move else "的排列次序或并列情况"
    return f"{units}不变，{order}有更正" if is_move else f"{units}{order}有更正"


def _names_without(units: Iterable[UnitResult], others: Iterable[UnitResult]) -> str:
    known = {unit.unit for unit in others}
    return enumerated(unit.name for unit in units if unit.unit not in known)


def _printed_list(name: ListName, group: GroupResult, results: Results) -> tuple[str, str]:
    """How a list is headed and whom it names; two empty texts where there is none."""
    lists = [*end_lists(group, results.list_size), *move_lists(group, results.measure)]
    return next(((label, units) for each, label, units in lists if each is name), ("", ""))


def _demands(old: Results, new: Results) -> list[Block]:
    code = f"（校验码：{_check_code(old.digest)}）" if old.digest else ""
    new_code = f"（校验码：{_check_code(new.digest)}）" if new.digest else ""
    demands = [
        (
            "force",
            "以更正后的通报为准",
            f"自本通知印发之日起，原通报{code}停止使用，有关内容以{official_date(new.published_on)}"
            f"更正后的通报{new_code}为准。",
        ),
        (
            "paper",
            "妥善处理原通报",
            "各单位对已印发、转发或张贴的原通报，要及时收回；确需留存归档的，在首页注明“已更正”，"
            "与本通知一并存放，不得再行转发、引用。",
        ),
        (
            "work",
            "做好工作衔接",
            "已依据原通报安排的整改、表扬、约谈等工作，请对照更正后的内容相应调整。",
        ),
    ]
    blocks = [Block("demands", lead="有关要求", level=Level.SECTION)]
    return blocks + [Block(f"demands.{key}", text, lead, Level.POINT) for key, lead, text in demands]


def _check_code(digest: str) -> str:
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


# --- Tables --------------------------------------------------------------------------------------

Table = tuple[list[str], tuple[Column, ...], tuple[tuple[str, ...], ...]]


def _attachments(old: Results, new: Results, changes: Sequence[Changed]) -> tuple[Attachment, ...]:
    """The units old beside new, then the lists; a table without rows is left out."""
    drafts = [_unit_table(new, changes), _list_table(old, new)]
    drafts = [draft for draft in drafts if draft[2]]
    labels = ["附件"] if len(drafts) == 1 else [f"附件{number}" for number in range(1, len(drafts) + 1)]
    return tuple(
        Attachment(label, "".join(words), title_lines(words), columns, rows)
        for label, (words, columns, rows) in zip(labels, drafts, strict=True)
    )


def _unit_table(new: Results, changes: Sequence[Changed]) -> Table:
    rows = [_unit_row(change) for change in changes if change.is_in_table]
    has_remarks = any(row[-1] for row in rows)
    columns = [
        Column("类别", 30),
        Column("单位", 36 if has_remarks else 60, is_text=True),
        Column("原名次", 16),
        Column("原总分", 18),
        Column("更正后名次", 16),
        Column("更正后总分", 16),
    ]
    if has_remarks:
        columns.append(Column("备注", 24, is_text=True))
    kept = tuple(row if has_remarks else row[:-1] for row in rows)
    return [*_quarter_words(new), "名次和总分", "更正对照表"], tuple(columns), kept


def _unit_row(change: Changed) -> tuple[str, ...]:
    old, new = change.old, change.new
    figures = (
        (old.rank, old.total) if old else (None, None),
        (new.rank, new.total) if new else (None, None),
    )
    cells = [DASH if figure is None else str(figure) for pair in figures for figure in pair]
    return (change.group, change.name, *cells, _remark(old, new))


def _remark(old: Said | None, new: Said | None) -> str:
    """What the figures of a row do not tell."""
    if old is None:
        return f"增列；{new.remark}" if new and new.remark else "增列"
    if new is None:
        return "不再列入"
    said = [f"由{old.group}调整"] if old.group != new.group else []
    if old.remark != new.remark:
        said += [f"原{old.remark}"] if old.remark else []
        said += [f"更正为{new.remark}" if old.remark else new.remark] if new.remark else []
    return "；".join(said)


def _list_table(old: Results, new: Results) -> Table:
    """The lists that changed, old beside new."""
    before = {group.key: group for group in old.groups}
    rows = []
    for group in new.groups:
        earlier = before.get(group.key, GroupResult(group.name, (), group.decimals, group.key))
        for name in ListName:
            was, now = _printed_list(name, earlier, old), _printed_list(name, group, new)
            if was != now:
                label = (now[0] or was[0]).removesuffix("的是")
                rows.append((group.name, label, was[1] or DASH, now[1] or DASH))
    columns = (
        Column("类别", 30),
        Column("名单", 24),
        Column("原名单", 51, is_text=True),
        Column("更正后名单", 51, is_text=True),
    )
    return [*_quarter_words(new), "各项名单", "更正对照表"], columns, tuple(rows)


def _quarter_words(results: Results) -> list[str]:
    return [f"{results.quarter.year}年", results.quarter.ordinal]
