"""Hubs: go-betweens, shared contact phones and payee accounts that name people who hardly ever meet one another.

A hub names the people it is linked to: a go-between by his name on a claim, by his phone or account given as a patient's, or by being
paid; a phone or an account by being given. A hub whose people live at fewer than half as many addresses as they are is an
institution's own (nursing homes 0.12 to 0.32 addresses a head, rings 0.94 and more) and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, distinct_per
from ringfinder.evidence.likelihood import foreign
from ringfinder.evidence.view import BLANK, Bools, Ints, Longs, View

LEAST_HOUSEHOLDS = 4
ADDRESSES_A_HEAD = 0.5
TYPES = ("recruiter", "phone", "account")
WIDTH = np.int64(1) << 32


@dataclass(frozen=True)
class Hubs:
    """By hub number: `type` (index into `TYPES`), `code`; `keys`: sorted hub * 2^32 + patient for everybody it names."""

    type: Longs
    code: Longs
    keys: Longs

    def people(self, hub: int) -> Ints:
        """Patient codes that a hub names, sorted."""
        lo, hi = np.searchsorted(self.keys, [hub * WIDTH, (hub + 1) * WIDTH])
        return (self.keys[lo:hi] - hub * WIDTH).astype(np.int32)

    def names(self, hub: Longs, patient: Ints | Longs) -> Bools:
        """Whether each hub (-1: none) names each patient."""
        if not len(self.keys):
            return np.zeros(len(hub), np.bool_)
        wanted = hub * WIDTH + patient
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return (hub >= 0) & (self.keys[at] == wanted)

    def price(self, hub: Longs) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Nats to name each hub among those of its type; 0 for none."""
        if not len(self.type):
            return np.zeros(len(hub))
        many = np.bincount(self.type, minlength=len(TYPES))
        return np.where(hub >= 0, 1.0 + np.log(np.maximum(1, many[self.type[np.maximum(hub, 0)]])), 0.0)

    def sole(self, people: int, kind: str) -> Longs:
        """By patient code: the only hub of that type that names the person; BLANK for none or several."""
        out = np.full(people, BLANK, np.int64)
        hub, patient = self.keys // WIDTH, self.keys % WIDTH
        mine = self.type[hub] == TYPES.index(kind) if len(hub) else np.zeros(0, np.bool_)
        hub, patient = hub[mine], patient[mine]
        once = np.bincount(patient, minlength=people)[patient] == 1
        out[patient[once]] = hub[once]
        return out


def find(view: View) -> Hubs:
    """Every hub that names at least four households and is no institution's own."""
    types: list[Longs] = []
    codes: list[Longs] = []
    keys: list[Longs] = []
    for number, (code, patient) in enumerate((named_by_agents(view), named_by_phones(view), named_by_accounts(view))):
        pairs = distinct(code.astype(np.int64) * WIDTH + patient)
        owner, client = pairs // WIDTH, pairs % WIDTH
        hub_codes, hub = coded(owner)
        good = distinct_per(hub, view.people.household[client], len(hub_codes)) >= LEAST_HOUSEHOLDS
        good &= ~institution(view, hub, client, len(hub_codes))
        chosen = good[hub]
        offset = sum(len(t) for t in types)
        keys.append((np.cumsum(good) - 1 + offset)[hub[chosen]] * WIDTH + client[chosen])
        codes.append(hub_codes[good])
        types.append(np.full(int(good.sum()), number, np.int64))
    return Hubs(np.concatenate(types), np.concatenate(codes), np.sort(np.concatenate(keys)))


def institution(view: View, hub: Longs, patient: Longs, size: int) -> Bools:
    """By hub: its people share addresses as only inmates do."""
    has = view.people.address[patient] != BLANK
    people = np.bincount(hub[has], minlength=size)
    addresses = distinct_per(hub[has], view.people.address[patient[has]], size)
    return (people > 0) & (addresses < ADDRESSES_A_HEAD * people)


def named_by_agents(view: View) -> tuple[Ints, Ints]:
    """(recruiter, patient) pairs by name, phone or account."""
    claims, people, agents = view.claims, view.people, view.agents
    patients = np.arange(len(people.household), dtype=np.int32)
    named = claims.recruiter != BLANK
    code, patient = [claims.recruiter[named]], [claims.patient[named]]
    for theirs, given, who in (
        (agents.phone, people.phone, patients),
        (agents.phone, people.contact_phone, patients),
        (agents.account, people.account, patients),
        (agents.account, claims.account, claims.patient),
    ):
        owner = np.full(max(int(theirs.max(initial=-1)), int(given.max(initial=-1))) + 1, BLANK, np.int32)
        has = np.flatnonzero(theirs != BLANK)
        owner[theirs[has][::-1]] = has[::-1].astype(np.int32)
        match = np.flatnonzero(given != BLANK)
        match = match[owner[given[match]] != BLANK]
        code.append(owner[given[match]])
        patient.append(who[match])
    return np.concatenate(code), np.concatenate(patient)


def named_by_phones(view: View) -> tuple[Ints, Ints]:
    """(phone, patient) pairs, but for phones of listed agents: those hang on the agent."""
    people = view.people
    patients = np.arange(len(people.household), dtype=np.int32)
    code, patient = np.r_[people.phone, people.contact_phone], np.r_[patients, patients]
    kept = (code != BLANK) & ~np.isin(code, view.agents.phone)
    return code[kept], patient[kept]


def named_by_accounts(view: View) -> tuple[Ints, Ints]:
    """(account, patient) pairs of claims paid to an account of nobody in the household, but for listed agents' accounts."""
    claims = view.claims
    strange = foreign_payee(view) & ~np.isin(claims.account, view.agents.account[view.agents.account != BLANK])
    return claims.account[strange], claims.patient[strange]


def foreign_payee(view: View) -> Bools:
    """By claim: paid to a known account of nobody in the household, of a patient whose own account is known."""
    return foreign(view) & (view.people.account[view.claims.patient] != BLANK)
