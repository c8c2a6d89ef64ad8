"""The house's rules that a machine can check, so that nobody has to remember them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.template.utils import get_app_template_dirs

from tools import messages

ROOT = Path(__file__).resolve().parent.parent
APPS = ("audit", "organizations", "rectification", "reviews", "trail")
LAYERS = (
    "workbooks",
    "audit",
    "organizations",
    "files",
    "rectification",
    "reviews",
    "trail",
    "operations",
)  # each may import those before it, never those after it
PRODUCT = ("config", *LAYERS)
PURE = (
    "organizations/quarter.py",
    "organizations/names.py",
    "organizations/drawing.py",
    "rectification/figures.py",
    "rectification/lifecycle.py",
    "rectification/serials.py",
    "rectification/programme_progress.py",
    "rectification/programme_rules.py",
    "reviews/annual.py",
    "reviews/firmness.py",
    "reviews/movement.py",
    "reviews/ranking.py",
    "reviews/reports/explained.py",
    "reviews/reports/provenance.py",
    "reviews/reports/provenance_lists.py",
    "reviews/reports/provenance_losses.py",
    "reviews/reports/provenance_ranks.py",
    "reviews/reports/reading.py",
    "reviews/scoring.py",
    "reviews/year_results.py",
    "reviews/reports/claims.py",
    "reviews/reports/figures_said.py",
    "reviews/reports/folded.py",
    "reviews/reports/judging.py",
    "reviews/reports/judging_figures.py",
    "reviews/reports/mentions.py",
    "reviews/reports/places_said.py",
    "reviews/reports/readings.py",
    "reviews/reports/statements.py",
    "reviews/reports/truths.py",
    "reviews/reports/verdicts.py",
    "reviews/reports/arranging.py",
    "reviews/reports/blocks.py",
    "reviews/reports/comparing.py",
    "reviews/reports/composing.py",
    "reviews/reports/fields.py",
    "reviews/reports/merging.py",
)
EXACT = (
    "reviews/annual.py",
    "reviews/firmness.py",
    "reviews/movement.py",
    "reviews/scoring.py",
    "reviews/ranking.py",
)
LONGEST_FILE = 450
# Django looks these up by name.
FOUND_BY_DJANGO = {"403.html", "403_csrf.html", "404.html"}


def files(*patterns: str, under: tuple[str, ...]) -> Iterator[Path]:
    """Files of our own: neither vendored nor generated."""
    for folder in under:
        for pattern in patterns:
            for path in sorted((ROOT / folder).rglob(pattern)):
                if not {"vendor", "migrations", "__pycache__"} & set(path.relative_to(ROOT).parts):
                    yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found(pattern: str, paths: Iterator[Path]) -> list[str]:
    """Where a pattern stands, as "file:line: text"."""
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def imported_by(path: Path) -> set[str]:
    """Full names of the modules a file imports, at its top or inside its functions."""
    package = path.relative_to(ROOT).parts[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            names.add(".".join([*above, *filter(None, [node.module])]))
    return names


# --- Structure -----------------------------------------------------------------------------------


def test_imports_run_one_way():
    wrong = [
        f"{name_of(path)} imports {module}"
        for place, layer in enumerate(LAYERS)
        for path in files("*.py", under=(layer,))
        for module in imported_by(path)
        if module.split(".")[0] in {"config", "tests", "tools", *LAYERS[place + 1 :]}
    ]
    assert wrong == []


@pytest.mark.parametrize("module", PURE)
def test_arithmetic_knows_nothing_of_django(module):
    assert not {name for name in imported_by(ROOT / module) if name.split(".")[0] == "django"}


@pytest.mark.parametrize("module", EXACT)
def test_points_are_never_floats(module):
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    floats = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]
    assert floats == []


def test_views_ask_in_the_models_words():
    views = (
        path for path in files("*.py", under=APPS) if path.stem == "views" or path.parent.name == "views"
    )
    assert found(r"\.(filter|exclude|annotate|aggregate)\(", views) == []


def test_no_signals_but_those_that_install_triggers():
    signals = found(r"import .*\b(pre|post|m2m)_(?!migrate)\w+|@receiver", files("*.py", under=PRODUCT))
    assert signals == []


def test_modules_are_named_after_what_they_do():
    unnamed = {"services.py", "utils.py", "helpers.py", "managers.py", "tools.py", "common.py"}
    assert [name_of(path) for path in files("*.py", under=PRODUCT) if path.name in unnamed] == []


def test_no_file_is_too_long_to_read_at_once():
    everything = files(
        "*.py", "*.html", "*.js", "*.css", under=(*PRODUCT, "templates", "static", "tests", "tools")
    )
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in everything}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_tables_and_names_of_files_leave_by_one_door():
    """Beyond it no text is a formula, and no name a path."""
    writes_tables = r"import (csv|xlsxwriter|openpyxl)\b|from (csv|xlsxwriter|openpyxl)\b"
    doors = {"workbooks/writing.py", "workbooks/delimited.py", "reviews/score_template_xlsx.py"}
    assert {line.partition(":")[0] for line in found(writes_tables, files("*.py", under=PRODUCT))} == doors
    named = found(r"content_disposition_header\(|FileResponse\(", files("*.py", under=PRODUCT))
    by = {"organizations/responses.py", "files/answers.py", "rectification/views/ledger.py"}
    assert {line.partition(":")[0] for line in named} == by


# --- Database ------------------------------------------------------------------------------------


def own_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_what_the_database_refuses_has_a_name():
    assert [model.__name__ for model in own_models() if model._meta.unique_together] == []
    names = [constraint.name for model in own_models() for constraint in model._meta.constraints]
    assert len(names) == len(set(names))


def test_migrations_are_named_and_can_be_undone():
    migrations = [path for app in APPS for path in (ROOT / app / "migrations").glob("0*.py")]
    assert [name_of(path) for path in migrations if re.search(r"_auto_\d", path.stem)] == []
    for path in migrations:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("RunPython", "RunSQL"):
                words = {keyword.arg for keyword in call.keywords}
                way_back = len(call.args) > 1 or words & {"reverse_code", "reverse_sql"}
                assert way_back, f"{name_of(path)}:{call.lineno} cannot be undone"


# --- Templates and static files ------------------------------------------------------------------


def own_templates() -> dict[str, Path]:
    """Template name → file."""
    roots = [ROOT / "templates", *(Path(root) for root in get_app_template_dirs("templates"))]
    return {
        path.relative_to(root).as_posix(): path
        for root in roots
        if root.is_relative_to(ROOT) and ".venv" not in root.parts
        for path in sorted(root.rglob("*.html"))
    }


def test_every_template_is_used():
    sources = [path.read_text(encoding="utf-8") for path in files("*.py", under=PRODUCT)]
    sources += [path.read_text(encoding="utf-8") for path in own_templates().values()]
    mentioned = set(re.findall(r"""["']([\w./-]+\.html)(?:#[\w-]+)?["']""", "\n".join(sources)))
    replaces_another = ("admin/", "bootstrap5/", "django/", "registration/")
    unused = set(own_templates()) - mentioned - FOUND_BY_DJANGO
    assert sorted(name for name in unused if not name.startswith(replaces_another)) == []


def test_pages_load_nothing_from_elsewhere():
    ours = files("*.html", "*.css", "*.js", under=("templates", *APPS, "static"))
    addresses = found(r"""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+""", ours)
    assert [line for line in addresses if "http://www.w3.org/" not in line] == []


INLINE = (
    r"<script(?![^>]*(?:\bsrc=|application/json))|\son[a-z]+=[\"']|\shx-on|javascript:"
    r"|\sstyle=[\"']|<style(?![^>]*\bnonce=)|setAttribute\([\"']style|\.cssText\b|\beval\(|new Function\("
)


def test_pages_carry_no_script_or_style_of_their_own():
    """The content security policy would stop it without a word to the developer."""
    pages = files("*.html", under=("templates", *APPS))
    assert found(INLINE, pages) == []
    # What makes HTML in Python or in a script is held to the same.
    assert found(INLINE, files("*.py", under=PRODUCT)) == []
    assert found(INLINE, files("*.js", under=("static", "templates"))) == []


def test_static_files_that_templates_name_exist():
    named = {
        name
        for path in own_templates().values()
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if finders.find(name) is None) == []


def test_icons_that_templates_name_are_in_the_sprite():
    pages = "\n".join(path.read_text(encoding="utf-8") for path in own_templates().values())
    literal = set(re.findall(r"""(?:components/icon\.html["'] with name|\bicon)=["']([\w-]+)["']""", pages))
    (sprite,) = (ROOT / "static" / "vendor").glob("bootstrap-icons-*/sprite.svg")
    assert literal - set(re.findall(r'id="([\w-]+)"', sprite.read_text(encoding="utf-8"))) == set()


def test_vendored_files_are_those_of_the_lock_with_their_licences():
    vendor = ROOT / "static" / "vendor"
    lock = json.loads((vendor / "vendor.lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "tools" / "vendor.json").read_text(encoding="utf-8"))
    folders = {path.name: path for path in vendor.iterdir() if path.is_dir()}
    assert {name: entry["version"] for name, entry in lock.items()} == {
        name: entry["version"] for name, entry in wanted.items()
    }
    assert set(folders) == {f"{name}-{entry['version']}" for name, entry in lock.items()}
    assert all((folder / "LICENSE").exists() for folder in folders.values())


# --- Words ---------------------------------------------------------------------------------------


def test_every_text_is_translated():
    assert messages.problems() == []
