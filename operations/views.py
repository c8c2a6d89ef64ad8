"""What monitors ask."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from operations.health import State, checks, worst

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """A word for each check and one for all: 503 where something failed. Nobody learns more than that.

    What exactly is wrong stands in the log, and `manage.py health` prints it.
    """
    found = checks()
    for check in found:
        if check.state != State.OK:
            logger.warning("health: %s is %s: %s", check.name, check.state.value, check.said)
    status = worst(found)
    words = {check.name: check.state.value for check in found}
    return JsonResponse(
        {"status": status.value, "checks": words}, status=503 if status == State.FAILED else 200
    )
