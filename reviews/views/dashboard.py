"""The first page, by what the user is to the host."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from organizations.founding import is_unfounded
from organizations.hosts import current_host
from organizations.models import Role
from reviews.home import auditor_home, inspector_home, leader_home, secretary_home, staff_home
from reviews.permissions import can_read_work, can_run_cycles


@login_not_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """What is waiting for this user; a new installation is led to its first steps."""
    if not request.user.is_authenticated:
        return redirect("reviews:start") if is_unfounded() else redirect_to_login("/")
    user, host = request.user, current_host(request)
    if host is None:
        return redirect("reviews:start") if user.is_superuser else render(request, "reviews/home_nobody.html")
    if can_run_cycles(user, host):
        home = staff_home(user, host)
        if not home.is_set_up:
            return redirect("reviews:start")
        return render(request, "reviews/home_staff.html", {"home": home})
    if can_read_work(user, host):
        return render(request, "reviews/home_auditor.html", {"home": auditor_home(user, host)})
    if user.access.holds(host, Role.LEADER):
        return render(request, "reviews/home_leader.html", {"home": leader_home(user, host)})
    if user.access.holds(host, Role.INSPECTOR):
        return render(request, "reviews/home_inspector.html", {"home": inspector_home(user, host)})
    unit = user.access.unit_under(host)
    return render(request, "reviews/home_secretary.html", {"home": secretary_home(user, host, unit)})
