"""Every page of the product: who looks at it, and where. A new page needs one line here.

In braces stands a key of `district.keys`. What is no page is told apart below, with the reason.
"""

from __future__ import annotations

# By name: who, and at which addresses; one more address for each state that looks different.
PAGES: dict[str, list[tuple[str, str]]] = {
    "organizations:login": [("anonymous", "/login/")],
    "organizations:password-change": [("staff", "/password/")],
    "organizations:help": [("staff secretary", "/help/")],
    "organizations:unit-list": [("staff leader secretary newcomer", "/units/"), ("staff", "/units/?q=没有")],
    "organizations:unit-detail": [
        ("staff leader secretary", "/units/{unit}/"),
        ("staff", "/units/{closed_unit}/"),
    ],
    "organizations:unit-new": [("staff", "/units/new/")],
    "organizations:unit-edit": [("staff", "/units/{unit}/edit/")],
    "organizations:unit-import": [("staff newcomer", "/units/import/")],
    "rectification:check-list": [("staff secretary newcomer", "/items/checks/")],
    "rectification:check-new": [("staff", "/items/checks/new/"), ("staff", "/items/checks/new/?item={item}")],
    "rectification:check-detail": [("staff secretary", "/items/checks/{check}/")],
    "rectification:return-visit-list": [("staff inspector newcomer", "/items/return-visits/")],
    "rectification:return-visit-draw": [("staff", "/items/return-visits/draw/")],
    "rectification:return-draw-detail": [
        ("staff inspector leader", "/items/return-visits/draws/{return_draw}/"),
        ("staff", "/items/return-visits/draws/{return_draw}/?check=1"),
    ],
    "rectification:return-visit-new": [("staff", "/items/{undrawn_item}/return-visit/")],
    "rectification:return-visit-detail": [
        ("staff inspector", "/items/return-visits/{planned_return}/"),
        ("staff", "/items/return-visits/{made_return}/"),
    ],
    "rectification:return-visit-record": [
        ("staff inspector", "/items/return-visits/{planned_return}/record/")
    ],
    "rectification:handover": [("staff newcomer", "/items/handover/")],
    "reviews:dashboard": [("staff leader secretary inspector nobody", "/")],
    "reviews:start": [("staff newcomer admin", "/start/")],
    "reviews:settings": [("staff", "/settings/")],
    "reviews:cycle-list": [("staff leader secretary newcomer", "/cycles/")],
    "reviews:cycle-new": [("staff newcomer", "/cycles/new/")],
    "reviews:cycle-detail": [
        ("staff leader secretary", "/cycles/{published}/"),
        ("staff", "/cycles/{verified}/"),
        ("staff", "/cycles/{open}/"),
        ("staff", "/cycles/{draft}/"),
        ("staff secretary", "/cycles/{replying}/"),
    ],
    "reviews:cycle-edit": [("staff", "/cycles/{open}/edit/")],
    "reviews:cycle-publish": [
        ("staff", "/cycles/{verified}/publish/"),
        ("staff", "/cycles/{published}/publish/"),
    ],
    "reviews:entry": [
        ("staff", "/cycles/{open}/entry/"),
        ("staff", "/cycles/{verified}/entry/"),
        ("staff", "/cycles/{draft}/entry/"),
    ],
    "reviews:completeness": [
        ("staff", "/cycles/{open}/completeness/"),
        ("staff", "/cycles/{open}/completeness/?part=deductions"),
        ("staff", "/cycles/{open}/completeness/?part=visits"),
        ("staff", "/cycles/{open}/completeness/?part=people"),
        ("staff", "/cycles/{draft}/completeness/"),
    ],
    "reviews:import": [("staff", "/cycles/{open}/import/"), ("staff", "/cycles/{verified}/import/")],
    "reviews:standings": [
        ("staff leader secretary", "/cycles/{published}/standings/"),
        ("staff", "/cycles/{verified}/standings/"),
    ],
    "reviews:review-detail": [
        ("staff leader secretary", "/cycles/{published}/units/{unit}/"),
        ("staff", "/cycles/{open}/units/{unit}/"),
        ("staff", "/cycles/{open}/units/{exempt_unit}/"),
        ("secretary", "/cycles/{replying}/units/{unit}/"),
    ],
    "reviews:deductions": [
        ("staff", "/cycles/{open}/units/{unit}/deductions/{indicator}/"),
        ("staff", "/cycles/{verified}/units/{unit}/deductions/{indicator}/"),
    ],
    "reviews:circular": [("staff leader", "/cycles/{published}/report/circular/")],
    "reviews:visit-list": [("staff inspector newcomer", "/visits/")],
    "reviews:visit-new": [("staff inspector", "/visits/new/")],
    "reviews:visit-categories": [("staff", "/visits/categories/")],
    "reviews:visit-draw": [("staff", "/visits/draw/")],
    "reviews:visit-draw-detail": [("staff inspector", "/visits/draws/{draw}/")],
    "reviews:visit-detail": [
        ("staff inspector", "/visits/{made_visit}/"),
        ("staff inspector", "/visits/{planned_visit}/"),
        ("staff", "/visits/{cancelled_visit}/"),
        ("staff inspector", "/visits/{held_visit}/"),
    ],
    "reviews:visit-record": [("inspector", "/visits/{planned_visit}/record/")],
    "reviews:phone": [("anonymous leader inspector", "/m/")],
    "reviews:rubric-list": [("staff leader newcomer", "/rubrics/")],
    "reviews:rubric-import": [("staff newcomer", "/rubrics/import/")],
    "reviews:rubric-detail": [("staff leader", "/rubrics/{rubric}/"), ("staff", "/rubrics/{draft_rubric}/")],
    "reviews:rubric-edit": [("staff", "/rubrics/{draft_rubric}/edit/")],
}

# Answers of error pages, which have no name.
WRONG_TURNS = [("staff secretary", "/cycles/1999Q1/"), ("leader", "/settings/")]

# Forms that are sent empty, so that they come back with what is wrong (422).
FORMS = [
    ("anonymous", "/login/"),
    ("staff", "/password/"),
    ("staff", "/units/new/"),
    ("staff", "/units/{unit}/edit/"),
    ("staff", "/units/import/"),
    ("staff", "/cycles/{open}/import/"),
    ("staff", "/cycles/{open}/units/{unit}/deductions/{indicator}/"),
    ("staff", "/rubrics/import/"),
    ("staff", "/rubrics/{draft_rubric}/edit/"),
    ("staff", "/settings/"),
    ("staff", "/items/checks/new/"),
    ("secretary", "/items/checks/{check}/"),
    ("staff", "/items/return-visits/draw/"),
    ("inspector", "/items/return-visits/{planned_return}/record/"),
    ("staff", "/visits/new/"),
    ("staff", "/visits/categories/"),
    ("staff", "/visits/draw/"),
    ("inspector", "/visits/{planned_visit}/record/"),
]

# Pages that only doing something leads to; test_accessibility.py does it.
REACHED = {
    "organizations:unit-import-preview",
    "reviews:rubric-import-preview",
    "reviews:import-detail",
}

DEED = "a deed: it takes POST alone and leads on to a page"
FILE = "a file to download"
NO_PAGE = {
    "healthz": "one word for machines",
    "set_language": DEED,
    "organizations:logout": DEED,
    "organizations:host-choose": DEED,
    "organizations:text-size": DEED,
    "organizations:unit-close": DEED,
    "organizations:unit-reopen": DEED,
    "organizations:unit-export": FILE,
    "organizations:unit-template": FILE,
    "rectification:check-answer": DEED,
    "rectification:check-export": FILE,
    "rectification:return-visit-cancel": DEED,
    "rectification:return-visit-photo": FILE,
    "rectification:handover-choose": DEED,
    "reviews:cycle-delete": DEED,
    "reviews:cycle-open": DEED,
    "reviews:cycle-roster": DEED,
    "reviews:cycle-reply": DEED,
    "reviews:cycle-verify": DEED,
    "reviews:cycle-back": DEED,
    "reviews:entry-save": "answers in JSON, to the grid's script",
    "reviews:completeness-export": FILE,
    "reviews:import-template": FILE,
    "reviews:import-progress": "a part of a page, which a script fetches",
    "reviews:import-cancel": DEED,
    "reviews:import-again": DEED,
    "reviews:import-headings": DEED,
    "reviews:import-heading-forget": DEED,
    "reviews:import-commit": DEED,
    "reviews:import-undo": DEED,
    "reviews:standings-export": FILE,
    "reviews:review-leave-out": DEED,
    "reviews:review-put-back": DEED,
    "reviews:circular-file": FILE,
    "reviews:visit-photo": FILE,
    "reviews:visit-cancel": DEED,
    "reviews:visit-photos-add": DEED,
    "reviews:visit-count": DEED,
    "reviews:visit-set-aside": DEED,
    "reviews:phone-worker": "a script",
    "reviews:phone-manifest": "what a phone reads to install the page",
    "reviews:phone-data": "answers in JSON, to the phone's script",
    "reviews:phone-visit": "answers in JSON, to the phone's script",
    "reviews:phone-photo": "answers in JSON, to the phone's script",
    "reviews:rubric-copy": DEED,
    "reviews:rubric-activate": DEED,
}
