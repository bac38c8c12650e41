"""A pair of doctor and pharmacy, and how alike what is filled there is: the harm of `doctor_pharmacy` and what explains it.

Sameness codes medicine and ln(amount) of the households' fills (`sameness`) against what the doctor prescribes elsewhere, what the
pharmacy sells to others, and the medicine's price anywhere, so that a doctor who always prescribes it, a pharmacy that always
sells it and a fixed price explain themselves. Amounts that vary say nothing either way: who is careful varies them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence import announced, sameness
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, expand
from ringfinder.evidence.hubs import WIDTH, institution
from ringfinder.evidence.once import once
from ringfinder.evidence.prescriptions import Purchases, nearness
from ringfinder.evidence.sameness import WIDTHS, Amounts
from ringfinder.evidence.shelves import FEW, Shelves, frequency, usual_price
from ringfinder.evidence.uses import Uses
from ringfinder.evidence.view import BLANK, PHARMACY, Longs, View

RARE = 1e-4  # probability of a medicine that nobody else prescribes
FLAT = 0.1  # density of ln(amount) when nothing is known
# so many times the usual price of the medicine and of the pharmacy, and the share of the fills that costs more
DEAR, DEAR_SHARE = 1.1, 0.6
# times what others pay for a medicine, month after month: two packs where others get one, and no supply for a quarter of a year
DOUBLE, MONTHLY = 1.5, 35
CHEAP = 3.0  # nats of sameness that an honest reason may explain: less than a trait that none explains (`harm.ALONE`)
COME_BACK, STANDING = 1.3, 0.5  # fills a household at least; share of fills that only repeat a monthly supply at most
ALL_STANDING = 0.8  # of the fills are such: a patients' club, in which each takes his monthly pack
MOSTLY_ONE = (
    0.7  # of the fills are of one, at usual prices, and half of them monthly supplies: a specialist's chronically ill
)
ONE_MEDICINE = 0.8  # of the fills are of one: whoever keeps it has the specialist's patients
BY_AMOUNT = 0.2  # of the sameness lies in the amounts, or only the medicine is alike
ALL = 0.9  # of a doctor's prescriptions are filled at one pharmacy: they are one business
ONE_HOUSE = 0.5  # of the colleagues' too: else it is the doctor's own
# colleagues with so many fills, of which the pharmacy gets less than this part of the doctor's share: the short way is theirs as well
TELL, AS_WELL = 20, 1 / 3
ORDINARY = 1.5  # times what anybody pays at any pharmacy, on average and at most: nobody steers people for that
BATCH = 2.0  # fills for each day of fills: whom a doctor steers, he sends one by one; rings have 1.0 to 1.5, other makers' worlds
ONE_BY_ONE = (
    0.75  # of the days that as many fills would take if each came by itself: then they are many, and no batches
)
LEAST_ROUND = 5  # days between two days of fills, as a rule: oftener is everyday life
CROWD = 3.0  # or he summons so many a day; rings 3.9 and more, families who fetch a factor together 2.5, other makers' worlds
NEARLY_ALL = 0.8  # of the fills, on days with a crowd: those tell the rhythm
NEXT = 2  # so many pharmacies are next door


@dataclass(frozen=True)
class Pair:
    """One desk and pharmacy: `loyal` of `seen` households, counted as `count`; chance, nats; `rows` of purchases.

    `share`: of all that the doctor prescribes, what is filled at the pharmacy. `special`: whom others send with these medicines
    goes there as well, or hardly anybody else keeps them. `one_medicine`: the largest part of the fills that is of one. `unnamed`:
    most fills do not say their medicine. `batched`: they come many on a day, or on days of a rhythm. `nearby`: next to the doctor's
    house or to where he saw them. `alone`: his colleagues, who have the same short way, send hardly anybody there. `ordinary`: half of
    the fills cost no more than what people usually pay at a pharmacy. `summoned`: they come many on a day, on few days without a rhythm.
    `doubled`: most fills cost `DOUBLE` what others pay for the same medicine, and the next is due within `MONTHLY` days.
    """

    desk: int
    doctors: tuple[int, ...]
    pharmacy: int
    pharmacies: tuple[int, ...]
    loyal: Longs
    seen: int
    count: int
    expected: float
    gain: float
    rows: Longs
    nearby: bool
    medicine: float = 0.0
    amount: float = 0.0
    dear: float = 0.0
    standing: float = 0.0
    share: float = 0.0
    special: bool = True
    one_medicine: float = 0.0
    home: bool = False
    unnamed: bool = False
    alone: bool = False
    ordinary: bool = False
    batched: bool = False
    summoned: bool = False
    doubled: bool = False

    @property
    def same(self) -> float:
        return self.medicine + self.amount

    @property
    def score(self) -> float:
        return self.gain + float(np.clip(self.same, -self.gain / 2, 2 * self.gain))

    @property
    def harm(self) -> float:
        """Sameness, but no further than `CHEAP` where honest reasons may explain it.

        That is at the pharmacy next door and its usual prices, unless his colleagues do not go there; where nobody comes back;
        where only the medicines are alike, and these are special (`specialty`) or just one, for which a specialist's patients go
        where it is kept; where the fills are monthly supplies of special medicines, or bought next door, or mostly of one medicine
        at usual prices, or hardly anything else at usual prices or of one medicine; where they cost what people usually pay, and at
        usual prices; where they are filled in batches, as a club's, an online practice's or a consulting day's are,
        unless somebody summoned them to dear things that are no monthly supplies;
        where the households are a home; where no medicine is named, since one dear medicine that a pharmacy keeps looks just so;
        and where all that the doctor and his colleagues prescribe is filled (an online practice and its mail-order pharmacy): who
        never sends anybody elsewhere steers nobody. Neither that the medicines are special nor that they are supplies explains why
        many come on one day, now and then, without a rhythm: somebody summoned them, unless nearly all only fetch
        their monthly supply. Nor do they explain twice what others get, unless nearly all are monthly supplies on days of a
        rhythm: the badly ill take twice as much, and their club's day brings it.
        """
        passing = len(self.rows) < COME_BACK * len(self.loyal)
        usual = self.dear < DEAR_SHARE
        one = self.one_medicine >= ONE_MEDICINE
        kept = (self.special or one) and self.amount <= (BY_AMOUNT * self.same if usual else 0.0)
        supply = self.standing >= STANDING and (self.nearby or self.special)
        monthly = self.standing >= ALL_STANDING and (usual or one)
        twofold = self.doubled and not (monthly and self.batched)
        supply |= self.standing >= STANDING and usual and self.one_medicine >= MOSTLY_ONE
        cheap = usual and self.ordinary
        delivered = self.batched and (usual or self.standing >= STANDING or not self.summoned) and not twofold
        explained = (
            (usual and self.nearby and not self.alone)
            or ((kept or supply or cheap) and not self.summoned and not twofold)
            or (monthly and not twofold)
            or passing
            or delivered
            or self.home
            or self.unnamed
            or self.share >= ALL
        )
        return min(self.same, 2 * self.gain, CHEAP if explained else np.inf)


def share_of_business(view: View, bought: Purchases, pair: Pair) -> float:
    """Of all that the doctor prescribes, what is filled at the pharmacy; 0 where his colleagues send most elsewhere.

    Colleagues tell from `FEW` fills on: then not the house works with the pharmacy but the doctor alone. Where they do not tell, his
    patients do: an online practice sends its medicines to all whom it sees.
    """
    (here, everywhere), (theirs, fills) = business(bought, pair)
    if (theirs < ONE_HOUSE * fills) if fills >= FEW else sees_others(view, pair):
        return 0.0
    return here / max(1, everywhere)


def sees_others(view: View, pair: Pair) -> bool:
    """Whether the doctor sees more households than `ONE_HOUSE` beside those that fill at the pharmacy."""
    keys, doctors = households_seen(view), np.array(pair.doctors, np.int64)
    homes = distinct(keys[expand(*(np.searchsorted(keys, (doctors + n) * WIDTH) for n in (0, 1)))[0]] % WIDTH)
    return bool(np.count_nonzero(np.isin(homes, pair.loyal)) < ONE_HOUSE * len(homes))


@once(lambda view: (view.claims.doctor, view.claims.service, view.claims.patient, view.people.household))
def households_seen(view: View) -> Longs:
    """Whom each doctor sees elsewhere than at a counter: doctor * 2^32 + household, sorted and each once; counted once for all pairs."""
    claims = view.claims
    seen = np.flatnonzero((claims.doctor != BLANK) & (claims.service != PHARMACY))
    return distinct(claims.doctor[seen].astype(np.int64) * WIDTH + view.people.household[claims.patient[seen]])


def alone(bought: Purchases, pair: Pair) -> bool:
    """Whether the doctor's colleagues send hardly anybody to the pharmacy, though it is as near to them."""
    (here, everywhere), (theirs, fills) = business(bought, pair)
    return fills >= TELL and theirs * everywhere < AS_WELL * here * fills


def business(bought: Purchases, pair: Pair) -> tuple[tuple[int, int], tuple[int, int]]:
    """Fills at the pair's pharmacies and everywhere: of the doctor's own prescriptions, and of his colleagues'."""
    return filled(bought, pair, np.array(pair.doctors)), filled(bought, pair, colleagues(bought, pair))


def colleagues(bought: Purchases, pair: Pair) -> Longs:
    """The other doctors of the houses of the pair's."""
    houses = bought.place[list(pair.doctors)]
    others = np.flatnonzero(np.isin(bought.place, houses[houses != BLANK]))
    return others[~np.isin(others, pair.doctors)]


def filled(bought: Purchases, pair: Pair, desks: Longs) -> tuple[int, int]:
    """Fills of these doctors' prescriptions at the pair's pharmacies, and everywhere."""
    a, b = np.searchsorted(bought.desk, desks), np.searchsorted(bought.desk, desks + 1)
    here = sum(int(np.isin(bought.pharmacy[i:j], pair.pharmacies).sum()) for i, j in zip(a, b, strict=True))
    return here, int((b - a).sum())


def as_guest(view: View, p: Purchases, pair: Pair) -> bool:
    """Whether the doctor saw most of these patients in a house other than his own, and the pharmacy is next to that."""
    claims = view.claims  # sorted by person
    who = distinct(p.patient[pair.rows])
    theirs, _ = expand(*(np.searchsorted(claims.patient, who, side) for side in ("left", "right")))
    houses = claims.facility[
        theirs[np.isin(claims.doctor[theirs], pair.doctors) & (claims.service[theirs] != PHARMACY)]
    ]
    if not len(houses):
        return False
    house = np.bincount(houses).argmax()
    if house in view.doctor_place[list(pair.doctors)]:
        return False
    rank = nearness(view, np.array([house]), np.array([pair.pharmacy]))
    return bool(0 <= rank[0] < NEXT)


def judged(p: Purchases, shelves: Shelves, uses: Uses, pair: Pair) -> Pair:
    """The pair with its sameness: medicine and amount of the loyal households' fills, one a household and medicine."""
    rows = pair.rows[np.lexsort((pair.rows, p.day[pair.rows]))]
    rows = rows[np.sort(nats.distinct(p.household[rows], p.drug[rows]))]
    rows = rows[sameness.thinned(rows)]
    household, drug, value = p.household[rows], p.drug[rows], p.log_amount[rows]
    a, b = np.searchsorted(p.desk, [pair.desk, pair.desk + 1])
    mine = np.arange(a, b)
    elsewhere, own = mine[p.pharmacy[a:b] != pair.pharmacy], mine[p.pharmacy[a:b] == pair.pharmacy]
    counter = shelves.at(pair.pharmacy)
    counter = counter[p.desk[counter] != pair.desk]
    known = drug != BLANK
    medicine = 0.0
    if known.any() and not p.one_medicine:  # a desk of one medicine prescribes it by definition
        usual = np.maximum(shelves.medicines[drug[known]] / max(int(shelves.medicines.sum()), 1), RARE)
        base = [frequency(p.drug[part], drug[known], usual) for part in (elsewhere, counter)]
        base.append(uses.frequency(p, mine, rows[known], usual))
        medicine = float(
            sameness.prequential(sameness.equal(drug[known]), household[known], np.maximum.reduce([usual, *base])).sum()
        )
    one = np.zeros(len(rows), np.int64)
    tables = [Amounts.of(np.zeros(len(x), np.int64), p.log_amount[x], 1) for x in (elsewhere, counter)]
    ours = Amounts.of(p.drug[own] + 1, p.log_amount[own], shelves.prices.size)
    others, flat = shelves.prices.total(drug + 1) - ours.total(drug + 1), np.full(len(rows), FLAT)
    near = (shelves.prices.near(drug + 1, value), ours.near(drug + 1, value), *(t.near(one, value) for t in tables))
    prices = shelves.one_price(drug, pair.pharmacy)
    strict = []
    for w, one_price, all_near, our_near, *there_near in zip(WIDTHS, prices, *near, strict=True):
        price = sameness.density(all_near - our_near, others, w, flat)
        there = [sameness.density(n, t.total(one), w, flat) for t, n in zip(tables, there_near, strict=True)]
        strict.append(np.maximum.reduce([flat, price, *there, one_price / w]))
    amount = max(sameness.best_width(value, household, strict)[0], 0.0)  # who is careful varies them
    dear = float(np.mean(value > np.log(DEAR) + usual_price(p, shelves, ours, drug, counter)))
    more = shelves.price_of_others(ours, drug) + np.log(DOUBLE)
    standing = float(np.mean(p.course[pair.rows])) if len(pair.rows) else 0.0
    special = shelves.specialty(p, pair.doctors[0], pair.pharmacy, drug[known])
    unnamed = bool(2 * np.count_nonzero(p.drug[pair.rows] != BLANK) < len(pair.rows))
    day = p.day[pair.rows].astype(np.int64)
    most = float(np.bincount(p.drug[pair.rows] + 1).max() / len(pair.rows)) if len(pair.rows) else 0.0
    return replace(
        pair,
        medicine=medicine,
        amount=amount,
        dear=dear,
        standing=standing,
        special=special,
        one_medicine=most,
        unnamed=unnamed,
        batched=in_batches(day),
        summoned=summoned(day),
        doubled=bool(len(value) and np.mean(value > more) >= DEAR_SHARE and usual_gap(p, pair.rows) <= MONTHLY),
        ordinary=bool(np.exp(p.log_amount[pair.rows]).mean() <= ORDINARY * shelves.mean) if len(pair.rows) else False,
    )


def usual_gap(p: Purchases, rows: Longs) -> float:
    """Days from a fill of one person's medicine to the next, as a rule; infinite where nobody comes back."""
    rows = rows[np.lexsort((p.day[rows], p.drug[rows], p.patient[rows]))]
    again = (p.patient[rows][1:] == p.patient[rows][:-1]) & (p.drug[rows][1:] == p.drug[rows][:-1])
    gaps = np.diff(p.day[rows].astype(np.int64))[again]
    return float(np.median(gaps)) if len(gaps) else np.inf


def in_batches(day: Longs) -> bool:
    """Whether fills come in batches, or on days of a rhythm that is not everyday life: a practice that sends out, a club that meets."""
    days = np.unique(day)
    if len(days) < announced.WEEKDAYS or summoned(day):
        return False
    span = int(days[-1] - days[0]) + 1
    together = len(days) < ONE_BY_ONE * span * -np.expm1(-len(day) / span)
    main = days_of_most(day)
    in_rounds = len(main) >= announced.WEEKDAYS and regular(main) and bool(np.median(np.diff(main)) >= LEAST_ROUND)
    return (together and len(day) >= BATCH * len(days)) or in_rounds


def summoned(day: Longs) -> bool:
    """Whether many fills come on a day, now and then, without a rhythm: nobody's practice, and no club's day."""
    days = np.unique(day)
    if len(days) < announced.WEEKDAYS or days[-1] - days[0] < LEAST_ROUND * (len(days) - 1):
        return False
    return len(day) >= CROWD * len(days) and not regular(days_of_most(day))


def days_of_most(day: Longs) -> Longs:
    """The days with a crowd where nearly all fills come on those, else all days: stragglers hide no rhythm. Sorted, each once."""
    days, fills = np.unique(day, return_counts=True)
    crowd = fills >= CROWD
    return days[crowd] if fills[crowd].sum() >= NEARLY_ALL * len(day) else days


def regular(days: Longs) -> bool:
    """Whether days (rising, each once) come in a rhythm."""
    return bool(announced.in_rhythm(np.zeros(len(days), np.int64), days, 1)[0])


def of_a_home(view: View, p: Purchases, pair: Pair) -> bool:
    """Whether the patients share addresses as only inmates do: then their home chose both doctor and pharmacy."""
    who = distinct(p.patient[pair.rows]).astype(np.int64)
    return bool(institution(view, np.zeros(len(who), np.int64), who, 1)[0])
