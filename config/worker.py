"""The background worker that belongs to a server: `python -m config.worker`. It ends when its server does.

docs/deployment.md says when to run `manage.py db_worker` as a service of its own instead.
"""

import os
import signal
import threading
import time

from django.core.management import execute_from_command_line

LOOK_EVERY = 1  # seconds


def end_with(parent: int) -> None:
    """Stop as soon as the parent is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    execute_from_command_line(["manage.py", "db_worker", "--no-reload"])


if __name__ == "__main__":
    main()
