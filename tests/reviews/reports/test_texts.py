"""Both documents of 200 quarters, read by program: no holes, nobody in a wrong list, no gaps in numbers."""

import datetime
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from reviews.ranking import ListName
from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Level, Paragraph
from reviews.reports.facts import GroupResult, Results
from reviews.reports.fields import filled, keys_in
from reviews.reports.kinds import KINDS
from reviews.reports.prose import Heading
from reviews.reports.since_baseline import caught_up
from reviews.reports.wording import chinese_number
from tests.reviews.reports.quarters import features_of, quarter_from, shuffled

SEEDS = range(200)
HEADING = Heading(rectify_by=datetime.date(2018, 10, 31))
BARE = Heading(area="")
NAMES_WITH_NOTHING = ("无名镇党委", "无尘村党支部")
HOLES = re.compile(
    r"[，、；：（“][，。、；：）”！]|[。；！][。；，、！]|（）|“”|None|\s|^[，。、；：！）]|[，、；：（]$",
    re.MULTILINE,
)
REMARK = re.compile(r"（(?:并列第[^）]*|均?(?:上升|下降|总分)[^）]*|由第[^）]*)）")


@cache
def quarter(seed: int) -> Results:
    return quarter_from(seed)


@cache
def draft_of(seed: int, kind: str) -> Draft:
    return KINDS[kind].draft(quarter(seed), heading_of(seed))


def heading_of(seed: int) -> Heading:
    return BARE if seed % 5 == 0 else HEADING


def paragraphs_of(draft: Draft) -> tuple[Paragraph, ...]:
    return composed(draft.blocks, draft.fields)


def text_of(draft: Draft) -> str:
    return "\n".join(each.lead + each.text for each in paragraphs_of(draft))


def every_draft():
    return [(seed, kind, draft_of(seed, kind)) for seed in SEEDS for kind in KINDS]


def test_the_quarters_put_everything_to_the_test(capsys):
    told: dict[str, int] = {}
    for seed in SEEDS:
        for feature in features_of(quarter(seed)):
            told[feature] = told.get(feature, 0) + 1
    assert min(told.values()) >= 3, told
    assert len(told) == 19, sorted(told)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len({repr(quarter(seed)) for seed in SEEDS})} quarters checked, two documents each\n"
        )


def test_nothing_is_said_of_what_is_not_there():
    for seed, kind, draft in every_draft():
        text = text_of(draft)
        for name in NAMES_WITH_NOTHING:
            text = text.replace(name, "")
        assert "无" not in text, (seed, kind)


def test_no_mark_dangles_and_none_is_doubled():
    holes = [
        (seed, kind, line)
        for seed, kind, draft in every_draft()
        for line in text_of(draft).splitlines()
        if HOLES.search(line)
    ]
    assert holes == []


def test_every_sentence_ends():
    for seed, kind, draft in every_draft():
        for paragraph in paragraphs_of(draft):
            if paragraph.level is not Level.SECTION:
                assert (paragraph.lead + paragraph.text)[-1] in "。！", (seed, kind, paragraph)


def test_every_token_is_filled_and_every_block_says_something():
    for seed, kind, draft in every_draft():
        for block in draft.blocks:
            for key in keys_in(block.lead + block.text):
                assert draft.fields[key].value.strip(), (seed, kind, key)
            assert filled(block.lead + block.text, draft.fields), (seed, kind, block)
        assert len({block.key for block in draft.blocks}) == len(draft.blocks), (seed, kind)


def test_a_list_names_who_is_in_it_and_nobody_else():
    for seed, kind, draft in every_draft():
        results = quarter(seed)
        printed = [key for block in draft.blocks for key in keys_in(block.lead + block.text)]
        for group in results.groups:
            for name in ListName:
                key = f"{group.field_key}.{name.value}"
                assert named_in(draft, key) == names_of(group, name), (seed, kind, key)
                assert printed.count(key) == (1 if group.named(name) else 0), (seed, kind, key)


def test_who_caught_up_and_who_is_last_again_is_told_by_the_lists_of_both_quarters():
    for seed, kind, draft in every_draft():
        results = quarter(seed)
        for group in results.groups:
            earlier = results.material.earlier_of(group.key)
            then = set(earlier.last) if earlier and results.baseline else set()
            again = [
                unit for unit in group.named(ListName.LAST) if unit.unit in then and unit.places is not None
            ]
            risen = [
                unit
                for unit in group.ranked
                if unit.unit in then and (unit.places or 0) > 0 and unit not in group.named(ListName.LAST)
            ]
            assert named_in(draft, f"{group.field_key}.last-again") == [unit.name for unit in again], (
                seed,
                kind,
            )
            assert named_in(draft, f"{group.field_key}.caught-up") == [unit.name for unit in risen], (
                seed,
                kind,
            )
            assert caught_up(results, group) == risen


def test_the_same_data_in_any_order_give_the_same_text():
    for seed, kind, draft in every_draft():
        other = KINDS[kind].draft(shuffled(quarter(seed), seed), heading_of(seed))
        assert (other.blocks, other.fields) == (draft.blocks, draft.fields), (seed, kind)


def test_headings_have_something_under_them():
    for seed, kind, draft in every_draft():
        levels = [block.level for block in draft.blocks]
        for level, following in zip(levels, [*levels[1:], Level.SECTION], strict=True):
            assert level is not Level.SECTION or following is not Level.SECTION, (seed, kind)


def test_numbers_run_without_a_gap():
    for seed, kind, draft in every_draft():
        counts = {Level.SECTION: 0, Level.PART: 0, Level.POINT: 0}
        for paragraph in paragraphs_of(draft):
            if paragraph.level is Level.TEXT:
                continue
            counts[paragraph.level] += 1
            for lower in list(counts)[list(counts).index(paragraph.level) + 1 :]:
                counts[lower] = 0
            number = counts[paragraph.level]
            start = {
                Level.SECTION: f"{chinese_number(number)}、",
                Level.PART: f"（{chinese_number(number)}）",
                Level.POINT: f"{number}.",
            }[paragraph.level]
            assert paragraph.lead.startswith(start), (seed, kind, paragraph)


def test_what_is_counted_off_runs_from_one_without_a_gap():
    for seed, kind, draft in every_draft():
        for block in draft.blocks:
            counted = re.findall(r"(?:^|。|，)([一二三四五六七八九十]+)是(?!：)", words_of(block))
            assert counted == [chinese_number(number) for number in range(1, len(counted) + 1)], (seed, kind)
            assert len(counted) != 1, (seed, kind)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_part_keeps_its_key_whatever_stands_before_it(kind):
    """A person's words stay with what they were written about when categories or programmes come and go."""
    results = next(
        each for each in map(quarter, SEEDS) if len(each.material.programmes) > 2 and each.material.findings
    )
    fewer = without_the_first(results)
    kept = {block.key: block.lead for block in KINDS[kind].draft(fewer, HEADING).blocks}
    before = {block.key: block.lead for block in KINDS[kind].draft(results, HEADING).blocks}
    programmes = [key for key in kept if key.startswith("demands.programme.")]
    assert programmes
    assert all(before[key] == kept[key] for key in programmes)


def without_the_first(results: Results) -> Results:
    material = results.material
    return replace(results, material=replace(material, programmes=material.programmes[1:]))


def words_of(block: Block) -> str:
    """The block's own words; what fields print could look like anything."""
    return re.sub(r"⟦[^⟧]*⟧", "甲", block.text)


def names_of(group: GroupResult, name: ListName) -> list[str]:
    return [unit.name for unit in group.named(name)]


def named_in(draft: Draft, key: str) -> Sequence[str]:
    """The names that a list's field prints, without its remarks."""
    field = draft.fields.get(key)
    return re.split("[、；]", REMARK.sub("", field.value)) if field else []
