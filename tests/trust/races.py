"""Three publish while eight type and one imports: what is published is a state that existed, once, and stays.

Every save and the import go through the product's deeds, each in its own thread and on its own connection. A
cell's versions tell the order of what was written to it: all that was acknowledged, and nothing else, leads
to the row that the publication froze; so the publication is the state after the last acknowledged save.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from organizations.models import Role, User
from reviews.entering import Outcome, TypedCell, save_cells
from reviews.freezing import is_intact
from reviews.importing.load import commit_import
from reviews.models import BatchChange, ImportBatch, Publication, ReviewCycle, Score
from reviews.publishing import StepRefused, publish_cycle, verify_cycle
from reviews.recording import Cell, EntryClosed
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host
from tests.trust.stage.crowd import at_once
from tests.trust.stage.district import points_of, score_all
from tests.trust.stage.report import Report, Scale
from tests.trust.stage.truth import wrong_totals
from workbooks.reading import read_workbook
from workbooks.sheets import Workbook
from workbooks.writing import Table, write_xlsx

EDITORS, PUBLISHERS = 8, 3
UNITS = tuple(f"第{number}单位党委" for number in range(1, 9))
MARKS = {f"指标{number}": 25 for number in range(1, 5)}
_LONGEST_WAITS = (0.05, 1.0)  # seconds until the last publisher comes, before or after the import
_CLOSED_WITHIN = 60  # seconds
# Cell and version.
Stamp = tuple[Cell, int]


@dataclass(frozen=True)
class Race:
    """One cycle, scored and open, the people around it and a workbook for it."""

    cycle: ReviewCycle
    editors: Sequence[User]
    publishers: Sequence[User]
    workbook: Workbook
    cells: Sequence[Cell]


def run(scale: Scale) -> Report:
    """So many rounds, each with a host of its own."""
    report = Report(f"publishing against {EDITORS} editors, an import and {PUBLISHERS} publishers")
    rounds, dice = scale.of(long=200, quick=3), scale.dice("races")
    told: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(1, rounds + 1):
        wrong += [f"round {number}: {each}" for each in run_round(ready(dice), dice, told)]
    report.equals("rounds, each with one publication", told["publications"], rounds)
    report.tell("acknowledged saves before them", told["saves"])
    report.tell("told that a colleague was faster", told["conflicts"])
    report.tell("imports that came in time", told["imports"])
    report.tell("editors, imports and publishers that were refused in one clear line", told["refused"])
    report.none("publications of a state that never was, twice, changed afterwards, or else amiss", wrong)
    report.none("totals that are not what the scores come to", wrong_totals())
    return report


def ready(dice: random.Random) -> Race:
    """A host with units, all scored, and a workbook with other points for all of them."""
    host = ready_host(*UNITS, marks=MARKS)
    cycle = opened_cycle(host)
    score_all(cycle, dice, by=None)
    people = [somebody(Role.STAFF, host) for _ in range(EDITORS + PUBLISHERS)]
    rows = [[unit, *(points_of(dice) for _ in MARKS)] for unit in UNITS]
    workbook = read_workbook(write_xlsx([Table("得分", ["单位", *MARKS], rows)]), "得分.xlsx")
    cells = list(Score.objects.filter(review__cycle=cycle).values_list("review", "indicator").order_by("pk"))
    return Race(cycle, people[:EDITORS], people[EDITORS:], workbook, cells)


def run_round(race: Race, dice: random.Random, told: Counter[str]) -> list[str]:
    """One race; what was wrong with it."""
    before, longest_wait = versions(race.cycle), dice.choice(_LONGEST_WAITS)
    works: list[Callable[[], Any]] = [
        *(partial(type_on, race, by, random.Random(dice.random())) for by in race.editors),
        partial(load, race),
        *(partial(publish, race, by, dice.random() * longest_wait) for by in race.publishers),
    ]
    *typists, imported, first, second, third = at_once(works)
    publishers = [first, second, third]
    publications = list(Publication.objects.filter(cycle=race.cycle).prefetch_related("standings"))
    told["publications"] += len(publications)
    found = [f"{each!r}" for each in typists if not isinstance(each, Typed)]
    found += [f"{each!r}" for each in publishers if not isinstance(each, Publication | StepRefused)]
    if sum(isinstance(each, Publication) for each in publishers) != 1 or len(publications) != 1:
        return [*found, f"{len(publications)} publications; the publishers were told {publishers}"]
    typed = [each for each in typists if isinstance(each, Typed)]
    stamps = Counter(stamp for each in typed for stamp in each.saved)
    if isinstance(imported, ImportBatch):
        stamps.update(stamps_of(imported))
        told["imports"] += 1
    elif not isinstance(imported, EntryClosed):
        found.append(f"{imported!r}")
    told["saves"] += sum(len(each.saved) for each in typed)
    told["conflicts"] += sum(each.conflicts for each in typed)
    told["refused"] += len(typed) + (len(publishers) - 1) + isinstance(imported, EntryClosed)
    return found + what_is_wrong(race, publications[0], before, set(stamps))


def what_is_wrong(
    race: Race, publication: Publication, before: Mapping[Cell, int], stamps: set[Stamp]
) -> list[str]:
    """Whether the publication is the state that all acknowledged work came to, and stays it."""
    found = []
    written = {
        (cell, version)
        for cell, last in versions(race.cycle).items()
        for version in range(before[cell] + 1, last + 1)
    }
    if written != stamps:
        found.append(f"acknowledged but not there: {stamps - written}; there unasked: {written - stamps}")
    said = as_published(publication)
    if said != as_scored(race.cycle):
        found.append("the publication is not what the scores say")
    if wrong := wrong_places(publication):
        found.append(f"places that do not follow from the published points: {wrong}")
    late = at_once([partial(type_once, race, race.editors[0]), partial(load, race)])
    if not all(isinstance(each, EntryClosed) and str(each) for each in late):
        found.append(f"after the publication: {late}")
    again = Publication.objects.get(pk=publication.pk)
    if as_published(again) != said or not is_intact(again):
        found.append("the publication changed")
    return found


@dataclass
class Typed:
    """What one editor got acknowledged until entry was closed."""

    saved: list[Stamp] = field(default_factory=list)
    conflicts: int = 0


def type_on(race: Race, by: User, dice: random.Random) -> Typed:
    """Type into one to three cells at a time until told that entry is closed."""
    typed, seen, until = Typed(), dict.fromkeys(race.cells, 1), time.monotonic() + _CLOSED_WITHIN
    while time.monotonic() < until:
        cells = [
            TypedCell(*cell, text=str(points_of(dice)), version=seen[cell])
            for cell in dice.sample(race.cells, dice.randint(1, 3))
        ]
        try:
            results = save_cells(race.cycle, cells, by)
        except EntryClosed:
            return typed
        for result in results:
            if result.kept is None:
                raise RuntimeError("A cell of the cycle is not known.")
            if result.outcome is Outcome.SAVED and result.kept.version == result.typed.version + 1:
                typed.saved.append((result.typed.key, result.kept.version))
            typed.conflicts += result.outcome is Outcome.CONFLICT
            seen[result.typed.key] = result.kept.version
    raise RuntimeError("Entry was never closed.")


def type_once(race: Race, by: User) -> object:
    return save_cells(race.cycle, [TypedCell(*race.cells[0], text="1", version=0)], by)


def load(race: Race) -> ImportBatch:
    """Import the workbook."""
    return commit_import(
        race.workbook, race.cycle, by=race.editors[0], file_name="得分.xlsx", sha256="0" * 64
    )


def publish(race: Race, by: User, wait: float) -> Publication:
    """After so many seconds close entry, if nobody has, and publish."""
    time.sleep(wait)
    with suppress(StepRefused):
        verify_cycle(race.cycle, by=by)
    return publish_cycle(race.cycle, by=by, confirm=True)


def versions(cycle: ReviewCycle) -> dict[Cell, int]:
    rows = Score.objects.filter(review__cycle=cycle).values_list("review", "indicator", "version")
    return {(review, indicator): version for review, indicator, version in rows}


def stamps_of(batch: ImportBatch) -> set[Stamp]:
    """What an import wrote, by the versions it gave; none where it changed nothing."""
    rows = BatchChange.objects.filter(batch=batch.pk).values_list(
        "score__review", "score__indicator", "version_after"
    )
    return {((review, indicator), version) for review, indicator, version in rows}


def as_published(publication: Publication) -> dict[str, tuple[Decimal | None, dict[str, Decimal]]]:
    """Of each unit its total and points, as frozen."""
    return {
        row.organization_name: (
            row.total,
            {each["indicator"]: Decimal(each["points"]) for each in row.scores},
        )
        for row in publication.standings.all()
    }


def as_scored(cycle: ReviewCycle) -> dict[str, tuple[Decimal | None, dict[str, Decimal]]]:
    """The same of the scores as they stand, the total added up here."""
    points: dict[str, dict[str, Decimal]] = {}
    for row in Score.objects.filter(review__cycle=cycle).select_related("review__organization", "indicator"):
        points.setdefault(row.review.organization.name, {})[row.indicator.name] = row.points
    return {unit: (sum(given.values(), Decimal(0)), given) for unit, given in points.items()}


def wrong_places(publication: Publication) -> list[str]:
    """Units whose published rank is not one more than the number of higher totals (dense)."""
    rows = list(publication.standings.all())
    totals = sorted({row.total for row in rows}, reverse=True)
    return [row.organization_name for row in rows if row.rank != totals.index(row.total) + 1]
