"""Asked by the server before it listens: `python -m config.demo_stays_here BIND…` fails for an open demo.

A process of its own: a server that had loaded the product could not load it anew for its workers.
"""

import os
import sys

import django


def main(binds: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from organizations.demo import why_not_to_listen

    if reason := why_not_to_listen(binds):
        sys.exit(reason)


if __name__ == "__main__":
    main(sys.argv[1:])
