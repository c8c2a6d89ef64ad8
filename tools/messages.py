"""The translation catalogues, without the gettext programs: `python -m tools.messages update|check|compile`.

update   reads every text from the code and the templates into locale/*/LC_MESSAGES/django.po
check    fails where a text lacks its translation or a translation has other placeholders
compile  writes the .mo files that Django reads
extract  prints the template catalogue
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_from_code
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    *("config", "workbooks", "audit", "organizations", "files", "rectification", "reviews"),
    *("trail", "operations"),
)
LOCALES = ("zh_Hans", "en")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The calls that Django's templatize() writes for the template tags; what stands between them is not Python.
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALL = re.compile(
    rf"\b(?P<function>_|gettext|ngettext|pgettext|npgettext)\(\s*"
    rf"(?P<arguments>{_STRING}(?:\s*,\s*{_STRING})*)\s*(?:,\s*count)?\)",
    re.DOTALL,
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[a-zA-Z]|%[sdrfi%]|\{\w*[^{}]*\}")


class Text(NamedTuple):
    """One text to translate, and the file it stands in."""

    singular: str
    plural: str | None
    context: str | None
    source: str  # path below the project, with forward slashes

    @property
    def message_id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural is not None else self.singular


def texts() -> list[Text]:
    """Every text of the product's code and templates, in the order of the files."""
    found: list[Text] = []
    for path in _files("*.py", APPS):
        found += _texts_of_code(path)
    for path in _files("*.html", ("templates", *APPS)):
        found += texts_of_template(path.read_text(encoding="utf-8"), _name(path))
    return found


def _files(pattern: str, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob(pattern))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts_of_code(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for _line, ids, _comments, context in extract_from_code("python", file, KEYWORDS):
            singular, plural = (ids[0], ids[1]) if isinstance(ids, tuple) else (ids, None)
            if singular:
                yield Text(singular, plural, context, _name(path))


def texts_of_template(template: str, source: str) -> Iterator[Text]:
    """The texts of a Django template's translate and blocktranslate tags and _() arguments."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for call in _TEMPLATE_CALL.finditer(templatize(template, origin=source)):
        arguments = [ast.literal_eval(string) for string in re.findall(_STRING, call["arguments"], re.DOTALL)]
        context = arguments.pop(0) if call["function"] in ("pgettext", "npgettext") else None
        plural = arguments[1] if len(arguments) > 1 else None
        if arguments[0]:
            yield Text(arguments[0], plural, context, source)


def template_catalogue() -> Catalog:
    """All texts without translations: each once, with the files it stands in."""
    catalogue = Catalog(charset="utf-8")
    for text in texts():
        catalogue.add(text.message_id, context=text.context, locations=[(text.source, 0)])
    return catalogue


def path_of(locale: str) -> Path:
    return ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"


def catalogue_of(locale: str) -> Catalog:
    """The catalogue as it stands in the project; empty where there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale, charset="utf-8")


def keep(locale: str, catalogue: Catalog) -> None:
    """Write a catalogue in one stable form: sorted, files without line numbers, no dates."""
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalogue,
        width=100,
        sort_output=True,
        include_lineno=False,
        omit_header=True,
        ignore_obsolete=True,
    )
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(locale, catalogue) + buffer.getvalue().decode("utf-8"), encoding="utf-8")


def _header(locale: str, catalogue: Catalog) -> str:
    fields = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.plural_forms,
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def update() -> None:
    """Bring both catalogues up to the code: new texts come in empty, lost ones go.

    English translates every text by itself; only what is missing is filled, so a wording may differ.
    """
    template = template_catalogue()
    for locale in LOCALES:
        catalogue = catalogue_of(locale)
        catalogue.update(template, no_fuzzy_matching=True)
        if locale == "en":
            for message in _translatable(catalogue):
                if not _is_translated(message):
                    message.string = message.id
        keep(locale, catalogue)
        print(
            f"{_name(path_of(locale))}: {len(catalogue)} texts, {len(list(_untranslated(catalogue)))} empty"
        )


def problems() -> list[str]:
    """What is wrong with the catalogues, one line each; empty where they are complete."""
    wanted = {(message.id, message.context): message for message in _translatable(template_catalogue())}
    found = []
    for locale in LOCALES:
        catalogue = catalogue_of(locale)
        present = {(message.id, message.context): message for message in _translatable(catalogue)}
        for key, message in wanted.items():
            if key not in present:
                found.append(f"{locale}: missing: {_quoted(message)}")
        for key, message in present.items():
            if key not in wanted:
                found.append(f"{locale}: no longer used: {_quoted(message)}")
            elif not _is_translated(message):
                found.append(f"{locale}: empty: {_quoted(message)}")
            elif message.fuzzy:
                found.append(f"{locale}: fuzzy: {_quoted(message)}")
            elif _placeholders_differ(message):
                found.append(f"{locale}: other placeholders: {_quoted(message)}")
        found += [f"{locale}: obsolete: {_quoted(message)}" for message in catalogue.obsolete.values()]
    return found


def _translatable(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _untranslated(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in _translatable(catalogue) if not _is_translated(message))


def _is_translated(message: Message) -> bool:
    return all(_strings(message.string))


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return list(string) if isinstance(string, tuple | list) else [string or ""]


def _placeholders_differ(message: Message) -> bool:
    """Whether a translation names a value that the text does not, or leaves out one of a text without plural.

    A plural form may leave the number out ("one unit"), but Chinese, with its single form, may not.
    """
    ids = _strings(message.id)
    allowed = set().union(*(_PLACEHOLDER.findall(text) for text in ids))
    for string in _strings(message.string):
        used = set(_PLACEHOLDER.findall(string))
        if not used <= allowed or (len(_strings(message.string)) == 1 and used != allowed):
            return True
    return False


def _quoted(message: Message) -> str:
    return f"{_strings(message.id)[0]!r}" + (f" ({message.context})" if message.context else "")


def compile_catalogues() -> None:
    """Write the .mo file beside each catalogue."""
    for locale in LOCALES:
        with path_of(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue_of(locale))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("extract", "update", "check", "compile"))
    action = parser.parse_args(arguments).action
    if action == "extract":
        buffer = io.BytesIO()
        write_po(buffer, template_catalogue(), width=100, include_lineno=False, omit_header=True)
        print(buffer.getvalue().decode("utf-8"), end="")
    elif action == "update":
        update()
    elif action == "compile":
        compile_catalogues()
    elif found := problems():
        print("\n".join(found), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
