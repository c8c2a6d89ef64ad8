"""Take a file in: what it is, what is shown of it, and what is kept privately beside it as evidence.

A photo is shown as it was written anew and kept as it came, without its position where that is not wanted. A
document is kept as it came and is its own original.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from files.kinds import FileKind, document_kind, file_name, is_photo
from files.metadata import without_place
from files.pictures import type_of_original, written_anew


@dataclass(frozen=True)
class Taken:
    """A file that is kept. data: what is shown. sent_sha256: of the file as it was sent.

    original: the photo it was made from, None of a document and where its position could not be taken out.
    width, height: in pixels, 0 of a document. preview: a small picture of it, None where it is small itself.
    """

    name: str
    kind: FileKind
    data: bytes
    sent_sha256: str
    width: int = 0
    height: int = 0
    preview: bytes | None = None
    original: bytes | None = None
    original_type: str = ""

    def columns(self) -> dict[str, Any]:
        """What the file's row says of it."""
        return {
            "original_name": file_name(self.name, self.kind),
            "sha256": hashlib.sha256(self.data).hexdigest(),
            "size": len(self.data),
            "content_type": self.kind.value,
            "sent_sha256": self.sent_sha256,
            "original_sha256": "" if self.original is None else hashlib.sha256(self.original).hexdigest(),
            "original_size": 0 if self.original is None else len(self.original),
            "original_type": "" if self.original is None else self.original_type,
        }


def take_file(name: str, data: bytes) -> Taken:
    """A photo or document. Raises FileRefused, or PhotoRefused of a broken photo.

    name: what the user calls it. data: the file, or enough of it to be too large.
    """
    if is_photo(name, data):
        return take_photo(name, data)
    kind = document_kind(name, data)
    return Taken(name, kind, data, sent_sha256=hashlib.sha256(data).hexdigest())


def take_photo(name: str, data: bytes, *, keeps_place: bool = False) -> Taken:
    """A photo. Raises PhotoRefused.

    keeps_place: whether the original keeps the position that a camera wrote; what is shown never has it.
    """
    picture = written_anew(name, data)
    return Taken(
        name=name,
        kind=FileKind(picture.content_type.value),
        data=picture.data,
        sent_sha256=hashlib.sha256(data).hexdigest(),
        width=picture.width,
        height=picture.height,
        preview=picture.preview,
        original=data if keeps_place else without_place(data),
        original_type=type_of_original(data),
    )
