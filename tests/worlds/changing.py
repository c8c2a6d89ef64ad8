"""Make the second world of the first: all that a unit may not know is other than it was, and more of it.

In place and past the product's deeds, so that nothing of what the unit may know changes with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from organizations.models import Organization
from rectification import models as rectification
from rectification.models import Audience, Item, ItemState
from reviews import models as reviews
from reviews.models import CycleState, ReviewCycle, ReviewState, VisitState
from reviews.triggers import drop_triggers, install_triggers
from tests.factories.items import category_of

WORDS = "（另一处）"
MORE = 3  # of whatever may be in any number
DAY = datetime.timedelta(days=1)


class Secrets:
    """What one unit may not know before publication, and how to make it another.

    hidden: quarters of which the unit knows nothing, not even its own results; told: those it may reply to.
    """

    def __init__(self, unit: Organization) -> None:
        assert unit.parent is not None
        self.unit, self.host = unit, unit.parent
        self.own = [unit.pk, *unit.units.values_list("pk", flat=True)]
        unpublished = ReviewCycle.objects.filter(host=self.host, publications__isnull=True)
        self.hidden = list(unpublished.exclude(state=CycleState.REPLY).order_by("pk"))
        self.told = list(unpublished.filter(state=CycleState.REPLY).order_by("pk"))

    def of_reviews(self, review: str = "") -> Q:
        """Of the hidden quarters all reviews, of those with replies all but the own."""
        prefix = f"{review}__" if review else ""
        others = Q(**{f"{prefix}cycle__in": self.told}) & ~Q(**{f"{prefix}organization__in": self.own})
        return Q(**{f"{prefix}cycle__in": self.hidden}) | others

    def of_items(self, item: str = "") -> Q:
        """Other units' items, and the own that were not sent to the unit yet."""
        prefix = f"{item}__" if item else ""
        return ~Q(**{f"{prefix}unit__in": self.own}) | Q(**{f"{prefix}audience": Audience.STAFF})


def change_all(unit: Organization) -> dict[str, int]:
    """Change every secret; how many rows of each table did."""
    secrets = Secrets(unit)
    connection.check_constraints()  # PostgreSQL drops no trigger of a table whose rows wait to be checked
    drop_triggers(connection)
    changed = {model.__name__: change(secrets) for model, change in CHANGES.items()}
    connection.check_constraints()
    install_triggers(connection)
    return changed


def reviews_changed(secrets: Secrets) -> int:
    """The order is another: who was above is below, who was scored is not, who was left out is."""
    rows = list(reviews.Review.objects.filter(secrets.of_reviews()).order_by("pk"))
    for number, row in enumerate(rows):
        was_scored = row.state == ReviewState.SCORED
        row.state = ReviewState.EXEMPT if was_scored and number % 3 == 0 else ReviewState.SCORED
        row.reason = "换届" + WORDS if row.state == ReviewState.EXEMPT else ""
        row.missing = 0
        row.total = None
        if row.state == ReviewState.SCORED:
            row.total = Decimal(100) - number % 5 if number % 2 else Decimal(10 + number)
    reviews.Review.objects.bulk_update(rows, ["state", "reason", "missing", "total"])
    return len(rows)


def scores_changed(secrets: Secrets) -> int:
    rows = reviews.Score.objects.filter(secrets.of_reviews("review"))
    rows.filter(points__isnull=False).update(points=Decimal("7.5"))
    return rows.update(
        reason="重新核定" + WORDS, version=F("version") + 7, recorded_at=timezone.now() - 3 * DAY
    )


def deductions_changed(secrets: Secrets) -> int:
    rows = reviews.Deduction.objects.filter(secrets.of_reviews("review"))
    changed = rows.update(
        points=Decimal(3), reason=Concat(F("reason"), Value(WORDS)), recorded_at=timezone.now() - 2 * DAY
    )
    withdrawn = rows.order_by("pk").values_list("pk", flat=True)[:2]
    rows.filter(pk__in=list(withdrawn)).update(withdrawn_at=timezone.now(), withdrawal_reason="有误")
    return changed + len(_copied(rows, MORE))


def visits_changed(secrets: Secrets) -> int:
    """Those of quarters that are not published, to whatever unit, and more of them (rule 16)."""
    rows = _visits(secrets)
    changed = rows.update(visited_on=timezone.localdate() - 9 * DAY, note=WORDS)
    rows.filter(state=VisitState.PLANNED).update(visited_on=timezone.localdate() + 2 * DAY)
    for unit in (secrets.unit, *secrets.host.units.exclude(pk=secrets.unit.pk)[:MORE]):
        for cycle in (*secrets.hidden, *secrets.told):
            source = reviews.Visit.objects.exclude(draw=None).order_by("pk").first() or rows.first()
            assert source is not None
            reviews.Visit.objects.create(
                cycle=cycle, organization=unit, recorded_by=source.recorded_by, recorded_at=timezone.now()
            )
            changed += 1
    return changed


def highlights_changed(secrets: Secrets) -> int:
    rows = reviews.Highlight.objects.filter(visit__in=_visits(secrets))
    return rows.update(text=Concat(F("text"), Value(WORDS))) + len(_copied(rows, MORE))


def problems_changed(secrets: Secrets) -> int:
    rows = reviews.Problem.objects.filter(visit__in=_visits(secrets))
    return rows.update(text=Concat(F("text"), Value(WORDS))) + len(_copied(rows, MORE))


def photos_changed(secrets: Secrets) -> int:
    rows = reviews.VisitPhoto.objects.filter(visit__in=_visits(secrets))
    return rows.update(
        original_name="另一张.jpg",
        size=F("size") + 999,
        width=F("width") + 1,
        sha256="0" * 64,
        deduction=None,
    )


def draws_changed(secrets: Secrets) -> int:
    rows = reviews.Draw.objects.filter(cycle__in=[*secrets.hidden, *secrets.told])
    return rows.update(seed="another", result=[], candidates=[]) + len(_copied(rows, MORE))


def cycles_changed(secrets: Secrets) -> int:
    """How far a hidden quarter is, and what it is compared with."""
    hidden = ReviewCycle.objects.filter(pk__in=[cycle.pk for cycle in secrets.hidden])
    was_open = list(hidden.filter(state=CycleState.OPEN).values_list("pk", flat=True))
    was_verified = list(hidden.filter(state=CycleState.VERIFIED).values_list("pk", flat=True))
    hidden.filter(pk__in=was_open).update(state=CycleState.VERIFIED)
    hidden.filter(pk__in=was_verified).update(state=CycleState.OPEN)
    changed = hidden.update(list_size=1, rank_method="competition", document_number="另〔2018〕9号")
    ReviewCycle.objects.create(host=secrets.host, year=2019, number=4)
    return changed


def steps_changed(secrets: Secrets) -> int:
    rows = reviews.CycleStep.objects.filter(cycle__in=secrets.hidden)
    return rows.update(reason=WORDS, taken_at=timezone.now() - 5 * DAY) + len(_copied(rows, MORE))


def replies_changed(secrets: Secrets) -> int:
    rows = reviews.Reply.objects.filter(secrets.of_reviews("deduction__review"))
    return rows.update(state="kept", version=F("version") + 2)


def reply_steps_changed(secrets: Secrets) -> int:
    rows = reviews.ReplyStep.objects.filter(secrets.of_reviews("reply__deduction__review"))
    return rows.update(text=Concat(F("text"), Value(WORDS)), at=timezone.now() - DAY)


def reply_files_changed(secrets: Secrets) -> int:
    rows = reviews.ReplyFile.objects.filter(secrets.of_reviews("step__reply__deduction__review"))
    return rows.update(original_name="另一份.pdf", size=F("size") + 5)


def reports_changed(secrets: Secrets) -> int:
    rows = reviews.ReportVersion.objects.filter(cycle__in=[*secrets.hidden, *secrets.told])
    return rows.update(text={}, saved_at=timezone.now() - DAY, number=F("number") + 40)


def acceptances_changed(secrets: Secrets) -> int:
    rows = reviews.ReportAcceptance.objects.filter(cycle__in=[*secrets.hidden, *secrets.told])
    return rows.update(sentence=WORDS, says=WORDS, truth=WORDS, reason=WORDS)


def imports_changed(secrets: Secrets) -> int:
    rows = reviews.ImportBatch.objects.filter(cycle__in=[*secrets.hidden, *secrets.told])
    return rows.update(file_name="另一份.xlsx", new_count=77, changed_count=5, summary={})


def import_rows_changed(secrets: Secrets) -> int:
    rows = reviews.BatchChange.objects.filter(batch__cycle__in=[*secrets.hidden, *secrets.told])
    return rows.update(is_new=False, points_before=Decimal(3), reason_before=WORDS)


def headings_changed(secrets: Secrets) -> int:
    return reviews.HeadingMeaning.objects.filter(host=secrets.host).update(heading=WORDS, indicator=WORDS)


def items_changed(secrets: Secrets) -> int:
    rows = Item.objects.filter(secrets.of_items(), host=secrets.host)
    changed = rows.update(
        text=Concat(F("text"), Value(WORDS)), place=WORDS, responsible="李四", measures=WORDS,
        indicator=WORDS, version=F("version") + 3, times_returned=F("times_returned") + 1,
        relapses=F("relapses") + 1, found_on=timezone.localdate() - 40 * DAY,
    )  # fmt: skip
    rows.filter(state__in=(ItemState.OPEN, ItemState.RETURNED)).update(
        state=ItemState.WITHDRAWN, is_closed=True
    )
    category = category_of(secrets.host)
    for cycle in (*secrets.hidden, *secrets.told):
        for number, unit in enumerate((secrets.unit, *secrets.host.units.exclude(pk=secrets.unit.pk)), 1):
            Item.objects.create(
                host=secrets.host, unit=unit, group=unit.group, year=cycle.year, number=cycle.number,
                sequence=700 + number, source="visit", text=WORDS, found_on=timezone.localdate(),
                audience=Audience.STAFF, category=category,
                indicator="三会一课",
            )  # fmt: skip
            changed += 1
    return changed


def item_steps_changed(secrets: Secrets) -> int:
    rows = rectification.Step.objects.filter(secrets.of_items("item"), item__host=secrets.host)
    return rows.update(text=Concat(F("text"), Value(WORDS)), at=timezone.now() - 4 * DAY)


def evidence_changed(secrets: Secrets) -> int:
    rows = rectification.Evidence.objects.filter(
        secrets.of_items("step__item"), step__item__host=secrets.host
    )
    return rows.update(original_name="另一份.jpg", size=F("size") + 3)


def return_draws_changed(secrets: Secrets) -> int:
    rows = rectification.ReturnDraw.objects.filter(host=secrets.host)
    return rows.update(seed="another", candidates=[], result=[], asked=WORDS)


def return_visits_changed(secrets: Secrets) -> int:
    """Planned ones are secret from the units they go to (rule 16)."""
    visits = rectification.ReturnVisit.objects
    changed = visits.filter(secrets.of_items("item")).update(words=WORDS, planned_at=timezone.now() - DAY)
    source = visits.filter(item__host=secrets.host).order_by("pk").first()
    assert source is not None
    items = Item.objects.filter(host=secrets.host, unit=secrets.unit, state=ItemState.STRUCK_OFF)
    for item in items.exclude(return_visits__state="planned"):
        visits.create(item=item, planned_by=source.planned_by, planned_at=timezone.now())
        changed += 1
    return changed


def check_answers_changed(secrets: Secrets) -> int:
    rows = rectification.SelfCheckAnswer.objects.filter(self_check__host=secrets.host)
    return rows.exclude(unit__in=secrets.own).exclude(outcome="").update(words=WORDS, is_by_staff=True)


def targets_changed(secrets: Secrets) -> int:
    return _targets(secrets).update(
        responsible="李四", helper=WORDS, progress_done=0, is_demonstration=True, version=F("version") + 4
    )


def tasks_changed(secrets: Secrets) -> int:
    rows = rectification.Task.objects.filter(target__in=_targets(secrets))
    return rows.update(value=F("value") + 1, version=F("version") + 4)


def programme_log_changed(secrets: Secrets) -> int:
    rows = rectification.ProgrammeEntry.objects.filter(target__in=_targets(secrets))
    return rows.update(text=Concat(F("text"), Value(WORDS)), at=timezone.now() - DAY)


def programme_files_changed(secrets: Secrets) -> int:
    rows = rectification.ProgrammeFile.objects.filter(entry__target__in=_targets(secrets))
    return rows.update(original_name="另一份.pdf", size=F("size") + 3)


def sessions_changed(secrets: Secrets) -> int:
    rows = rectification.ProgrammeSession.objects.filter(task__target__in=_targets(secrets))
    return rows.update(topic=WORDS, place=WORDS)


def filters_changed(secrets: Secrets) -> int:
    """Other people's."""
    rows = rectification.SavedFilter.objects.filter(host=secrets.host)
    return rows.exclude(user__memberships__organization__in=secrets.own).update(query="q=1")


# How each table is changed; what is in none of the two is nobody's secret yet, and a test asks.
CHANGES: dict[type[Model], Callable[[Secrets], int]] = {
    reviews.Review: reviews_changed,
    reviews.Score: scores_changed,
    reviews.Deduction: deductions_changed,
    reviews.Visit: visits_changed,
    reviews.Highlight: highlights_changed,
    reviews.Problem: problems_changed,
    reviews.VisitPhoto: photos_changed,
    reviews.Draw: draws_changed,
    reviews.ReviewCycle: cycles_changed,
    reviews.CycleStep: steps_changed,
    reviews.Reply: replies_changed,
    reviews.ReplyStep: reply_steps_changed,
    reviews.ReplyFile: reply_files_changed,
    reviews.ReportVersion: reports_changed,
    reviews.ReportAcceptance: acceptances_changed,
    reviews.ImportBatch: imports_changed,
    reviews.BatchChange: import_rows_changed,
    reviews.HeadingMeaning: headings_changed,
    rectification.ReturnVisit: return_visits_changed,
    rectification.Item: items_changed,
    rectification.Step: item_steps_changed,
    rectification.Evidence: evidence_changed,
    rectification.ReturnDraw: return_draws_changed,
    rectification.SelfCheckAnswer: check_answers_changed,
    rectification.Target: targets_changed,
    rectification.Task: tasks_changed,
    rectification.ProgrammeEntry: programme_log_changed,
    rectification.ProgrammeFile: programme_files_changed,
    rectification.ProgrammeSession: sessions_changed,
    rectification.SavedFilter: filters_changed,
}
PUBLISHED = "published: what a unit sees of it is the cycle's disclosure's to say"
RULES = "the rules by which all are judged; units may read them"
LINK = "only says which belongs to which"
SAME: dict[type[Model], str] = {
    reviews.Publication: PUBLISHED,
    reviews.Standing: PUBLISHED,
    reviews.AnnualPublication: PUBLISHED,
    reviews.ReviewYear: RULES,
    reviews.Rubric: RULES,
    reviews.Section: RULES,
    reviews.Indicator: RULES,
    reviews.ReplySettings: RULES,
    reviews.VisitSettings: "says what becomes of photos' places, not of a unit",
    reviews.DocumentSettings: "the form of documents, not what they say",
    reviews.DocumentTemplate: "the form of documents, not what they say",
    rectification.ProblemCategory: RULES,
    rectification.ProgrammeTemplate: RULES,
    rectification.TemplateRow: RULES,
    rectification.Programme: "addressed to all its targets",
    rectification.ProgrammeRow: "addressed to all its targets",
    rectification.DueClass: "addressed to all its targets",
    rectification.SelfCheck: "addressed to all who are asked",
    rectification.SelfCheckFinding: LINK,
    rectification.ReturnVisitFinding: LINK,
    rectification.ReminderSent: "which mails of a day are on their way",
}


def _visits(secrets: Secrets) -> QuerySet[Any]:
    return reviews.Visit.objects.filter(cycle__in=[*secrets.hidden, *secrets.told])


def _targets(secrets: Secrets) -> QuerySet[Any]:
    rows = rectification.Target.objects.filter(programme__host=secrets.host)
    return rows.exclude(unit__in=secrets.own).exclude(organization__in=secrets.own)


def _copied(rows: QuerySet[Any], number: int) -> list[Any]:
    """So many more of them, like the first."""
    first = rows.order_by("pk").first()
    if first is None:
        return []
    fields = [field.attname for field in first._meta.fields if not field.primary_key]
    kept = {name: getattr(first, name) for name in fields}
    return type(first)._default_manager.bulk_create([type(first)(**kept) for _number in range(number)])
