"""The pages about accounts, units and the roster: each guards, fetches, calls one deed and responds."""
