"""How a draft flows into a text that people worked on, and never over what they wrote."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reviews.reports.blocks import Block, SavedText, edited, is_outdated, is_reordered, merged, saved_text
from reviews.reports.document import Level
from tests.reviews.reports.texts import drafts, keys_of, saved_texts, worked_on

DRAFT = (
    Block("opening", "根据安排，进行了督查。"),
    Block("situation", lead="总体情况", level=Level.SECTION),
    Block("averages", "平均得分⟦g1.average⟧分。"),
    Block("unranked", "另有⟦g1.unranked-count⟧个单位未参加排名。"),
)


def saved(*blocks, draft=DRAFT, before=None):
    return saved_text(blocks, draft, keys_of(draft), before)


def written(block, text):
    return replace(block, text=text, is_written=True)


# --- What always holds ---------------------------------------------------------------------------


@given(saved_texts(), drafts())
def test_what_a_person_wrote_is_never_altered_nor_lost(text, draft):
    after = merged(text, draft)
    assert [block for block in after if block.is_written] == sorted(
        (block for block in text.blocks if block.is_written),
        key=lambda block: keys_of(after).index(block.key),
    )


@given(saved_texts(), drafts())
def test_the_rest_says_what_the_draft_says_now(text, draft):
    today = {block.key: block for block in draft}
    assert all(block == today[block.key] for block in merged(text, draft) if not block.is_written)


@given(saved_texts(), drafts())
def test_no_block_stands_twice(text, draft):
    keys = keys_of(merged(text, draft))
    assert len(keys) == len(set(keys))


@given(saved_texts(), drafts())
def test_what_was_taken_out_stays_out(text, draft):
    assert not set(text.removed) & set(keys_of(merged(text, draft)))


@given(saved_texts(), drafts())
def test_all_that_the_draft_has_is_there_unless_it_was_taken_out(text, draft):
    assert set(keys_of(draft)) - set(text.removed) <= set(keys_of(merged(text, draft)))


@given(saved_texts(), drafts())
def test_merging_again_changes_nothing(text, draft):
    once = merged(text, draft)
    assert merged(saved_text(once, draft, keys_of(draft), text), draft) == once


@given(drafts(), drafts())
def test_with_nothing_touched_the_text_is_the_draft(first, second):
    untouched = saved_text(first, first, keys_of(first))
    assert merged(untouched, second) == second
    assert merged(None, second) == second


@given(saved_texts(), drafts())
def test_an_order_that_a_person_made_is_kept(text, draft):
    after = keys_of(merged(text, draft))
    if is_reordered(text):
        stayed = [key for key in keys_of(text.blocks) if key in after]
        assert [key for key in after if key in stayed] == stayed


@given(saved_texts(), drafts())
def test_otherwise_the_order_is_the_drafts(text, draft):
    if not is_reordered(text):
        after = [key for key in keys_of(merged(text, draft)) if key in keys_of(draft)]
        assert after == [key for key in keys_of(draft) if key in after]


@given(st.data(), drafts(), drafts(), drafts())
def test_a_block_once_taken_out_stays_out_through_later_drafts_and_versions(data, first, second, third):
    text = saved_text(data.draw(worked_on(first)), first, keys_of(first))
    again = saved_text(merged(text, second), second, keys_of(second), text)
    assert not set(text.removed) & set(keys_of(merged(again, third)))


@given(saved_texts())
def test_a_text_comes_back_from_its_json(text):
    assert SavedText.from_json(text.to_json()) == text


@given(drafts(), st.data())
def test_saying_again_what_the_draft_says_is_leaving_it_alone(draft, data):
    blocks = data.draw(worked_on(draft))
    taken = edited(blocks, draft)
    today = {block.key: block for block in draft}
    assert all(block.is_written == (block.content != today[block.key].content) for block in taken
               if block.key in today)  # fmt: skip
    assert edited(taken, draft) == taken


# --- Cases ---------------------------------------------------------------------------------------


def test_an_own_paragraph_stays_below_what_it_was_written_below():
    own = Block("own-1", "其中进步明显的是山区乡镇。", is_written=True)
    text = saved(*DRAFT[:3], own, DRAFT[3])
    between = (*DRAFT[:3], Block("spread", "差距⟦g1.spread⟧分。"), DRAFT[3])
    assert keys_of(merged(text, between)) == [
        "opening", "situation", "averages", "own-1", "spread", "unranked",
    ]  # fmt: skip


def test_an_own_paragraph_survives_the_block_above_it():
    own = Block("own-1", "说明。", is_written=True)
    text = saved(*DRAFT, own)
    assert keys_of(merged(text, DRAFT[:3])) == ["opening", "situation", "averages", "own-1"]


def test_what_the_draft_has_new_since_the_page_was_opened_was_not_taken_out():
    text = saved_text(DRAFT[:3], DRAFT, keys_of(DRAFT[:3]))
    assert text.removed == ()
    assert merged(text, DRAFT) == DRAFT


def test_a_draft_that_changed_its_own_order_meanwhile_was_not_reordered_by_a_person():
    turned = (DRAFT[0], *DRAFT[:0:-1])
    text = saved_text(DRAFT, turned, keys_of(DRAFT))
    assert not is_reordered(text)
    assert merged(text, turned) == turned


def test_a_changed_draft_shows_beside_what_was_written_from_it():
    mine = written(DRAFT[2], "平均⟦g1.average⟧分，总体平稳。")
    kept = saved(DRAFT[0], mine).blocks[1]
    assert not is_outdated(kept, DRAFT[2])
    assert is_outdated(kept, replace(DRAFT[2], text="平均得分⟦g1.average⟧分，最高⟦g1.highest⟧分。"))
    assert is_outdated(kept, None)


def test_a_later_save_does_not_forget_which_draft_a_block_was_made_from():
    first = saved(written(DRAFT[2], "总体平稳。"))
    changed = (replace(DRAFT[2], text="平均得分有所提高。"),)
    mine = Block("averages", "总体平稳，稳中有进。", is_written=True)
    later = saved(mine, draft=changed, before=first)
    assert is_outdated(later.blocks[0], changed[0])


def test_an_own_paragraph_is_never_outdated():
    assert not is_outdated(saved(Block("own-1", "说明。", is_written=True)).blocks[0], None)


def test_texts_from_before_origins_and_removals_were_kept_can_be_read():
    old = {"key": "averages", "text": "平稳。", "lead": "", "level": "text", "is_written": True}
    text = SavedText.from_json({"blocks": [old], "drafted": ["opening", "averages"]})
    assert text.blocks == (Block("averages", "平稳。", is_written=True),)
    assert text.removed == ("opening",)


def test_a_field_that_a_later_program_adds_does_not_stop_reading():
    kept = Block("averages", "平稳。").to_json() | {"colour": "red"}
    assert Block.from_json(kept) == Block("averages", "平稳。")
