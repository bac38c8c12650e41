"""Roles: who besides the patients belongs to a ring.

A doctor, facility, operator, terminal, account or go-between joins where the ring's claims concentrate on it beyond its share of the
other claims at the same places; which types can act at all depends on the kind. Cards join through their holders' ring claims.
A role is a description of what the claims show, not of guilt.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.hubs import foreign_payee
from ringfinder.evidence.view import BLANK, Bools, Candidate, Ints, View
from ringfinder.model import Member

# kind -> type -> (role, share of the ring's claims from which it counts)
ACTORS: dict[str, dict[str, tuple[str, float]]] = {
    "paid_referral": {"facility": ("hospital", 0.25), "doctor": ("attending", 0.2), "recruiter": ("go_between", 0.15)},
    "retained_cards": {"facility": ("till_owner", 0.25), "operator": ("operator", 0.4), "terminal": ("till", 0.4)},
    "lent_cards": {"doctor": ("attending", 0.3), "facility": ("host", 0.4)},
    "drug_resale": {"doctor": ("prescriber", 0.4)},
    "sham_stay": {"facility": ("hospital", 0.25), "doctor": ("attending", 0.2)},
    "rotation": {"facility": ("hospital", 0.15), "doctor": ("attending", 0.12)},
    "fake_bills": {"account": ("payee", 0.1), "recruiter": ("go_between", 0.15)},
    "doctor_pharmacy": {"doctor": ("prescriber", 0.3), "facility": ("dispenser", 0.3)},
    "insider": {"operator": ("settler", 0.3), "account": ("payee", 0.15)},
    "after_death": {
        "facility": ("host", 0.4),
        "operator": ("operator", 0.5),
        "terminal": ("till", 0.5),
        "account": ("payee", 0.15),
        "recruiter": ("collector", 0.15),
    },
}
CARD_KINDS = ("retained_cards", "lent_cards")
PATIENT_ROLES = {
    "paid_referral": "recruited",
    "retained_cards": "holder",
    "lent_cards": "holder",
    "drug_resale": "buyer",
    "after_death": "deceased",
}
BEYOND = 2.0  # its share of the ring's claims is at least this many times its share of the others'
LEAST_CLAIMS = 3


class Cast:
    """Finds the roles of rings in one view; counts of the whole view are made once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.foreign = foreign_payee(view)
        order = np.argsort(view.claims.facility, kind="stable")
        self.by_place = order
        counts = np.bincount(view.claims.facility, minlength=len(view.codes.facility))
        self.first = np.r_[0, np.cumsum(counts)]

    def members(self, ring: Candidate) -> tuple[Member, ...]:
        """All members, patients first, then by type and id."""
        return tuple(self.patients(ring)) + tuple(self.others(ring))

    def patients(self, ring: Candidate) -> list[Member]:
        claims = Counter(self.view.claims.patient[ring.claims].tolist())
        role = PATIENT_ROLES.get(ring.kind, "patient")
        ids = self.view.codes.patient
        return [
            Member("patient", str(ids[p]), role, round(float(s), 3), claims[int(p)])
            for p, s in zip(ring.patients, ring.strength, strict=True)
        ]

    def others(self, ring: Candidate) -> list[Member]:
        """Members that are not patients, each with the share of the ring's claims it takes as strength."""
        view, total = self.view, max(1, len(ring.claims))
        found: dict[tuple[str, int], tuple[str, float, int]] = {}
        there = self.elsewhere(ring)
        for kind, (role, least) in ACTORS.get(ring.kind, {}).items():
            column: Ints = getattr(view.claims, kind)
            mine = column[ring.claims]
            if kind == "account":
                mine = mine[self.foreign[ring.claims]]
            for code, k in sorted(Counter(mine[mine != BLANK].tolist()).items()):
                share = k / total
                if k < LEAST_CLAIMS or share < least:
                    continue
                usual = float(np.mean(column[there] == code)) if len(there) and kind != "facility" else 0.0
                if share >= BEYOND * usual:
                    found[kind, code] = (role, min(1.0, share), k)
        allowed = {*ACTORS.get(ring.kind, {})}
        for kind, code, role in ring.hubs:
            if kind in allowed or kind in ("recruiter", "account"):
                k = int(np.count_nonzero(getattr(view.claims, kind)[ring.claims] == code))
                found.setdefault((kind, code), (role, max(0.5, min(1.0, k / total)), k))
        if ring.kind in CARD_KINDS:
            mine = view.claims.card[ring.claims]
            of_member = np.isin(view.claims.patient[ring.claims], ring.patients)
            for code, k in Counter(mine[(mine != BLANK) & of_member].tolist()).items():
                found["card", code] = ("card", 1.0, k)
        ids = view.codes
        return [
            Member(kind, str(getattr(ids, kind)[code]), role, round(strength, 3), k)
            for (kind, code), (role, strength, k) in sorted(found.items())
        ]

    def elsewhere(self, ring: Candidate) -> Ints:
        """Claims at the ring's places that are not the ring's."""
        places = distinct(self.view.claims.facility[ring.claims])
        parts = [self.by_place[self.first[p] : self.first[p + 1]] for p in places]
        there = np.concatenate(parts) if parts else np.zeros(0, np.int64)
        mine: Bools = np.isin(there, ring.claims)
        return there[~mine].astype(np.int32)
