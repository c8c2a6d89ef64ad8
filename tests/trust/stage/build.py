"""Migrate an empty database and build the district in it: `python -m tests.trust.stage.build`.

--quick: a small one. --migrated: the database is migrated already.
"""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.trust.stage.district import FEW_UNITS, UNITS, build  # noqa: E402

if "--migrated" not in sys.argv:
    call_command("migrate", verbosity=0)
build(FEW_UNITS if "--quick" in sys.argv else UNITS)
