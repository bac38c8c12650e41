"""Roles: who besides the patients belongs to a ring.

A doctor, facility, operator, terminal, account or go-between joins where the ring's claims concentrate on it beyond its share of the
other claims at the same places; which types can act at all depends on the kind. The only till of a place, and who alone serves there,
joins with the place. Cards join through their holders' ring claims.
A role is a description of what the claims show, not of guilt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

import numpy as np

from ringfinder.evidence.arrays import distinct, expand, order_by
from ringfinder.evidence.hubs import WIDTH, foreign_payee, named_by_agents
from ringfinder.evidence.view import BLANK, Candidate, Ints, View
from ringfinder.model import Member

# kind -> type -> (role, share of the ring's claims from which it counts)
ACTORS: dict[str, dict[str, tuple[str, float]]] = {
    "paid_referral": {"facility": ("hospital", 0.25), "doctor": ("attending", 0.1), "recruiter": ("go_between", 0.15)},
    "retained_cards": {
        "facility": ("till_owner", 0.25),
        "operator": ("operator", 0.4),
        "terminal": ("till", 0.4),
        "doctor": ("attending", 0.4),
    },
    "lent_cards": {"doctor": ("attending", 0.3), "facility": ("host", 0.4)},
    "drug_resale": {"doctor": ("prescriber", 0.4), "facility": ("dispenser", 0.15)},
    "sham_stay": {"facility": ("hospital", 0.25), "doctor": ("attending", 0.1)},
    "rotation": {"facility": ("hospital", 0.15), "doctor": ("attending", 0.1)},
    "fake_bills": {"account": ("payee", 0.1), "facility": ("issuer", 0.25)},
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
CARD_KINDS = ("retained_cards", "lent_cards", "after_death")
PATIENT_ROLES = {
    "paid_referral": "recruited",
    "retained_cards": "holder",
    "lent_cards": "holder",
    "drug_resale": "buyer",
    "after_death": "deceased",
}
BEYOND, ODDS = 2.0, 4.0  # its share of the ring's claims is so many times its share of the others', or its odds are
GO_BETWEENS = ("recruiter", "account")
MONEY = ("payee", 0.15)  # whatever the kind: an account of nobody in the household that takes this share of the claims
BEHIND = (
    0.3  # a go-between stands behind a ring who is linked to this share of its people, and they are this share of his
)
ON_THE_SPOT = ("operator", "terminal")  # of whom a place may have but one
SCENERY = ("session_place",)  # where it happened, which alone says nothing of the place
NAMED_BY_HUBS = ("doctor_pharmacy", "insider", "fake_bills")  # the channel itself says who acts
LEAST_CLAIMS = 3


def beyond(k: int, total: int, usual: float) -> bool:
    """Whether k of a ring's `total` claims go to an actor that takes the share `usual` of the others'."""
    share = k / total
    odds = (k + 0.5) / (total - k + 0.5)
    return share >= BEYOND * usual or (usual < 1.0 and odds >= ODDS * usual / (1.0 - usual))


class Cast:
    """Finds the roles of rings in one view; counts of the whole view are made once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.foreign = foreign_payee(view)
        self.by_place = order_by(view.claims.facility).astype(np.int32)
        counts = np.bincount(view.claims.facility, minlength=len(view.codes.facility))
        self.first = np.r_[0, np.cumsum(counts)]
        self.named_at: dict[str, Ints] = {}  # by type: whom each claim names, in the order of `by_place`
        agent, patient = named_by_agents(view)
        links = distinct(patient.astype(np.int64) * WIDTH + agent)  # by patient, then agent
        self.agent_of, self.linked = (links % WIDTH), (links // WIDTH)
        self.clients = np.bincount(self.agent_of, minlength=len(view.codes.recruiter))

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
        actors = {"account": MONEY} | ACTORS.get(ring.kind, {})
        hubs = {
            (kind, code): role
            for kind, code, role in ring.hubs
            if (kind in actors or kind in GO_BETWEENS) and role not in SCENERY
        }
        found: dict[tuple[str, int], tuple[str, float, int]] = {}
        # where money or a go-between bundles the claims of the dead, place, till, clerk and card are only where it happened
        bundled = ring.kind == "after_death" and any(kind in GO_BETWEENS for kind, _ in hubs)
        if bundled:
            actors = {kind: actor for kind, actor in actors.items() if kind in GO_BETWEENS}
            hubs = {hub: role for hub, role in hubs.items() if hub[0] in GO_BETWEENS}

        def usual(kind: str, code: int) -> float:
            return 0.0 if kind == "facility" else self.usual(ring.claims, kind, code)

        for kind, (role, least) in actors.items():
            if ring.kind in NAMED_BY_HUBS and any(h[0] == kind for h in hubs):
                continue
            column: Ints = getattr(view.claims, kind)
            mine = column[ring.claims]
            if kind == "account":
                mine = mine[self.foreign[ring.claims]]
            for code, k in sorted(Counter(mine[mine != BLANK].tolist()).items()):
                share = k / total
                if k < LEAST_CLAIMS or share < least:
                    continue
                named = ring.claims[column[ring.claims] == code]
                if beyond(k, total, usual(kind, code)) or (
                    kind in ON_THE_SPOT and self.alone(named, kind, code, found)
                ):
                    found[kind, code] = (role, min(1.0, share), k)
        for code, people in self.go_betweens(ring):
            k = int(np.count_nonzero(view.claims.recruiter[ring.claims] == code))
            found.setdefault(("recruiter", code), ("go_between", people / len(ring.patients), k))
        for (kind, code), role in hubs.items():
            k = int(np.count_nonzero(getattr(view.claims, kind)[ring.claims] == code))
            sure = kind not in ON_THE_SPOT or ring.kind in NAMED_BY_HUBS
            if sure or beyond(k, total, usual(kind, code)):
                found.setdefault((kind, code), (role, max(0.5, min(1.0, k / total)), k))
        if ring.kind in CARD_KINDS and not bundled:
            mine = view.claims.card[ring.claims]
            of_member = np.isin(view.claims.patient[ring.claims], ring.patients)
            for code, k in Counter(mine[(mine != BLANK) & of_member].tolist()).items():
                found["card", code] = ("card", 1.0, k)
        ids = view.codes
        return [
            Member(kind, str(getattr(ids, kind)[code]), role, round(strength, 3), k)
            for (kind, code), (role, strength, k) in sorted(found.items())
        ]

    def go_betweens(self, ring: Candidate) -> list[tuple[int, int]]:
        """Agents to whom enough of the ring's people are linked by name, phone or account, with how many."""
        lo, hi = np.searchsorted(self.linked, ring.patients), np.searchsorted(self.linked, ring.patients + 1)
        agents, people = np.unique(self.agent_of[expand(lo, hi)[0]], return_counts=True)
        enough = (people >= LEAST_CLAIMS) & (people >= BEHIND * len(ring.patients))
        enough &= people >= BEHIND * self.clients[agents]
        return list(zip(agents[enough].tolist(), people[enough].tolist(), strict=True))

    def alone(self, claims: Ints, kind: str, code: int, members: Container[tuple[str, int]]) -> bool:
        """Whether nobody else of its type is named where these claims, which name it, were made, at places that are members."""
        places = distinct(self.view.claims.facility[claims])
        return all(("facility", int(place)) in members for place in places) and (
            self.usual(claims, kind, code, known=True) == 1.0
        )

    def usual(self, claims: Ints, kind: str, code: int, known: bool = False) -> float:
        """The share of the other claims at the same places that name an actor; 0 where there are none.

        With `known` only those count that name any of its type.
        """
        places = distinct(self.view.claims.facility[claims])
        others = int((self.first[places + 1] - self.first[places]).sum()) - len(claims)
        if known:
            others -= self._others(claims, places, kind, BLANK)
        return self._others(claims, places, kind, code) / others if others else 0.0

    def _others(self, claims: Ints, places: Ints, kind: str, code: int) -> int:
        """How many claims at some places name an actor, without the ring's, which are all there."""
        column: Ints = getattr(self.view.claims, kind)
        if kind not in self.named_at:
            self.named_at[kind] = column[self.by_place]
        named = self.named_at[kind]
        there = sum(int(np.count_nonzero(named[self.first[p] : self.first[p + 1]] == code)) for p in places)
        return there - int(np.count_nonzero(column[claims] == code))
