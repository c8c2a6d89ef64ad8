"""Whether this installation can serve: asked by monitors, answered without a login."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from audit.triggers import missing as unaudited
from reviews.triggers import missing_triggers

logger = logging.getLogger(__name__)


def problems() -> list[str]:
    """What keeps the product from serving safely, in words for its keeper; empty where all is well."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations are pending"]
        # A rebuilt SQLite table silently loses its triggers, and with them the freeze (rule 14).
        lost = [*missing_triggers(connection), *unaudited(connection)]
        return [f"trigger {name} is missing" for name in lost]
    except DatabaseError:
        logger.exception("The database does not answer")
        return ["the database does not answer"]


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and "ok" where the product can serve, else 503 with the problems."""
    found = problems()
    return JsonResponse(
        {"status": "unavailable" if found else "ok", "problems": found}, status=503 if found else 200
    )
