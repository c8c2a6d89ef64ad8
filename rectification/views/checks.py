"""Self-checks (举一反三): the list, sending one, and its page with all answers or with the own one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.hosts import host_of
from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.tables import show_page
from organizations.views.files import spreadsheet
from rectification.check_forms import AnswerForms, CheckForm
from rectification.check_tables import CheckTable, OwnAnswerTable, answers_table
from rectification.models import Item, SelfCheck, SelfCheckAnswer
from rectification.permissions import (
    can_answer_check,
    can_read_ledger,
    can_run_ledger,
    can_see_checks,
)
from rectification.problem_rows import with_more_rows
from rectification.self_checks import CheckRefused, answer_check, send_check
from rectification.serials import Serial
from rectification.stepping import StepRefused
from rectification.views.fetching import host_to_run, visible_check, visible_item

GET_OR_POST = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50


@require_safe
def list_checks(request: SignedInRequest) -> HttpResponse:
    """The host's self-checks for its staff, with their counts; for a unit what it was asked."""
    host, user = host_of(request), request.user
    require(can_see_checks(user, host))
    may_send, sees_all = can_run_ledger(user, host), can_read_ledger(user, host)
    table: CheckTable | OwnAnswerTable
    if sees_all:
        checks = SelfCheck.objects.visible_to(user).of_host(host).with_counts(timezone.localdate())
        table = CheckTable(checks.select_related("category").newest_first())
    else:
        own = SelfCheckAnswer.objects.of_those_answered_by(user).of_host(host).asked(timezone.localdate())
        table = OwnAnswerTable(own.select_related("self_check__category").newest_first())
    show_page(table, request, rows=ROWS_A_PAGE)
    context = {"table": table, "is_empty": not table.rows, "may_send": may_send, "sees_all": sees_all}
    return render(request, "rectification/check_list.html", context)


@require_http_methods(GET_OR_POST)
def new(request: SignedInRequest) -> HttpResponse:
    """Send a self-check, written anew or from the item that `item` names."""
    host = host_to_run(request)
    item = _origin(request)
    form = CheckForm(request.POST or None, host=host, item=item, initial=_from_item(item))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["client_uuid"]
        try:
            check = send_check(host, form.new_check(), by=request.user, client_uuid=key)
        except CheckRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            count = check.answers.count()
            sent = ngettext("Sent to %(count)s unit.", "Sent to %(count)s units.", count)
            messages.success(request, sent % {"count": count})
            return redirect(check)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "rectification/check_new.html", {"form": form, "item": item}, status=status)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """All answers for the staff; for a unit its own, or the form that it answers with. `unit` names the one
    whose answer on paper the staff enter.
    """
    check = visible_check(request, pk)
    if "unit" not in request.GET or not can_run_ledger(request.user, check.host):
        return _page(request, check)
    on_paper = SelfCheckAnswer.objects.of_check(check).visible_to(request.user).with_names()
    return _page(request, check, None, on_paper.first_of_unit(request.GET["unit"]))


@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer for a unit, once; the staff for one that answers on paper. "more" only adds blank rows."""
    check = visible_check(request, pk)
    open_to_user = SelfCheckAnswer.objects.of_check(check).visible_to(request.user)
    asked = open_to_user.with_names().first_of_unit(request.POST.get("unit", ""))
    require(asked is not None and can_answer_check(request.user, asked))
    assert asked is not None
    if "more" in request.POST:
        forms = AnswerForms(asked.unit_id, with_more_rows(request.POST))
        return _page(request, check, forms, asked, is_growing=True)
    forms = AnswerForms(asked.unit_id, request.POST)
    if forms.is_valid():
        try:
            answer_check(asked, forms.outcome, forms.words, forms.problems, by=request.user)
        except (CheckRefused, StepRefused) as refusal:
            forms.head.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect(check)
    return _page(request, check, forms, asked, status=UNPROCESSABLE)


@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """All answers as a workbook, for those who see them all."""
    check = visible_check(request, pk)
    require(can_read_ledger(request.user, check.host))
    answers = check.answers.with_names().asked(timezone.localdate()).in_own_order()
    return spreadsheet(answers_table(answers), _("Self-check %(number)s") % {"number": check.pk}, "xlsx")


def _page(
    request: SignedInRequest,
    check: SelfCheck,
    forms: AnswerForms | None = None,
    chosen: SelfCheckAnswer | None = None,
    *,
    is_growing: bool = False,
    status: int = 200,
) -> HttpResponse:
    """forms: as sent; None for a blank form where a unit of the user has not answered, or the chosen one."""
    today = timezone.localdate()
    own = SelfCheckAnswer.objects.of_check(check).of_those_answered_by(request.user)
    asked = list(own.with_names().asked(today).in_own_order())
    waiting = [each for each in [chosen, *asked] if each and not each.is_answered]
    unanswered = next((each for each in waiting if can_answer_check(request.user, each)), None)
    if forms is None and unanswered is not None:
        forms = AnswerForms(unanswered.unit_id)
    sees_all = can_read_ledger(request.user, check.host)
    context = {
        "check": check,
        "sees_all": sees_all,
        "answers": check.answers.with_names().asked(today).in_own_order() if sees_all else (),
        "own": [each for each in asked if each.is_answered],
        "unanswered": unanswered,
        "waits_for_secretary": bool(waiting) and unanswered is None,
        "may_answer_for_others": can_run_ledger(request.user, check.host),
        "is_on_paper": unanswered is not None
        and unanswered.unit_id not in request.user.access.answered_unit_ids,
        "forms": forms,
        "is_growing": is_growing,
    }
    return render(request, "rectification/check_detail.html", context, status=status)


def _origin(request: SignedInRequest) -> Item | None:
    """The item that the address names, or 404 where the user sees none such."""
    text = request.GET.get("item", "")
    if not text:
        return None
    try:
        return visible_item(request, Serial.parse(text))
    except ValueError:
        raise Http404 from None


def _from_item(item: Item | None) -> dict[str, str]:
    if item is None:
        return {}
    return {"text": item.text, "category": item.category.name if item.category else ""}
