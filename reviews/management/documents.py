"""What the commands that write a document have in common."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from reviews.management import arguments
from reviews.reports.rendered import Rendered


def one_of(words: Iterable[str]) -> str:
    """The help of an argument that takes one of these words."""
    return _("one of: %(formats)s") % {"formats": ", ".join(words)}


def require_one_of(allowed: Iterable[str], text: str) -> None:
    """Raises CommandError for any other word."""
    allowed = list(allowed)
    if text not in allowed:
        raise CommandError(
            _("“%(text)s” is not possible here; it is one of %(allowed)s.")
            % {"text": text, "allowed": ", ".join(allowed)}
        )


def write_document(
    command: arguments.PlainCommand, rendered: Rendered, file: str, *, number: int, digest: str
) -> None:
    """Write a document to a file and say what it is and what it lacks. number, digest: of its publication."""
    arguments.write_file(file, rendered.body)
    for face in rendered.replaced_faces:
        command.tell(_("Typeface replaced: %(face)s") % {"face": face})
    if rendered.missing_characters:
        said = _("No typeface has these characters: %(characters)s")
        command.tell(said % {"characters": rendered.missing_characters})
    command.tell(
        _("Written: %(file)s (number %(number)s, content digest %(digest)s)")
        % {"file": file, "number": number, "digest": digest}
    )
