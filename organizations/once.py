"""Each form is acted on once, however often it is sent: by a second click, or again after an answer was lost.

A form that acts carries a key (`{% once %}`). The key's row is written first, in the transaction of the deed:
a second request under the same key waits for the first in the database, and then finds that it is done. What
was not done (a refusal, mistakes in the form, an error) gives its key back.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from organizations.responses import CONFLICT
from organizations.sent_forms import SentForm

FIELD = "once"
# Keys are no content: a form that is rendered anew has others.
OWN_KEY = "client_uuid"  # that a deed keeps itself, because it comes from phones and commands as well
_NO_CONTENT = frozenset({FIELD, OWN_KEY, "csrfmiddlewaretoken"})
# Who one is, asked for once more beside what a form says: no content either, and never kept.
PROOF = "confirm-"
_NOTHING_DONE = "nothing_done"  # an attribute of redirects
_SERVER_ERROR = 500

GetResponse = Callable[[HttpRequest], HttpResponse]


class _SentBefore(Exception):
    """The key's row is there already."""


def each_deed_once(get_response: GetResponse) -> GetResponse:
    """Middleware, the innermost: what comes under a key is done once; what carries none is done as ever."""

    def respond(request: HttpRequest) -> HttpResponse:
        key = _key_in(request)
        return get_response(request) if key is None else _done_once(request, key, get_response)

    return respond


def nothing_done(response: HttpResponseRedirect) -> HttpResponseRedirect:
    """Say of a redirect that it leads to what comes before the deed, such as a question for a password.

    Any other means that the deed was done, unless it warns of something (`messages.warning`, `error`).
    """
    setattr(response, _NOTHING_DONE, True)
    return response


def forget_outdated_forms() -> int:
    """Forget keys that nobody sends again; how many."""
    return SentForm.objects.all().outdated().delete()[0]


def fingerprint(
    address: str, fields: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[tuple[str, str]]]
) -> str:
    """Equal for what says the same to the same address, in whatever order its fields came; keys do not count.

    files: by field, of each its name and the digest of its content.
    """
    said = sorted((name, list(values)) for name, values in fields.items() if _is_content(name))
    sent = sorted((name, [list(file) for file in several]) for name, several in files.items())
    return hashlib.sha256(json.dumps([address, said, sent]).encode()).hexdigest()


def written(fields: Mapping[str, Sequence[str]]) -> list[str]:
    """The texts in a form that a person wrote: what has a blank or a letter beyond ASCII, each once.

    Not keys, dates, numbers and choices, which say nothing without their labels.
    """
    texts = [value.strip() for name, values in fields.items() if _is_content(name) for value in values]
    return list(dict.fromkeys(text for text in texts if len(text.split()) > 1 or not text.isascii()))


def _is_content(name: str) -> bool:
    return name not in _NO_CONTENT and not name.startswith(PROOF)


def _key_in(request: HttpRequest) -> uuid.UUID | None:
    """The key a form came with. None for what needs none, such as all that sets a password.

    Of a password nothing is kept, not even a digest.
    """
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    try:
        fields = request.POST
        if any("password" in name for name in fields if _is_content(name)):
            return None
        return uuid.UUID(fields.get(FIELD, ""))
    except (UnreadablePostError, ValueError):  # a connection that broke, or a key made by hand
        return None


def _done_once(request: HttpRequest, key: uuid.UUID, get_response: GetResponse) -> HttpResponse:
    # What was sent is read and digested before the transaction: SQLite lets nobody else write within it.
    assert request.user.pk is not None
    sent = SentForm(key=key, user_id=request.user.pk, fingerprint=_fingerprint_of(request))
    try:
        with transaction.atomic():
            try:
                sent.save(force_insert=True)
            except IntegrityError as error:
                raise _SentBefore from error
            return _answer(request, sent, get_response)
    except _SentBefore:
        return _again(request, sent)


def _answer(request: HttpRequest, sent: SentForm, get_response: GetResponse) -> HttpResponse:
    """Let the view act. Only what was done keeps the key."""
    told_before = len(get_messages(request))
    response = get_response(request)
    if response.status_code >= _SERVER_ERROR:
        transaction.set_rollback(True)
    elif isinstance(response, HttpResponseRedirect) and not getattr(response, _NOTHING_DONE, False):
        said = _told(request)[told_before:]
        if all(level < messages.WARNING for level, _text in said):
            sent.led_to, sent.said = response.url, said
            sent.save(update_fields=["led_to", "said"])
        else:
            sent.delete()
    elif not transaction.get_rollback():
        sent.delete()
    return response


def _told(request: HttpRequest) -> list[tuple[int, str]]:
    """All messages that wait for the next page, which they still do afterwards."""
    storage = get_messages(request)
    assert isinstance(storage, BaseStorage)
    told = [(message.level, str(message.message)) for message in storage]
    storage.used = False
    return told


def _again(request: HttpRequest, sent: SentForm) -> HttpResponse:
    """Answer what came under a known key: as the first time, or that it is not what came then."""
    first = SentForm.objects.filter(key=sent.key).first()
    if first is None or first.user_id != sent.user_id:
        return _not_the_same(request, None)
    if first.fingerprint != sent.fingerprint:
        return _not_the_same(request, first)
    messages.info(request, _("This had been done already: nothing was done twice."))
    for level, text in first.said:
        messages.add_message(request, level, text)
    return HttpResponseRedirect(first.led_to)


def _not_the_same(request: HttpRequest, first: SentForm | None) -> HttpResponse:
    """Say that nothing was done now, what was done before and what was written, and show both ways on.

    first: None where it was somebody else's.
    """
    fields: dict[str, Any] = dict(request.POST.lists())
    context = {
        "first": first,
        "texts": written(fields),
        "fields": _to_send_anew(fields),
        "has_files": bool(request.FILES),
        "address": request.get_full_path(),
        "form_address": _form_address(request),
    }
    return render(request, "organizations/sent_already.html", context, status=CONFLICT)


def _to_send_anew(fields: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """What the same form says under keys of its own."""
    anew = [(OWN_KEY, str(uuid.uuid4()))] if OWN_KEY in fields else []
    return anew + [(name, value) for name, values in fields.items() if _is_content(name) for value in values]


def _form_address(request: HttpRequest) -> str:
    """The page the form stood on, to open it anew; "" where the browser did not say."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()) else ""


def _fingerprint_of(request: HttpRequest) -> str:
    files = {name: [_told_apart(file) for file in several] for name, several in request.FILES.lists()}
    return fingerprint(request.get_full_path(), dict(request.POST.lists()), files)


def _told_apart(file: UploadedFile[Any]) -> tuple[str, str]:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return file.name or "", digest.hexdigest()
