"""Fail with one clear line where the port is taken: `python -m tools.port_is_free 8000`."""

import socket
import sys


def main(port: int) -> None:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken: stop what uses it, or choose another with PORT={port + 1}.")


if __name__ == "__main__":
    main(int(sys.argv[1]))
