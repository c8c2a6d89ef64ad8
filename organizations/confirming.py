"""What cannot be taken back asks who one is: for a fresh password and, where the host wants it, a code.

    @require_POST
    @fresh_password
    def back(request, …): …

A page is asked for before it is shown, not after its form was filled in. A form whose password went stale
meanwhile is kept whole on the page that asks, and goes on to where it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from organizations.freshness import is_fresh
from organizations.login_forms import ConfirmForm
from organizations.models import SecurityPolicy, User
from organizations.once import nothing_done
from organizations.responses import UNPROCESSABLE
from organizations.returning import leading_back, page_before
from organizations.second_factor import has_device

FORBIDDEN = 403
TOKEN = "csrfmiddlewaretoken"

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponse]


def fresh_password(view: View[P]) -> View[P]:
    """Before publishing, correcting, stepping back, granting rights: the password, and a demanded code."""
    return _asking(view, with_code=True)


def own_password(view: View[P]) -> View[P]:
    """Before changing how one logs in: the password. The code is what may be about to change."""
    return _asking(view, with_code=False)


def needs_code(request: HttpRequest, user: User) -> bool:
    """Whether one of the user's hosts demands a second factor that this session has not given."""
    is_verified: bool = user.is_verified()  # type: ignore[attr-defined]  # django-otp's middleware brings it
    return not is_verified and SecurityPolicy.objects.demanding_of(user).exists()


def _asking(view: View[P], *, with_code: bool) -> View[P]:
    @wraps(view)
    @sensitive_post_parameters(ConfirmForm.PASSWORD)
    def asked(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        lacks_password = not is_fresh(request.session)
        lacks_code = with_code and needs_code(request, request.user)
        if not lacks_password and not lacks_code:
            return view(request, *args, **kwargs)
        sends = request.method not in ("GET", "HEAD")
        if lacks_code and not has_device(request.user):
            back_to = page_before(request) if sends else request.get_full_path()
            return nothing_done(redirect(leading_back("organizations:second-factor-set-up", back_to)))
        if not sends:
            return redirect(leading_back("organizations:confirm", request.get_full_path()))
        is_answer = ConfirmForm.SENT in request.POST
        form = ConfirmForm(
            request.POST if is_answer else None, request=request, password=lacks_password, code=lacks_code
        )
        if is_answer and form.is_valid():
            request.POST = without_answer(request.POST)
            return view(request, *args, **kwargs)
        context = {
            "form": form,
            "kept": list(kept_fields(request.POST)),
            "action": request.get_full_path(),
            "filled_in": True,
        }
        status = UNPROCESSABLE if is_answer else FORBIDDEN
        return render(request, "organizations/confirm.html", context, status=status)

    return asked


def without_answer(sent: QueryDict) -> QueryDict:
    """The form as it was first sent."""
    form = sent.copy()
    for name in ConfirmForm.NAMES:
        form.pop(name, None)
    return form


def kept_fields(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """What was filled in, to be sent again; files a browser does not send twice."""
    for name, values in without_answer(sent).lists():
        if name != TOKEN:
            yield from ((name, str(value)) for value in values)
