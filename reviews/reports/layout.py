"""The measures of GB/T 9704-2012 and what has to be counted out before a document is set. Pure.

Lengths are millimetres, type sizes and pitches points, counts characters of the body's size.
"""

from __future__ import annotations

from collections.abc import Sequence

PAPER = (210, 297)
MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT = 37, 26, 35, 28
TYPE_AREA = (156, 225)
BODY_SIZE = 16
LINE_PITCH = 28.95
LINES_PER_PAGE = 22
CHARACTERS_PER_LINE = 28
CHARACTER_SPACING = -0.25
TITLE_SIZE = 22
TITLE_CHARACTERS = 19  # 22-point characters that fit the type area; digits are wider than half of one
IMPRINT_SIZE = 14

_LEADING_MARKS = "，。；：、）》”’〕！？"


def width_in_halves(text: str) -> int:
    """How wide a text is in half characters: a Chinese one counts 2, an ASCII one 1."""
    return sum(1 if char.isascii() else 2 for char in text)


def title_lines(words: Sequence[str], per_line: int = TITLE_CHARACTERS) -> tuple[str, ...]:
    """Break a title between words into as few lines as hold it, as even as can be.

    words: what must not be split. Of equally even breaks the shorter line comes first, so that the
    lines grow like a trapezoid. A word longer than a line is split anywhere.
    """
    pieces = [piece for word in words for piece in _pieces(word, per_line * 2)]
    best = _broken(tuple(pieces), per_line * 2)
    return tuple("".join(line) for line in best)


def _pieces(word: str, limit: int) -> list[str]:
    """The word, cut so that no piece is wider than `limit` half characters."""
    pieces = [""]
    for char in word:
        if width_in_halves(pieces[-1] + char) > limit and char not in _LEADING_MARKS:
            pieces.append("")
        pieces[-1] += char
    return [piece for piece in pieces if piece]


def _broken(words: tuple[str, ...], limit: int) -> list[tuple[str, ...]]:
    """The words on the fewest lines; of those the breaks with the smallest sum of squared widths."""
    best: list[tuple[int, int, list[tuple[str, ...]]]] = [(0, 0, [])]
    for end in range(1, len(words) + 1):
        options = []
        for start in range(end):
            width = sum(map(width_in_halves, words[start:end]))
            if width <= limit or end - start == 1:
                lines, squares, broken = best[start]
                options.append((lines + 1, squares + width * width, [*broken, words[start:end]]))
        best.append(min(options, key=lambda option: option[:2]))
    return best[-1][2]


def signature_indents(signer: str, date: str, *, is_sealed: bool) -> tuple[int, int]:
    """How far signer and date stand from the right edge, in half characters.

    Sealed: the date 4 characters in, the signer centred over it; a long signer pushes both to the left.
    Unsealed: the signer 2 characters in, the date starting 2 characters right of the signer's start; a date
    longer than the signer stands 2 characters in, and the signer moves left with it.
    """
    signer_width, date_width = width_in_halves(signer), width_in_halves(date)
    if is_sealed:
        middle = max(8 + date_width / 2, signer_width / 2)
        return max(round(middle - signer_width / 2), 0), round(middle - date_width / 2)
    if date_width > signer_width:
        return max(date_width + 8 - signer_width, 4), 4
    return 4, max(signer_width - date_width, 0)
