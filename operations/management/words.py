"""What commands say of a back-up."""

from django.utils.translation import gettext as _

from operations.archive import Manifest


def describe(manifest: Manifest) -> str:
    """How much it holds, in a line."""
    return _("%(rows)s rows in %(tables)s tables, %(files)s uploads, %(publications)s publications.") % {
        "rows": sum(table.rows for table in manifest.tables.values()),
        "tables": len(manifest.tables),
        "files": len(manifest.files) - 1,  # one part is the database
        "publications": len(manifest.publications),
    }
