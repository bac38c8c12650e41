"""Passwords: kept as argon2id makes them, with the parameters that OWASP recommends first (19 MiB, two passes, one lane): a service
that answers scores beside it has not four cores to spare for each login.

A hash tells its own parameters, so that another choice here leaves old ones valid. The rule for a new one is the length that
NIST SP 800-63B asks for where a password stands alone, and that it does not hold the name; no rule of signs, which makes
people write passwords down.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 15
MOST = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def is_good(password: str, name: str) -> bool:
    """Whether somebody called so may have it."""
    return LEAST <= len(password) <= MOST and name.casefold() not in password.casefold()


def hash_of(password: str) -> str:
    """What is kept of it. Takes some hundredths of a second and 19 MiB."""
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is that one. Without one it takes as long, so that the time does not tell whether there is somebody."""
    try:
        same = _HASHER.verify(kept or _nobodys(), password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return same and kept is not None


@cache
def _nobodys() -> str:
    return hash_of("")
