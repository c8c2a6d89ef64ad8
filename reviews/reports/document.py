"""What an official document prints: one content that every format renders, strings ready to print. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The rank of a paragraph, which decides the typeface of its lead."""

    SECTION = "section"  # 一、 in 黑体
    PART = "part"  # （一） in 楷体
    POINT = "point"  # 1. in 仿宋
    TEXT = "text"


@dataclass(frozen=True)
class Paragraph:
    """One indented paragraph: a lead in the typeface of its level, then text in 仿宋; either may be empty."""

    text: str = ""
    lead: str = ""
    level: Level = Level.TEXT


class Letterhead(StrEnum):
    """Whether the red head is printed, left free for pre-printed paper, or absent."""

    NONE = "none"
    PREPRINTED = "preprinted"
    ELECTRONIC = "electronic"


@dataclass(frozen=True)
class Column:
    """One column of a table. width: millimetres; the columns of a table fill the 156 of the type area."""

    heading: str
    width: int
    is_text: bool = False  # text is set flush left, all else is centred


@dataclass(frozen=True)
class Cell:
    """One cell as it is set."""

    text: str
    is_text: bool


@dataclass(frozen=True)
class Attachment:
    """A table on pages of its own. label: 附件 or 附件1. name: as the note lists it."""

    label: str
    name: str
    title_lines: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows with how each cell is set."""
        return tuple(
            tuple(Cell(text, column.is_text) for text, column in zip(row, self.columns, strict=True))
            for row in self.rows
        )


@dataclass(frozen=True)
class Signature:
    """Who signs and when. The indents are half characters from the right edge, ready to use."""

    signer: str
    date: str
    is_sealed: bool
    signer_indent: int
    date_indent: int


@dataclass(frozen=True)
class Imprint:
    """The foot of the last page. copies_to: without 抄送 and end mark, empty = the line is left out."""

    copies_to: str
    office: str
    printed_on: str


@dataclass(frozen=True)
class OfficialDocument:
    """One document in the order in which it is read: a circular, a speech, a notice, an annual report.

    byline: centred lines under the title, in 楷体: a speech's date and speaker. signature, imprint: None
    where the kind of document has none. superseded_by: that it was corrected and by what, printed in the head
    margin of every page; empty while it is in force.
    """

    title: str
    title_lines: tuple[str, ...]
    addressee: str  # without its colon; empty = left out
    paragraphs: tuple[Paragraph, ...]
    attachments: tuple[Attachment, ...]
    signature: Signature | None
    imprint: Imprint | None
    letterhead: Letterhead
    mark: str
    document_number: str
    digest: str
    byline: tuple[str, ...] = ()
    superseded_by: str = ""

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """The lines of the attachment note: numbered, unless there is only one."""
        if len(self.attachments) == 1:
            return (self.attachments[0].name,)
        return tuple(f"{number}. {each.name}" for number, each in enumerate(self.attachments, 1))

    @property
    def check_code(self) -> str:
        """The first 16 digits of the digest, in fours, to compare by eye."""
        return " ".join(self.digest[start : start + 4] for start in range(0, 16, 4))

    def all_text(self) -> str:
        """Every character that is printed, for checking the typefaces against."""
        cells = [
            text
            for each in self.attachments
            for text in (
                each.label,
                each.name,
                *(column.heading for column in each.columns),
                *(cell for row in each.rows for cell in row),
            )
        ]
        return "".join(
            [
                self.title,
                *self.byline,
                self.superseded_by,
                self.addressee,
                *(paragraph.lead + paragraph.text for paragraph in self.paragraphs),
                *cells,
                self.signature.signer if self.signature else "",
                *((self.imprint.copies_to, self.imprint.office) if self.imprint else ()),
                self.mark,
                self.document_number,
            ]
        )
