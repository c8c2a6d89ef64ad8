"""The small print that ends a document: its check code, and where a reader has it checked."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from reviews.reports.document import OfficialDocument


def check_lines(document: OfficialDocument) -> tuple[str, ...]:
    """The lines below the last text; none where the document belongs to no publication.

    The address begins with SITE_URL; an installation that has none prints where in the product the page is.
    """
    if not document.digest:
        return ()
    page = reverse("reviews:verify")
    where = (
        f"登录后打开 {settings.SITE_URL}{page}" if settings.SITE_URL else f"登录本系统，打开“查验”（{page}）"
    )
    return (
        f"校验码：{document.check_code}（全文：{document.digest}）",
        f"{where}，输入校验码，即知本件是否为现行文本。",
    )
