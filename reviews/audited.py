"""What is audited of rubrics, cycles, scores, publications and documents.

Standings are not: they are a copy that nothing edits, sealed by the digest of their publication. Nor is
what an import replaced, which the scores' own entries tell.
"""

from __future__ import annotations

from audit.audited import Audited

_CYCLE, _RUBRIC, _REVIEW, _VISIT = "reviews_reviewcycle", "reviews_rubric", "reviews_review", "reviews_visit"


def _of(table: str, key: str, column: str = "host_id") -> str:
    return f"(SELECT x.{column} FROM {table} AS x WHERE x.id = {key})"


def _of_cycle(
    table: str,
    cycle: str = "{row}.cycle_id",
    *,
    part_of: tuple[str, str] = ("", ""),
    tells_drafts: bool = True,
    digested: tuple[str, ...] = (),
) -> Audited:
    """A table of a cycle, which before its publication may tell how units stand (rule 15)."""
    return Audited(
        table,
        _of(_CYCLE, cycle),
        part_of=part_of if part_of[0] else (_CYCLE, cycle),
        draft_of=cycle if tells_drafts else "NULL",
        digested=digested,
    )


def _of_review(table: str, review: str) -> Audited:
    return _of_cycle(table, _of(_REVIEW, review, "cycle_id"), part_of=(_REVIEW, review))


def _of_visit(table: str) -> Audited:
    return _of_cycle(table, _of(_VISIT, "{row}.visit_id", "cycle_id"), part_of=(_VISIT, "{row}.visit_id"))


_OF_DEDUCTION = _of("reviews_deduction", "{row}.deduction_id", "review_id")
_OF_REPLY = _of("reviews_deduction", _of("reviews_reply", "{row}.reply_id", "deduction_id"), "review_id")
_OF_REPLY_STEP = _OF_REPLY.replace("{row}.reply_id", _of("reviews_replystep", "{row}.step_id", "reply_id"))

AUDITED = (
    Audited(_RUBRIC, "{row}.host_id"),
    Audited("reviews_section", _of(_RUBRIC, "{row}.rubric_id"), part_of=(_RUBRIC, "{row}.rubric_id")),
    Audited("reviews_indicator", _of(_RUBRIC, "{row}.rubric_id"), part_of=(_RUBRIC, "{row}.rubric_id")),
    Audited(_CYCLE, "{row}.host_id"),
    _of_cycle("reviews_cyclestep", tells_drafts=False),
    _of_cycle("reviews_importbatch", tells_drafts=False, digested=("summary", "left_out_before")),
    _of_cycle("reviews_draw", tells_drafts=False, digested=("candidates", "result")),
    _of_cycle("reviews_draw_units", _of("reviews_draw", "{row}.draw_id", "cycle_id"), tells_drafts=False),
    _of_cycle(_REVIEW, part_of=(_REVIEW, "{row}.id")),
    _of_review("reviews_score", "{row}.review_id"),
    _of_review("reviews_deduction", "{row}.review_id"),
    _of_cycle(_VISIT, part_of=(_VISIT, "{row}.id"), digested=("sent_record",)),
    _of_visit("reviews_visit_inspectors"),
    _of_visit("reviews_highlight"),
    _of_visit("reviews_problem"),
    _of_visit("reviews_visitphoto"),
    _of_review("reviews_reply", _OF_DEDUCTION),
    _of_review("reviews_replystep", _OF_REPLY),
    _of_review("reviews_replyfile", _OF_REPLY_STEP),
    _of_cycle("reviews_reportversion", digested=("text",)),
    _of_cycle("reviews_reportacceptance"),
    _of_cycle("reviews_publication", digested=("document", "rectification", "material", "texts")),
    Audited("reviews_annualpublication", "{row}.host_id", digested=("content", "document", "text")),
    Audited("reviews_reviewyear", "{row}.host_id"),
    Audited("reviews_visitsettings", "{row}.host_id"),
    Audited("reviews_replysettings", "{row}.host_id"),
    Audited("reviews_documentsettings", "{row}.host_id"),
    Audited("reviews_documenttemplate", "{row}.host_id"),
    Audited("reviews_headingmeaning", "{row}.host_id"),
)
