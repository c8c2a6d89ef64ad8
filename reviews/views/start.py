"""The first-run page: it leads an empty installation through host, roster, rubric and first cycle."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from organizations.founding import AlreadyFounded, found, found_host, is_unfounded
from organizations.hosts import current_host
from organizations.models import User
from organizations.permissions import require
from organizations.responses import UNPROCESSABLE
from reviews.first_steps import first_steps
from reviews.forms import FoundingForm, NewHostForm
from reviews.permissions import can_run_cycles


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The steps, and what is done of them. Strangers make the first account here; once there is one, 404."""
    if not request.user.is_authenticated:
        return _found(request)
    host = current_host(request)
    if host is None:
        require(request.user.is_superuser)
        return _found_host(request, request.user)
    require(can_run_cycles(request.user, host))
    steps = first_steps(host)
    return render(request, "reviews/start.html", {"steps": steps, "host": host, "form": None})


def _found(request: HttpRequest) -> HttpResponse:
    if not is_unfounded():
        raise Http404
    form = FoundingForm(request.POST or None)
    context = {"form": form, "steps": first_steps(None), "host": None}
    if request.method != "POST":
        return render(request, "reviews/start.html", context)
    if not form.is_valid():
        return render(request, "reviews/start.html", context, status=UNPROCESSABLE)
    try:
        user = found(**form.wanted())
    except AlreadyFounded as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:login")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    messages.success(request, _("The host and your account are ready."))
    return redirect("reviews:start")


def _found_host(request: HttpRequest, user: User) -> HttpResponse:
    form = NewHostForm(request.POST or None)
    context = {"form": form, "steps": first_steps(None), "host": None}
    if request.method != "POST":
        return render(request, "reviews/start.html", context)
    if not form.is_valid():
        return render(request, "reviews/start.html", context, status=UNPROCESSABLE)
    found_host(form.cleaned_data["host_name"], administrator=user)
    return redirect("reviews:start")
