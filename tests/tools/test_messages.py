from textwrap import dedent

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from tools import messages


def texts_of(template):
    return [text[:3] for text in messages.texts_of_template(dedent(template), "page.html")]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{% translate "Standings" %}', ("Standings", None, None)),
        ('{% translate "May" context "month" %}', ("May", None, "month")),
        ("{{ _('Review') }}", ("Review", None, None)),
        ('{% include "x.html" with title=_("Units") only %}', ("Units", None, None)),
        ("{% blocktranslate trimmed %}\n  One\n  line\n{% endblocktranslate %}", ("One line", None, None)),
        (
            "{% blocktranslate with who=x %}By {{ who }}{% endblocktranslate %}",
            ("By %(who)s", None, None),
        ),
        (
            "{% blocktranslate count n=n %}{{ n }} unit{% plural %}{{ n }} units{% endblocktranslate %}",
            ("%(n)s unit", "%(n)s units", None),
        ),
    ],
)
def test_texts_of_templates_are_found(template, text):
    assert texts_of("{% load i18n %}" + template) == [text]


def test_text_outside_the_tags_is_left_alone():
    assert texts_of("""<p>don't _("this") {# gettext("nor this") #}</p>""") == []


@pytest.fixture
def catalogues(monkeypatch):
    """Catalogues by locale, in the place of the project's; the code asks for one text."""
    kept = {locale: Catalog(locale=locale) for locale in messages.LOCALES}
    template = Catalog()
    template.add("%(count)s units")
    monkeypatch.setattr(messages, "template_catalogue", lambda: template)
    monkeypatch.setattr(messages, "catalogue_of", kept.__getitem__)
    kept["en"].add("%(count)s units", "%(count)s units")
    return kept


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("", "empty"),
        ("%(number)s个单位", "other placeholders"),
        ("若干单位", "other placeholders"),
    ],
)
def test_a_text_with_a_wrong_translation_is_a_problem(catalogues, translation, problem):
    catalogues["zh_Hans"].add("%(count)s units", translation)
    assert messages.problems() == [f"zh_Hans: {problem}: '%(count)s units'"]


def test_missing_and_left_over_texts_are_problems(catalogues):
    catalogues["zh_Hans"].add("gone", "没有了")
    assert messages.problems() == ["zh_Hans: missing: '%(count)s units'", "zh_Hans: no longer used: 'gone'"]


def test_a_complete_catalogue_has_no_problems(catalogues):
    catalogues["zh_Hans"].add("%(count)s units", "%(count)s个单位")
    assert messages.problems() == []


def test_a_catalogue_is_written_the_same_way_every_time(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    catalogue = Catalog(locale="zh_Hans")
    for text in ("units", "groups"):
        catalogue.add(text, "字", locations=[("reviews/models.py", 12)])
    messages.keep("zh_Hans", catalogue)
    written = messages.path_of("zh_Hans").read_text(encoding="utf-8")
    assert written.index("groups") < written.index("units")
    assert "#: reviews/models.py\n" in written
    messages.keep("zh_Hans", messages.catalogue_of("zh_Hans"))
    assert messages.path_of("zh_Hans").read_text(encoding="utf-8") == written


def test_compiled_catalogues_hold_the_translations(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    for locale in messages.LOCALES:
        catalogue = Catalog(locale=locale)
        catalogue.add(("%(n)s unit", "%(n)s units"), tuple("个单位" for _ in range(catalogue.num_plurals)))
        messages.keep(locale, catalogue)
    messages.compile_catalogues()
    with messages.path_of("zh_Hans").with_suffix(".mo").open("rb") as file:
        assert read_mo(file).get("%(n)s unit").string == ["个单位"]
