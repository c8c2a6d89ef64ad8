"""Take one step of one item: the rules, the log and the item's row in one transaction, behind its lock.

The verbs people use stand in `closing`; this is what all of them do.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.names import clean_text
from rectification.evidence import FileToKeep, kept_evidence, require_room
from rectification.lifecycle import CLOSED, RULES, UNIT_SIDE, Part, Rule, State, StepKind, state_after
from rectification.models import NARROWER, Audience, Evidence, Item, ProblemCategory, Source, Step
from rectification.permissions import parts_of

# After these an item is worked on anew: what was sent in before proves nothing of it.
ROUND_BEGINS = frozenset({StepKind.RAISE, StepKind.REOPEN, StepKind.RELAPSE})
# A unit sets the first date of what it found itself, and never more time.
_SET_DATES = frozenset({Part.STAFF, Part.INSPECTOR})
_SET_FIRST_DATE = frozenset({StepKind.ASSIGN, StepKind.NOTE, StepKind.SUBMIT})


class StepRefused(Exception):
    """The step cannot be taken; nothing was changed. Its text is one clear line for the user."""


class ItemChanged(StepRefused):
    """Somebody else took a step first, which the user had not seen."""


class NotYourStep(StepRefused):
    """The user may not take this step on this item."""


@dataclass(frozen=True)
class Given:
    """What a step says and sets; what is empty it leaves alone. other: the item it points to."""

    text: str = ""
    responsible: str = ""
    measures: str = ""
    due_on: datetime.date | None = None
    category: ProblemCategory | None = None
    unit: Organization | None = None
    other: Item | None = None
    audience: str = ""
    files: Sequence[FileToKeep] = ()


@dataclass(frozen=True)
class LogSays:
    """What the rules ask of an item's log before a step.

    acted_for_unit: this person took a step for the unit. has_evidence: the unit's side sent a file since the
    item was last open anew, or sends one with this step.
    """

    acted_for_unit: bool = False
    has_evidence: bool = False


def take_step(item: Item, kind: StepKind, given: Given, *, by: User | None, seen: int) -> Step:
    """Take the step and write it to the log.

    seen: the item's version the user decided on; another one means that somebody was faster. A step that is
    sent twice is taken once: the second time answers with the first. by: None where the product acts by
    itself, as the staff. Raises StepRefused, FileRefused or PhotoRefused; then nothing is changed.
    """
    rule = RULES[kind]
    given = _cleaned(given)
    with kept_evidence(given.files) as files, transaction.atomic():
        item = Item.objects.select_for_update().get(pk=item.pk)
        newest = item.steps.select_related("by", "category", "unit", "other").order_by("-number")[0]
        if item.version != seen:
            if newest.number == seen + 1 and _is_the_same(newest, kind, given, by, files):
                _refuse_files_again(files)
                return newest
            raise ItemChanged(changed_since(newest))
        parts = parts_of(by, item) if by else frozenset({Part.STAFF})
        for_unit = bool(parts & UNIT_SIDE) or kind is StepKind.SUBMIT
        require_step(item, kind, given, parts, _log_says(item, rule, by, has_files=bool(files)))
        if files:
            require_room(Evidence.objects.of_item(item).count(), len(files))
        now = max(timezone.now(), newest.at)  # a clock that was put back must not reorder the past
        step = Step(
            item=item,
            number=item.version + 1,
            kind=kind.value,
            state=state_after(kind, State(item.state)).value,
            at=now,
            by=by,
            for_unit=for_unit,
            text=given.text,
            responsible=given.responsible,
            measures=given.measures,
            due_on=given.due_on,
            unit=given.unit,
            group=given.unit.group if given.unit else None,
            category=given.category,
            other=given.other,
            audience=given.audience,
        )
        # The files first: striking off asks the database for the unit's evidence.
        step.save(force_insert=True)
        for file in files:
            file.step = step
        Evidence.objects.bulk_create(files)
        apply_step(item, step)
        item.save()
    return step


def require_step(item: Item, kind: StepKind, given: Given, parts: frozenset[Part], says: LogSays) -> None:
    """Raise StepRefused where the step cannot be taken on the item as it stands; asks and writes nothing.

    parts: as what the person acts on it.
    """
    rule = RULES[kind]
    _require_allowed(item, rule, parts, says)
    _require_complete(item, rule, given, parts, says)


def apply_step(item: Item, step: Step) -> None:
    """Bring the item's row up to one more step of its log; does not save. A log is replayed by this."""
    was_struck_off = item.state == State.STRUCK_OFF
    item.version, item.state = step.number, step.state
    item.is_closed = step.state in CLOSED
    item.responsible = step.responsible or item.responsible
    item.measures = step.measures or item.measures
    item.original_due_on = item.original_due_on or step.due_on
    item.due_on = step.due_on or item.due_on
    item.category = step.category or item.category
    item.audience = step.audience or item.audience
    if step.kind == StepKind.PASS_ON and step.unit is not None:
        item.origin_unit = item.origin_unit or item.unit
        item.unit, item.group = step.unit, step.group
    if step.kind == StepKind.SUBMIT:
        item.answer = step.text
    if step.kind == StepKind.MERGE:
        item.merged_into = step.other
    elif step.state != State.WITHDRAWN:
        item.merged_into = None
    if step.state != State.STRUCK_OFF:
        item.struck_off_on = None
    elif not was_struck_off:
        item.struck_off_on = timezone.localdate(step.at)
    item.times_returned += step.kind == StepKind.RETURN
    item.relapses += step.kind == StepKind.RELAPSE


def as_seen(item: Item, version: int) -> Item:
    """The item as it was at an earlier version, made from its log; at any other, as it is. Never save it."""
    if not 0 < version < item.version:
        return item
    steps = item.steps.filter(number__lte=version).select_related("unit", "group", "category", "other")
    first, *later = steps.order_by("number")
    then = Item(pk=item.pk, host=item.host, unit=first.unit, group=first.group)
    for name in ("year", "number", "sequence", "source", "text"):
        setattr(then, name, getattr(item, name))
    for step in (first, *later):
        apply_step(then, step)
    return then


def has_evidence(item: Item) -> bool:
    """Whether the unit's side sent a file since the item was last open anew.

    What came with opening it shows the problem and not what was done about it.
    """
    return item.pk in proven([item.pk])


def proven(items: Sequence[int]) -> set[int]:
    """Keys of those of these items that have such evidence. One query."""
    rounds = Step.objects.filter(item=OuterRef("step__item"), kind__in=ROUND_BEGINS)
    begun = Subquery(rounds.order_by("-number").values("number")[:1])
    files = Evidence.objects.filter(step__item__in=items, step__for_unit=True, step__number__gt=begun)
    return set(files.values_list("step__item", flat=True))


def _log_says(item: Item, rule: Rule, by: User | None, *, has_files: bool) -> LogSays:
    """Asks for no more than the rule wants to know."""
    if rule.second_person:
        acted = by is None or item.steps.for_unit_by(by).exists()
        return LogSays(acted_for_unit=acted, has_evidence=not acted and has_evidence(item))
    if rule.kind is StepKind.SUBMIT:
        return LogSays(has_evidence=has_files or has_evidence(item))
    return LogSays()


def _cleaned(given: Given) -> Given:
    return replace(
        given,
        text=_paragraphs(given.text),
        responsible=clean_text(given.responsible),
        measures=_paragraphs(given.measures),
    )


def _paragraphs(text: str) -> str:
    """Cleaned line by line; blank lines go."""
    return "\n".join(filter(None, map(clean_text, text.splitlines())))


def _is_the_same(step: Step, kind: StepKind, given: Given, by: User | None, files: list[Evidence]) -> bool:
    """Whether the step is what is being sent again, by a second click or after a lost answer."""
    sent = (kind.value, by, given.text, given.responsible, given.measures, given.due_on)
    kept = step.evidence
    pointed_to = (given.category, given.unit, given.other, given.audience)
    return (
        sent == (step.kind, step.by, step.text, step.responsible, step.measures, step.due_on)
        and pointed_to == (step.category, step.unit, step.other, step.audience)
        and sorted(file.sent_sha256 for file in files) == sorted(kept.values_list("sent_sha256", flat=True))
    )


def _refuse_files_again(files: list[Evidence]) -> None:
    """Files of a step that was taken already are not kept twice."""
    for file in files:
        file.SHELF.remove(file.stored_name)


def changed_since(newest: Step) -> str:
    """What to tell somebody who had not seen an item's newest step."""
    return _("%(who)s was faster (%(what)s, %(at)s): nothing was changed. Look at it and decide again.") % {
        "who": newest.by or _("The system"),
        "what": newest.get_kind_display(),
        "at": f"{timezone.localtime(newest.at):%H:%M}",
    }


def _require_allowed(item: Item, rule: Rule, parts: frozenset[Part], says: LogSays) -> None:
    if not parts & rule.by:
        raise NotYourStep(_("You may not do this with %(serial)s.") % {"serial": item.serial})
    if item.state not in rule.states:
        message = _("%(serial)s is “%(state)s”: this cannot be done now.")
        raise StepRefused(message % {"serial": item.serial, "state": item.get_state_display()})
    if rule.second_person:
        if says.acted_for_unit or parts & UNIT_SIDE:
            raise NotYourStep(
                _("You answered for the unit in %(serial)s: somebody else must strike it off.")
                % {"serial": item.serial}
            )
        if not says.has_evidence:
            raise StepRefused(
                _("%(serial)s has no evidence: it cannot be struck off.") % {"serial": item.serial}
            )


def _require_complete(item: Item, rule: Rule, given: Given, parts: frozenset[Part], says: LogSays) -> None:
    if rule.says_why and not given.text:
        raise StepRefused(_("Say why, or what was done."))
    if rule.sets_date and given.due_on is None:
        raise StepRefused(_("Say until when."))
    if given.due_on is not None:
        _require_date(item, rule.kind, given.due_on, parts)
    if given.category is not None and Part.STAFF not in parts:
        raise NotYourStep(_("The staff file %(serial)s under a category.") % {"serial": item.serial})
    if rule.kind is StepKind.ASSIGN and not (
        given.responsible or given.measures or given.due_on or given.category
    ):
        raise StepRefused(_("Give a responsible person, a due date, measures or a category."))
    if rule.kind is StepKind.SUBMIT:
        _require_answerable(item, given, says)
    if rule.kind is StepKind.MERGE:
        _require_the_same(given.other, item)
    if rule.kind is StepKind.SEND:
        _require_wider(item, given.audience)
    if rule.kind is StepKind.PASS_ON and given.unit is None:
        raise StepRefused(_("Choose the unit that takes it over."))


def _require_wider(item: Item, audience: str) -> None:
    """An audience never narrows: what somebody has read cannot be taken back."""
    if not audience:
        raise StepRefused(_("Say who is to see it."))
    if item.audience not in NARROWER[Audience(audience)]:
        raise StepRefused(_("%(serial)s was sent already.") % {"serial": item.serial})


def _require_the_same(other: Item | None, item: Item) -> None:
    """A problem found after the other one was struck off came again: nothing shows that it is put right."""
    if (
        other is None
        or other.pk == item.pk
        or other.unit_id != item.unit_id
        or other.state == State.WITHDRAWN
    ):
        raise StepRefused(_("Choose an item of the same unit that tells of the same problem."))
    if other.was_struck_off_before(item.found_on):
        message = _("%(other)s was struck off before %(serial)s was found: the problem came again.")
        raise StepRefused(message % {"other": other.serial, "serial": item.serial})


def _require_date(item: Item, kind: StepKind, due_on: datetime.date, parts: frozenset[Part]) -> None:
    serial = {"serial": item.serial}
    if due_on < timezone.localdate():
        raise StepRefused(_("%(day)s is past: choose today or later.") % {"day": due_on.isoformat()})
    if not parts & _SET_DATES and (item.source != Source.SELF or item.original_due_on is not None):
        raise NotYourStep(_("The staff set the due date of %(serial)s.") % serial)
    if kind in _SET_FIRST_DATE:
        if item.original_due_on is not None:
            raise StepRefused(_("%(serial)s has its due date: extend it instead.") % serial)
    elif item.due_on is not None and due_on <= item.due_on and kind is StepKind.EXTEND:
        message = _("%(serial)s is due on %(day)s: an extension is later.")
        raise StepRefused(message % (serial | {"day": item.due_on.isoformat()}))
    elif item.original_due_on is None and kind is StepKind.EXTEND:
        raise StepRefused(_("%(serial)s has no due date yet: set one first.") % serial)
    elif item.due_on is not None and due_on < item.due_on:
        message = _("%(serial)s is due on %(day)s: choose that day or a later one.")
        raise StepRefused(message % (serial | {"day": item.due_on.isoformat()}))


def _require_answerable(item: Item, given: Given, says: LogSays) -> None:
    """Rule 17: nothing leaves "open" without a person and a date, and an answer comes with evidence."""
    lacking = [
        word
        for word, value in (
            (_("a responsible person"), item.responsible or given.responsible),
            (_("a due date"), item.due_on or given.due_on),
            (_("a category"), item.category_id or given.category),
        )
        if not value
    ]
    if lacking:
        message = _("%(serial)s still needs %(what)s before it can be submitted.")
        raise StepRefused(message % {"serial": item.serial, "what": _(" and ").join(lacking)})
    if not says.has_evidence:
        raise StepRefused(_("Add a photo or a document that shows what was done."))
