"""What the guide and the files it copies say agrees with the product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from files.limits import LARGEST_REQUEST, MIB

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
COMMON = "review-.service.d/common.conf"
UNITS = sorted((DEPLOY / "systemd").glob("review-*.service"))


def variables_read() -> set[str]:
    """Those that settings and server ask the environment for."""
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "config").glob("*.py"))]
    return set(re.findall(r"""\benv\.\w+\(\s*["']([A-Z_]+)""", "\n".join(sources)))


def variables_explained() -> set[str]:
    """Those of the first column of the guide's table."""
    table = GUIDE.partition("## Variables")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`([A-Z_]+)`", "".join(rows)))


def test_the_guide_explains_every_variable_and_no_other() -> None:
    assert variables_explained() == variables_read()


def test_the_environment_to_start_from_names_variables_that_are_read() -> None:
    example = (DEPLOY / "review.env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert names - variables_read() == set()
    assert {"DATABASE_URL", "DATA_DIR", "ALLOWED_HOSTS", "HTTPS", "TRUSTED_PROXIES"} <= names


def test_the_guide_copies_files_that_are_there_and_links_to_headings_that_are() -> None:
    named = set(re.findall(r"\bdeploy/[\w./-]+", GUIDE))
    assert [name for name in sorted(named) if not (ROOT / name.rstrip(".")).exists()] == []
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", GUIDE)) <= headings


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_there_is_and_shares_the_limits_of_all(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())
    # Who it is and what it may do stands once, in the file that systemd reads for every review-*.service.
    assert not re.search(r"^(User|Protect\w+|EnvironmentFile)=", text, re.MULTILINE)
    assert "ProtectSystem=strict" in (DEPLOY / "systemd" / COMMON).read_text(encoding="utf-8")
    assert (unit.with_suffix(".timer").exists()) == ("Type=oneshot" in text)


def test_nginx_lets_through_what_the_product_can_refuse_in_words() -> None:
    (most,) = re.findall(r"^    client_max_body_size (\d+)m;", NGINX, re.MULTILINE)
    assert int(most) * MIB > LARGEST_REQUEST


def test_nginx_replaces_what_a_visitor_claims() -> None:
    trusted = dict(re.findall(r"proxy_set_header (X-[\w-]+) ([^;]+);", NGINX))
    assert trusted == {
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "https",
        "X-Request-ID": "$request_id",
    }
