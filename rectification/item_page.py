"""What the page of one item holds: the item, what this user may do to it now, and its log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from organizations.models import User
from organizations.permissions import can_see_originals
from rectification.due import Due, due_of
from rectification.forms import FORMS, StepForm
from rectification.lifecycle import UNIT_SIDE, Part, State, StepKind
from rectification.models import Audience, Evidence, Item, Source, Step
from rectification.permissions import (
    can_read_ledger,
    can_return_to,
    can_run_ledger,
    parts_of,
    steps_open_to,
)
from rectification.stepping import ROUND_BEGINS


@dataclass(frozen=True)
class Words:
    """What a step is called where it is offered. label: of its panel; button: that does it."""

    label: str | Promise
    button: str | Promise
    tone: str = "primary"


WORDS = {
    StepKind.SUBMIT: Words(gettext_lazy("Answer and submit"), gettext_lazy("Submit")),
    StepKind.STRIKE_OFF: Words(gettext_lazy("Strike off"), gettext_lazy("Strike off")),
    StepKind.RETURN: Words(gettext_lazy("Return to the unit"), gettext_lazy("Return")),
    StepKind.ASSIGN: Words(gettext_lazy("Person, date, category and measures"), gettext_lazy("Save")),
    StepKind.NOTE: Words(gettext_lazy("Note progress"), gettext_lazy("Add the note")),
    StepKind.EXTEND: Words(gettext_lazy("Extend"), gettext_lazy("Extend")),
    StepKind.SEND: Words(gettext_lazy("Show it to others"), gettext_lazy("Send")),
    StepKind.REOPEN: Words(gettext_lazy("Reopen"), gettext_lazy("Reopen")),
    StepKind.WITHDRAW: Words(pgettext_lazy("item", "Withdraw"), pgettext_lazy("item", "Withdraw"), "danger"),
}


@dataclass(frozen=True)
class Action:
    """A step the user may take now. seen: the version it is decided on. note: what to know before."""

    kind: StepKind
    words: Words
    url: str
    form: StepForm
    seen: int
    note: str
    is_open: bool


@dataclass(frozen=True)
class LogEntry:
    """A step, and what it set: label and value."""

    step: Step
    settings: Sequence[tuple[str, str]]
    other: Item | None
    photos: Sequence[Evidence]
    documents: Sequence[Evidence]


@dataclass(frozen=True)
class ItemPage:
    """One item, for one user. may_…: what else is done, on pages of its own.

    refusal, typed: of a step that was sent and cannot be taken as things stand.
    """

    item: Item
    due: Due | None
    merged_into: Item | None
    actions: Sequence[Action]
    hint: str
    log: Sequence[LogEntry]  # newest first
    is_self_found: bool
    sees_audience: bool
    may_merge: bool
    may_send_check: bool
    may_return: bool
    may_see_originals: bool
    refusal: str = ""
    typed: Sequence[tuple[str, str]] = ()


def item_page(user: User, item: Item, tried: StepForm | None = None, seen: int | None = None) -> ItemPage:
    """The page as the item stands. tried: a form that was sent and not taken; seen: the version it goes on.

    A fixed number of queries, whatever the length of the log.
    """
    steps = list(item.steps.with_details().order_by("-number"))
    parts = parts_of(user, item)
    proofs = _proofs(steps)
    open_kinds = steps_open_to(user, item)
    offered = [kind for kind in open_kinds if kind in FORMS and _makes_sense(kind, item, parts)]
    kinds = [kind for kind in _in_order(item, parts) if kind in offered]
    is_gone = tried is not None and tried.kind not in kinds
    pointed_to = [step.other_id for step in steps] + [item.merged_into_id]
    others = Item.objects.visible_to(user).filter(pk__in=[pk for pk in pointed_to if pk]).in_bulk()
    actions = [
        _action(kind, user, item, parts, proofs, tried, seen, is_first=place == 0)
        for place, kind in enumerate(_tried_first(kinds, tried))
    ]
    return ItemPage(
        item=item,
        due=due_of(item, timezone.localdate()),
        merged_into=others.get(item.merged_into_id) if item.merged_into_id else None,
        actions=actions,
        hint=_hint(item, parts, open_kinds, steps),
        log=[_entry(step, others) for step in steps],
        is_self_found=item.source == Source.SELF,
        sees_audience=can_read_ledger(user, item.host),
        may_merge=StepKind.MERGE in open_kinds,
        may_send_check=can_run_ledger(user, item.host),
        may_return=can_return_to(user, item),
        may_see_originals=can_see_originals(user, item.host),
        refusal=" ".join(map(str, tried.non_field_errors())) if tried and is_gone else "",
        typed=tried.typed_words() if tried and is_gone else (),
    )


# --- What may be done ----------------------------------------------------------------------------


def is_complete(item: Item) -> bool:
    """Whether it has what it needs before it can be submitted (rule 17)."""
    return bool(item.responsible and item.due_on and item.category_id)


def _makes_sense(kind: StepKind, item: Item, parts: frozenset[Part]) -> bool:
    """Leave out what would be refused as the item stands."""
    if kind is StepKind.SEND:
        return item.audience != Audience.HOST
    if kind is StepKind.EXTEND:
        return item.due_on is not None
    if kind is StepKind.SUBMIT:
        return _can_be_answered(item, parts)
    return True


def _can_be_answered(item: Item, parts: frozenset[Part]) -> bool:
    """The unit waits for a category and, unless it found the problem itself, for a date from the staff."""
    if Part.STAFF in parts:
        return True
    return item.category_id is not None and (item.due_on is not None or item.source == Source.SELF)


def _expected(item: Item, parts: frozenset[Part]) -> StepKind | None:
    """The step that most likely brought the user here; None where nothing waits for this user."""
    if item.is_answerable:
        if Part.UNIT in parts:
            return StepKind.SUBMIT if _can_be_answered(item, parts) else StepKind.NOTE
        if Part.CLERK in parts:
            return StepKind.NOTE
        if not is_complete(item):
            return StepKind.ASSIGN
        return StepKind.SEND if item.audience == Audience.STAFF else StepKind.NOTE
    return StepKind.STRIKE_OFF if item.state == State.SUBMITTED else None


def _in_order(item: Item, parts: frozenset[Part]) -> list[StepKind]:
    """All steps that have a form, the expected one first."""
    expected = _expected(item, parts)
    return sorted(FORMS, key=lambda kind: kind is not expected)


def _tried_first(kinds: list[StepKind], tried: StepForm | None) -> list[StepKind]:
    return sorted(kinds, key=lambda kind: tried is None or kind is not tried.kind)


def _action(
    kind: StepKind,
    user: User,
    item: Item,
    parts: frozenset[Part],
    proofs: int,
    tried: StepForm | None,
    seen: int | None,
    *,
    is_first: bool,
) -> Action:
    is_tried = tried is not None and tried.kind is kind
    form = tried if is_tried and tried else FORMS[kind](item=item, user=user, has_evidence=proofs > 0)
    return Action(
        kind=kind,
        words=_words(form, parts),
        url=reverse(f"rectification:item-{kind.value.replace('_', '-')}", args=[item.serial]),
        form=form,
        seen=seen if is_tried and seen is not None else item.version,
        note=_note(kind, parts, proofs),
        is_open=is_tried or (is_first and kind is _expected(item, parts)),
    )


def _words(form: StepForm, parts: frozenset[Part]) -> Words:
    if form.kind is StepKind.SUBMIT and Part.UNIT not in parts:
        return Words(gettext_lazy("Answer for the unit"), gettext_lazy("Submit for the unit"))
    if form.kind is StepKind.ASSIGN and "due_on" not in form.fields:
        is_filed_here = "category" in form.fields
        label = _("Person, category and measures") if is_filed_here else _("Person and measures")
        return Words(label, gettext_lazy("Save"))
    return WORDS[form.kind]


def _note(kind: StepKind, parts: frozenset[Part], proofs: int) -> str:
    if kind is StepKind.STRIKE_OFF:
        return ngettext(
            "The unit sent %(count)s file since the item was last opened.",
            "The unit sent %(count)s files since the item was last opened.",
            proofs,
        ) % {"count": proofs}
    if kind is StepKind.SUBMIT and Part.UNIT not in parts:
        return _("For a unit that answers on paper. You then answered for it and cannot strike it off.")
    if kind is StepKind.WITHDRAW:
        return _("It stays readable and counts nowhere.")
    if kind is StepKind.SEND:
        return _("What others have seen cannot be taken back.")
    return ""


def _hint(item: Item, parts: frozenset[Part], open_kinds: frozenset[StepKind], steps: Sequence[Step]) -> str:
    """What to know before anything is done: why it was returned, or why the expected step is not there."""
    if item.state == State.RETURNED and parts & UNIT_SIDE:
        reason = next(step.text for step in steps if step.kind == StepKind.RETURN)
        return _("Returned: %(reason)s") % {"reason": reason}
    if item.is_answerable and Part.CLERK in parts:
        return _("Note here what was done and add files; the secretary submits it for the unit.")
    if item.state == State.SUBMITTED and Part.STAFF in parts and StepKind.STRIKE_OFF not in open_kinds:
        return _("You answered for the unit here: somebody else must strike it off.")
    if item.state == State.SUBMITTED and parts and parts <= UNIT_SIDE:
        return _("Submitted: the staff look at it and strike it off or return it.")
    if item.is_answerable and Part.UNIT in parts and not _can_be_answered(item, parts):
        return _("The staff have yet to set its due date and category; it can be answered after that.")
    return ""


def _proofs(steps: Iterable[Step]) -> int:
    """How many files the unit's side sent since the item was last open anew. steps: newest first."""
    count = 0
    for step in steps:
        if step.kind in ROUND_BEGINS:
            break
        count += len(step.evidence.all()) if step.for_unit else 0
    return count


# --- The log -------------------------------------------------------------------------------------


def _entry(step: Step, others: dict[int, Item]) -> LogEntry:
    files = list(step.evidence.all())
    return LogEntry(
        step=step,
        settings=[(label, value) for label, value in _settings(step) if value],
        other=others.get(step.other_id) if step.other_id else None,
        photos=[file for file in files if file.is_photo],
        documents=[file for file in files if not file.is_photo],
    )


def _settings(step: Step) -> list[tuple[str, str]]:
    return [
        (_("Responsible person"), step.responsible),
        (_("Due date"), step.due_on.isoformat() if step.due_on else ""),
        (_("Category"), step.category.name if step.category else ""),
        (_("Measures"), step.measures),
        (_("Who sees it"), step.get_audience_display()),
        (_("Unit"), step.unit.name if step.unit and step.kind == StepKind.PASS_ON else ""),
    ]
