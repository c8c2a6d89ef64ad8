"""What a browser may keep of published pages: its own reader's copy, asked about each time it is shown.

A publication never changes (rule 14), so whoever opens it again need not wait for the same page to be
made again. Who may read it is asked as ever, before anything is compared (docs/decisions/0043).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from organizations.hosts import current_host
from organizations.requests import SignedInRequest

_MAKES_PAGES = ("*.py", "*.html", "*.css", "*.js", "*.mo", "*.txt")
_NO_PART = {"tests", "migrations", "node_modules", "staticfiles", "docs", "samples", "data"}


def unless_kept(request: SignedInRequest, *shown: object, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """What `answer` makes, or 304 where this reader's browser has it already.

    shown: all that the page tells and that can change; the reader, the language and the code are added
    here. Call it once the reader is known to be allowed to read it.
    """
    tag = _tag(request, shown)
    if tag is None:
        return answer()

    @condition(etag_func=lambda _request: tag)
    def answered(_request: HttpRequest) -> HttpResponse:
        return answer()

    response = answered(request)
    if response.status_code in (200, 304):
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _tag(request: SignedInRequest, shown: tuple[object, ...]) -> str | None:
    """Weak, because two copies of the same page differ in their nonce and in the mask of their token.

    None where the answer is for this once: it carries a message that is not to come back, or the token
    of forms that its own cookie brings. None for developers too, who change templates while they look.
    """
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    if settings.DEBUG or not token or len(get_messages(request)):
        return None
    user = request.user
    memberships = user.access.memberships
    acts_for = sorted((each.organization_id, str(each.organization), each.role) for each in memberships)
    host = current_host(request)
    parts = (
        *(code_version(), request.get_full_path(), get_language(), request.COOKIES.get("text_size", "")),
        *(user.pk, str(user), user.is_staff, request.session.session_key, token),
        *(acts_for, host and host.pk, shown),
    )
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


@cache
def code_version() -> str:
    """A digest of all that makes pages, so that an upgrade asks every browser to take them anew."""
    own = settings.FONT_DIR
    faces = sorted(own.iterdir()) if own and own.is_dir() else ()
    digest = hashlib.sha256(repr([(face.name, face.stat().st_mtime_ns) for face in faces]).encode())
    for path in sorted(_files(Path(settings.BASE_DIR))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    """Of our own tree, without what no page is made of."""
    rooms = [each for each in folder.iterdir() if each.is_dir() and not each.name.startswith(".")]
    found = (room.rglob(pattern) for room in rooms if room.name not in _NO_PART for pattern in _MAKES_PAGES)
    return [path for paths in found for path in paths if path.is_file()]
