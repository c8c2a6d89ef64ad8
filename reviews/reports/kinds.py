"""The documents of a quarter: how each is drafted and what is printed around its text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reviews.reports.blocks import Draft
from reviews.reports.document import OfficialDocument
from reviews.reports.facts import Results
from reviews.reports.prose import Heading, circular_of, draft_circular
from reviews.reports.speech import draft_speech, speech_of


@dataclass(frozen=True)
class Kind:
    """One kind of document. draft: its text from the figures. document: what is printed with a text.

    noun: what the document calls itself.
    """

    draft: Callable[[Results, Heading], Draft]
    document: Callable[[Draft, Results, Heading], OfficialDocument]
    noun: str


KINDS: Mapping[str, Kind] = {
    "circular": Kind(draft_circular, circular_of, "通报"),
    "speech": Kind(draft_speech, speech_of, "讲话"),
}
