"""Every address that takes files, with a form that lacks nothing else: what comes back is about the file."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from organizations.models import User
from rectification.categories import DEFAULTS
from rectification.models import Item, Task
from reviews.models import Reply, Visit
from tests.factories.bad_files import DOCUMENT, PHOTO, TEMPLATE, WORKBOOK
from tests.factories.items import in_days
from tests.factories.pages import District


@dataclass(frozen=True)
class Door:
    """name: of the address, as `reverse` takes it. takes: PHOTO, DOCUMENT (photos too), TEMPLATE or WORKBOOK.

    field: where the file goes. form: the rest of what is sent, anew each time.
    """

    name: str
    takes: str
    by: User
    address: str
    field: str
    form: Callable[[], Mapping[str, Any]]

    def send(self, client: Client, name: str, data: bytes) -> HttpResponse:
        """Send the file; the page that is shown in the end."""
        body, content_type = _multipart(self.form(), self.field, name, data)
        return client.post(self.address, body, content_type=content_type, follow=True)


def _multipart(form: Mapping[str, Any], field: str, name: str, data: bytes) -> tuple[bytes, str]:
    """As a hostile program writes it: Django's own test client would clean the name."""
    line, disposition = "----------boundary", "Content-Disposition: form-data; name="
    fields = (f'--{line}\r\n{disposition}"{key}"\r\n\r\n{value}\r\n' for key, value in form.items())
    head = f'--{line}\r\n{disposition}"{field}"; filename="{name}"\r\n'
    text = "".join(fields) + head + "Content-Type: application/octet-stream\r\n\r\n"
    body = text.encode(errors="replace") + data + f"\r\n--{line}--\r\n".encode()
    return body, f"multipart/form-data; boundary={line}"


def upload_doors(district: District) -> list[Door]:
    """All of them, in the district of all pages."""
    keys, people = district.keys, district.people
    staff, secretary, inspector = people["staff"], people["secretary"], people["inspector"]
    training = Task.objects.get(target=keys["training_target"])
    rows = Task.objects.filter(target=keys["target"], state="sent_back")
    held = Visit.objects.get(pk=keys["held_visit"])
    deduction = deduction_of_reply(keys)
    photo_key = held.sent_record["photos"][0]["uuid"]
    visits, item = "/items/return-visits", f"/items/{keys['open_item']}"
    row = rows.get()
    return [
        Door("reviews:import", WORKBOOK, staff, f"/cycles/{keys['open']}/import/", "file", dict),
        Door("organizations:unit-import", WORKBOOK, staff, "/units/import/", "file", dict),
        Door("reviews:rubric-import", WORKBOOK, staff, "/rubrics/import/", "file", lambda: {"year": "2020"}),
        Door(
            "reviews:template-take",
            TEMPLATE,
            staff,
            "/settings/templates/circular/",
            "circular-file",
            dict,
        ),
        Door(
            "rectification:item-submit",
            DOCUMENT,
            secretary,
            f"{item}/submit/",
            "evidence",
            lambda: {"seen": version_of(keys), "text": "已补齐"},
        ),
        Door(
            "rectification:item-note",
            DOCUMENT,
            staff,
            f"{item}/note/",
            "evidence",
            lambda: {"seen": version_of(keys), "text": "已联系"},
        ),
        Door("rectification:item-new", DOCUMENT, secretary, "/items/new/", "evidence", new_item),
        Door(
            "reviews:unit-replies",
            DOCUMENT,
            secretary,
            f"/cycles/{keys['replying']}/units/{keys['unit']}/replies/",
            "evidence",
            lambda: {"deduction": deduction, "text": "已补交", "client_uuid": uuid.uuid4()},
        ),
        Door(
            "reviews:visit-record",
            PHOTO,
            inspector,
            f"/visits/{keys['planned_visit']}/record/",
            "photos",
            lambda: rows_of("losses", "highlights", "problems"),
        ),
        Door(
            "reviews:visit-photos-add",
            PHOTO,
            inspector,
            f"/visits/{keys['made_visit']}/photos/",
            "photos",
            lambda: {"proves": ""},
        ),
        Door(
            "reviews:phone-photo",
            PHOTO,
            inspector,
            f"/m/visits/{held.client_uuid}/photos/{photo_key}/",
            "photo",
            dict,
        ),
        Door(
            "rectification:return-visit-record",
            DOCUMENT,
            inspector,
            f"{visits}/{keys['planned_return']}/record/",
            "photos",
            lambda: rows_of("problems") | {"result": "passed", "words": "仍在坚持"},
        ),
        Door(
            "rectification:task-report",
            DOCUMENT,
            secretary,
            f"/programmes/tasks/{row.pk}/report/",
            "evidence",
            lambda: {"seen": row.version, "text": "已达标"},
        ),
        Door(
            "rectification:task-note",
            DOCUMENT,
            secretary,
            f"/programmes/tasks/{row.pk}/note/",
            "evidence",
            lambda: {"seen": row.version, "text": "在办"},
        ),
        Door(
            "rectification:session-new",
            DOCUMENT,
            secretary,
            f"/programmes/tasks/{training.pk}/sessions/",
            "evidence",
            lambda: session(training),
        ),
    ]


def told(response: HttpResponse) -> list[str]:
    """What the page, or the answer to a phone, says is wrong; each sentence once."""
    if response.headers["Content-Type"].startswith("application/json"):
        return [response.json()["message"]]
    page = response.content.decode()
    found = re.findall(
        r'<(\w+)[^>]*class="[^"]*(?:invalid-feedback|cell-error|notice-error|problem-list)[^"]*"[^>]*>'
        r"(.*?)</\1>",
        page,
        re.DOTALL,
    )
    texts = (re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip() for _tag, text in found)
    return list(dict.fromkeys(filter(None, texts)))


def version_of(keys: Mapping[str, Any]) -> int:
    return Item.objects.with_serial(keys["open_item"]).get().version


def deduction_of_reply(keys: Mapping[str, Any]) -> int:
    return Reply.objects.get(pk=keys["reply"]).deduction_id


def new_item() -> dict[str, Any]:
    return {
        "source": "self",
        "text": "会议记录不完整",
        "found_on": timezone.localdate().isoformat(),
        "category": DEFAULTS[0],
        "client_uuid": uuid.uuid4(),
    }


def rows_of(*kinds: str) -> dict[str, Any]:
    """A record's form with blank rows."""
    today = timezone.localdate().isoformat()
    form: dict[str, Any] = {"visited_on": today, "note": "", "client_uuid": uuid.uuid4()}
    for kind in kinds:
        form |= {f"{kind}-INITIAL_FORMS": "0", f"{kind}-TOTAL_FORMS": "1"}
    return form


def session(task: Task) -> dict[str, Any]:
    return {
        "seen": task.version,
        "held_on": in_days(-1).isoformat(),
        "topic": "党务培训",
        "audience": "支部书记",
        "planned": "40",
        "attended": "36",
    }
