"""Walk through the XML of a workbook with nothing that XML can do to harm: no document type, no entities."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from django.utils.translation import gettext as _

from workbooks.archive import damaged
from workbooks.sheets import UnreadableWorkbook

StartHandler = Callable[[str, dict[str, str]], None]


def parse(
    part: bytes,
    start: StartHandler | None = None,
    end: Callable[[str], None] | None = None,
    with_parser: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Call `start` and `end`, where given, for each element of an XML part; without them it is only checked.

    with_parser: gets the parser beforehand, to listen to text.

    A document type is refused: only there can a file name other files or entities that grow.
    Raises UnreadableWorkbook for that and for XML that is cut short or wrong.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    if start is not None:
        parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if with_parser is not None:
        with_parser(parser)
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged() from error


def local_name(name: str) -> str:
    """An element's or attribute's name without its prefix, which a writer chooses freely."""
    return name if ":" not in name else name.rpartition(":")[2]


def _refuse_document_type(*_declaration: object) -> None:
    raise UnreadableWorkbook(_("It declares a document type, which no spreadsheet program does."))
