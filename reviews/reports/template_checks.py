"""Whether an office's own style template may be taken: its file, its tags, and a trial of it.

What is refused is refused in one sentence that names what to mend.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from files.kinds import FileKind, document_kind, is_photo
from reviews.reports.document import OfficialDocument
from reviews.reports.docx import environment, render_docx
from reviews.reports.placeholders import REQUIRED, TAG, TagsWrong, require_sound_tags
from reviews.reports.trial_documents import trial_documents
from workbooks.limits import MIB

LARGEST = 2 * MIB
LARGEST_UNPACKED = 20 * MIB
LARGEST_PRINTED = 10 * MIB
LONGEST_TRIAL = 10  # seconds; a template of the usual make takes a tenth of one

_OPEN_OR_CLOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
_COMMENT = re.compile(r"\{#.*?#\}")
_ALONE = re.compile(r"\{%p\b.*?%\}")
_LOADS = re.compile(r"\b(?:DDE|DDEAUTO|INCLUDE\w*|LINK|IMPORT)\b")
# Parts that bring other programs' data along, by the end of their kind's name.
_FOREIGN = {"oleObject", "package", "control", "attachedTemplate", "aFChunk", "subDocument", "frame"}


class TemplateUnfit(Exception):
    """Why a template is not taken, for the user."""


def require_fit(name: str, data: bytes, kind: str) -> None:
    """That documents of this kind can be printed with the template. Raises TemplateUnfit or FileRefused.

    name: what the user calls the file. kind: circular or speech.
    """
    if len(data) > LARGEST:
        raise TemplateUnfit(_("A template has at most %(limit)s MB.") % {"limit": LARGEST // MIB})
    if is_photo(name, data) or document_kind(name, data) is not FileKind.DOCX:
        raise TemplateUnfit(_("A template is a Word file (.docx) without macros."))
    _require_nothing_foreign(data)
    try:
        printed = _placeholders_printed(data)
        for any_of in REQUIRED[kind]:
            if not printed & set(any_of):
                raise TagsWrong(_("The placeholder “{{ %(name)s }}” is missing.") % {"name": any_of[0]})
    except TagsWrong as wrong:
        raise TemplateUnfit(str(wrong)) from wrong
    for document in trial_documents(kind):
        _try(data, document)


# --- The file ------------------------------------------------------------------------------------


def _require_nothing_foreign(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED:
            raise TemplateUnfit(
                _("Unpacked, a template has at most %(limit)s MB.") % {"limit": LARGEST_UNPACKED // MIB}
            )
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                _require_own_xml(name, archive.read(name))


def _require_own_xml(name: str, xml: bytes) -> None:
    if b"\0" in xml or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise TemplateUnfit(_("The file is not as Word or WPS writes it. Save it anew as .docx."))
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise TemplateUnfit(_("The file is not as Word or WPS writes it. Save it anew as .docx.")) from error
    if name.endswith(".rels"):
        for relation in root:
            kind = relation.get("Type", "").rpartition("/")[2]
            if kind in _FOREIGN or (relation.get("TargetMode") == "External" and kind != "hyperlink"):
                raise TemplateUnfit(
                    _("The template loads or holds other files (%(kind)s). Take them out.") % {"kind": kind}
                )
    else:
        fields = "".join(each.text or "" for each in root.iter(qn("w:instrText")))
        fields += " ".join(each.get(qn("w:instr"), "") for each in root.iter(qn("w:fldSimple")))
        if found := _LOADS.search(fields):
            raise TemplateUnfit(
                _("The template loads or holds other files (%(kind)s). Take them out.") % {"kind": found[0]}
            )


# --- Its tags ------------------------------------------------------------------------------------


def _placeholders_printed(data: bytes) -> set[str]:
    """What all parts of the template print together. Raises TagsWrong."""
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    printed: set[str] = set()
    for source in _sources(template):
        for paragraph in _paragraphs(source):
            _require_whole_tags(paragraph)
        printed |= require_sound_tags(template.patch_xml(source), environment())
    properties = template.docx.core_properties
    for text in (properties.author, properties.title, properties.subject, properties.comments):
        _require_whole_tags(text)
        printed |= require_sound_tags(text, environment())
    return printed


def _sources(template: DocxTemplate) -> Iterator[str]:
    """The parts that are filled: the body, headers, footers and footnotes."""
    yield template.get_xml()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)
    for part in template.docx.part.package.parts:
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield part.blob.decode()


def _paragraphs(source: str) -> Iterator[str]:
    """The text of each paragraph, however Word cut it into pieces."""
    for paragraph in ElementTree.fromstring(source).iter(qn("w:p")):
        yield "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def _require_whole_tags(text: str) -> None:
    """That every brace belongs to a tag, and that a tag of a paragraph stands alone in it."""
    bare = TAG.sub("", _COMMENT.sub("", text))
    if found := _OPEN_OR_CLOSE.search(bare):
        around = bare[max(found.start() - 20, 0) : found.end() + 20].strip()
        raise TagsWrong(_("A tag is not whole at “%(text)s”.") % {"text": around})
    if (found := _ALONE.search(text)) and text.strip() != found[0]:
        raise TagsWrong(
            _("“%(tag)s” has to stand in a paragraph of its own: what stands beside it would be lost.")
            % {"tag": found[0]}
        )


# --- A trial -------------------------------------------------------------------------------------


def _try(data: bytes, document: OfficialDocument) -> None:
    """Print the document with the template, and find all of it in what comes out."""
    started = time.monotonic()
    try:
        body = render_docx(document, data).body
        printed = _text_of(Document(io.BytesIO(body)))
    except Exception as error:  # whatever a library makes of a file nobody has seen before
        raise TemplateUnfit(
            _("A trial document cannot be printed with it: %(what)s.") % {"what": str(error)[:200]}
        ) from error
    if len(body) > LARGEST_PRINTED or time.monotonic() - started > LONGEST_TRIAL:
        raise TemplateUnfit(_("A trial document printed with it takes too long or grows too large."))
    for placeholder, text in _wanted(document):
        if text not in printed:
            raise TemplateUnfit(
                _("“{{ %(name)s }}” does not print everywhere: in the trial, “%(text)s” was lost.")
                % {"name": placeholder, "text": text}
            )


def _text_of(document: DocumentObject) -> str:
    """Every paragraph that is printed, one a line; also those in tables, frames, headers and footers."""
    parts = [document.element.body]
    for section in document.sections:
        parts += [part._element for part in (section.header, section.footer, section.even_page_footer)]
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for part in parts
        for paragraph in part.iter(qn("w:p"))
    )


def _wanted(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    """The texts that must not be lost, each with the placeholder that prints it."""
    yield from (("title_lines", line) for line in document.title_lines)
    yield from (("byline", line) for line in document.byline)
    for paragraph in document.paragraphs:
        yield "paragraph.lead", paragraph.lead
        yield "paragraph.text", paragraph.text
    for attachment in document.attachments:
        yield "attachment.label", attachment.label
        yield from (("column.heading", column.heading) for column in attachment.columns)
        yield from (("cell.text", text) for row in attachment.rows for text in row)
    if document.signature:
        yield "signature.signer", document.signature.signer
        yield "signature.date", document.signature.date
    yield "check_code", document.check_code[:4]
