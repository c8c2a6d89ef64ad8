"""Makes what tests stand on. A factory gives the plainest thing that is valid; traits name the rest."""
