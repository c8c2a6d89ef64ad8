"""Every line that is logged while a task runs bears the task's number.

By the signals of django-tasks: the worker's loop is the library's own, and nothing else tells when a task
begins. django-structlog does the same for the tasks of newer Djangos.
"""

from __future__ import annotations

from typing import Any

from django_tasks import TaskResult
from django_tasks.signals import task_finished, task_started
from structlog.contextvars import bind_contextvars, unbind_contextvars


def listen() -> None:
    """Bind each task from its start until its end is logged."""
    task_started.connect(_began)
    task_finished.connect(_ended)


def _began(task_result: TaskResult, **kwargs: Any) -> None:
    bind_contextvars(task=task_result.task.module_path, task_id=str(task_result.id))


def _ended(**kwargs: Any) -> None:
    unbind_contextvars("task", "task_id")
