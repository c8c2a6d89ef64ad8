"""`make scan`: wapiti looks at the product from outside, as everybody the demo has an account for.

It gets an environment of its own, because it needs other versions of what the product is built on, and a demo
of its own, on this machine alone. Ends with an error where it finds something. ssrf and xxe are left out:
they wait for a server elsewhere to be called; the product calls none.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-scan"
WAPITI = "wapiti3==3.2.3"
PASSWORD = "demo-2018-review"
MODULES = (
    "sql,xss,permanentxss,file,exec,crlf,redirect,csrf,cookieflags,http_headers,csp,htaccess,methods,upload"
)
# What is found and is right, and why.
EXPLAINED = {
    "Secure Flag cookie": "scanned over plain HTTP; with HTTPS=1 every cookie has the flag",
}
# What would end the scan's own log-in.
SPARED = ("logout/", "password/", "sessions/*", "second-factor/*", "accounts/*")
STARTS = ("cycles/", "items/", "programmes/", "units/", "rubrics/", "visits/", "years/", "verify/", "help/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.scan", description=__doc__)
    parser.add_argument("people", nargs="*", default=["anonymous", "secretary", "staff"])
    parser.add_argument("--seconds", type=int, default=600, help="for each of them, at most")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    prepare()
    site = f"http://127.0.0.1:{arguments.port}/"
    found = 0
    with served_demo(arguments.port):
        for person in arguments.people:
            report = scan(site, person, arguments.seconds)
            pages = report["infos"].get("crawled_pages_nbr", "?")
            print(f"{person}: {pages} pages")
            for name, each in (report["vulnerabilities"] | report["anomalies"]).items():
                for one in each:
                    said = EXPLAINED.get(name, "")
                    found += not said
                    where = f"{one['method']} {one['path']} {one['parameter']}: {one['info'][:200]}"
                    print(f"  {name}: {where}{said and f' ({said})'}")
    print(f"{found} findings")
    return bool(found)


def prepare() -> None:
    """Build the scanner's environment, where there is none yet."""
    if (ENVIRONMENT / "bin" / "wapiti").exists():
        return
    (wheel,) = ROOT.glob("tools/pip-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ENVIRONMENT], check=True)
    subprocess.run([ENVIRONMENT / "bin" / "python", wheel / "pip", "install", "--quiet", WAPITI], check=True)


@contextmanager
def served_demo(port: int) -> Iterator[None]:
    """The demo in a folder of its own, served while this lasts."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "LOG_LEVEL": "ERROR"}
        environment.pop("DATABASE_URL", None)
        for command in (["migrate", "--verbosity", "0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
        command = [str(Path(sys.executable).parent / "gunicorn"), "-c", "python:config.gunicorn"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def wait_for(address: str) -> None:
    for _try in range(120):
        try:
            urllib.request.urlopen(address, timeout=10).close()  # nosec B310: our own address
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit(f"Nobody answers at {address}.")


def scan(site: str, person: str, seconds: int) -> dict[str, Any]:
    """wapiti's report of what this person can reach."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [str(ENVIRONMENT / "bin" / "wapiti"), "-u", site, "--scope", "folder", "-m", MODULES]
        command += ["--flush-session", "--store-session", folder, "--store-config", folder]
        command += ["--max-scan-time", str(seconds // 3), "--max-attack-time", str(seconds // 20)]
        command += [
            "--no-bugreport",
            "-d",
            "3",
            "--max-parameters",
            "30",
            "-f",
            "json",
            "-o",
            str(report),
            "-v",
            "0",
        ]
        for spared in SPARED:
            command += ["-x", site + spared]
        if person != "anonymous":
            command += ["-C", log_in(site, person), "--drop-set-cookie"]
            for start in STARTS:
                command += ["-s", site + start]
        ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if ended.returncode or not report.exists():
            raise SystemExit(f"wapiti broke off as {person}; nothing can be said of what it did not see.")
        told: dict[str, Any] = json.loads(report.read_text("utf-8"))
        return told


def log_in(site: str, person: str) -> str:
    """The cookies of a log-in through the page that everybody logs in by."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{site}login/").read().decode()
    (token, *_others) = TOKEN.findall(page)
    given = {"csrfmiddlewaretoken": token, "username": person, "password": PASSWORD}
    opener.open(f"{site}login/", urllib.parse.urlencode(given).encode()).close()
    cookies = {cookie.name: cookie.value for cookie in jar}
    if "sessionid" not in cookies:
        raise SystemExit(f"{person} could not log in.")
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


if __name__ == "__main__":
    sys.exit(main())
