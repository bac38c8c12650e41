"""What can go wrong, as one tree.

    RingFinderError            our own fault unless it is one of these
    ├── InputError             claims, tables or files that cannot be used: exit code 2
    │   └── TooManyRejects     more bad rows than `max_reject_share` allows
    ├── UsageError             a wrong option, an unknown ring, a bad setting or query: exit code 2
    │   ├── UnknownRing        a ring that the run does not have
    │   ├── QueryTooSlow       a query that took longer than it may
    │   └── Refused            what the casebook's rules do not allow
    └── StoreError             a graph store or workspace that does not answer: exit code 1
        └── WorkspaceBusy      another run is writing: exit code 2

A message names the thing, the fault and the cure in one sentence, and never holds a person's name,
id number, phone or account. It is a `Sentence` of the catalogue (`ringfinder.words.sentences`), so that it can be told in
the language of whoever reads it. Errors of libraries are mapped to these at the border of a room, `from` the original.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

# EFBIG is a limit on file sizes, EDQUOT a user's quota: for whoever writes they are all "no room".
_NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_NO_ROOM_WORDS = ("no space left", "file too large", "disk quota")


class RingFinderError(Exception):
    """Base of every error that RingFinder raises on purpose. `exit_code` is what the CLI ends with."""

    exit_code = 1


class InputError(RingFinderError):
    """Claims or tables that cannot be used."""

    exit_code = 2


class TooManyRejects(InputError):
    """More rows were rejected than the setting `max_reject_share` allows; nothing was loaded."""


class UsageError(RingFinderError):
    """A wrong option, setting, query or name given by the caller."""

    exit_code = 2


class UnknownRing(UsageError):
    """A ring was asked for that the run does not have."""


class QueryTooSlow(UsageError):
    """A query took longer than it may, and was stopped."""


class Refused(UsageError):
    """What the casebook's rules do not allow. `code`: stable, for programs; `values` fill its sentence in the catalogue."""

    def __init__(self, message: str, code: str, values: Mapping[str, object]) -> None:
        super().__init__(message)
        self.code, self.values = code, values


class StoreError(RingFinderError):
    """A graph store or a workspace that does not answer as it must."""


class WorkspaceBusy(StoreError):
    """Another run holds the workspace's lock."""

    exit_code = 2


def is_disk_full(error: BaseException) -> bool:
    """Whether the system, or a library that only passes its words on, says that there is no room left to write."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    return any(words in str(error).lower() for words in _NO_ROOM_WORDS)
