"""Assortments: people who each buy several different costly medicines.

A costly medicine treats one grave illness, and hardly anybody has three of them. Who buys for resale takes whatever sells.

Of the group's n households that buy costly medicines at its meetings, k have somebody who bought `SORTS` of them in all. Expected: by
person the largest share, over his own costly medicines, of the *other* buyers of that medicine who bought as many (a transplant needs
three at once: they explain one another), smoothed with 20 at the share among all who buy any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, expand, tally
from ringfinder.evidence.usual import log_amount, median_by
from ringfinder.evidence.view import BLANK, DAY, PHARMACY, Bools, Floats, Longs, View
from ringfinder.rings.prices import Rows

DEAR_QUANTILE = 0.9  # of purchases: a costly medicine's median purchase costs more than so many of all
SORTS = 3  # different costly medicines; two illnesses of this kind are seen now and then
SHARE = 0.4  # of the households that buy costly medicines at the group's meetings
SMOOTHING = 20.0


@dataclass(frozen=True)
class Buyers:
    """Who bought which costly medicine, each pair once, sorted: `patient`, `drug`.

    `day`: the days on which, each once, by pair; `since`: where each pair's begin (one more at the end). By patient code: `first` pair
    (one more at the end), `assorted`. By drug code: `dear`, `people` who bought it, of these `several` bought an assortment; `usual`:
    share among all buyers.
    """

    patient: Longs
    drug: Longs
    day: Longs
    since: Longs
    first: Longs
    assorted: Bools
    dear: Bools
    people: Longs
    several: Longs
    usual: float


def buyers(view: View) -> Buyers:
    """Counted once for all groups."""
    visits = view.visits
    rows = np.flatnonzero((visits.service == PHARMACY) & (visits.drug != BLANK))
    amount, drug = log_amount(view)[rows], visits.drug[rows].astype(np.int64)
    drugs, everybody = len(view.codes.drug), len(view.codes.patient)
    usual = median_by(visits.drug[rows], amount, drugs)
    dear = usual > (np.quantile(amount, DEAR_QUANTILE) if len(rows) else 0.0)  # NaN, never sold, is not
    width = np.int64(max(1, drugs))
    costly = np.flatnonzero(dear[drug])
    span = np.int64(visits.start.max(initial=0) // DAY + 1)
    days = distinct((visits.patient[rows] * width + drug)[costly] * span + visits.start[rows[costly]] // DAY)
    pairs, bought = coded(days // span)
    patient, drug = pairs // width, pairs % width
    sorts = np.bincount(patient, minlength=everybody)
    assorted = sorts >= SORTS
    return Buyers(
        patient=patient,
        drug=drug,
        day=days % span,
        since=np.r_[0, np.cumsum(np.bincount(bought, minlength=len(pairs)))],
        first=np.r_[0, np.cumsum(sorts)],
        assorted=assorted,
        dear=dear,
        people=np.bincount(drug, minlength=drugs),
        several=np.bincount(drug[assorted[patient]], minlength=drugs),
        usual=int(np.count_nonzero(assorted)) / max(1, int(np.count_nonzero(sorts))),
    )


def of_groups(view: View, known: Buyers, rows: Rows, n: int) -> tuple[Floats, Floats, Bools]:
    """By group: k, mu, and whether k is the `SHARE` of its buyers."""
    visits = view.visits
    bought = np.flatnonzero(visits.drug[rows.visit] != BLANK)
    bought = bought[(rows.kind[bought] == PHARMACY) & known.dear[visits.drug[rows.visit[bought]]]]
    if not len(bought):
        return np.zeros(n), np.zeros(n), np.zeros(n, np.bool_)
    patients = np.int64(len(known.assorted))
    keys, back = np.unique(rows.group[bought] * patients + visits.patient[rows.visit[bought]], return_index=True)
    group, patient = keys // patients, keys % patients
    home = rows.home[bought[back]]
    chance = expected(known, group, patient)
    k = tally(rows.owner, tally(home, known.assorted[patient], len(rows.owner)) > 0, n)
    never = tally(home, np.log1p(-np.minimum(chance, 0.99)), len(rows.owner))
    mu = tally(rows.owner, -np.expm1(never), n)
    homes = tally(rows.owner, np.bincount(home, minlength=len(rows.owner)) > 0, n)
    return k, mu, (k >= SHARE * homes) & (k > 0)


def expected(known: Buyers, group: Longs, patient: Longs) -> Floats:
    """By (group, person): the chance of an assortment, from the other buyers of his costly medicines."""
    pair, who = expand(known.first[patient], known.first[patient + 1])
    drug = known.drug[pair]
    width = np.int64(len(known.dear))
    at = coded(group[who] * width + drug)[1]
    own, mine = np.bincount(at)[at], tally(at, known.assorted[patient[who]])[at]
    rate = (known.several[drug] - mine + SMOOTHING * known.usual) / (known.people[drug] - own + SMOOTHING)
    out = np.zeros(len(group))
    np.maximum.at(out, who, rate)
    return out
