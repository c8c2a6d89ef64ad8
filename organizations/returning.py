"""Where to go back to, as the request says it; never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

PARAMETER = "next"


def wanted_address(request: HttpRequest, otherwise: str = "/") -> str:
    """The address in `next`, of a form or of the query, where it is one of our own."""
    wanted = request.POST.get(PARAMETER) or request.GET.get(PARAMETER, "")
    return wanted if is_ours(request, wanted) else otherwise


def page_before(request: HttpRequest) -> str:
    """The page a form was sent from, as far as the browser tells; the first page otherwise."""
    sent_from = request.headers.get("Referer", "")
    if not is_ours(request, sent_from):
        return "/"
    return urlsplit(sent_from)._replace(scheme="", netloc="").geturl() or "/"


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether it is an address of this site with its path; redirect() takes "35" for the name of a view."""
    is_here = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return is_here and urlsplit(address).path.startswith("/")


def leading_back(name: str, address: str) -> str:
    """The address of the page called `name`, which goes on to `address` when it is done."""
    query = QueryDict(mutable=True)
    query[PARAMETER] = address
    return f"{reverse(name)}?{query.urlencode(safe='/')}"
