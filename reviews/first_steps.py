"""What a new installation needs before its first review: host, roster, rubric, cycle."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization
from reviews.models import ReviewCycle, Rubric


@dataclass(frozen=True)
class FirstStep:
    """One step with the page where it is done. state: done, current or todo, as the bar of steps shows it."""

    label: str
    text: str
    state: str
    url: str
    button: str

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def first_steps(host: Organization | None) -> list[FirstStep]:
    """The four steps in order; the first that is not done is the current one."""
    today = timezone.localdate()
    wanted = [
        (
            _("Host"),
            _("The organization that reviews, for example the organization department of a district."),
            host is not None,
            reverse("reviews:settings") if host else "",
            _("Change the name"),
        ),
        (
            _("Roster"),
            _("The units under review, with their groups, from a workbook."),
            host is not None and Organization.objects.under(host).active(today).exists(),
            reverse("organizations:unit-import"),
            _("Import the roster"),
        ),
        (
            _("Rubric"),
            _("What is scored: sections, indicators and full marks, one rubric a group."),
            host is not None and Rubric.objects.of_host(host).active().exists(),
            reverse("reviews:rubric-import"),
            _("Import rubrics"),
        ),
        (
            _("First cycle"),
            _("The quarter to review; then its scores can be imported."),
            host is not None and ReviewCycle.objects.of_host(host).exists(),
            reverse("reviews:cycle-new"),
            _("New cycle"),
        ),
    ]
    current = next((place for place, step in enumerate(wanted) if not step[2]), len(wanted))
    return [
        FirstStep(label, text, "done" if is_done else "current" if place == current else "todo", url, button)
        for place, (label, text, is_done, url, button) in enumerate(wanted)
    ]
