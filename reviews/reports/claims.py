"""What a document says that is not, or no longer, so. Pure: no Django, no database.

Words that a person wrote are read sentence by sentence, with the fields filled in between them, and held
against the results. What the program drafted is right by construction; tests read that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.reports.blocks import Block
from reviews.reports.facts import Results
from reviews.reports.fields import Fields, pieces_of, token
from reviews.reports.folded import NUMERALS, Folded, fold, number_of
from reviews.reports.judging import judge
from reviews.reports.mentions import Names
from reviews.reports.readings import Reader
from reviews.reports.statements import Says, Statement
from reviews.reports.truths import Truth
from reviews.reports.verdicts import Judgement, Verdict
from reviews.reports.wording import chinese_number

_SENTENCE_ENDS = "。！？!?\n"
_CLAUSE_ENDS = f"{_SENTENCE_ENDS}，；：,;:"
# What a first draft of a correction has no words for yet is given when it is published.
_GIVEN_LATER = {"correction.reason"}
LEAD, TEXT = "lead", "text"


@dataclass(frozen=True)
class Remark:
    """One place of a text that no longer agrees, or that nothing in the results bears out.

    block: its key; part: its lead or its text, as shown, from start to end. says: these words. truth: what is
    true now, in words. before, after: the rest of the sentence. replacement: what mending puts into the raw
    text between `cut`; None where a person has to find the words.
    """

    block: str
    part: str
    start: int
    end: int
    says: str
    truth: str
    verdict: Verdict
    before: str
    after: str
    fingerprint: str
    cut: tuple[int, int] = (0, 0)
    replacement: str | None = None

    @property
    def is_wrong(self) -> bool:
        return self.verdict is Verdict.DISAGREES

    @property
    def sentence(self) -> str:
        return f"{self.before}{self.says}{self.after}"

    @property
    def is_mendable(self) -> bool:
        return self.replacement is not None


Bound = dict[str, Any]  # clause and place of a figure, and the key of the fact that it was


class Checker:
    """Holds texts against one truth; names are prepared once for all of them."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.reader = Reader(Names(truth))

    def remarks(
        self, blocks: Iterable[Block], fields: Fields, bound: Iterable[Bound] = (), *, whole: bool = False
    ) -> list[Remark]:
        """Every remark in the order of the text. whole: what the program wrote and filled in as well.

        bound: of figures that were written when they equalled one fact, as `bound_figures` keeps them.
        """
        meant = {(each["clause"], each["place"]): each["fact"] for each in bound}
        found: list[Remark] = []
        for part, statements in self._parts(blocks, fields):
            if not (whole or part.block.is_written):
                continue
            remarks = [
                *(self._remark(part, said, meant, fields, whole=whole) for said in statements),
                *(part.unfilled() if part.block.is_written else ()),
            ]
            found += _without_repeats(each for each in remarks if each)
        return found

    def bound_figures(
        self, blocks: Iterable[Block], fields: Fields, earlier: Iterable[Bound] = ()
    ) -> list[Bound]:
        """Which fact each figure in written words is now, to tell later that it is so no more.

        earlier: the same of the version before. A figure that stood there already keeps what it was then.
        """
        before = {(each["clause"], each["place"]): each["fact"] for each in earlier}
        found: dict[tuple[str, int], str] = {}
        for part, statements in self._parts(blocks, fields):
            for said in statements:
                if not part.block.is_written or said.figure is None or not part.is_typed(said.figure):
                    continue
                place = part.clause_of(said.figure)
                fact = before.get(place) or judge(said, self.truth).fact
                if fact and not said.units:
                    found[place] = fact
        return [{"clause": clause, "place": at, "fact": fact} for (clause, at), fact in found.items()]

    def _parts(self, blocks: Iterable[Block], fields: Fields) -> Iterator[tuple[_Part, list[Statement]]]:
        """Every lead and text with what it states; a text speaks of the group that its lead names."""
        group = 0
        for block in blocks:
            group = 0 if block.lead else group
            for name, raw in ((LEAD, block.lead), (TEXT, block.text)):
                if raw:
                    part = _Part(block, name, raw, fields)
                    statements, group = self.reader.read(part.folded.text, group)
                    yield part, statements

    def _remark(
        self,
        part: _Part,
        said: Statement,
        meant: dict[tuple[str, int], str],
        fields: Fields,
        *,
        whole: bool,
    ) -> Remark | None:
        spans = [(said.start, said.end), *((unit.start, unit.end) for unit in said.units)]
        if not whole and not any(part.is_typed(span) for span in spans):
            return None
        bound = meant.get(part.clause_of(said.figure), "") if said.figure else ""
        judged = judge(said, self.truth, bound)
        if judged.verdict is Verdict.AGREES:
            return None
        end = said.listed[1] if said.listed and said.is_whole else said.end
        cut, replacement = part.mending(said, judged, fields)
        return part.remark((said.start, end), judged.verdict, judged.truth, said.says, cut, replacement)


def disagreements(
    blocks: Iterable[Block],
    fields: Fields,
    results: Results,
    *,
    truth: Truth | None = None,
) -> list[Remark]:
    """What in a text, drafted or written, the results do not bear out; filled fields are read as words."""
    return Checker(truth or Truth(results)).remarks(blocks, fields, whole=True)


class _Part:
    """A lead or a text as it shows, with the way back to its raw form."""

    def __init__(self, block: Block, name: str, raw: str, fields: Fields) -> None:
        self.block, self.name, self.raw = block, name, raw
        self.pieces: list[tuple[int, int, int, int, bool]] = []  # shown from, to; raw from, to; typed
        self.empty: list[tuple[int, int, int, str]] = []  # shown at, raw from, to, key
        shown, at = "", 0
        for piece in pieces_of(raw, fields):
            length = len(piece.text) if piece.is_words else len(token(piece.key))
            if piece.is_unfilled:
                self.empty.append((len(shown), at, at + length, piece.key))
            else:
                self.pieces.append(
                    (len(shown), len(shown) + len(piece.text), at, at + length, piece.is_words)
                )
            shown += piece.text
            at += length
        self.shown = shown
        self.folded: Folded = fold(shown)

    def is_typed(self, span: tuple[int, int]) -> bool:
        """Whether any of this stretch of the folded text was typed by hand."""
        start, end = self.folded.span(*span)
        return any(typed and first < end and start < last for first, last, _from, _to, typed in self.pieces)

    def clause_of(self, span: tuple[int, int]) -> tuple[str, int]:
        """The raw clause that a figure stands in, and where in it."""
        at = self._raw(self.folded.span(*span)[0], floor=True)
        start, end = _around(_CLAUSE_ENDS, self.raw, at)
        return self.raw[start:end], at - start

    def mending(
        self, said: Statement, judged: Judgement, fields: Fields
    ) -> tuple[tuple[int, int], str | None]:
        """What to cut out of the raw text, and what to put there: the live field, or what is true now."""
        if said.says in {Says.NAME, Says.BASELINE}:
            span = (said.start, said.end)
        elif said.is_whole and said.listed and judged.field:
            span = said.listed
        elif said.figure:
            span = said.figure
        else:
            return (0, 0), None
        first, last = self.folded.span(*span)
        start, end = self._raw(first), self._raw(last, is_end=True)
        field = fields.get(judged.field)
        if start < 0 or end < start:
            return (0, 0), None
        if field and (not judged.remedy or field.value == judged.remedy):
            return (start, end), token(judged.field)
        return (start, end), _in_the_same_hand(judged.remedy, self.raw[start:end]) or None

    def remark(
        self,
        span: tuple[int, int],
        verdict: Verdict,
        truth: str,
        says: str,
        cut: tuple[int, int],
        replacement: str | None,
    ) -> Remark:
        start, end = self.folded.span(*span)
        return self._made(start, end, self._raw(start, floor=True), verdict, truth, says, cut, replacement)

    def unfilled(self) -> Iterator[Remark]:
        """Fields that say nothing any more."""
        for at, start, end, key in self.empty:
            if key not in _GIVEN_LATER:
                truth = "这里引用的数据现已没有内容"
                yield self._made(at, at, start, Verdict.DISAGREES, truth, f"empty {key}", (start, end), "")

    def _made(
        self,
        start: int,
        end: int,
        at: int,
        verdict: Verdict,
        truth: str,
        says: str,
        cut: tuple[int, int],
        replacement: str | None,
    ) -> Remark:
        first, last = _around(_SENTENCE_ENDS, self.shown, start)
        raw_first, raw_last = _around(_SENTENCE_ENDS, self.raw, at)
        sentence = self.raw[raw_first:raw_last]
        identity = [self.block.key, self.name, says, sentence, at - raw_first, self.shown[start:end], truth]
        return Remark(
            block=self.block.key,
            part=self.name,
            start=start,
            end=end,
            says=self.shown[start:end],
            truth=truth,
            verdict=verdict,
            before=self.shown[first:start].lstrip(),
            after=self.shown[end : max(last, end)],
            fingerprint=hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest(),
            cut=cut,
            replacement=replacement,
        )

    def _raw(self, at: int, *, is_end: bool = False, floor: bool = False) -> int:
        """Where a place of the shown text lies in the raw one; -1 within a field, or with floor its start."""
        for first, last, start, end, typed in self.pieces:
            if first < at <= last if is_end else first <= at < last:
                if typed:
                    return start + at - first
                if at == (last if is_end else first):
                    return end if is_end else start
                return start if floor else -1
        return len(self.raw)


def _around(marks: str, text: str, at: int) -> tuple[int, int]:
    """From after the mark before a place to and with the one at or after it."""
    start = max(text.rfind(mark, 0, at) for mark in marks) + 1
    ends = [end for mark in marks if (end := text.find(mark, at)) >= 0]
    return start, (min(ends) + 1 if ends else len(text))


def _in_the_same_hand(remedy: str, words: str) -> str:
    """A number in Chinese where it stood in Chinese."""
    number = number_of(remedy) if remedy.isascii() and remedy.isdigit() else None
    if number and words and all(char in NUMERALS for char in words):
        return chinese_number(int(number))
    return remedy


def _without_repeats(remarks: Iterable[Remark]) -> Sequence[Remark]:
    """In the order of the text; one where two say the same of the same words."""
    found: dict[tuple[int, int, str], Remark] = {}
    for remark in sorted(remarks, key=lambda each: (each.start, each.end, each.truth)):
        found.setdefault((remark.start, remark.end, remark.truth), remark)
    return list(found.values())
