"""The most memory, in MiB, that a process held while it answered, all addresses at once.

`python -m tests.bench.peak USER ADDRESS…`, of the database the environment names. Reads what Linux keeps.
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from organizations.models import User  # noqa: E402


def main(username: str, *addresses: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    user = User.objects.get(username=username)
    clients = [Client() for _address in addresses]
    for client in clients:
        client.force_login(user)
    with ThreadPoolExecutor(len(addresses)) as pool:
        statuses = list(pool.map(_fetch, clients, addresses))
    if set(statuses) != {200}:
        raise SystemExit(f"Answers: {sorted(statuses)}")
    # Not getrusage: its peak counts the parent's memory from before the start.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    print(int(peak) / 1024)


def _fetch(client: Client, address: str) -> int:
    try:
        answer = client.get(address)
        sum(map(len, answer))
        return answer.status_code
    finally:
        connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
