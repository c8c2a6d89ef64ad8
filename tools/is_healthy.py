"""Ask the server in this container how it is: `python -m tools.is_healthy` fails unless it serves.

It asks where the environment says that the server listens, under a name that it answers to.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection

SECONDS = 8


def main() -> int:
    port = int(os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2])
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    server = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        server.request("GET", "/healthz", headers={"Host": name})
        answer = server.getresponse()
    except OSError as error:
        print(error)
        return 1
    print(answer.status, answer.read().decode())
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
