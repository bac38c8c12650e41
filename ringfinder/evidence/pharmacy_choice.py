"""Which pharmacy a household would choose without the desk: by habit, neighbours, colleagues, way, medicine.

The chance pi that household r would be loyal to pharmacy h anyway is the largest of

    (own purchases at h without d + 2 prior) / (own purchases without d + 2)     habit
    h's share among other doctors' patients on r's medicine, in town, at d's place,
    or among those of one colleague                                                      the medicine

with the prior the largest of: h's share among the prescriptions of d's colleagues (village with one pharmacy, counter
next door); what pharmacies of h's rank by distance from a doctor usually get; half of h's share among the district's
people. One household counts once; d's own patients are taken out everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, expand, first_of_runs, found_at
from ringfinder.evidence.prescriptions import NEAREST, Patients, Purchases, Votes, nearness
from ringfinder.evidence.view import BLANK, Floats, Ints, Longs, View

PRIOR_PURCHASES = 2.0  # the prior counts as much as two purchases of the household's own
DISTRICT_PULL = 0.5  # people of a district spread over its pharmacies; a doctor's patients live nearer than that
UNDECIDED = 3.0  # households added to colleagues and medicines, so that one patient of theirs is no custom
LEAST_PULL = 0.01  # any pharmacy of a town may be somebody's choice
ROOM = 4  # combinations of codes a row, up to which a table holds all of them instead of those that occur
CEILING = 0.95  # nobody goes to one pharmacy for certain


@dataclass(frozen=True)
class Counts:
    """How often each combination of codes occurs, to be looked up: sorted `keys` with counts `n`.

    Where few combinations are possible, `n` has one for each and there are no keys.
    """

    keys: Longs | None
    n: Longs
    widths: tuple[int, ...]

    @staticmethod
    def of(*columns: Longs) -> Counts:
        """Count rows by the columns' values (blanks allowed)."""
        widths = tuple(int(c.max(initial=0)) + 2 for c in columns)
        possible = prod(widths)
        if possible <= ROOM * len(columns[0]):
            return Counts(None, np.bincount(joined(columns, widths), minlength=possible), widths)
        keys, n = np.unique(joined(columns, widths), return_counts=True)
        return Counts(keys, n.astype(np.int64), widths)

    def __call__(self, *columns: Longs) -> Longs:
        """Counts of the wanted combinations, 0 where absent."""
        if not len(self.n):
            return np.zeros(len(columns[0]), np.int64)
        known = np.logical_and.reduce([(c >= -1) & (c < w - 1) for c, w in zip(columns, self.widths, strict=True)])
        wanted = np.where(known, joined(columns, self.widths), -1)
        if self.keys is None:
            return np.where(known, self.n[wanted], 0)
        at = np.minimum(found_at(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.n[at], 0)


def joined(columns: tuple[Longs, ...], widths: tuple[int, ...]) -> Longs:
    """One key of several codes (each from -1)."""
    key = np.zeros(len(columns[0]), np.int64)
    for column, width in zip(columns, widths, strict=True):
        key = key * width + column + 1
    return key


@dataclass(frozen=True)
class Custom:
    """For each (place, medicine, pharmacy) the colleague whose patients go there most, and the second.

    k/(n + 1) of a desk's n households with the medicine; at least two of them, one patient is no custom. A medicine that
    only one pharmacy keeps sends every colleague's patients there, however few they are.
    """

    keys: Longs
    widths: tuple[int, ...]
    best: Floats
    desk: Longs
    second: Floats

    @staticmethod
    def of(site: Longs, drug: Longs, pharmacy: Longs, desk: Longs) -> Custom:
        """From rows that name each (place, medicine, pharmacy, desk, household) once."""
        columns = (site, drug, pharmacy)
        widths = tuple(int(c.max(initial=0)) + 2 for c in columns)
        place, _, number = nats.pair_index(joined(columns, widths), desk)
        at = nats.distinct(number)
        k = np.bincount(number, minlength=len(place))
        n = Counts.of(desk, drug)(desk[at], drug[at])
        share = np.where(k > 1, k / (n + 1.0), 0.0)
        order = np.lexsort((desk[at], -share, place))
        keys, first = np.unique(place[order], return_index=True)
        follows = np.r_[place[order][1:] == place[order][:-1], False] if len(order) else np.zeros(0, np.bool_)
        next_ = np.where(follows[first], share[order][np.minimum(first + 1, max(len(order) - 1, 0))], 0.0)
        return Custom(keys, widths, share[order][first], desk[at][order][first], next_)

    def share(self, site: Longs, drug: Longs, pharmacy: Longs, desk: Longs) -> Floats:
        """The largest share of the pharmacy among the patients of one other desk of the place on the medicine."""
        wanted = joined((site, drug, pharmacy), self.widths)
        at = np.minimum(found_at(self.keys, wanted), len(self.keys) - 1)
        found = np.where(self.desk[at] == desk, self.second[at], self.best[at])
        return np.where(self.keys[at] == wanted, found, 0.0)


@dataclass(frozen=True)
class Choice:
    """Counts to look up what a household does without the desk. One household counts once, and days, not slips.

    By row of `seen`: `elsewhere`, the household's days of purchases without the desk; `first`, where the medicines that the desk
    gave it begin in `taken` (one more at the end).
    """

    seen: Patients
    all_days: Counts
    elsewhere: Longs
    desk_days: Counts
    district: Longs
    near: Counts
    near_total: Counts
    drug_shop: Counts
    drug_total: Counts
    site_drug_shop: Counts
    site_drug: Counts
    desk_drug_shop: Counts
    desk_drug: Counts
    taken: Longs
    first: Longs
    custom: Custom
    place: Longs

    @staticmethod
    def of(view: View, p: Purchases, seen: Patients) -> Choice:
        """Count the purchases of a view."""
        one = nats.distinct(p.household, p.pharmacy, p.day)
        some = one[nats.distinct(p.household[one], p.day[one])]
        rx = np.flatnonzero(p.desk != BLANK)
        fills = rx[first_of_runs(p.desk[rx], p.pharmacy[rx], p.household[rx], p.day[rx])]
        desk_days = fills[nats.distinct(p.desk[fills], p.household[fills], p.day[fills])]
        district = np.full(int(view.people.household.max(initial=0)) + 1, BLANK, np.int64)
        district[view.people.household] = view.people.district
        named = rx[p.drug[rx] != BLANK]
        meds = named[nats.distinct(p.drug[named], p.desk[named], p.pharmacy[named], p.household[named])]
        site = p.place[p.desk].astype(np.int64)
        width = np.int64(p.household.max(initial=0)) + 1
        drugs = np.int64(p.drug.max(initial=0)) + 1
        taken = distinct((p.desk[meds] * width + p.household[meds]) * drugs + p.drug[meds])
        first = np.searchsorted(taken // drugs, seen.desk * width + seen.household)
        days, total = Counts.of(p.desk[desk_days], p.household[desk_days]), Counts.of(p.household[some])
        return Choice(
            seen=seen,
            all_days=Counts.of(p.household[one], p.pharmacy[one]),
            elsewhere=np.maximum(total(seen.household) - days(seen.desk, seen.household), 0),
            desk_days=Counts.of(p.desk[fills], p.household[fills], p.pharmacy[fills]),
            district=district,
            near=Counts.of(district[p.household[one]], p.pharmacy[one]),
            near_total=Counts.of(district[p.household[one]]),
            drug_shop=Counts.of(p.drug[meds], p.pharmacy[meds]),
            drug_total=Counts.of(p.drug[meds]),
            site_drug_shop=Counts.of(site[meds], p.drug[meds], p.pharmacy[meds]),
            site_drug=Counts.of(site[meds], p.drug[meds]),
            desk_drug_shop=Counts.of(p.desk[meds], p.drug[meds], p.pharmacy[meds]),
            desk_drug=Counts.of(p.desk[meds], p.drug[meds]),
            taken=taken % drugs,
            first=np.r_[first, len(taken)],
            custom=Custom.of(site[meds], p.drug[meds], p.pharmacy[meds], p.desk[meds]),
            place=p.place.astype(np.int64),
        )

    def chance(self, at: Longs, pharmacy: Longs, around: Floats) -> Floats:
        """For each row the chance that the household of a desk (`at`: rows of `seen`) would be loyal to the pharmacy without it.

        `around`: the largest explanation that does not depend on the household (`shares_around`).
        """
        desk, household = self.seen.desk[at], self.seen.household[at]
        mine = self.desk_days(desk, household, pharmacy)
        here = np.maximum(self.all_days(household, pharmacy) - mine, 0)
        home = self.district[household]
        pull = DISTRICT_PULL * np.maximum(self.near(home, pharmacy) - mine, 0) / np.maximum(self.near_total(home), 1)
        habit = (here + PRIOR_PURCHASES * np.maximum(pull, LEAST_PULL)) / (self.elsewhere[at] + PRIOR_PURCHASES)
        return np.minimum(np.maximum.reduce([habit, around, self.medicine(at, desk, pharmacy)]), CEILING)

    def medicine(self, at: Longs, desk: Longs, pharmacy: Longs) -> Floats:
        """For each row the largest share of the pharmacy among others' patients on one of the household's medicines."""
        medicines, row = expand(self.first[at], self.first[at + 1])
        out = np.zeros(len(desk))
        if not len(row):
            return out
        drug = self.taken[medicines]
        d, h, site = desk[row], pharmacy[row], self.place[desk[row]]
        own_here, own = self.desk_drug_shop(d, drug, h), self.desk_drug(d, drug)
        town = (self.drug_shop(drug, h) - own_here) / (self.drug_total(drug) - own + UNDECIDED)
        there = (self.site_drug_shop(site, drug, h) - own_here) / (self.site_drug(site, drug) - own + UNDECIDED)
        np.maximum.at(out, row, np.maximum.reduce([town, there, self.custom.share(site, drug, h, d)]))
        return out


def shares_around(view: View, p: Purchases, pairs: Votes) -> tuple[Floats, Ints]:
    """For each pair the largest explanation that does not depend on the household, and h's rank by distance.

    h's share among the colleagues' prescriptions, or what pharmacies of its rank usually get of a desk's.
    """
    rx = np.flatnonzero(p.desk != BLANK)
    heads = rx[first_of_runs(p.desk[rx], p.pharmacy[rx], p.household[rx])]
    d, h, site = p.desk[heads], p.pharmacy[heads], p.place[p.desk[heads]].astype(np.int64)
    of_desk, at_site = Counts.of(d), Counts.of(site)
    place = p.place[pairs.desk].astype(np.int64)
    mine, own = Counts.of(d, h)(pairs.desk, pairs.pharmacy), of_desk(pairs.desk)
    there = Counts.of(site, h)(place, pairs.pharmacy)
    colleagues = (there - mine) / (at_site(place) - own + UNDECIDED)
    rank = nearness(view, place, pairs.pharmacy)
    weight = mine / np.maximum(own, 1)
    near = rank >= 0
    desks = max(len(distinct(pairs.desk)), 2)
    usual = np.bincount(rank[near], weights=weight[near], minlength=NEAREST)
    by_rank = np.where(near, np.maximum(usual[np.maximum(rank, 0)] - weight, 0.0) / (desks - 1), 0.0)
    return np.maximum(colleagues, by_rank), rank
