"""One item: what is wrong, who puts it right by when, and all that happened to it; its steps and files."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from files.answers import kept_file, original_file
from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import CONFLICT, UNPROCESSABLE
from rectification.forms import FORMS, StepForm
from rectification.item_page import item_page
from rectification.lifecycle import StepKind
from rectification.models import Item
from rectification.permissions import has_part_in
from rectification.serials import Serial
from rectification.stepping import (
    ItemChanged,
    NotYourStep,
    StepRefused,
    as_seen,
    has_evidence,
    take_step,
)
from rectification.views.fetching import evidence_with_original, visible_evidence, visible_item

TEMPLATE = "rectification/item_detail.html"


@require_safe
def detail(request: SignedInRequest, serial: Serial) -> HttpResponse:
    """One item with its log and the steps this user may take."""
    page = item_page(request.user, visible_item(request, serial))
    return render(request, TEMPLATE, {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, serial: Serial, kind: StepKind) -> HttpResponse:
    """Take one step. Asked for without being sent, such as after a login in between, it shows the item."""
    item = visible_item(request, serial)
    if request.method != "POST":
        return redirect(item)
    require(has_part_in(request.user, item, kind))
    seen = _seen(request)
    # The form as it was filled in: sent again after a lost answer, it says the same as the first time.
    form = _form(request, as_seen(item, seen), kind)
    if not form.is_valid():
        return _again(request, item, form, seen)
    try:
        taken = take_step(item, kind, form.given(), by=request.user, seen=seen)
    except ItemChanged as change:
        return _changed(request, serial, kind, str(change))
    except NotYourStep as refusal:
        raise PermissionDenied from refusal
    except (FileRefused, PhotoRefused) as refusal:
        form.add_error("evidence", str(refusal))
    except StepRefused as refusal:
        form.add_error(None, str(refusal))
    else:
        said = _("%(serial)s: %(step)s.") % {"serial": item.serial, "step": taken.get_kind_display()}
        messages.success(request, said)
        return redirect(item)
    return _again(request, item, form, seen)


@require_safe
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file of an item: a photo to look at, a document to save; as the type it was found to be."""
    return kept_file(request, visible_evidence(request, pk))


@require_safe
def evidence_original(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A photo of an item as it was sent, but for its place; to save."""
    return original_file(request, evidence_with_original(request, pk))


def _form(request: SignedInRequest, item: Item, kind: StepKind) -> StepForm:
    needs_to_know = kind is StepKind.SUBMIT and has_evidence(item)
    return FORMS[kind](request.POST, request.FILES, item=item, user=request.user, has_evidence=needs_to_know)


def _seen(request: SignedInRequest) -> int:
    """The version the user decided on; what is no number is no version."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _again(request: SignedInRequest, item: Item, form: StepForm, seen: int) -> HttpResponse:
    """The item's page with what was typed and what is wrong with it."""
    context = {"page": item_page(request.user, item, form, seen), "is_refused": True}
    return render(request, TEMPLATE, context, status=UNPROCESSABLE)


def _changed(request: SignedInRequest, serial: Serial, kind: StepKind, message: str) -> HttpResponse:
    """The item as it is by now, who was faster, and what the user had typed, to decide again."""
    item = visible_item(request, serial)
    form = _form(request, item, kind)
    form.is_valid()
    context = {"page": item_page(request.user, item, form, item.version), "change": message}
    return render(request, TEMPLATE, context, status=CONFLICT)
