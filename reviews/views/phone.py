"""The phone's page, which works without signal, and the addresses its script takes data from and sends to."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from files.limits import LARGEST_PHOTO
from files.pictures import PhotoRefused
from organizations.requests import SignedInRequest, sent_by_script
from organizations.responses import CONFLICT, TOO_LARGE, UNPROCESSABLE, refused
from reviews.models import Visit
from reviews.phone_data import phone_data
from reviews.phone_record import MalformedRecord, read_request
from reviews.photos import NewPhoto
from reviews.receiving import photos_here, receive_photo, receive_record
from reviews.views.fetching import cycle_of_record, host_to_visit, sent_visit, visit_to_record
from reviews.visiting import VisitRefused

STORE, SENDER = "js/phone-store.js", "js/phone-send.js"
# In the address of a photo; the scripts put the keys in their places.
RECORD_KEY, PHOTO_KEY = uuid.UUID("0" * 32), uuid.UUID("1" * 32)
STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "css/app.css", "css/phone.css")
SCRIPTS = (
    "js/grid-points.js",
    STORE,
    "js/phone-photos.js",
    SENDER,
    "js/phone-checks.js",
    "js/phone-form.js",
    "js/phone-gallery.js",
    "js/phone.js",
)
ICONS = ("favicon.svg", "vendor/bootstrap-icons-1.13.2/sprite.svg")


@login_not_required
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The page itself: words and scripts, nothing of any user, so that a phone may keep it."""
    return HttpResponse(_page())


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: a new version of the page is a new text of it, which is how browsers notice."""
    files = [static(name) for name in (*STYLES, *SCRIPTS, *ICONS)]
    version = hashlib.sha256("\n".join([_page(), *files]).encode()).hexdigest()[:16]
    context = {
        "page": reverse("reviews:phone"),
        "files": files,
        "version": version,
        "store": static(STORE),
        "sender": static(SENDER),
        **_addresses(),
    }
    return render(request, "reviews/phone/worker.js", context, content_type="text/javascript")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to know to put the page among its programs."""
    page = reverse("reviews:phone")
    icons = [
        {"src": static(f"icons/phone-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    maskable = icons[-1] | {"purpose": "maskable"}
    content = {
        "id": page,
        "name": _("Visits of the quarterly review"),
        "short_name": _("Visits"),
        "lang": get_language(),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "theme_color": "#b3141d",
        "background_color": "#ffffff",
        "icons": [*icons, maskable],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def data(request: SignedInRequest) -> HttpResponse:
    """What the phone takes along, and a fresh token to send with."""
    host = host_to_visit(request)
    return JsonResponse({**phone_data(request.user, host), "token": get_token(request)})


@require_POST
def receive(request: SignedInRequest) -> HttpResponse:
    """Take in the record of one visit; what came before under its key is answered as the first time."""
    try:
        sent = read_request(sent_by_script(request))
    except RequestDataTooBig:
        return refused(_("The record is too long."), TOO_LARGE)
    except MalformedRecord:
        return refused(_("This is no record of a visit."), UNPROCESSABLE)
    if sent.user != request.user.pk:
        return refused(_("Somebody else is signed in here now."), 401)
    record = sent.record
    cycle = cycle_of_record(request, record.cycle)
    planned = None if record.visit is None else visit_to_record(request, cycle, record.visit)
    try:
        visit = receive_record(cycle, planned, record, by=request.user)
    except VisitRefused as refusal:
        return refused(str(refusal), CONFLICT)
    return JsonResponse(_told(visit))


@require_POST
def photo(request: SignedInRequest, visit: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take in one photo of a record that came before."""
    of_visit = sent_visit(request, visit)
    file = request.FILES.get("photo")
    if file is None:
        return refused(_("No photo was sent."), UNPROCESSABLE)
    try:
        receive_photo(of_visit, key, NewPhoto(file.name or "", file.read(LARGEST_PHOTO + 1)))
    except (PhotoRefused, VisitRefused) as refusal:
        return refused(str(refusal), UNPROCESSABLE)
    return JsonResponse({"outcome": "kept"})


def _page() -> str:
    context = {"styles": STYLES, "scripts": SCRIPTS, "addresses": _addresses()}
    return render_to_string("reviews/phone/page.html", context)


def _addresses() -> dict[str, str]:
    """Where the scripts ask and send."""
    return {
        "data": reverse("reviews:phone-data"),
        "visit": reverse("reviews:phone-visit"),
        "photo": reverse("reviews:phone-photo", args=[RECORD_KEY, PHOTO_KEY]),
    }


def _told(visit: Visit) -> dict[str, Any]:
    """What became of a record, and which of its photos are here already."""
    return {
        "outcome": "held" if visit.is_held else "recorded" if visit.is_done else "set_aside",
        "url": visit.get_absolute_url(),
        "photos": [str(key) for key in photos_here(visit)],
    }
