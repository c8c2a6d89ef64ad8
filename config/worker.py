"""The background worker of a server: `python -m config.worker SERVER`, where SERVER is the server's process
number. It ends when its server does.

docs/deployment.md says when to run `manage.py db_worker` as a service of its own instead.
"""

import os
import signal
import sys
import threading
import time

from django.core.management import execute_from_command_line

LOOK_EVERY = 1  # seconds


def end_with(server: int) -> None:
    """Stop this process as soon as the server that started it is gone, however it went."""
    while os.getppid() == server:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    threading.Thread(target=end_with, args=(int(sys.argv[1]),), daemon=True).start()
    execute_from_command_line(["manage.py", "db_worker", "--no-reload"])


if __name__ == "__main__":
    main()
