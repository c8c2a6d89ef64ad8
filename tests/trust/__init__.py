"""`make trust`: whether anything is lost when power fails, people race or somebody means harm.

Every module here is a trial: `def run(scale: Scale) -> Report`, called once on each database, in a process
of its own and on a migrated database of its own that holds the district of `stage/district.py`. What trials
stand on is in `stage/`.
"""
