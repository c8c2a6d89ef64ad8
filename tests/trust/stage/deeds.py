"""The deeds that are cut short: each a row of requests, of which the last are the ones that count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.models import Indicator
from tests.factories.visits import picture
from tests.trust.stage.district import (
    INDICATORS,
    OPEN,
    SECRETARY,
    STAFF,
    TO_CORRECT,
    TO_PUBLISH,
    District,
    indicator_name,
    unit_name,
)
from tests.trust.stage.person import Answer, Person
from workbooks.writing import Table, write_xlsx

Request = Callable[[], Answer]
# From a port to the requests of the deed; what only leads up to it is done when they are asked for.
Deed = Callable[[int], Sequence[Request]]

SAVES, CELLS = 8, 20


def signed_in(username: str, port: int) -> Person:
    person = Person(username, port)
    person.sign_in()
    return person


def import_scores(port: int) -> Sequence[Request]:
    """The import of a workbook with every score, 2,500 in the long form; uploaded and previewed before."""
    staff = signed_in(STAFF, port)
    workbook = SimpleUploadedFile("得分.xlsx", workbook_of_scores(District.found().host.units.count()))
    uploaded = staff.submit(f"/cycles/{OPEN}/import/", "", file=workbook)
    form = staff.form(uploaded.location, "/commit/")
    return [lambda: staff.send(form)]


def publish(port: int) -> Sequence[Request]:
    return _publication(port, TO_PUBLISH)


def correct(port: int) -> Sequence[Request]:
    return _publication(port, TO_CORRECT, reason="得分录入有误")


def save_cells(port: int) -> Sequence[Request]:
    """Saves of the entry grid, one after the other, each of some cells."""
    staff, district = signed_in(STAFF, port), District.found()
    staff.get(f"/cycles/{OPEN}/entry/save/")
    reviews = list(district.cycle(OPEN).reviews.order_by("pk").values_list("pk", flat=True))
    indicators = list(Indicator.objects.order_by("pk").values_list("pk", flat=True))

    def save(number: int) -> Answer:
        cells = [
            {"review": reviews[place % 5], "indicator": indicators[place], "text": f"{number / 2}"}
            for place in range(CELLS)
        ]
        cells = [cell | {"version": number - 1} for cell in cells]
        return staff.post_json(f"/cycles/{OPEN}/entry/save/", {"user": district.staff.pk, "cells": cells})

    return [lambda number=number: save(number) for number in range(1, SAVES + 1)]


def strike_off(port: int) -> Sequence[Request]:
    """The unit's answer with a photo, and the striking off that follows from it."""
    secretary, staff = signed_in(SECRETARY, port), signed_in(STAFF, port)
    page = District.found().item.get_absolute_url()
    answer = secretary.form(page, "/submit/")
    photo = SimpleUploadedFile("整改后.jpg", picture(size=(800, 600)))
    return [
        lambda: secretary.send(answer, text="已补齐会议记录", evidence=photo),
        lambda: staff.submit(page, "/strike-off/"),
    ]


DEEDS: dict[str, Deed] = {
    "import": import_scores,
    "publish": publish,
    "correction": correct,
    "grid save": save_cells,
    "strike-off with a file": strike_off,
}

# What people look at on the way there.
PAGES = (
    f"/cycles/{OPEN}/import/",
    f"/cycles/{TO_PUBLISH}/publish/",
    f"/cycles/{OPEN}/entry/save/",
    "/items/",
)


def workbook_of_scores(units: int) -> bytes:
    """A wide sheet with points for every unit and indicator."""
    headings = ["单位", *(f"{indicator_name(number)}（4分）" for number in range(1, INDICATORS + 1))]
    return write_xlsx([Table("得分", headings, list(_rows_of_scores(units)))])


def _rows_of_scores(units: int) -> Iterator[list[str | Decimal]]:
    for unit in range(1, units + 1):
        yield [unit_name(unit), *(Decimal((unit + place) % 9) / 2 for place in range(INDICATORS))]


def _publication(port: int, quarter: str, **values: str) -> Sequence[Request]:
    staff = signed_in(STAFF, port)
    form = staff.form(f"/cycles/{quarter}/publish/", "")
    return [lambda: staff.send(form, confirm="on", **values)]
