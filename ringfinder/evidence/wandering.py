"""Wandering cards: people whose care cannot be theirs at two places or more, and who do so at the same places.

A house that codes badly codes badly for everybody, but the next house does not do so for the same people. A wrong register
follows its holder from house to house, but whose register is wrong does not choose the houses of others whose is. Cards lent out
within one circle do both.

Model. A *wanderer* has two different diagnoses or more that do not fit his sex or age, at two places or more: who has one such illness
has it wherever he is treated. k households of wanderers bear one at
place f; mu is their share of all (person, place) pairs with a known diagnosis, times those of f. Of these k people, k' bear one at
the place g as well; mu' is the number of their further places, times g's share of the further places of f's patients (these k among
them: cautious), or of those of the other wanderers where that is more: neighbours go to the same houses.

    S = H = L(k, mu) + L(k', mu') - ln(places) - 1

L allows for the scatter of the logarithm of the places' rates, as most show it. Members are the people who bear such a diagnosis at
f or g on two days, and the wanderers of f.

The same is asked of others whose care cannot be theirs (`Bearers`): those whom `contradictions` names gather in the same way.

Blind spots: claims without diagnoses; who lends his card at one place only (`impossible_care`), or to people like himself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, distinct_per, expand, order_by, tally
from ringfinder.evidence.doctor_pharmacy import honest_scatter
from ringfinder.evidence.view import BLANK, DAY, Bools, Candidate, Finding, Floats, HubType, Longs, View
from ringfinder.evidence.visits import ClaimsOf

PLACES, ILLNESSES = 2, 2
OCCASIONS = 3  # days
LISTED = -5.0


@dataclass(frozen=True)
class Bearers:
    """Whose care is looked at: `marked` and `told` by visit, whether it cannot be theirs and whether that could be said of it at all;
    `people` by patient code; `words`: what the sentences' keys begin with."""

    marked: Bools
    told: Bools
    people: Bools
    words: str


def wanderers(view: View, misfit: Bools) -> Bearers:
    """Those of whom two illnesses or more, at two places or more, cannot be theirs. `misfit`: by visit."""
    visits, people = view.visits, len(view.codes.patient)
    patient = visits.patient[misfit].astype(np.int64)
    places, illnesses = (distinct_per(patient, of[misfit], people) for of in (visits.facility, visits.diagnosis))
    return Bearers(
        misfit, visits.diagnosis != BLANK, (places >= PLACES) & (illnesses >= ILLNESSES), "reasons_kinds.wandering"
    )


def search(view: View, bearers: Bearers, claims: ClaimsOf, channel: str) -> list[Candidate]:
    """Places at which more of them bear such care than anything explains."""
    visits = view.visits
    size = np.int64(len(view.codes.facility))
    pair = visits.patient * size + visits.facility
    marked = distinct(pair[bearers.marked])
    wander = marked[bearers.people[marked // size]]
    if not len(wander):
        return []
    pairs = distinct(pair[bearers.told])
    share = len(wander) / len(pairs)
    usual = tally(pairs % size, np.full(len(pairs), share), int(size))
    rows = np.flatnonzero(bearers.marked)
    return gathered(view, Gathering(wander, pairs, usual, rows, bearers.words), claims, channel)


@dataclass(frozen=True)
class Gathering:
    """`who`: (person, place) pairs of bearers who bear it there, and `pairs` those of everybody, both sorted, as person * places + place.

    `usual`: by place, how many households would for honest reasons. `rows`: visits that bear it.
    """

    who: Longs
    pairs: Longs
    usual: Floats
    rows: Longs
    words: str


def gathered(view: View, of: Gathering, claims: ClaimsOf, channel: str) -> list[Candidate]:
    """Places at which more households bear it than is usual, each with the place that most of them share besides."""
    size = np.int64(len(view.codes.facility))
    visits, person, place = view.visits, of.who // size, of.who % size
    homes = distinct_per(place, view.people.household[person], int(size))
    days = distinct_per(visits.facility[of.rows].astype(np.int64), visits.start[of.rows] // DAY, int(size))
    differ = honest_scatter(homes, of.usual)
    gain = nats.surprise(homes, of.usual, differ)
    price = float(np.log(max(2, len(distinct(of.pairs % size))))) + nats.MARGIN
    worth = (gain > price + LISTED) & (homes >= nats.FEWEST_HOUSEHOLDS) & (days >= OCCASIONS)
    if not worth.any():
        return []
    goes = Goes.of(of.pairs, len(view.codes.patient), int(size))
    out = []
    for f in np.flatnonzero(worth).tolist():
        who = person[place == f]
        elsewhere = np.isin(person, who) & (place != f)
        theirs = np.bincount(place[elsewhere], minlength=int(size))
        expects = np.maximum(goes.shares(goes.patients(f), f), shares(place[~np.isin(person, who)], int(size)))
        mu = expects * np.count_nonzero(elsewhere)
        second = nats.surprise(theirs, mu, differ)
        g = int(second.argmax())
        score = float(gain[f] + second[g]) - price
        if score <= LISTED:
            continue
        here = (f, g) if second[g] > 0 else (f,)
        told = ((int(homes[f]), float(of.usual[f])), (int(theirs[g]), float(mu[g])))[: len(here)]
        out.append(candidate(view, of.rows, who, here, told, claims, score, channel, of.words))
    return out


def shares(place: Longs, places: int) -> Floats:
    """Each place's share of these."""
    return tally(place, np.full(len(place), 1.0 / max(1, len(place))), places)


@dataclass(frozen=True)
class Goes:
    """Who goes where: `pairs` (person, place) sorted; `first` by person; `by_place` rows of pairs, `begins` by place."""

    pairs: Longs
    first: Longs
    by_place: Longs
    begins: Longs
    places: int

    @staticmethod
    def of(pairs: Longs, people: int, places: int) -> Goes:
        """Index the pairs."""
        place = pairs % places
        begins = np.r_[0, np.cumsum(np.bincount(place, minlength=places))]
        return Goes(pairs, np.searchsorted(pairs, np.arange(people + 1) * places), order_by(place), begins, places)

    def patients(self, place: int) -> Longs:
        """Who goes there."""
        return self.pairs[self.by_place[self.begins[place] : self.begins[place + 1]]] // self.places

    def shares(self, people: Longs, place: int) -> Floats:
        """Of all places but one that these people go to, the share of each."""
        near = self.pairs[expand(self.first[people], self.first[people + 1])[0]] % self.places
        return shares(near[near != place], self.places)


def candidate(
    view: View,
    marked: Longs,
    wanderers: Longs,
    here: tuple[int, ...],
    told: tuple[tuple[int, float], ...],
    claims: ClaimsOf,
    score: float,
    channel: str,
    words: str,
) -> Candidate:
    """The wanderers of the places `here` as a candidate. `marked`: visits; `told`: count and expectation by place."""
    visits = view.visits
    mine = marked[np.isin(visits.facility[marked], here)]
    by_day = nats.pairs(visits.patient[mine], visits.start[mine] // DAY)[0]
    who, often = np.unique(by_day, return_counts=True)
    people = who[((often >= PLACES) & fits(view, who, often, wanderers, here)) | np.isin(who, wanderers)]
    mine = mine[np.isin(visits.patient[mine], people)]
    at = claims(mine)
    (count, expected), *_ = told
    values: dict[str, object] = {
        "people": len(people),
        "visits": len(mine),
        "places": ", ".join(str(view.codes.facility[f]) for f in here),
        "households": count,
        "expected": round(expected, 1),
    }
    findings = [Finding(channel, "for", words, values, count, expected, at, score)]
    seen, by_chance = told[-1]
    said: dict[str, object]
    if len(here) > 1:
        key, said = f"{words}_elsewhere", {"count": seen, "expected": round(by_chance, 1)}
    else:  # they share no other place beyond chance
        key, said = f"{words}_here", {"households": seen, "expected": round(by_chance, 1)}
    findings.append(Finding(channel, "harm", key, said, seen, by_chance, at, score))
    explained: dict[str, object] = {"expected": round(expected, 1)}
    findings.append(Finding(channel, "against", f"{words}_explained", explained, count, expected, at))
    hubs: tuple[tuple[HubType, int, str], ...] = tuple(("facility", f, "session_place") for f in here)
    strength = 1.0 - 0.5 ** np.minimum(often[np.isin(who, people)], 6).astype(np.float64)
    return Candidate("lent_cards", channel, people.astype(np.int32), strength, hubs, at, score, score, tuple(findings))


def fits(view: View, who: Longs, often: Longs, wanderers: Longs, here: tuple[int, ...]) -> Bools:
    """By person of `who`: bearing it on so many days (`often`) fits the wanderers of the places `here` better than their other patients.

    Who is dialysed there three times a week bears it twice by mere chance.
    """
    visits = view.visits
    there = np.flatnonzero(np.isin(visits.facility, here))
    came = nats.pairs(visits.patient[there], visits.start[there] // DAY)[0]
    theirs = np.isin(who, wanderers)
    days = np.searchsorted(came, who, side="right") - np.searchsorted(came, who)
    wander = int(np.count_nonzero(np.isin(came, wanderers)))
    theta = (often[theirs].sum() + 0.5) / (wander + 1.0)
    pi = (often[~theirs].sum() + 0.5) / (len(came) - wander + 1.0)
    out: Bools = often * np.log(theta / pi) > days * (theta - pi)
    return out
