"""Documents to try a style template with: a usual one and a hostile one. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reviews.reports.document import (
    Attachment,
    Column,
    Imprint,
    Letterhead,
    Level,
    OfficialDocument,
    Paragraph,
    Signature,
)
from reviews.reports.layout import signature_indents, title_lines

_HOSTILE = ("{{ 7*7 }}", "{% if %}", "<b>&amp;</b>", "{_{ x }_}", "'a'\"b\"", "]]>", "#include", "\\u{41}")
_DIGEST = "0123456789abcdef" * 4


def trial_documents(kind: str) -> tuple[OfficialDocument, ...]:
    """A usual document of the kind, and one every text of which means something to some program."""
    usual = _texts("第三季度督查情况", "基层党建工作", "某镇党委")
    return (_document(kind, usual), _document(kind, _HOSTILE))


def _texts(*words: str) -> tuple[str, ...]:
    return tuple(f"{word}{number}" for number, word in enumerate(words * 3, 1))[: len(_HOSTILE)]


def _document(kind: str, texts: tuple[str, ...]) -> OfficialDocument:
    """All texts in every kind of place."""
    is_speech = kind == "speech"
    words = ["关于", *texts[:2], "的通报"]
    signer, date = signature_indents(texts[0], "2018年10月8日", is_sealed=True)
    return OfficialDocument(
        title="".join(words),
        title_lines=title_lines(words),
        addressee=texts[1],
        paragraphs=tuple(_paragraphs(texts)),
        attachments=() if is_speech else tuple(_attachment(number, texts) for number in (1, 2)),
        signature=None if is_speech else Signature(texts[0], "2018年10月8日", True, signer, date),
        imprint=None if is_speech else Imprint(texts[2], texts[0], "2018年10月8日印发"),
        letterhead=Letterhead.NONE if is_speech else Letterhead.ELECTRONIC,
        mark="" if is_speech else f"{texts[0]}文件",
        document_number="" if is_speech else "×组通〔2018〕18号",
        digest=_DIGEST,
        byline=("（2018年10月20日）", texts[2]) if is_speech else (),
    )


def _paragraphs(texts: tuple[str, ...]) -> Iterator[Paragraph]:
    """Every level with each text, last a heading alone; no text stands within another."""
    for level in Level:
        for number, text in enumerate(texts):
            lead = "" if level is Level.TEXT else f"［{level}{number}］{text}。"
            yield Paragraph(f"〈{level}{number}〉{text}。", lead, level)
    yield Paragraph(lead=f"［全文］{texts[0]}", level=Level.SECTION)
    yield Paragraph(f"〈全文〉{texts[0]}。")


def _attachment(number: int, texts: tuple[str, ...]) -> Attachment:
    columns = (Column("序号", 26), Column("单位", 65, is_text=True), Column("情况", 65, is_text=True))
    rows = tuple((str(row), text, text[::-1]) for row, text in enumerate(texts, 1))
    words = [f"{texts[0]}第{number}张", "情况表"]
    return Attachment(f"附件{number}", "".join(words), title_lines(words), columns, rows)
