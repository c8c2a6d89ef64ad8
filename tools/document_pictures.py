"""Draw every page of both documents of the sample district into docs/images/documents/.

    python -m tools.document_pictures

Loads the demo into a temporary folder first. The pages come from the PDF's own typesetting; pictures of pages
that are no more are removed, so that the folder is what is printed today.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

DATA_DIR = tempfile.mkdtemp(prefix="review-pictures-")
os.environ["DATA_DIR"] = DATA_DIR
os.environ.pop("DATABASE_URL", None)
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from PIL import Image  # noqa: E402

from organizations.quarter import Quarter  # noqa: E402
from reviews.models import Publication  # noqa: E402
from reviews.reports.content import published_document  # noqa: E402
from reviews.reports.kinds import KINDS  # noqa: E402
from reviews.reports.pdf import page_images  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images" / "documents"
QUARTER = Quarter(2018, 3)
COLOURS = 16  # black, red and the greys between: a page takes some 30 KB


def main() -> int:
    try:
        call_command("migrate", verbosity=0)
        call_command("demo", stdout=io.StringIO())
        draw()
    finally:
        shutil.rmtree(DATA_DIR, ignore_errors=True)
    return 0


def draw() -> None:
    """The pages of the newest publication of the quarter, and nothing else in the folder."""
    publications = Publication.objects.filter(cycle__year=QUARTER.year, cycle__number=QUARTER.number)
    publication = publications.select_related("cycle").latest("number")
    FOLDER.mkdir(parents=True, exist_ok=True)
    drawn = set()
    for kind in KINDS:
        for number, page in enumerate(page_images(published_document(publication, kind)), 1):
            path = FOLDER / f"{kind}-{number:02}.png"
            Image.open(io.BytesIO(page)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            drawn.add(path)
            print(f"{path.name}: {path.stat().st_size:,} bytes")
    for path in set(FOLDER.glob("*.png")) - drawn:
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
