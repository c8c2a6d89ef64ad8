"""The background worker of a server: `python -m config.worker SERVER`, where SERVER is the server's process
number. It ends when its server does.

docs/deployment.md says when to run `manage.py db_worker` as a service of its own instead.
"""

import logging
import os
import signal
import sys
import threading
import time

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError

from config.logs import name_this_run

COMMAND = ["manage.py", "db_worker", "--no-reload"]
LOOK_EVERY = 1  # seconds
PAUSE = 5  # seconds until a database that did not answer is asked again

logger = logging.getLogger(__name__)


def end_with(server: int) -> None:
    """Stop this process as soon as the server that started it is gone, however it went."""
    while os.getppid() == server:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def work_for(server: int) -> None:
    """Do the tasks that come, as long as the server lives; a database that is gone for a while may return."""
    while os.getppid() == server:
        try:
            execute_from_command_line(COMMAND)
        except (OperationalError, InterfaceError):
            logger.exception("The database does not answer; asking again in %s seconds", PAUSE)
            time.sleep(PAUSE)
        else:
            return


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name_this_run(COMMAND)
    server = int(sys.argv[1])
    threading.Thread(target=end_with, args=(server,), daemon=True).start()
    work_for(server)


if __name__ == "__main__":
    main()
