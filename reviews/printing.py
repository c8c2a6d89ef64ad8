"""Print a document as a file: read everything first, give the database back, then set it."""

from __future__ import annotations

import logging

from django.db import connections

from reviews.office_templates import template_for
from reviews.reports.document import OfficialDocument
from reviews.reports.docx import render_docx
from reviews.reports.renderers import RENDERERS, Rendered

_log = logging.getLogger(__name__)


def print_document(document: OfficialDocument, extension: str, *, host: int, kind: str) -> Rendered:
    """The document in one of the formats of `RENDERERS`. host: the key of whose template a .docx is set in.

    A .docx is set in the host's own template where it has one; should that fail although it was tried when
    it was taken, the standard one prints it.
    """
    template = template_for(host, kind) if extension == "docx" else None
    give_back_connections()
    if template is not None:
        try:
            return render_docx(document, template)
        except Exception:
            _log.exception("The own template of host %s for %s failed.", host, kind)
    return RENDERERS[extension](document)


def give_back_connections() -> None:
    """Hold no connection while something long is done without the database; the next query takes one anew.

    Within a transaction there is nothing to give back.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
