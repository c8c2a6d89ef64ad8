"""Whether a print-out is the text in force, by the check code it ends with.

A code that belongs to nothing, and one that belongs to what this reader may not see, get the same answer
(rule 15).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from organizations.models import User
from reviews.models import Publication
from reviews.permissions import can_see_whole_table

SHORT, WHOLE = 16, 64  # digits of the printed code and of the whole digest
_CODE = re.compile(rf"[0-9a-f]{{{SHORT}}}(?:[0-9a-f]{{{WHOLE - SHORT}}})?")


@dataclass(frozen=True)
class Verdict:
    """What is known of a print-out.

    publication: the one it was made from. correction: the first that corrected it, newest: the one in force
    now; both None where it is in force itself. prints: whether the reader may read its circular.
    sees_newest: whether they may see the one in force.
    """

    publication: Publication
    correction: Publication | None
    newest: Publication | None
    prints: bool
    sees_newest: bool

    @property
    def is_current(self) -> bool:
        return self.correction is None


def code_in(text: str) -> str | None:
    """The code that somebody typed or scanned: 16 or 64 digits, in any grouping; None where it is none."""
    code = "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("-", "")
    return code if _CODE.fullmatch(code) else None


def verdict_on(user: User, code: str) -> Verdict | None:
    """What this reader may know of the print-out with this code; None where that is nothing. At most
    three queries.
    """
    found = Publication.objects.visible_to(user).with_code(code).select_related("cycle__host").first()
    if found is None:
        return None
    later = list(Publication.objects.correcting(found))
    seen = {each.pk for each in Publication.objects.correcting(found).visible_to(user)} if later else set()
    return Verdict(
        publication=found,
        correction=later[0] if later else None,
        newest=later[-1] if later else None,
        prints=can_see_whole_table(user, found.cycle),
        sees_newest=bool(later) and later[-1].pk in seen,
    )
