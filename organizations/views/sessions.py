"""One's own log-ins: where one is logged in, and how to end it there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.requests import SignedInRequest
from organizations.sessions import end_session, end_sessions, log_ins_of

OTHERS = "others"


@require_safe
def session_list(request: SignedInRequest) -> HttpResponse:
    """Every device on which this account is logged in, this one first."""
    log_ins = log_ins_of(request.user, here=request.session.session_key, at=timezone.now())
    return render(request, "organizations/session_list.html", {"log_ins": log_ins})


@require_POST
def session_end(request: SignedInRequest) -> HttpResponse:
    """End one of one's log-ins, or all but this; any other is not found."""
    wanted = request.POST.get("log_in", "")
    here = request.session.session_key
    if wanted == OTHERS:
        end_sessions(request.user, but=here)
        messages.success(request, _("You are logged in here alone now."))
    elif end_session(request.user, wanted, but=here):
        messages.success(request, _("That log-in has ended."))
    else:
        raise Http404
    return redirect("organizations:session-list")
