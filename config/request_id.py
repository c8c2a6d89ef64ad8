"""The name of the request that is being answered: by it a user's report and the log find each other.

It stands in structlog's context, so that apps, which import nothing of config, can read it there as well:
`structlog.contextvars.get_contextvars().get("request_id", "")`.
"""

from __future__ import annotations

import re

from structlog.contextvars import get_contextvars

HEADER = "X-Request-ID"
# nginx's $request_id is 32 hexadecimal digits, ours a UUID; anything else a stranger's text in our log.
_WELL_FORMED = re.compile(r"[0-9a-f-]{32,36}", re.ASCII)


def current_request_id() -> str:
    """The name of the request this thread answers; empty where it answers none."""
    name: str = get_contextvars().get("request_id", "")
    return name


def is_well_formed(name: str) -> bool:
    """Whether a name that came with a request can be taken over."""
    return bool(_WELL_FORMED.fullmatch(name))
