"""How long the figures of a day take over 50,000 items: `python -m tests.bench.figures_of_a_day`.

Everything happens in a temporary folder; DATABASE_URL chooses another database, which must be empty.
"""

from __future__ import annotations

import datetime
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable

DATA_DIR = tempfile.mkdtemp(prefix="review-bench-")
os.environ["DATA_DIR"] = DATA_DIR
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from organizations.models import Group, Membership, Organization, Role, User  # noqa: E402
from rectification.categories import DEFAULTS, category_named  # noqa: E402
from rectification.figures import figures  # noqa: E402
from rectification.figures_page import figures_on  # noqa: E402
from rectification.histories import histories_of  # noqa: E402
from rectification.models import Item, Step  # noqa: E402
from rectification.pressing import pressing_of  # noqa: E402
from rectification.stepping import apply_step  # noqa: E402
from rectification.unit_items import unit_items  # noqa: E402

ITEMS, UNITS, SEED = 50_000, 100, 1
LOG = (
    ("raise", "open", {"audience": "host"}),
    ("assign", "open", {"responsible": "组织委员"}),
    ("submit", "submitted", {"text": "已整改", "for_unit": True}),
    ("return", "returned", {"text": "照片不清"}),
)


def district() -> Organization:
    """A host with 50,000 items of one to four steps over two years, 500 a unit."""
    host = Organization.objects.create(name="量测委组织部")
    group = Group.objects.create(host=host, name="乡镇")
    units = [
        Organization.objects.create(parent=host, name=f"第{number}镇党委", group=group, position=number)
        for number in range(UNITS)
    ]
    categories = [category_named(host, name) for name in DEFAULTS]
    draw, items, logs = random.Random(SEED), [], []
    for number in range(ITEMS):
        begun = timezone.now() - datetime.timedelta(days=draw.randrange(10, 700))
        item = Item(
            host=host,
            unit=units[number % UNITS],
            group=group,
            category=categories[number % len(categories)],
            year=begun.year,
            number=(begun.month + 2) // 3,
            sequence=number + 1,
            source="visit",
            text="记录不完整",
            found_on=begun.date(),
        )
        log = []
        for place, (kind, state, says) in enumerate(LOG[: draw.randrange(1, 5)]):
            at = begun + datetime.timedelta(days=2 * place)
            due_on = begun.date() + datetime.timedelta(days=30) if kind == "assign" else None
            step = Step(item=item, number=place + 1, kind=kind, state=state, at=at, due_on=due_on, **says)
            step.unit, step.group = (item.unit, group) if kind == "raise" else (None, None)
            apply_step(item, step)
            log.append(step)
        items.append(item)
        logs.append(log)
    Item.objects.bulk_create(items, batch_size=500)
    Step.objects.bulk_create([step for log in logs for step in log], batch_size=500)
    return host


def best_of_three(name: str, deed: Callable[[], object]) -> None:
    times = []
    for _time in range(3):
        start = time.perf_counter()
        deed()
        times.append(time.perf_counter() - start)
    print(f"{min(times):>8.3f} s  {name}")


def main() -> None:
    try:
        call_command("migrate", verbosity=0)
        host, today = district(), timezone.localdate()
        staff = User.objects.create(username="bench")
        Membership.objects.create(user=staff, organization=host, role=Role.STAFF)
        items, unit = Item.objects.of_host(host), host.units.all()[0]
        logs = list(histories_of(items))
        print(f"{Item.objects.count():,} items, {Step.objects.count():,} steps; best of three")
        best_of_three("read the logs", lambda: list(histories_of(items)))
        best_of_three("figures of a day from the logs", lambda: figures(logs, today))
        best_of_three("all that the page of figures shows", lambda: figures_on(staff, host, today))
        best_of_three("what presses, for the first page", lambda: pressing_of(staff, host))
        best_of_three("one unit's panel, 500 items", lambda: unit_items(staff, unit))
    finally:
        shutil.rmtree(DATA_DIR, ignore_errors=True)


if __name__ == "__main__":
    main()
