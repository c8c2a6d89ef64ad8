"""Every form that acts carries a key, and so does every address that takes one; the others say why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from organizations.models import User
from tests.addresses import addresses
from tests.browser.pages import PAGES
from tests.factories.pages import District, district_of_pages
from tests.test_conventions import own_templates

pytestmark = pytest.mark.any_database

DOES_NOTHING = "sent twice it leaves things as once: it sets what it says"
A_PREVIEW = "an upload only to look at: sent twice it is shown twice, and reading it takes seconds"
ITS_OWN = "carries versions or keys of its own, which its deed keeps"
NO_SESSION = "comes before there is a user to whom a key could belong, or ends with none"
# By the name of the address.
NEEDS_NO_KEY = {
    "set_language": DOES_NOTHING,
    "organizations:text-size": DOES_NOTHING,
    "organizations:host-choose": DOES_NOTHING,
    "organizations:login": NO_SESSION,
    "organizations:login-code": NO_SESSION,
    "organizations:confirm": DOES_NOTHING,
    "organizations:account-import": A_PREVIEW,
    "organizations:logout": NO_SESSION,
    "organizations:unit-import": A_PREVIEW,
    "reviews:import": A_PREVIEW,
    "reviews:rubric-import": A_PREVIEW,
    "reviews:report": ITS_OWN,  # the composer: the version that was seen, and both texts in one
    "reviews:entry-save": ITS_OWN,  # the grid: a version a cell
    "reviews:phone-visit": ITS_OWN,  # the phone: a key a record, kept on the phone until it is answered
    "reviews:phone-photo": ITS_OWN,
}
# Templates whose form leads on to a page that asks, and to that one's form.
LEADS_ON = {"rectification/_bulk_bar.html", "rectification/bulk_fill.html"}
# Whose form no page shows as they stand and to whom they are shown below: its template is held to have a key.
IN_ANOTHER_STATE = {
    "organizations:account-deactivate",
    "organizations:account-first-password",
    "organizations:account-grant",
    "organizations:account-grant-by-name",
    "organizations:account-import-preview",
    "organizations:account-new",
    "organizations:account-reactivate",
    "organizations:account-second-factor-off",
    "organizations:account-unlock",
    "organizations:membership-end",
    "organizations:membership-until",
    "organizations:security-policy",
    "organizations:unit-import-preview",
    "rectification:item-send",
    "rectification:target-mark",
    "rectification:target-put-back",
    "reviews:cycle-publish",
    "reviews:cycle-reply",
    "reviews:import-detail",
    "reviews:import-undo",
    "reviews:rubric-import-preview",
    "reviews:start",
    "reviews:visit-record",  # the inspectors'
}
FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
ACTION = re.compile(r"action=\"{% url '([\w:-]+)'")


def forms_of_templates() -> Iterator[tuple[str, str]]:
    """Each form that is posted: its template and its source."""
    for name, path in own_templates().items():
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            yield name, form


def test_every_form_in_a_template_carries_a_key_or_needs_none():
    without = [(name, form) for name, form in forms_of_templates() if "{% once %}" not in form]
    targets = {name: ACTION.search(form) for name, form in without if name not in LEADS_ON}
    implied = {
        "organizations/login.html": "organizations:login",
        "organizations/locked.html": "organizations:login",
        "organizations/login_code.html": "organizations:login-code",
        # Where it keeps a form that was filled in, that one's key is among what it keeps.
        "organizations/confirm.html": "organizations:confirm",
        "organizations/account_import.html": "organizations:account-import",
        "organizations/unit_import.html": "organizations:unit-import",
        "reviews/import_upload.html": "reviews:import",
        "reviews/rubric_import.html": "reviews:rubric-import",
    }
    named = {name: found.group(1) if found else implied.get(name, name) for name, found in targets.items()}
    assert sorted(set(named.values()) - NEEDS_NO_KEY.keys()) == [], (
        "put {% once %} beside their {% csrf_token %}"
    )


class Forms(HTMLParser):
    """The forms of a page that are posted: where each goes, and whether a key comes with it."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.found = page, list[tuple[str, bool]]()
        self.is_posted = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.is_posted = (given.get("method") or "get").lower() == "post"
            if self.is_posted:
                self.found.append((given.get("action") or self.page, False))
        elif tag == "input" and given.get("name") == "once" and self.is_posted:
            self.found[-1] = (self.found[-1][0], True)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_posted = False


@pytest.fixture
def district(db: None, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return district_of_pages()


def forms_of_pages(district: District) -> Iterator[tuple[str, bool]]:
    """Each form as it is rendered, for those who have most of them: where it goes, whether with a key."""
    for person in ("secretary", "staff"):
        client = Client()
        client.force_login(district.people[person])
        for where in PAGES.values():
            for address in [text for people, text in where if person in people.split()]:
                page = address.format(**district.keys)
                for action, has_key in Forms(page, client.get(page).content.decode()).found:
                    yield resolve(urlsplit(action).path).view_name, has_key


def test_every_form_of_a_page_carries_a_key_and_every_address_that_takes_one_is_reached_by_one(
    district: District,
) -> None:
    """Forms of the crispy helper, too. A new address fails until its form has a key or it says why not."""
    found = set(forms_of_pages(district))
    without = {name for name, has_key in found if not has_key}
    assert sorted(without - NEEDS_NO_KEY.keys() - {"rectification:item-bulk"}) == []
    in_templates = {name for _template, form in forms_of_templates() for name in ACTION.findall(form)}
    reached = {name for name, has_key in found if has_key} | in_templates | IN_ANOTHER_STATE
    assert sorted(takes_post(district.people["inspector"]) - reached - NEEDS_NO_KEY.keys()) == []


def takes_post(user: User) -> set[str]:
    """The names of all addresses that do not answer 405 to it, whatever else they say."""
    client = Client()
    client.force_login(user)
    sent = [
        each for each in addresses() if each.name != "organizations:logout"
    ]  # that would be the last of all
    return {each.name for each in sent if client.post(each.path).status_code != 405}


def test_the_key_is_taken_innermost_so_that_all_a_view_did_is_taken_back_with_it():
    assert settings.MIDDLEWARE[-1] == "organizations.once.each_deed_once"
