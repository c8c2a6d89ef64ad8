"""Headers that every answer of this product carries, beside those of Django and of django-csp."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        # Photos come through a file field, which asks the phone's own camera and needs no permission.
        *("camera", "microphone", "geolocation", "display-capture"),
        *("accelerometer", "gyroscope", "magnetometer", "hid", "midi", "serial", "usb"),
        "payment",
    )
)


def private_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of every cache and out of other sites' pages, and ask no browser for its senses.

    What a page shows depends on who asks, and before publication nobody else may see it (rule 15);
    a copy in a proxy, or behind the back button of a shared PC, would tell. Whoever answers may say
    otherwise: static files do, and what is published (`organizations.revalidating`).
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if response.status_code == 304:
            # It would replace the kept page's policy, and with it the nonce that the page's styles carry.
            response.headers.pop("Content-Security-Policy", None)
        return response

    return respond
