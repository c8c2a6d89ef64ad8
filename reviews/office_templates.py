"""Take an office's own Word template, print with it, and go back to the standard one."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from django.db import transaction

from files.folders import folder_of, remove_orphans
from files.keeping import kept
from files.kinds import FileKind, file_name
from organizations.models import Organization, User
from reviews.models import DocumentTemplate, TemplateKind
from reviews.reports.template_checks import require_fit

_log = logging.getLogger(__name__)


def take_template(host: Organization, kind: str, *, name: str, data: bytes, by: User) -> DocumentTemplate:
    """Print the host's documents of this kind with the template from now on; the one before it goes.

    name: what the user calls the file. Raises TemplateUnfit or FileRefused before anything is kept.
    """
    require_fit(name, data, kind)
    folder = folder_of(DocumentTemplate.FOLDER)
    remove_orphans(folder, lambda: DocumentTemplate.objects.values_list("stored_name", flat=True))
    with kept([data], folder) as (stored_name,), transaction.atomic():
        _drop(host, kind)
        return DocumentTemplate.objects.create(
            host=host,
            kind=kind,
            stored_name=stored_name,
            original_name=file_name(name, FileKind.DOCX),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            uploaded_by=by,
        )


@transaction.atomic
def give_up_template(host: Organization, kind: str) -> None:
    """Print with the standard template again; nothing where that is so already."""
    _drop(host, kind)


def template_digest(host: int, kind: str) -> str:
    """Of the template that the host's documents of a kind are printed with; empty for the standard one."""
    template = _template(host, kind)
    return template.sha256 if template else ""


def template_for(host: int, kind: str) -> bytes | None:
    """What the host's documents of a kind are printed with; None for the standard template. One query.

    kind: of the document; whatever is no speech is printed with the template of circulars. A file that is
    gone is no reason to print nothing: then the standard template takes its place.
    """
    template = _template(host, kind)
    if template is None:
        return None
    try:
        return path_of(template).read_bytes()
    except OSError:
        _log.exception("The file of document template %s cannot be read.", template.pk)
        return None


def _template(host: int, kind: str) -> DocumentTemplate | None:
    wanted = TemplateKind.SPEECH if kind == TemplateKind.SPEECH else TemplateKind.CIRCULAR
    return DocumentTemplate.objects.filter(host=host, kind=wanted).first()


def path_of(template: DocumentTemplate) -> Path:
    """Where the file lies."""
    return folder_of(DocumentTemplate.FOLDER) / template.stored_name


def _drop(host: Organization, kind: str) -> None:
    """The row first: were the file deleted and the transaction undone, the row would point nowhere."""
    Organization.objects.select_for_update().get(pk=host.pk)
    for template in DocumentTemplate.objects.filter(host=host, kind=kind):
        path = path_of(template)
        template.delete()
        transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))  # type: ignore[misc]
