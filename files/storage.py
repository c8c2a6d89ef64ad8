"""Django's storage of files, with each file whole on the disk before anything points to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

from files.durable import write_durably


class DurableStorage(FileSystemStorage):
    """For files under random names: Django's own does not sync, and a power cut leaves half of one."""

    def _save(self, name: str, content: Any) -> str:
        write_durably(content.chunks(), Path(self.path(name)))
        return name
