"""What the trials stand on: reports, databases, a prepared district, a server to be killed and people who ask it."""
