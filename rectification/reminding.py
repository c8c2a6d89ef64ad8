"""The daily mail: what falls due within a week and what is overdue (rule 19), at most one a person a day.

A unit's people read of its own items and of nobody else's; the host's staff read numbers. Planned return
visits are in no mail (rule 16).
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Membership, Organization, User
from rectification.models import Item, ItemState, ReminderSent, SelfCheckAnswer, Target
from rectification.programme_succession import pass_on_targets
from rectification.self_checks import answers_awaited
from rectification.succession import pass_on_to_successors, waiting_items

DAYS_AHEAD = 7
MOST_LISTED = 100  # items of one unit in one mail; the rest is counted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class UnitPart:
    """What one unit is reminded of: items overdue, the longest first, then those due soon."""

    unit: Organization
    items: tuple[Item, ...]
    checks: tuple[SelfCheckAnswer, ...]

    @property
    def asks_for_something(self) -> bool:
        """Whether anything waits for the unit itself, not only for the staff."""
        return bool(self.checks) or any(item.is_answerable for item in self.items)


@dataclass(frozen=True)
class HostPart:
    """What a host's staff are reminded of: numbers alone."""

    host: Organization
    overdue: int
    due_soon: int
    submitted: int
    without_unit: int
    checks_late: int

    @property
    def asks_for_something(self) -> bool:
        return any((self.overdue, self.due_soon, self.submitted, self.without_unit, self.checks_late))


@dataclass(frozen=True)
class Digest:
    """One person's mail of one day."""

    user: User
    on: datetime.date
    units: tuple[UnitPart, ...] = ()
    hosts: tuple[HostPart, ...] = ()

    @property
    def subject(self) -> str:
        with translation.override(language_of(self.user)):
            items = [item for part in self.units for item in part.items]
            overdue = sum(item.days_overdue(self.on) > 0 for item in items)
            overdue += sum(part.overdue for part in self.hosts)
            soon = len(items) + sum(part.overdue + part.due_soon for part in self.hosts) - overdue
            if not (overdue or soon):
                return _("Rectification: something waits for you")
            return _("Rectification: %(overdue)s overdue, %(soon)s due within %(days)s days") % {
                "overdue": overdue,
                "soon": soon,
                "days": DAYS_AHEAD,
            }

    @property
    def body(self) -> str:
        with translation.override(language_of(self.user)):
            lines = [_("%(name)s, as of %(day)s:") % {"name": self.user, "day": self.on.isoformat()}]
            for unit_part in self.units:
                lines += ["", *_lines_of_unit(unit_part, self.on)]
            for host_part in self.hosts:
                lines += ["", *_lines_of_host(host_part)]
            lines += ["", _("This mail is sent at most once a day. Please do not answer it.")]
            return "\n".join(lines) + "\n"


@dataclass
class Run:
    """What one run did. passed_on: items that went to the successors of closed units before it; targets: of
    programmes, that did.
    """

    sent: int = 0
    sent_before: int = 0
    failed: int = 0
    passed_on: int = 0
    targets: int = 0
    errors: list[str] = field(default_factory=list)


def language_of(user: User) -> str:
    """The language a person reads mail in: accounts keep none yet, so it is the product's own."""
    return settings.LANGUAGE_CODE


def digests(on: datetime.date) -> Iterator[Digest]:
    """The mails of this day, one for everybody with an address who has something to be reminded of.

    Whoever acts for nobody that day, by a membership and a unit that both run, is told nothing.
    """
    running = Membership.objects.running(on)
    people = User.objects.filter(is_active=True, pk__in=running.values("user")).exclude(email="")
    host_part = cache(lambda host: _host_part(host, on))  # the same for all of a host's staff
    for user in people.order_by("pk").iterator(chunk_size=500):
        digest = _digest(user, on, host_part)
        if digest is not None:
            yield digest


def send_reminders(on: datetime.date) -> Run:
    """Send today's mails. May run again and at the same time: whoever has had one today gets no other.

    First what closed units left passes on to their successors (rule 24), so that the right people read of it.
    """
    passed_on, targets = pass_on_everywhere(on)
    run = Run(passed_on=passed_on, targets=targets)
    connection = get_connection()
    for digest in digests(on):
        if not _claim(digest.user, on):
            run.sent_before += 1
            continue
        try:
            _message(digest, connection).send()
        except Exception as error:  # whatever a backend raises, the others still get their mail
            _free(digest.user, on)
            run.failed += 1
            run.errors.append(f"{digest.user.username}: {error.__class__.__name__}")
            # Not what the server says: it repeats the address.
            logger.error("The reminder to account %s failed: %s", digest.user.pk, type(error).__name__)
            connection.close()  # a broken one would fail for everybody after
            connection = get_connection()
        else:
            run.sent += 1
    connection.close()
    return run


def pass_on_everywhere(on: datetime.date) -> tuple[int, int]:
    """Let what closed units left pass to their successors, for every host; how many items and targets."""
    items, targets = Item.objects.with_units_that_ended(on), Target.objects.in_wrong_hands(on)
    left = Q(pk__in=items.values("host")) | Q(pk__in=targets.values("programme__host"))
    hosts = list(Organization.objects.filter(left).order_by("pk"))
    return sum(map(pass_on_to_successors, hosts)), sum(map(pass_on_targets, hosts))


def was_reminded(user: User, on: datetime.date) -> bool:
    """Whether this person's mail of the day is on its way."""
    return ReminderSent.objects.filter(user=user, sent_on=on).exists()


def _claim(user: User, on: datetime.date) -> bool:
    """Whether this run, and no other, is to send the person's mail of the day; the database decides."""
    _row, is_ours = ReminderSent.objects.get_or_create(user=user, sent_on=on)
    return is_ours


def _free(user: User, on: datetime.date) -> None:
    """The mail did not leave: the next run may try again."""
    ReminderSent.objects.filter(user=user, sent_on=on).delete()


def _digest(user: User, on: datetime.date, host_part: Callable[[Organization], HostPart]) -> Digest | None:
    access = user.access
    units = [m.organization for m in access.memberships if m.organization_id in access.unit_ids]
    unit_parts = tuple(
        part
        for unit in {unit.pk: unit for unit in units if unit.is_active(on)}.values()
        if (part := _unit_part(user, unit, on)).asks_for_something
    )
    run = [host for host in access.hosts if host.pk in access.staffed_host_ids]
    host_parts = tuple(each for host in run if (each := host_part(host)).asks_for_something)
    return Digest(user, on, unit_parts, host_parts) if unit_parts or host_parts else None


def _unit_part(user: User, unit: Organization, on: datetime.date) -> UnitPart:
    until = on + datetime.timedelta(days=DAYS_AHEAD)
    pressing = Item.objects.visible_to(user).of_unit(unit).due_by(until).most_pressing_first()
    return UnitPart(unit, tuple(pressing), tuple(answers_awaited(unit, on)))


def _host_part(host: Organization, on: datetime.date) -> HostPart:
    items = Item.objects.of_host(host)
    return HostPart(
        host=host,
        overdue=items.overdue(on).count(),
        due_soon=items.due_within(on, DAYS_AHEAD).count(),
        submitted=items.submitted().count(),
        without_unit=waiting_items(host, on).count(),
        checks_late=SelfCheckAnswer.objects.of_host(host).overdue(on).count(),
    )


def _lines_of_unit(part: UnitPart, on: datetime.date) -> Iterator[str]:
    yield _("[%(unit)s]") % {"unit": part.unit.name}
    for item in part.items[:MOST_LISTED]:
        yield _line_of_item(item, on)
        if address := _address(item.get_absolute_url()):
            yield f"  {address}"
    if (more := len(part.items) - MOST_LISTED) > 0:
        yield ngettext("and %(number)s more item", "and %(number)s more items", more) % {"number": more}
    for answer in part.checks:
        check = answer.self_check
        late = (on - check.answer_by).days
        words = _("Self-check to be answered by %(day)s: %(text)s") % {
            "day": check.answer_by.isoformat(),
            "text": _in_one_line(check.text),
        }
        yield f"- {words}" + (_(" (%(days)s days overdue)") % {"days": late} if late > 0 else "")
        if address := _address(check.get_absolute_url()):
            yield f"  {address}"


def _line_of_item(item: Item, on: datetime.date) -> str:
    assert item.original_due_on is not None  # without one nothing is due
    words = f"- {item.serial} {_in_one_line(item.text)}"
    due = _("due on %(day)s") % {"day": item.original_due_on.isoformat()}
    if item.is_extended and item.due_on is not None:
        due = _("due on %(day)s, extended to %(later)s") % {
            "day": item.original_due_on.isoformat(),
            "later": item.due_on.isoformat(),
        }
    late = item.days_overdue(on)
    parts = [due]
    if late:
        parts.append(ngettext("%(days)s day overdue", "%(days)s days overdue", late) % {"days": late})
    if item.state == ItemState.SUBMITTED:
        parts.append(_("answered, waiting for the staff"))
    return words + _(" (%(notes)s)") % {"notes": _("; ").join(parts)}


def _lines_of_host(part: HostPart) -> Iterator[str]:
    yield _("[%(unit)s]") % {"unit": part.host.name}
    counted = (
        (_("Overdue: %(number)s"), part.overdue),
        (_("Due within 7 days: %(number)s"), part.due_soon),
        (_("Waiting to be struck off: %(number)s"), part.submitted),
        (_("Of closed units, waiting for a successor: %(number)s"), part.without_unit),
        (_("Answers to self-checks overdue: %(number)s"), part.checks_late),
    )
    yield from ("- " + words % {"number": number} for words, number in counted if number)
    if address := _address("/"):
        yield f"  {address}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _address(path: str) -> str:
    """Where to click; "" where the installation does not say under which address it is reached."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else ""


def _message(digest: Digest, connection: BaseEmailBackend) -> EmailMessage:
    return EmailMessage(digest.subject, digest.body, to=[digest.user.email], connection=connection)
