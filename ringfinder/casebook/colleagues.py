"""Who works on cases: whom a case may be given to, and whose id stands under what was done in one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ringfinder.casebook.cases import WORKERS
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import ApiKeyRow, UserRow


@dataclass(frozen=True)
class Colleague:
    """Somebody, or a system by its key. `works` False: disabled or revoked, so that no case may be given to it."""

    caller_id: str
    name: str
    works: bool
    decides: bool
    districts: frozenset[str] | None


def colleagues(casebook: Casebook) -> tuple[Colleague, ...]:
    """Everybody with such a role, by name, also who is disabled; of others nothing is told."""
    with casebook.session() as session:
        people = [
            (row.user_id, row.name, row.roles, row.districts, row.disabled_at)
            for row in session.scalars(select(UserRow))
        ]
        keys = [
            (row.key_id, row.name, row.roles, row.districts, row.revoked_at)
            for row in session.scalars(select(ApiKeyRow))
        ]
    found = [
        Colleague(
            caller_id,
            name,
            ended is None,
            "supervisor" in roles,
            None if districts is None else frozenset(districts),
        )
        for caller_id, name, roles, districts, ended in (*people, *keys)
        if not WORKERS.isdisjoint(roles)
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.caller_id)))
