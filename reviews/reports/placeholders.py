"""The places that a style template may name: what there is, in words, and whether its tags are right.

A template comes from an office and is filled on the server. So its tags may only say where content stands,
repeat or leave out: they walk down the content once and compute nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jinja2 import Environment, TemplateSyntaxError, nodes

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_KEYWORD = re.compile(r"\{%\s*[-+]?\s*(\w+)")
_TEXT = None  # the shape of what prints as it is; a list has a list of one shape, a thing with names a dict

VOCABULARY: Mapping[str, Any] = {
    "title": _TEXT,
    "title_lines": [_TEXT],
    "byline": [_TEXT],
    "addressee": _TEXT,
    "paragraphs": [{"lead": _TEXT, "text": _TEXT, "level": _TEXT}],
    "attachment_names": [_TEXT],
    "attachments": [
        {
            "label": _TEXT,
            "name": _TEXT,
            "title_lines": [_TEXT],
            "columns": [{"heading": _TEXT, "width": _TEXT, "is_text": _TEXT}],
            "rows": [[{"text": _TEXT, "is_text": _TEXT}]],
        }
    ],
    "signature": {"signer": _TEXT, "date": _TEXT, "is_sealed": _TEXT},
    "imprint": {"copies_to": _TEXT, "office": _TEXT, "printed_on": _TEXT},
    "letterhead": _TEXT,
    "mark": _TEXT,
    "document_number": _TEXT,
    "digest": _TEXT,
    "check_code": _TEXT,
    "check_lines": [_TEXT],
}
# As the page lists them for those who change a template.
IN_WORDS = (
    ("title", gettext_lazy("the title on one line")),
    ("title_lines", gettext_lazy("the title, line by line")),
    ("byline", gettext_lazy("date and speaker of a speech, line by line")),
    ("addressee", gettext_lazy("whom it is sent to, without the colon")),
    ("paragraphs", gettext_lazy("the paragraphs: lead, text, and level (section, part, point or text)")),
    ("attachment_names", gettext_lazy("the lines of the attachment note")),
    (
        "attachments",
        gettext_lazy("the attachments: label, name, title_lines, columns (heading) and rows of cells (text)"),
    ),
    ("signature", gettext_lazy("signer, date, and is_sealed: with a seal; nothing for a speech")),
    ("imprint", gettext_lazy("copies_to, office and printed_on; nothing for a speech")),
    ("letterhead", gettext_lazy("none, preprinted or electronic")),
    ("mark", gettext_lazy("the issuer's mark, empty unless the letterhead is electronic")),
    ("document_number", gettext_lazy("the document number")),
    ("check_lines", gettext_lazy("the small print: check code and where it is checked, line by line")),
    ("check_code", gettext_lazy("the check code alone")),
    ("digest", gettext_lazy("the whole content digest")),
)
TAGS_IN_WORDS = gettext_lazy(
    "“{{ name }}” prints something, “{%p for … %}” repeats paragraphs, “{%tr for … %}” repeats rows, "
    "“{%p if … %}” leaves something out. A tag with p or tr stands alone in its paragraph or row."
)
# One of each line has to be printed somewhere.
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "circular": (
        ("title_lines", "title"),
        ("paragraphs.lead",),
        ("paragraphs.text",),
        ("attachment_names", "attachments.name"),
        ("attachments.label",),
        ("attachments.columns.heading",),
        ("attachments.rows.text",),
        ("signature.signer",),
        ("signature.date",),
        ("check_lines", "check_code", "digest"),
    ),
    "speech": (
        ("title_lines", "title"),
        ("byline",),
        ("paragraphs.lead",),
        ("paragraphs.text",),
        ("check_lines", "check_code", "digest"),
    ),
}
_LOOP = dict.fromkeys(("index", "index0", "revindex", "revindex0", "first", "last", "length"), _TEXT)
_FILTERS = {"length", "count", "first", "last", "join", "default", "d", "trim"}
_TESTS = {"defined", "undefined", "none", "odd", "even"}
_VALUES = (nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat, nodes.CondExpr)
_LISTS = (nodes.List, nodes.Tuple)


class TagsWrong(Exception):
    """What is wrong with a template's tags, for the user; it names the tag or the placeholder."""


def tags_in(source: str) -> list[str]:
    """The tags of a part of a template in their order, each on one line."""
    return [" ".join(tag.split()) for tag in TAG.findall(source)]


def require_sound_tags(source: str, environment: Environment) -> set[str]:
    """The placeholders that the source prints, such as paragraphs.text. Raises TagsWrong.

    source: Jinja, after docxtpl took the marks of paragraphs and rows out of its tags.
    """
    tags = tags_in(source)
    for tag in tags:
        _require_readable(tag, environment)
    _require_closed(tags)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TagsWrong(_("The tags do not fit together: %(what)s.") % {"what": error.message}) from error
    walk = _Walk()
    walk.statements(tree.body, _Scope(dict(VOCABULARY)))
    return walk.printed


def _require_readable(tag: str, environment: Environment) -> None:
    """Each tag by itself, so that the message names the one that is wrong."""
    whole = tag
    if tag.startswith("{%"):
        found = _KEYWORD.match(tag)
        word = found[1] if found else ""
        if word not in {"for", "endfor", "if", "elif", "else", "endif"}:
            raise TagsWrong(
                _("“%(tag)s” is no tag that may stand here; there are for, if, elif, else, endif and endfor.")
                % {"tag": tag}
            )
        opened = {"for": "{}{{% endfor %}}", "if": "{}{{% endif %}}", "elif": "{{% if 1 %}}{}{{% endif %}}"}
        if word not in opened:
            return
        whole = opened[word].format(tag)
    try:
        environment.parse(whole)
    except TemplateSyntaxError as error:
        raise TagsWrong(
            _("“%(tag)s” cannot be read: %(what)s.") % {"tag": tag, "what": (error.message or "").rstrip(".")}
        ) from error


def _require_closed(tags: Iterable[str]) -> None:
    opened: list[tuple[str, str]] = []
    for tag in tags:
        found = _KEYWORD.match(tag)
        word = found[1] if found else ""
        if word in {"for", "if"}:
            opened.append((word, tag))
        elif word in {"endfor", "endif"}:
            if not opened or opened[-1][0] != word.removeprefix("end"):
                raise TagsWrong(_("“%(tag)s” closes nothing that is open there.") % {"tag": tag})
            opened.pop()
        elif word in {"else", "elif"} and not opened:
            raise TagsWrong(_("“%(tag)s” stands outside of any condition.") % {"tag": tag})
    if opened:
        word, tag = opened[-1]
        raise TagsWrong(
            _("“%(tag)s” is never closed: “%(end)s” is missing.") % {"tag": tag, "end": f"{{% end{word} %}}"}
        )


@dataclass(frozen=True)
class _Found:
    """What a part of a tag stands for. path: as written from the top, without the variables of loops."""

    shape: Any
    path: str = ""


@dataclass
class _Scope:
    """What names mean at a place. loops: the variables of the loops around it."""

    names: dict[str, Any]
    loops: dict[str, _Found] = field(default_factory=dict)


class _Walk:
    """Reads a template's tree; `printed` is what it prints."""

    def __init__(self) -> None:
        self.printed: set[str] = set()

    def statements(self, body: Iterable[nodes.Node], scope: _Scope) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._output(part, scope)
            elif isinstance(node, nodes.If):
                self._value(node.test, scope)
                self.statements([*node.body, *node.elif_, *node.else_], scope)
            elif isinstance(node, nodes.For):
                self._loop(node, scope)
            else:
                raise _not_allowed(node)

    def _output(self, node: nodes.Expr, scope: _Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        found = self._value(node, scope)
        if found.shape is not _TEXT:
            raise TagsWrong(
                _("“{{ %(name)s }}” is no text: it needs a “{%% for … %%}” or the name of one of its parts.")
                % {"name": found.path}
            )
        self.printed.add(found.path)

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            raise _not_allowed(node)
        over = self._value(node.iter, scope)
        if not isinstance(over.shape, list):
            raise TagsWrong(_("“%(name)s” is no list, so nothing repeats there.") % {"name": over.path})
        if scope.loops and _root(node.iter) not in scope.loops:
            raise TagsWrong(
                _("Within a repetition, “%(name)s” cannot be repeated as a whole; only what belongs to it.")
                % {"name": over.path}
            )
        inner = {**scope.loops, node.target.name: _Found(over.shape[0], over.path)}
        self.statements(node.body, _Scope(scope.names, inner))
        self.statements(node.else_, scope)

    def _value(self, node: nodes.Node, scope: _Scope) -> _Found:
        if isinstance(node, nodes.Const):
            return _Found(_TEXT)
        if isinstance(node, nodes.Name):
            return self._name(node.name, scope)
        if isinstance(node, nodes.Getattr):
            return self._part(self._value(node.node, scope), node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return self._part(self._value(node.node, scope), node.arg.value)
        if isinstance(node, nodes.Filter) and node.name in _FILTERS and node.node is not None:
            return self._filtered(node, self._value(node.node, scope))
        if isinstance(node, nodes.Test) and node.name in _TESTS:
            self._value(node.node, scope)
            return _Found(_TEXT)
        if isinstance(node, _VALUES + _LISTS):
            found = [self._value(child, scope) for child in node.iter_child_nodes()]
            named = [each.path for each in found if each.path]
            return _Found(
                _TEXT, named[0] if isinstance(node, nodes.Concat | nodes.CondExpr) and named else ""
            )
        raise _not_allowed(node)

    def _name(self, name: str, scope: _Scope) -> _Found:
        if name in scope.loops:
            return scope.loops[name]
        if name == "loop" and scope.loops:
            return _Found(_LOOP, "loop")
        if name in scope.names:
            return _Found(scope.names[name], name)
        raise TagsWrong(_("There is no placeholder “%(name)s”.") % {"name": name})

    def _part(self, of: _Found, name: Any) -> _Found:
        if isinstance(of.shape, list) and isinstance(name, int):
            return _Found(of.shape[0], of.path)
        path = f"{of.path}.{name}"
        if not isinstance(of.shape, dict) or name not in of.shape:
            raise TagsWrong(_("There is no placeholder “%(name)s”.") % {"name": path})
        return _Found(of.shape[name], path)

    def _filtered(self, node: nodes.Filter, of: _Found) -> _Found:
        for argument in node.args:
            if not isinstance(argument, nodes.Const):
                raise _not_allowed(argument)
        if node.name in {"first", "last"} and isinstance(of.shape, list):
            return _Found(of.shape[0], of.path)
        if node.name in {"default", "d", "trim"}:
            return of
        return _Found(_TEXT, of.path if node.name == "join" else "")


def _root(node: nodes.Node) -> str:
    """The name that an expression begins with."""
    while isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Filter) and node.node is not None:
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""


def _not_allowed(node: nodes.Node) -> TagsWrong:
    what = type(node).__name__
    if isinstance(node, nodes.Filter | nodes.Test):
        what = node.name
    return TagsWrong(
        _("“%(what)s” has no place in a template: its tags say where content stands and compute nothing.")
        % {"what": what}
    )
