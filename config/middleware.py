"""Headers that every page of this product carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Scripts come from our own files only; styles may be inline because charts and print views carry them.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def private_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of every cache and let them load nothing from elsewhere.

    What a page shows depends on who asks, and before publication nobody else may see it (rule 15);
    a copy in a proxy, or behind the back button of a shared PC, would tell. Static files are
    answered before this by WhiteNoise and stay cacheable.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return respond
