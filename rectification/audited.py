"""What is audited of items, programmes, self-checks and return visits."""

from __future__ import annotations

from audit.audited import Audited

_ITEM, _PROGRAMME, _TARGET = "rectification_item", "rectification_programme", "rectification_target"
_CHECK, _DRAW, _VISIT = "rectification_selfcheck", "rectification_returndraw", "rectification_returnvisit"
_TEMPLATE = "rectification_programmetemplate"


def _of(table: str, key: str, column: str = "host_id") -> str:
    return f"(SELECT x.{column} FROM {table} AS x WHERE x.id = {key})"


def _part(table: str, whole: str, key: str) -> Audited:
    """A table whose rows belong to the page of the row with this key."""
    return Audited(table, _of(whole, key), part_of=(whole, key))


def _of_target(table: str, key: str) -> Audited:
    return Audited(
        table,
        _of(_PROGRAMME, _of(_TARGET, key, "programme_id")),
        part_of=(_PROGRAMME, _of(_TARGET, key, "programme_id")),
    )


AUDITED = (
    Audited("rectification_problemcategory", "{row}.host_id"),
    Audited(_ITEM, "{row}.host_id"),
    _part("rectification_step", _ITEM, "{row}.item_id"),
    _part("rectification_evidence", _ITEM, _of("rectification_step", "{row}.step_id", "item_id")),
    Audited(_TEMPLATE, "{row}.host_id"),
    _part("rectification_templaterow", _TEMPLATE, "{row}.template_id"),
    Audited(_PROGRAMME, "{row}.host_id"),
    _part("rectification_programmerow", _PROGRAMME, "{row}.programme_id"),
    _part("rectification_dueclass", _PROGRAMME, "{row}.programme_id"),
    _part(_TARGET, _PROGRAMME, "{row}.programme_id"),
    _of_target("rectification_task", "{row}.target_id"),
    _of_target("rectification_programmesession", _of("rectification_task", "{row}.task_id", "target_id")),
    _part("rectification_programmeentry", _PROGRAMME, "{row}.programme_id"),
    _part(
        "rectification_programmefile",
        _PROGRAMME,
        _of("rectification_programmeentry", "{row}.entry_id", "programme_id"),
    ),
    Audited(_CHECK, "{row}.host_id"),
    _part("rectification_selfcheckanswer", _CHECK, "{row}.self_check_id"),
    _part(
        "rectification_selfcheckfinding",
        _CHECK,
        _of("rectification_selfcheckanswer", "{row}.answer_id", "self_check_id"),
    ),
    Audited(_DRAW, "{row}.host_id", digested=("candidates", "result")),
    _part("rectification_returndraw_units", _DRAW, "{row}.returndraw_id"),
    _part(_VISIT, _ITEM, "{row}.item_id"),
    _part("rectification_returnvisitfinding", _ITEM, _of(_VISIT, "{row}.return_visit_id", "item_id")),
)
