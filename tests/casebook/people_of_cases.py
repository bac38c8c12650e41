"""Who works on cases in tests: people of a small office in two districts."""

from __future__ import annotations

from decimal import Decimal

from ringfinder.casebook import people
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.linked_rings import SeenRing
from ringfinder.casebook.who import Who

EAST, WEST = "east", "west"


def person(casebook: Casebook, name: str, role: str, *districts: str) -> Who:
    """Somebody new, of these districts or of all."""
    made = people.create(casebook, name, [role], districts or None, "oidc", "test")
    assert not isinstance(made, str)
    return Who(f"user {made.user_id}", made.user_id, made.roles, made.districts)


def draft(title: str = "stays that begin together", *districts: str) -> Draft:
    return Draft(title, districts or (EAST,))


def ring(ring_id: str = "R1", people: str = "abcde", harm: float = 10.0, fund: str = "4000.00") -> SeenRing:
    return SeenRing(ring_id, "20240301-090000-000001", "sham_stay", tuple(people), harm, Decimal(fund))
