"""Whether a print-out is the text in force, by the check code it ends with.

A code that belongs to nothing, and one that belongs to what this reader may not see, get the same answer
(rule 15).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.urls import reverse

from organizations.models import User
from reviews.models import AnnualPublication, Publication
from reviews.permissions import can_see_whole_table

SHORT, WHOLE = 16, 64  # digits of the printed code and of the whole digest
_CODE = re.compile(rf"[0-9a-f]{{{SHORT}}}(?:[0-9a-f]{{{WHOLE - SHORT}}})?")


@dataclass(frozen=True)
class Verdict:
    """What is known of a print-out.

    publication: the one it was made from. period: its quarter or year. correction: the first that corrected
    it, newest: the one in force now; both None where it is in force itself. figures: the address of its
    figures; text: of its text, newest_figures: of those in force, both empty where the reader may not see it.
    """

    publication: Publication | AnnualPublication
    host: int
    period: str
    correction: Publication | AnnualPublication | None
    newest: Publication | AnnualPublication | None
    figures: str
    text: str
    newest_figures: str

    @property
    def is_current(self) -> bool:
        return self.correction is None


def code_in(text: str) -> str | None:
    """The code that somebody typed or scanned: 16 or 64 digits, in any grouping; None where it is none."""
    code = "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("-", "")
    return code if _CODE.fullmatch(code) else None


def verdict_on(user: User, code: str) -> Verdict | None:
    """What this reader may know of the print-out with this code; None where that is nothing. At most four
    queries.
    """
    return _on_a_quarter(user, code) or _on_a_year(user, code)


def _on_a_quarter(user: User, code: str) -> Verdict | None:
    found = Publication.objects.visible_to(user).with_code(code).select_related("cycle").first()
    if found is None:
        return None
    later = list(Publication.objects.correcting(found))
    sees_newest = bool(later) and Publication.objects.visible_to(user).filter(pk=later[-1].pk).exists()
    quarter = found.cycle.quarter
    figures = reverse("reviews:standings", args=[quarter])
    text = reverse("reviews:report", args=[quarter, "circular"])
    this = f"?publication={found.number}"
    return Verdict(
        publication=found,
        host=found.cycle.host_id,
        period=quarter.label,
        correction=later[0] if later else None,
        newest=later[-1] if later else None,
        figures=figures + this,
        text=text + this if can_see_whole_table(user, found.cycle) else "",
        newest_figures=figures if sees_newest else "",
    )


def _on_a_year(user: User, code: str) -> Verdict | None:
    found = AnnualPublication.objects.visible_to(user).with_code(code).first()
    if found is None:
        return None
    later = list(AnnualPublication.objects.correcting(found))  # seen by whoever sees the year's first
    figures = reverse("reviews:year-detail", args=[found.year])
    return Verdict(
        publication=found,
        host=found.host_id,
        period=f"{found.year}年",
        correction=later[0] if later else None,
        newest=later[-1] if later else None,
        figures=f"{figures}?publication={found.number}",
        text=found.get_absolute_url() if found.host_id in user.access.host_ids else "",
        newest_figures=figures if later else "",
    )
