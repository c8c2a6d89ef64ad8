"""Forty guesses at one password at once: no more are looked at than the limit, and the right one is too late.

Through the log-in page and through Django's own function, in real threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.models import AccessAttempt
from django.conf import settings

from tests.factories.organizations import PASSWORD, UserFactory
from tests.organizations.at_the_door import guess_at_once, through_the_function, through_the_page

if TYPE_CHECKING:
    from tests.trust.stage.report import Report, Scale


def run(scale: Scale) -> Report:
    """As many rounds as the scale says, each with 40 guesses."""
    from tests.trust.stage.report import Report

    report = Report("guesses")
    rounds = scale.of(long=20, quick=2)
    for guess in (through_the_page, through_the_function):
        way = guess.__name__.replace("_", " ")
        user = UserFactory()
        outcomes = []
        for _round in range(rounds):
            AccessAttempt.objects.all().delete()
            outcomes.append(guess_at_once(user, PASSWORD, guess))
        report.tell(f"{way}: rounds of 40 guesses at once", rounds)
        most = max(outcome.looked_at for outcome in outcomes)
        report.at_most(f"{way}: passwords looked at in a round, at most", most, settings.AXES_FAILURE_LIMIT)
        report.equals(f"{way}: guesses that got in", sum(outcome.got_in for outcome in outcomes), 0)
    return report
