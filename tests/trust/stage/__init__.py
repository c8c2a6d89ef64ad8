"""What the trials stand on: reports, databases, a prepared district, a server to kill, people."""
