"""What an answer says, without what is new in every answer."""

from __future__ import annotations

import re

from django.http import HttpResponse

# A form's token is masked anew each time, and the language switch names the page it returns to.
_TOKEN = re.compile(
    r'(?:csrfmiddlewaretoken|once)" value="[\w-]+"|X-CSRFToken": "\w+"|name="next" value="[^"]*"'
    r'| nonce="[\w+/=]+"'
)


def text_of(answer: HttpResponse) -> str:
    """The page on one line."""
    return " ".join(answer.content.decode().split())


def said_by(answer: HttpResponse) -> tuple[int, str]:
    """Status and body, comparable with those of another request."""
    return answer.status_code, _TOKEN.sub("", answer.content.decode(errors="replace"))
