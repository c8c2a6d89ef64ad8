"""The typefaces of documents: the office's own where FONT_DIR has them, else the free ones of fonts/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst
from django.conf import settings

VENDORED = Path(__file__).resolve().parents[2] / "fonts"


@dataclass(frozen=True)
class Typeface:
    """One family in one weight, as the typesetter asks for it. borrows_marks: quotation marks from 宋体."""

    family: str
    weight: int = 400
    borrows_marks: bool = False

    def __str__(self) -> str:
        return f"{self.family} Bold" if self.weight >= 700 else self.family


@dataclass(frozen=True)
class Role:
    """What a typeface is for. wanted: its official name, then the names its files call themselves by."""

    wanted: tuple[str, ...]
    free: Typeface


ROLES: Mapping[str, Role] = {
    "title": Role(
        ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "小标宋体"),
        Typeface("Noto Serif CJK SC", 700),
    ),
    "heading": Role(
        ("黑体", "SimHei", "方正黑体_GBK", "FZHei-B01", "FZHei-B01S"), Typeface("Noto Sans CJK SC")
    ),
    "subheading": Role(
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体_GBK", "FZKai-Z03", "FZKai-Z03S"),
        Typeface("WenKai GB", borrows_marks=True),
    ),
    "body": Role(
        (
            "仿宋_GB2312",
            "FangSong_GB2312",
            "仿宋",
            "FangSong",
            "方正仿宋_GBK",
            "FZFangSong-Z02",
            "FZFangSong-Z02S",
        ),
        Typeface("FandolFang"),
    ),
    "song": Role(("宋体", "SimSun", "NSimSun"), Typeface("Noto Serif CJK SC")),
}


@dataclass(frozen=True)
class Faces:
    """The typefaces that documents are set in on this server, by role."""

    by_role: Mapping[str, Typeface]
    folders: tuple[Path, ...]
    replaced: tuple[str, ...]  # "仿宋_GB2312 以 FandolFang 代替"


def available_faces() -> Faces:
    """The faces to print with; FONT_DIR is read once per process."""
    return _faces_of(settings.FONT_DIR)


def replaced_faces() -> list[str]:
    """Each official typeface that a free one stands in for, in words: 仿宋_GB2312 以 FandolFang 代替."""
    return list(available_faces().replaced)


@cache
def _faces_of(own: Path | None) -> Faces:
    families = _families(own) if own else {}
    chosen: dict[str, Typeface] = {}
    replaced: list[str] = []
    for name, role in ROLES.items():
        found = next((family for family in role.wanted if family.casefold() in families), None)
        if found:
            chosen[name] = Typeface(families[found.casefold()])
        else:
            chosen[name] = role.free
            replaced.append(f"{role.wanted[0]} 以 {role.free} 代替")
    folders = (VENDORED, own) if own else (VENDORED,)
    return Faces(chosen, folders, tuple(replaced))


def _families(folder: Path) -> dict[str, str]:
    """The families whose files lie in the folder, by name in small letters."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return {family.casefold(): family for family in fonts.families()}


def missing_characters(text: str) -> str:
    """The characters of a text that no vendored typeface has, each once; they print as empty boxes.

    Only what the vendored faces hold is known here: an office with its own fonts in FONT_DIR may have them.
    """
    return "".join(sorted({char for char in text if char not in _vendored_characters()}))


@cache
def _vendored_characters() -> frozenset[str]:
    return frozenset((VENDORED / "characters.txt").read_text("utf-8"))
