"""Refresh what others wrote and our pages load: `python -m tools.vendor` (needs npm and a network).

tools/vendor.json says which files of which package and version; they come to
static/vendor/<name>-<version>/ with their licence. The lock beside them keeps what each package was
when it first came: the same version with other bytes is refused.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
WANTED = ROOT / "tools" / "vendor.json"
VENDOR = ROOT / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"

# The maps themselves stay behind, and a name without its file stops collectstatic.
_SOURCE_MAP = re.compile(rb"(?:/\*#\s*sourceMappingURL=[^*]*\*/|//#\s*sourceMappingURL=\S*)\s*")
_SVG = "{http://www.w3.org/2000/svg}"


def refresh() -> None:
    """Bring static/vendor to what tools/vendor.json asks for; other versions go."""
    wanted = json.loads(WANTED.read_text(encoding="utf-8"))
    locked = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}
    lock = {}
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, entry in sorted(wanted.items()):
        with tempfile.TemporaryDirectory() as scratch:
            package = _fetch(name, entry["version"], Path(scratch))
            integrity = _integrity(package)
            known = locked.get(name, {})
            if known.get("version") == entry["version"] and known["integrity"] != integrity:
                sys.exit(f"{name} {entry['version']} is not what the lock says it was: {integrity}")
            _unpack(package, entry, VENDOR / f"{name}-{entry['version']}")
        lock[name] = {"version": entry["version"], "integrity": integrity}
    kept = {f"{name}-{entry['version']}" for name, entry in lock.items()}
    for folder in VENDOR.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def _fetch(name: str, version: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", "--json", f"{name}@{version}"]
    answer = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
    package = folder / answer[0]["filename"]
    if answer[0]["integrity"] != _integrity(package):
        sys.exit(f"{name} {version} arrived damaged")
    return package


def _integrity(package: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()


def _unpack(package: Path, entry: dict[str, Any], target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with tarfile.open(package) as archive:
        for source, name in entry["files"].items():
            content = _SOURCE_MAP.sub(b"", _read(archive, source))
            (target / name).write_bytes(content.rstrip() + b"\n")
        if sprite := entry.get("sprite"):
            (target / "sprite.svg").write_bytes(_sprite(archive, sprite["folder"], sprite["names"]))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    assert file is not None, f"{name} is no file"
    return file.read()


def _sprite(archive: tarfile.TarFile, folder: str, names: list[str]) -> bytes:
    """One SVG file with a symbol for each icon: <use href="….svg#name">."""
    ElementTree.register_namespace("", _SVG.strip("{}"))
    sprite = ElementTree.Element(f"{_SVG}svg")
    for name in sorted(names):
        icon = ElementTree.fromstring(_read(archive, f"{folder}/{name}.svg"))  # a locked file  # nosec B314
        symbol = ElementTree.SubElement(sprite, f"{_SVG}symbol", id=name, viewBox=icon.attrib["viewBox"])
        for shape in icon:
            shape.tail = None
            symbol.append(shape)
        symbol.tail = "\n"
    return ElementTree.tostring(sprite, encoding="utf-8")


if __name__ == "__main__":
    refresh()
