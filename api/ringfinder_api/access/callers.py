"""Who asks: another system by its key, or somebody who is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ringfinder.casebook.keys import Key
from ringfinder.casebook.people import User
from ringfinder.casebook.sessions import Session


@dataclass(frozen=True)
class Caller:
    """What routes need to know. `caller_id`: of key or user; `districts` None: all; `session` None: a key."""

    kind: Literal["key", "user"]
    caller_id: str
    roles: frozenset[str]
    districts: frozenset[str] | None
    session: Session | None = None

    @property
    def actor(self) -> str:
        """As the audit trail names it."""
        return f"{self.kind} {self.caller_id}"


def of_key(key: Key) -> Caller:
    """A system, by its key."""
    return Caller("key", key.key_id, key.roles, key.districts)


def of_session(session: Session) -> Caller:
    """Somebody who is logged in."""
    user = session.user
    return Caller("user", user.user_id, user.roles, user.districts, session)


def person(user: User) -> dict[str, Any]:
    """Who somebody is and what that person may see, as answers tell it (`shapes_of_people.Person`)."""
    return {
        "user_id": user.user_id,
        "name": user.name,
        "roles": sorted(user.roles),
        "districts": None if user.districts is None else sorted(user.districts),
        "signs_in": user.signs_in,
    }
