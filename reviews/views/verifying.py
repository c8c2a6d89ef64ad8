"""Whether a print-out is the text in force: for anyone signed in, by its check code."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from organizations.hosts import current_host
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from reviews.verify_forms import CheckCodeForm
from reviews.verifying import code_in, verdict_on

TEMPLATE = "reviews/verify.html"


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Type the code."""
    if "code" not in request.GET:
        return render(request, TEMPLATE, {"form": CheckCodeForm()})
    form = CheckCodeForm(request.GET)
    if form.is_valid():
        return redirect("reviews:verify-result", form.cleaned_data["code"])
    return try_again(request, TEMPLATE, {"form": form})


@require_safe
def result(request: SignedInRequest, digest: str) -> HttpResponse:
    """What is known of the print-out; that there is none and that the reader may not see it look alike."""
    code = code_in(digest)
    verdict = verdict_on(request.user, code) if code else None
    host = current_host(request)
    context = {
        "form": CheckCodeForm(),
        "is_answer": True,
        "verdict": verdict,
        "leads_on": verdict is not None and host is not None and verdict.host == host.pk,
    }
    return render(request, TEMPLATE, context)
