"""One deed for many items: what would happen to each, and doing it. Each item is a step of its own.

What is refused is named and the rest is done. Sent twice it is done once; where somebody else was faster,
that item is refused and nothing of theirs is lost.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations.models import User
from rectification.lifecycle import StepKind
from rectification.models import Audience, Item, ProblemCategory, Step
from rectification.models.item import ItemQuerySet
from rectification.permissions import parts_of
from rectification.stepping import (
    Given,
    LogSays,
    StepRefused,
    changed_since,
    proven,
    require_step,
    take_step,
)

MOST = 500  # items a go
_NUMBER = re.compile("[0-9]{1,18}")


class BulkRefused(Exception):
    """Nothing was done; its text is one clear line for the user."""


class Deed(models.TextChoices):
    """What the staff do to many items at once."""

    PERSON = "person", gettext_lazy("Name the responsible person")
    DATE = "date", gettext_lazy("Set the due date")
    CATEGORY = "category", gettext_lazy("Set the category")
    STRIKE_OFF = "strike_off", gettext_lazy("Strike off")
    SEND = "send", gettext_lazy("Send to the unit")

    @classmethod
    def named(cls, name: str) -> Deed:
        if name not in cls.values:
            raise BulkRefused(_("Choose what is to be done with the items."))
        return cls(name)

    @property
    def kinds(self) -> tuple[StepKind, ...]:
        """The step it is; where there are two, the second is for items that have a due date."""
        if self is Deed.DATE:
            return (StepKind.ASSIGN, StepKind.EXTEND)
        if self.sets_nothing:
            return (StepKind(self.value),)
        return (StepKind.ASSIGN,)

    @property
    def sets_nothing(self) -> bool:
        """Whether there is nothing to fill in."""
        return self in (Deed.STRIKE_OFF, Deed.SEND)


@dataclass(frozen=True)
class Order:
    """The deed and what it sets. reason: for those whose date is extended."""

    deed: Deed
    responsible: str = ""
    due_on: datetime.date | None = None
    reason: str = ""
    category: ProblemCategory | None = None

    def kind_for(self, item: Item) -> StepKind:
        """Which step this is for the item as it stands: a date that is there already is extended."""
        kinds = self.deed.kinds
        return kinds[-1] if item.original_due_on is not None else kinds[0]

    def given_for(self, kind: StepKind) -> Given:
        return Given(
            text=self.reason if kind is StepKind.EXTEND else "",
            responsible=self.responsible,
            due_on=self.due_on,
            category=self.category,
            audience=Audience.UNIT if kind is StepKind.SEND else "",
        )


@dataclass(frozen=True)
class Pick:
    """An item that was ticked. seen: its version as it was shown; kind: the step that was announced."""

    pk: int
    seen: int
    kind: StepKind | None = None

    @classmethod
    def parse(cls, text: str) -> Pick:
        """12.3, or 12.3.extend. Raises ValueError."""
        pk, seen, *kind = text.split(".")
        if len(kind) > 1 or not all(_NUMBER.fullmatch(number) for number in (pk, seen)):
            raise ValueError(text)
        return cls(int(pk), int(seen), StepKind(kind[0]) if kind else None)


@dataclass(frozen=True)
class Fate:
    """What happens, or happened, to one item. words: what it is; refusal: why it is not done, else blank."""

    item: Item
    seen: int
    kind: StepKind
    words: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return not self.refusal

    @property
    def sent(self) -> str:
        """As `Pick.parse` reads it."""
        return f"{self.item.pk}.{self.seen}.{self.kind.value}"


def read_picks(deed: Deed, texts: Iterable[str]) -> list[Pick]:
    """What was ticked, each item once. Raises BulkRefused for nothing, for too many and for nonsense."""
    try:
        picks = list({pick.pk: pick for pick in map(Pick.parse, texts)}.values())
        if not {pick.kind for pick in picks} <= {None, *deed.kinds}:
            raise ValueError(deed)
    except ValueError:
        raise BulkRefused(_("The choice of items cannot be read: choose them again.")) from None
    if not picks:
        raise BulkRefused(_("Choose the items first."))
    _require_bearable(len(picks))
    return picks


def picks_of(items: ItemQuerySet) -> list[Pick]:
    """All of these, as they stand. Raises BulkRefused for too many."""
    picks = [Pick(pk, version) for pk, version in items.values_list("pk", "version")[: MOST + 1]]
    _require_bearable(len(picks))
    return picks


def items_of(picks: Sequence[Pick], ledger: ItemQuerySet) -> list[Item]:
    """The items that were ticked, the most pressing first. ledger: what the user may see."""
    return list(ledger.filter(pk__in=[pick.pk for pick in picks]).with_names().most_pressing_first())


def foresee(order: Order, picks: Sequence[Pick], items: Sequence[Item], *, by: User) -> list[Fate]:
    """What would happen to each, without doing it. At most three queries."""
    seen = {pick.pk: pick.seen for pick in picks}
    newest = _newest_steps(item for item in items if item.version != seen[item.pk])
    says = _logs_say(items, by) if order.deed is Deed.STRIKE_OFF else {}
    fates = []
    for item in items:
        kind = order.kind_for(item)
        fate = Fate(item, seen[item.pk], kind, _words(order, item, kind))
        if item.pk in newest:
            refusal = changed_since(newest[item.pk])
        else:
            refusal = _refusal(order, item, kind, by, says.get(item.pk, LogSays()))
        fates.append(replace(fate, refusal=refusal))
    return fates


def carry_out(order: Order, picks: Sequence[Pick], items: Sequence[Item], *, by: User) -> list[Fate]:
    """Do it to each, in a transaction of its own, and say of each what became of it."""
    picked = {pick.pk: pick for pick in picks}
    return [_carry_out(order, picked[item.pk], item, by) for item in items]


def summary(deed: Deed, fates: Sequence[Fate]) -> str:
    """What was done, in one line: how many were done and how many were refused."""
    done = sum(fate.is_done for fate in fates)
    refused = len(fates) - done
    lines = {
        Deed.PERSON: ngettext("%(n)s item assigned", "%(n)s items assigned", done),
        Deed.DATE: ngettext("%(n)s due date set", "%(n)s due dates set", done),
        Deed.CATEGORY: ngettext("%(n)s category set", "%(n)s categories set", done),
        Deed.STRIKE_OFF: ngettext("%(n)s item struck off", "%(n)s items struck off", done),
        Deed.SEND: ngettext("%(n)s item sent to its unit", "%(n)s items sent to their units", done),
    }
    text = lines[deed] % {"n": done}
    if not refused:
        return _("%(done)s.") % {"done": text}
    return _("%(done)s, %(refused)s refused.") % {"done": text, "refused": refused}


def _require_bearable(number: int) -> None:
    if number > MOST:
        raise BulkRefused(
            _("At most %(most)s items are changed at once: narrow the filter.") % {"most": MOST}
        )


def _carry_out(order: Order, pick: Pick, item: Item, by: User) -> Fate:
    kind = pick.kind or order.kind_for(item)
    fate = Fate(item, pick.seen, kind, _words(order, item, kind))
    if item.version == pick.seen and (idle := _idle(order, item)):
        return replace(fate, refusal=idle)
    try:
        take_step(item, kind, order.given_for(kind), by=by, seen=pick.seen)
    except StepRefused as refusal:
        return replace(fate, refusal=str(refusal))
    return fate


def _refusal(order: Order, item: Item, kind: StepKind, by: User, says: LogSays) -> str:
    if idle := _idle(order, item):
        return idle
    try:
        require_step(item, kind, order.given_for(kind), parts_of(by, item), says)
    except StepRefused as refusal:
        return str(refusal)
    return ""


def _idle(order: Order, item: Item) -> str:
    """Why nothing would change; a log is no place for what was so before."""
    if order.deed is Deed.PERSON and item.responsible == order.responsible:
        return _("%(who)s is responsible already.") % {"who": item.responsible}
    if order.deed is Deed.CATEGORY and item.category == order.category:
        return _("It has this category already.")
    return ""


def _words(order: Order, item: Item, kind: StepKind) -> str:
    """What the step changes, with what was there before."""
    if order.deed is Deed.DATE and order.due_on is not None:
        if kind is not StepKind.EXTEND:
            return _("First date: %(new)s") % {"new": order.due_on.isoformat()}
        return _("Extended from %(old)s to %(new)s; overdue still counts from %(original)s") % {
            "old": item.due_on,
            "new": order.due_on.isoformat(),
            "original": item.original_due_on,
        }
    if order.deed is Deed.PERSON:
        return _from_to(item.responsible, order.responsible)
    if order.deed is Deed.CATEGORY:
        return _from_to(str(item.category or ""), str(order.category))
    return str(order.deed.label)


def _from_to(old: str, new: str) -> str:
    return _("%(new)s, was %(old)s") % {"old": old, "new": new} if old and old != new else new


def _newest_steps(items: Iterable[Item]) -> dict[int, Step]:
    """The newest step of each, by the item's key. One query, and none for no items."""
    keys = [item.pk for item in items]
    if not keys:
        return {}
    steps = Step.objects.filter(item__in=keys, number=F("item__version")).select_related("by")
    return {step.item_id: step for step in steps}


def _logs_say(items: Sequence[Item], by: User) -> dict[int, LogSays]:
    """What `stepping` asks of one log when an item is struck off, for all of these. Two queries."""
    keys = [item.pk for item in items]
    acted = set(Step.objects.filter(item__in=keys).for_unit_by(by).values_list("item", flat=True))
    with_evidence = proven(keys)
    return {key: LogSays(acted_for_unit=key in acted, has_evidence=key in with_evidence) for key in keys}
