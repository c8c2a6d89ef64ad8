"""Who is acting, from where and why: known to the code, told to the database that keeps the trail."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
LONGEST_WHY, LONGEST_NAME, LONGEST_SOURCE = 500, 210, 100


class Account(Protocol):
    """As much of an account as the trail needs."""

    pk: Any
    full_name: Any

    def get_username(self) -> str: ...


class Actor(NamedTuple):
    """Somebody with an account, under the name it has now."""

    key: int | None = None
    name: str = ""

    @classmethod
    def of(cls, account: Any) -> Actor:
        """The actor behind an account; nobody behind None and behind somebody not signed in."""
        if account is None or account.pk is None:
            return cls()
        name, login = getattr(account, "full_name", ""), account.get_username()
        return cls(account.pk, (f"{name} ({login})" if name else login)[:LONGEST_NAME])


NOBODY = Actor()


@dataclass(frozen=True)
class Deed:
    """What is being done while rows change. who: asked only when something is written."""

    who: Callable[[], Actor] = lambda: NOBODY
    source: str = ""
    why: str = ""
    request_id: str = ""
    address: str = ""

    def told(self) -> dict[str, Any]:
        """As the columns of an entry."""
        actor = self.who()
        return {
            "actor": actor.key,
            "actor_name": actor.name,
            "why": self.why.replace("\0", "")[:LONGEST_WHY],
            "source": self.source[:LONGEST_SOURCE],
            "request_id": self.request_id,
            "address": self.address,
        }


_NOTHING = Deed()
_now: ContextVar[Deed] = ContextVar("deed", default=_NOTHING)


def current_deed() -> Deed:
    return _now.get()


@contextmanager
def acting(**changes: Any) -> Iterator[None]:
    """Within the block: what `Deed` names as given, the rest as it was before."""
    before = _now.set(replace(_now.get(), **changes))
    try:
        yield
    finally:
        _now.reset(before)


def acting_as(account: Account | None, **changes: Any) -> Any:
    """Within the block this account acts: for commands and work in the background."""
    actor = Actor.of(account)
    return acting(who=lambda: actor, **changes)


def within(part: str) -> Any:
    """Within the block rows change as part of something that has a number: `web · import 12`."""
    return acting(source=" · ".join(filter(None, [current_deed().source, part])))


def because(reason: object) -> Any:
    """Within the block rows change for this reason; an empty one leaves the reason that was given before."""
    why = str(reason or "")
    return acting(why=why) if why else acting()


def for_its(parameter: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Of a deed that is given its reason as this parameter: rows change for it."""

    def decorate(deed: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(deed)

        @functools.wraps(deed)
        def explained(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs).arguments.get(parameter, "")
            with because(given):
                return deed(*args, **kwargs)

        return explained

    return decorate
