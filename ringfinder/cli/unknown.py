"""Ids that a named query was asked about and the current run does not know: a slip of the hand, which "No rows." would hide.

An answer without rows reads as "nothing against them". Of an id that stands in no claim and in no register it says nothing,
so whoever asked is told which ids these are, beside the answer. Which parameters are ids is known by their names; those that
may be of any type (a watch list) are looked for among all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ringfinder.model import ENTITY_TYPES
from ringfinder.report.files import read_rings

if TYPE_CHECKING:
    from pathlib import Path

    from ringfinder.report.register import Register

ANY, RING, ALL = "", "ring", "*"
TYPE_OF = {
    "patient_id": "patient",
    "patient_a": "patient",
    "patient_b": "patient",
    "seeds": "patient",
    "card_id": "card",
    "doctor_id": "doctor",
    "recruiter_id": "recruiter",
    "terminal_id": "terminal",
    "account": "account",
    "ring_id": RING,
    "ids": ANY,
    "from_id": ANY,
    "to_id": ANY,
}


def unknown_ids(values: Mapping[str, Any], results: Path, people: Register) -> list[str]:
    """The ids among the values of a named query that the run does not know, as they may be shown, in the order given."""
    found: list[str] = []
    for name, value in values.items():
        of = values.get("entity_type", ANY) if name == "entity_id" else TYPE_OF.get(name)
        if of is None or value == ALL:
            continue
        asked = [one for one in (value if isinstance(value, list) else [value]) if one]
        known = {ring.ring_id for ring in read_rings(results)} if of == RING else _known(of, asked, people)
        found += [people.shown(of, one) for one in asked if one not in known]
    return list(dict.fromkeys(found))


def _known(entity_type: str, ids: list[str], people: Register) -> set[str]:
    types = ENTITY_TYPES if entity_type == ANY else (entity_type,)
    return {one for of in types for one in people.known(of, ids)}
