"""What the commands have in common: the file and the host they are given, and how they refuse."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from audit.deeds import Actor, acting
from organizations.models import Organization, User
from organizations.names import clean_text, normalize_name
from organizations.quarter import InvalidQuarter, Quarter
from workbooks.limits import MAX_FILE
from workbooks.reading import read_workbook
from workbooks.sheets import UnreadableWorkbook, Workbook

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PlainCommand(BaseCommand):
    """A command that speaks UTF-8 whatever the terminal's locale, and refuses in one line a problem.

    about: what --help says of it.
    """

    about: StrOrPromise = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = str(self.about)  # argparse formats plain text only, not a lazy translation
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            # What it changes is the deed of the account that --by names, where it takes one.
            with acting(who=lambda: _account(options.get("by")), source=f"command {_name_of(self)}"):
                return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = str(error).strip().splitlines()[0]
            if isinstance(error, ProgrammingError) or "no such table" in reason:
                message = _("The database cannot be used: %(reason)s. Has it been migrated?")
            else:
                message = _("The database cannot be used: %(reason)s.")
            raise CommandError(message % {"reason": reason}) from error

    def tell(self, *lines: object) -> None:
        """Print lines of plain text."""
        for line in lines:
            self.stdout.write(str(line))


def _account(username: str | None) -> Actor:
    return Actor.of(User.objects.filter(username=username).first() if username else None)


def _name_of(command: BaseCommand) -> str:
    return type(command).__module__.rpartition(".")[2]


def refuse(problems: Iterable[object]) -> CommandError:
    """The error that says each problem on a line of its own."""
    return CommandError("\n".join(map(described, problems)))


def add_host_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--host", metavar="NAME", help=_("the host; may be left out where there is only one"))


def add_file_argument(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("a workbook: .xlsx, .xls, .ods or .csv"))


def find_host(name: str | None) -> Organization:
    """The host of this name, or the only one there is. Raises CommandError."""
    hosts = list(Organization.objects.hosts().order_by("pk"))
    if not hosts:
        raise CommandError(_("There is no host yet: import its roster first (import_units)."))
    if name is None and len(hosts) == 1:
        return hosts[0]
    names = "、".join(host.name for host in hosts)
    if name is None:
        raise CommandError(_("There are several hosts: choose one with --host: %(names)s") % {"names": names})
    found = [host for host in hosts if normalize_name(host.name) == normalize_name(name)]
    if len(found) != 1:
        raise CommandError(
            _("There is no host “%(name)s”; there is: %(names)s") % {"name": name, "names": names}
        )
    return found[0]


def find_user(username: str) -> User:
    """The account of this name. Raises CommandError."""
    user = User.objects.filter(username=clean_text(username), is_active=True).first()
    if user is None:
        raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
    return user


def whole_number(text: str, *, most: int) -> int:
    """The number a text writes in decimal digits, 0 where it writes none or one above `most`."""
    is_short = len(text) <= len(str(most))  # Python refuses to read thousands of digits
    number = int(text) if text.isdecimal() and is_short else 0
    return number if number <= most else 0


def parse_quarter(text: str) -> Quarter:
    """The quarter a command was given. Raises CommandError."""
    try:
        return Quarter.parse(text)
    except InvalidQuarter:
        raise CommandError(
            _("“%(text)s” is not a quarter; write 2018Q3, 2018-3 or 2018年第三季度.") % {"text": text}
        ) from None


def read_file(path: str) -> bytes:
    """The content of a file, no more of it than a workbook may have. Raises CommandError."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise _unusable(path, error) from error


def open_workbook(data: bytes, path: str) -> Workbook:
    """Read a workbook. Raises CommandError."""
    try:
        return read_workbook(data, Path(path).name)
    except UnreadableWorkbook as error:
        raise CommandError(str(error)) from error


def write_file(path: str, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all. private: for nobody's eyes but its owner's. Raises CommandError."""
    target = Path(path)
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o600 if private else 0o666 & ~mask)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary is not None:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
        raise _unusable(path, error) from error


def described(problem: object) -> str:
    """A problem or note of a workbook on one line."""
    return " ".join(str(problem).split("\n"))


def _unusable(path: str, error: OSError) -> CommandError:
    if isinstance(error, FileNotFoundError):
        reason = _("“%(file)s” does not exist.")
    elif isinstance(error, IsADirectoryError):
        reason = _("“%(file)s” is a folder, not a file.")
    elif isinstance(error, PermissionError):
        reason = _("“%(file)s” may not be read or written by this user.")
    else:
        reason = _("“%(file)s” cannot be read or written (%(reason)s).")
    return CommandError(reason % {"file": path, "reason": error.strerror})
