"""Keep files under random names, whole on the disk before their rows; what fails leaves none behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from files.durable import write_durably


@contextmanager
def kept(contents: Iterable[bytes], folder: Path) -> Iterator[list[str]]:
    """Random names under which the contents lie in the folder; where the block fails they are gone again."""
    names: list[str] = []
    try:
        for data in contents:
            name = uuid.uuid4().hex
            write_durably([data], folder / name)
            names.append(name)
        yield names
    except BaseException:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        raise
