"""The most memory, in MiB, that a process held while it answered once.

`python -m tests.bench.peak USER ADDRESS`, of the database that the environment names. Reads what Linux keeps.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from organizations.models import User  # noqa: E402


def main(username: str, address: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username=username))
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    sum(map(len, answer))
    # Not getrusage: its peak counts the parent's memory from before the start.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    print(int(peak) / 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
