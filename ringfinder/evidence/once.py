"""What several channels need of one view is worked out once.

A null world replaces some arrays of a view and keeps the others, so results are known again by the very arrays that they
were made of (identity, not value: views never change). Only the last few are kept, and `forget` drops them, since at ten
million claims each weighs hundreds of megabytes. Who asks while another thread is at it waits for the result.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast

KEPT = 2  # of each function: one for each of two worlds side by side

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Kept:
    """A result in the making or made; `parts` keeps what it was made of alive, so that no other object gets its identity."""

    parts: tuple[object, ...]
    lock: threading.Lock = field(default_factory=threading.Lock)
    result: list[Any] = field(default_factory=list)

    def is_of(self, parts: tuple[object, ...]) -> bool:
        return all(a is b for a, b in zip(self.parts, parts, strict=True))


_lock = threading.Lock()
_known: dict[str, list[Kept]] = {}


def once(made_of: Callable[P, tuple[object, ...]]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a function; `made_of` names the objects that its result depends on."""

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        name = f"{work.__module__}.{work.__qualname__}"

        def known(*args: P.args, **kwargs: P.kwargs) -> R:
            parts = made_of(*args, **kwargs)
            with _lock:
                entries = _known.get(name, [])
                entry = next((e for e in entries if e.is_of(parts)), None) or Kept(parts)
                _known[name] = [entry, *(e for e in entries if e is not entry)][:KEPT]
            with entry.lock:
                if not entry.result:
                    entry.result.append(work(*args, **kwargs))
            return cast(R, entry.result[0])

        known.__doc__ = work.__doc__
        return known

    return decorate


def forget() -> None:
    """Drop everything that is kept."""
    with _lock:
        _known.clear()
