"""Nonsense in every form, query and address, as everybody who sees it; tests/fuzz has the short form."""

from __future__ import annotations

from tests.factories.pages import district_of_pages
from tests.fuzz.asking import Asker, taken_back
from tests.fuzz.described import walk_descriptions
from tests.fuzz.walks import exports_of, pages_of, walk_addresses, walk_bodies, walk_forms, walk_queries
from tests.trust.stage.report import Report, Scale

FEWEST_FIELDS = 2_000


def run(scale: Scale) -> Report:
    """Walk the whole product; the quick form asks a few addresses only, so that the walk itself is tried."""
    report = Report("nonsense in forms, queries and addresses")
    with taken_back():
        district = district_of_pages()
        asker = Asker(district.people)
        pages = list(pages_of(district))[:: scale.of(long=1, quick=40)]
        everybody = [*district.people, "anonymous"]
        forms = walk_forms(asker, pages, scale.of(long=8, quick=1), scale.seed)
        report.tell("pages, forms", f"{len(pages)}, {forms}")
        walk_queries(asker, [*pages, *exports_of(district)], scale.of(long=4, quick=1), scale.seed)
        if not scale.quick:
            walk_addresses(asker, everybody, 6, scale.seed)
            walk_bodies(asker, everybody, 6)
            report.tell("described addresses", walk_descriptions(asker, district, 100, scale.seed))
    report.tell("requests", asker.asked)
    report.tell("answers by status", dict(sorted(asker.statuses.items())))
    report.at_least("fields fuzzed", asker.fields, scale.of(long=FEWEST_FIELDS, quick=10))
    for problem, example in asker.failures.items():
        report.tell(problem, example)
    report.none("errors, half deeds, leads elsewhere", sorted(asker.failures))
    return report
