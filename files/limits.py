"""How much may be sent: every limit on files in one place, also those that a web server in front has to know.

Workbooks have limits of their own inside (`workbooks.limits`), office files in `files.documents`.
"""

from __future__ import annotations

from workbooks.limits import MAX_FILE as LARGEST_WORKBOOK
from workbooks.limits import MIB

__all__ = [
    "LARGEST_DOCUMENT",
    "LARGEST_PHOTO",
    "LARGEST_REQUEST",
    "LARGEST_WORKBOOK",
    "LONGEST_SIDE",
    "MIB",
    "MOST_FILES",
    "MOST_FILES_OF_ONE",
    "MOST_PHOTOS",
    "MOST_PIXELS",
    "MOST_PIXELS_TWICE",
    "PREVIEW_SIDE",
]

LARGEST_PHOTO = 15 * MIB
LARGEST_DOCUMENT = 20 * MIB
MOST_FILES = 20  # of one step and of one request (DATA_UPLOAD_MAX_NUMBER_FILES)
MOST_PHOTOS = 20  # of one visit
MOST_FILES_OF_ONE = 200  # of one item, one target of a programme or one reply, over all their steps
# All that one request carries. A web server in front must let as much through (client_max_body_size), so that
# whoever sends more reads why.
LARGEST_REQUEST = 100 * MIB

MOST_PIXELS = 50_000_000  # the largest that phones take; 200 MB when decoded
# WebP and HEIC are decoded with a second copy beside the first.
MOST_PIXELS_TWICE = 25_000_000
LONGEST_SIDE = 4_096  # pixels of a photo as it is shown
PREVIEW_SIDE = 480  # pixels of one among others
