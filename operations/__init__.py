"""Running an installation: back it up while it is in use, restore it, and show that both work."""
