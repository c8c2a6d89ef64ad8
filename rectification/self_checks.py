"""Draw inferences (举一反三): ask units to look for a problem with themselves, and take each answer once."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.names import clean_text, normalize_name
from organizations.quarter import Quarter
from rectification.categories import category_named
from rectification.models import (
    Audience,
    Item,
    Outcome,
    ProblemCategory,
    SelfCheck,
    SelfCheckAnswer,
    SelfCheckFinding,
    Source,
)
from rectification.models.item import LONGEST_TEXT
from rectification.models.self_check import LONGEST_WORDS, SelfCheckAnswerQuerySet
from rectification.raising import NewItem, raise_items

# What a unit's full name ends in; people write the rest of it: 丙乡党委 is called 丙乡.
_ENDINGS = re.compile(r"(?:临时|直属机关|系统)?(?:党委|党工委|党总支|党支部|支部委员会|委员会|支部)$")


class CheckRefused(Exception):
    """A self-check that cannot be sent or answered as asked; its text is one clear line for the user."""


@dataclass(frozen=True)
class NewCheck:
    """A problem to look for. item: where it was found first, if anywhere. category: in the host's words."""

    text: str
    category: str
    answer_by: datetime.date
    units: Collection[Organization]
    item: Item | None = None


@dataclass(frozen=True)
class OwnProblem:
    """One problem that a unit found with itself."""

    text: str
    place: str = ""
    responsible: str = ""
    due_on: datetime.date | None = None


@transaction.atomic
def send_check(
    host: Organization, new: NewCheck, *, by: User, client_uuid: uuid.UUID | None = None
) -> SelfCheck:
    """Ask these units; the one the problem was found with is not asked. Raises CheckRefused.

    Sent again under the same key, the first is returned.
    """
    host = Organization.objects.select_for_update().get(pk=host.pk)
    today = timezone.localdate()
    client_uuid = client_uuid or uuid.uuid4()
    sent = SelfCheck.objects.of_host(host).filter(client_uuid=client_uuid).first()
    if sent is not None:
        return sent
    text = "\n".join(filter(None, map(clean_text, new.text.splitlines())))
    if not text:
        raise CheckRefused(_("Say what the units are to look for."))
    if len(text) > LONGEST_TEXT:
        raise CheckRefused(_("The text has more than %(most)s characters.") % {"most": LONGEST_TEXT})
    if new.answer_by < today:
        raise CheckRefused(_("%(day)s is past: choose today or later.") % {"day": new.answer_by.isoformat()})
    chosen = {unit.pk for unit in new.units}
    units = [unit for unit in units_asked(host, new.item, today) if unit.pk in chosen]
    if not units:
        raise CheckRefused(_("Choose at least one other unit that acts today."))
    check = SelfCheck.objects.create(
        host=host,
        item=new.item,
        text=text,
        category=_category(host, new.category),
        answer_by=new.answer_by,
        sent_by=by,
        sent_at=timezone.now(),
        client_uuid=client_uuid,
    )
    SelfCheckAnswer.objects.bulk_create(SelfCheckAnswer(self_check=check, unit=unit) for unit in units)
    return check


@transaction.atomic
def answer_check(
    answer: SelfCheckAnswer, outcome: Outcome, words: str, problems: Sequence[OwnProblem], *, by: User
) -> SelfCheckAnswer:
    """Answer for a unit: nothing found, or these problems, each raised as an item it found itself (rule 20).

    by: whoever answers for the unit, or the host's staff for one that answers on paper; whoever it is never
    strikes these items off.

    The same answer sent again by the same person changes nothing. Raises CheckRefused, or StepRefused for a
    problem that cannot be raised.
    """
    answer = SelfCheckAnswer.objects.select_for_update(of=("self",)).with_names().get(pk=answer.pk)
    words = clean_text(words)[:LONGEST_WORDS]
    if answer.is_answered:
        if _is_the_same(answer, outcome, words, problems, by):
            return answer
        raise CheckRefused(_answered(answer))
    today = timezone.localdate()
    if not answer.unit.is_active(today):
        raise CheckRefused(_("%(unit)s no longer acts and is not asked.") % {"unit": answer.unit})
    if outcome is Outcome.NOT_FOUND and not words:
        raise CheckRefused(_("Say in a few words how you checked."))
    if outcome is Outcome.FOUND and not problems:
        raise CheckRefused(_("Describe at least one problem."))
    if outcome is Outcome.NOT_FOUND and problems:
        raise CheckRefused(_("Nothing was found: then describe no problem."))
    answer.outcome, answer.words = outcome.value, words
    answer.answered_by, answer.answered_at, answer.answered_on = by, timezone.now(), today
    answer.is_by_staff = answer.unit_id not in by.access.answered_unit_ids
    answer.save()
    items = _raise(answer, problems, today, by) if problems else []
    SelfCheckFinding.objects.bulk_create(SelfCheckFinding(answer=answer, item=item) for item in items)
    return answer


def answers_awaited(unit: Organization | None, on: datetime.date) -> SelfCheckAnswerQuerySet:
    """What the unit is asked and has not answered, the most pressing first. One query when read."""
    if unit is None:
        return SelfCheckAnswer.objects.none()
    waiting = SelfCheckAnswer.objects.of_unit(unit).waiting(on)
    return waiting.select_related("self_check").most_pressing_first()


def units_asked(
    host: Organization, item: Item | None, on: datetime.date, group: int | None = None
) -> list[Organization]:
    """All that a self-check may be sent to: the acting units, but the one the problem was found with."""
    acting = Organization.objects.under(host).active(on).in_own_order()
    origin = item.unit_id if item else None
    return [unit for unit in acting if unit.pk != origin and group in (None, unit.group_id)]


def telling_words(text: str, item: Item) -> list[str]:
    """What in the text would tell the others whose problem it was: names of the unit, its places, its
    branches. Two queries.
    """
    folded = normalize_name(text)
    told = (name for name in dict.fromkeys(_names_of(item)) if normalize_name(name) in folded)
    longest_first = sorted(told, key=len, reverse=True)
    return [
        name
        for place, name in enumerate(longest_first)
        if not any(name in longer for longer in longest_first[:place])
    ]


def _names_of(item: Item) -> Iterator[str]:
    unit = item.unit
    names = [unit.name, unit.short_name, *(former.name for former in unit.former_names.all())]
    names += [item.place, *unit.units.values_list("name", flat=True)]
    for name in filter(None, names):
        yield name
        short = _ENDINGS.sub("", name)
        yield from (each for each in (short, short.removeprefix("区")) if len(each) >= 2)


def _is_the_same(
    answer: SelfCheckAnswer, outcome: Outcome, words: str, problems: Sequence[OwnProblem], by: User
) -> bool:
    """Whether the answer is what is being sent again, by a second click or after a lost answer."""
    found = [(finding.item.text, finding.item.place) for finding in answer.findings.all()]
    sent = [(clean_text(problem.text), clean_text(problem.place)) for problem in problems]
    kept = (answer.outcome, answer.answered_by_id, answer.words, found)
    return kept == (outcome.value, by.pk, words, sent)


def _raise(
    answer: SelfCheckAnswer, problems: Sequence[OwnProblem], today: datetime.date, by: User
) -> list[Item]:
    check = answer.self_check
    with translation.override(settings.LANGUAGE_CODE):  # the log reads the same to all
        note = _("Found in the self-check of %(day)s") % {
            "day": timezone.localdate(check.sent_at).isoformat()
        }
    new = [
        NewItem(
            unit=answer.unit,
            source=Source.SELF,
            text=problem.text,
            found_on=today,
            category=check.category,
            place=problem.place,
            responsible=problem.responsible,
            due_on=problem.due_on,
            audience=Audience.UNIT,
            note=note,
        )
        for problem in problems
    ]
    return raise_items(check.host, Quarter.of(today), new, by=by)


def _category(host: Organization, name: str) -> ProblemCategory:
    try:
        return category_named(host, name)
    except ProblemCategory.DoesNotExist:
        message = _("“%(name)s” is no category of problems here: choose another.")
        raise CheckRefused(message % {"name": name}) from None


def _answered(answer: SelfCheckAnswer) -> str:
    return _("%(who)s answered for %(unit)s at %(when)s already: nothing was changed.") % {
        "who": answer.answered_by,
        "unit": answer.unit,
        "when": f"{timezone.localtime(answer.answered_at):%Y-%m-%d %H:%M}",
    }
