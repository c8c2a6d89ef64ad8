"""How lines of the log look: JSON for machines, plain ones for people at a terminal.

What the product, Django, the server and the worker say goes through the same formatter to standard error,
from where the system takes it (journald, Docker). Every line bears what structlog's context knows: its
request, task or command.
"""

from __future__ import annotations

import sys
import traceback
import uuid
from collections.abc import Sequence
from typing import Any

import structlog
from environs import Env, validate
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST_MESSAGE = 300  # characters of what an error says


def set_up(env: Env) -> dict[str, Any]:
    """Configure structlog, and say how `logging` is to be: Django's LOGGING, and gunicorn's.

    LOG_FORMAT: json or console; unless it is given, console where a person watches.
    """
    watched = env.bool("DEBUG", False) or sys.stderr.isatty()
    form = env.str(
        "LOG_FORMAT", "console" if watched else "json", validate=validate.OneOf(["json", "console"])
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *EVERY_LINE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False)
                    if form == "json"
                    else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
                ],
                "foreign_pre_chain": EVERY_LINE,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
        "loggers": {
            "django": {"handlers": ["console"], "propagate": False},
            "django.request": {"level": "CRITICAL"},  # config.request_log says the same
            "django_tasks": {"level": "DEBUG"},  # tells which request asked for a task
            "axes": {"level": "WARNING"},  # it tells of every log-in; `security` does, and shorter
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }


def name_this_run(arguments: Sequence[str]) -> None:
    """Let every line of this process bear its command, and a number that tells one run from another."""
    structlog.contextvars.bind_contextvars(
        command=arguments[1] if len(arguments) > 1 else "help", run=uuid.uuid4().hex[:12]
    )


def traceback_in_short(error: BaseException) -> str:
    """Where an error came about and the first line of what it says, with all the errors that led to it.

    No further line: there the database repeats the row it refuses, and with it what somebody typed.
    """
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        said = (str(cause).splitlines() or [""])[0][:LONGEST_MESSAGE]
        where = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"{where}{type(cause).__module__}.{type(cause).__qualname__}: {said}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\nled to\n".join(reversed(parts))


def _with_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    raised = event.pop("exc_info", None)
    if isinstance(raised, tuple):
        raised = raised[1]
    elif raised is True:
        raised = sys.exc_info()[1]
    if isinstance(raised, BaseException):
        event["exception"] = traceback_in_short(raised)
    return event


EVERY_LINE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    _with_traceback,
]
