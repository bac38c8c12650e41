"""Doctor and pharmacy: a doctor's prescriptions go to one pharmacy far beyond what his patients would choose
themselves.

Model. K = households that filled most of desk d's prescriptions at pharmacy h: one decision a household, however
often it returns, one decision an outing, however many take part. A desk is a doctor, or one medicine of a doctor.
Chance mu is the sum over d's households of the chance to be loyal to h anyway (`pharmacy_choice`: habit, neighbours,
colleagues, proximity, medicine). All households are counted, or only those that came back; the better counts and is
paid for. Doctors differ: mu is widened by the scatter that the honest pairs show.

Sameness codes medicine and ln(amount) of the households' fills (`sameness`) against what d prescribes elsewhere, what h
sells to others, and the medicine's price anywhere, so that a doctor who always prescribes it, a pharmacy that always
sells it and a fixed price explain themselves.

    S = L(K, mu) + clip(sameness, -L/2, 2 L) - ln(pairs) - 1        H = sameness - 1, at most 2 L

Blind spots: a ring large against its district; colleagues who steer together (each explains the other); a doctor
alone at his place whose every prescription is the ring's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence import sameness
from ringfinder.evidence.arrays import coded, distinct, order_by
from ringfinder.evidence.pharmacy_choice import Choice, shares_around
from ringfinder.evidence.prescriptions import Patients, Purchases, Votes, by_medicine, patients_of, read, votes
from ringfinder.evidence.sameness import WIDTHS, Amounts
from ringfinder.evidence.view import BLANK, PHARMACY, Candidate, Finding, Floats, HubType, Longs, View

KIND = CHANNEL = "doctor_pharmacy"
needs = ("claims.doctor_id",)

SCATTER = (0.3, 0.8)  # bounds of the honest scatter of ln(K / mu), learnt from pairs that expect at least `EXPECTS`
EXPECTS = 2.0
RARE = 1e-4  # probability of a medicine that nobody else prescribes
FLAT = 0.1  # density of ln(amount) when nothing is known
FEW = 5  # purchases of a medicine at a pharmacy before they say whether its price is fixed
SHARED_PLACE = 4  # places with fewer doctors lend their patients to the district's others when doctors are permuted
# so many times the usual price of the medicine and of the pharmacy, and the share of the fills that costs more
DEAR, DEAR_SHARE = 1.1, 0.6
CHEAP = 6.0  # nats of sameness that an honest reason may explain
COME_BACK, STANDING = 1.3, 0.5  # fills a household at least; share of fills that only repeat a monthly supply at most
ALL_STANDING = 0.8  # of the fills are such, and of one medicine: a patients' club, in which each takes his monthly pack
BY_AMOUNT = 0.2  # of the sameness lies in the amounts, or only the medicine is alike
ALL = 0.9  # of a doctor's prescriptions are filled at one pharmacy: they are one business
ONE_HOUSE = 0.5  # of the colleagues' too: else it is the doctor's own
# A special medicine: so few pharmacies fill what others prescribe of it, or one fills this share; and the share of a pair's fills
# that are of such.
COMMON, SPECIAL, MOSTLY = 5, 0.3, 0.75
LISTED = -12.0  # pairs that could not reach this with the best sameness are not looked at closely
MOST = 300
ROWS = 1_000_000  # rows of (pair, household) judged at a time, for memory


def off(view: View) -> str | None:
    """Without prescribers or pharmacies there is nothing to compare."""
    claims = view.claims
    some = (claims.doctor != BLANK).any() and (claims.service == PHARMACY).any()
    return None if some else "reasons_kinds.doctor_pharmacy_off"


def search(view: View) -> list[Candidate]:
    """Pairs of doctor and pharmacy that share more households than those would choose; best first."""
    if off(view) is not None:
        return []
    bought = read(view)
    found: list[tuple[Pair, Purchases]] = []
    searched = 0
    for p in (bought, by_medicine(bought)):
        pairs, n = steered(view, p)
        searched += n
        found += [(pair, p) for pair in pairs]
    price = float(np.log(max(searched, 1))) + nats.MARGIN
    hopeful = sorted((f for f in found if 2 * f[0].gain - price > LISTED), key=lambda f: (-f[0].gain, f[0].desk))[:MOST]
    shelves = {id(p): Shelves.of(view, p) for p in {id(p): p for _, p in hopeful}.values()}
    best: dict[tuple[int, int], tuple[Pair, Purchases]] = {}
    for pair, p in hopeful:
        full = judged(p, shelves[id(p)], replace(pair, share=share_of_business(bought, pair)))
        key = (full.doctor, full.pharmacy)
        if key not in best or full.score > best[key][0].score:
            best[key] = (full, p)
    out = [candidate(view, p, pair, price) for pair, p in best.values()]
    return sorted(out, key=lambda c: (-c.coordination, c.hubs))


@dataclass(frozen=True)
class Pair:
    """One desk and pharmacy: `loyal` of `seen` households, counted as `count`; chance, nats; `rows` of purchases.

    `share`: of all that the doctor prescribes, what is filled at the pharmacy. `special`: whom others send with these medicines
    goes there as well, or nobody else prescribes them. `one_medicine`: the largest part of the fills that is of one.
    """

    desk: int
    doctor: int
    pharmacy: int
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

    @property
    def same(self) -> float:
        return self.medicine + self.amount

    @property
    def score(self) -> float:
        return self.gain + float(np.clip(self.same, -self.gain / 2, 2 * self.gain))

    @property
    def harm(self) -> float:
        """Sameness, but no further than `CHEAP` where honest reasons may explain it.

        That is at the pharmacy next door and its usual prices; where nobody comes back; where only the medicines are alike and have
        their usual price, to which special ones (`specialty`) may come near; where the fills are monthly supplies of special
        medicines, or bought next door; and where all that the doctor and his colleagues prescribe is filled (an online practice and
        its mail-order pharmacy): who never sends anybody elsewhere steers nobody.
        """
        passing = len(self.rows) < COME_BACK * len(self.loyal)
        by_medicine = self.amount <= (BY_AMOUNT * self.same if self.special else 0.0)
        usual = self.dear < DEAR_SHARE and (self.nearby or by_medicine)
        supply = self.standing >= STANDING and (self.nearby or self.special)
        supply |= self.standing >= ALL_STANDING and self.one_medicine >= ALL_STANDING
        explained = usual or passing or supply or self.share >= ALL
        return min(self.same, 2 * self.gain, CHEAP if explained else np.inf)


def share_of_business(bought: Purchases, pair: Pair) -> float:
    """Of all that the doctor prescribes, what is filled at the pharmacy; 0 where his colleagues send most elsewhere.

    Colleagues tell from `FEW` fills on: then not the house works with the pharmacy but the doctor alone.
    """

    def filled(desks: Longs) -> tuple[int, int]:
        a, b = np.searchsorted(bought.desk, desks), np.searchsorted(bought.desk, desks + 1)
        here = sum(int(np.count_nonzero(bought.pharmacy[i:j] == pair.pharmacy)) for i, j in zip(a, b, strict=True))
        return here, int((b - a).sum())

    here, everywhere = filled(np.array([pair.doctor]))
    house = bought.place[pair.doctor]
    colleagues = np.flatnonzero(bought.place == house) if house != BLANK else np.zeros(0, np.int64)
    theirs, fills = filled(colleagues[colleagues != pair.doctor])
    if fills >= FEW and theirs < ONE_HOUSE * fills:
        return 0.0
    return here / max(1, everywhere)


def steered(view: View, p: Purchases) -> tuple[list[Pair], int]:
    """All pairs with more loyal households than chance, and how many pairs there are."""
    seen = patients_of(p)
    pairs = votes(p, seen)
    wide = np.flatnonzero(pairs.everybody >= nats.FEWEST_HOUSEHOLDS)
    if not len(wide):
        return [], len(pairs.desk)
    around, rank = shares_around(view, p, pairs)
    households = np.searchsorted(seen.desk, pairs.desk + 1) - np.searchsorted(seen.desk, pairs.desk)
    wide = wide[pairs.everybody[wide] > (around * households)[wide]]  # the others are explained already
    if not len(wide):
        return [], len(pairs.desk)
    mu = expected(Choice.of(view, p, seen), seen, pairs, wide, around)
    k = np.stack([pairs.everybody[wide], pairs.often[wide]])
    gain = np.stack([nats.surprise(k[m], mu[m], honest_scatter(k[m], mu[m])) for m in range(2)]) - np.log(2.0)
    order = order_by(pairs.number)
    starts = np.searchsorted(pairs.number[order], np.arange(len(pairs.desk) + 1))
    desks = np.searchsorted(seen.desk, np.stack([pairs.desk[wide], pairs.desk[wide] + 1]))
    out = []
    for i in np.flatnonzero(gain.max(axis=0) > 0):
        j, m = int(wide[i]), int(gain[:, i].argmax())
        rows = order[starts[j] : starts[j + 1]]
        rows = rows[seen.loyal[rows] & ((seen.once[rows] == BLANK) | (m == 0))]
        if len(rows) < nats.FEWEST_HOUSEHOLDS:
            continue
        desk, pharmacy = int(pairs.desk[j]), int(pairs.pharmacy[j])
        of_desk = slice(int(desks[0, i]), int(desks[1, i]))
        out.append(
            Pair(
                desk=desk,
                doctor=int(p.doctor[desk]),
                pharmacy=pharmacy,
                loyal=seen.pair_household[rows],
                seen=of_desk.stop - of_desk.start if m == 0 else int(seen.often[of_desk].sum()),
                count=int(k[m, i]),
                expected=float(mu[m, i]),
                gain=float(gain[m, i]),
                rows=rows_of(p, desk, pharmacy, seen.pair_household[rows]),
                nearby=bool(0 <= rank[j] < 2),
            )
        )
    return out, len(pairs.desk)


def expected(choice: Choice, seen: Patients, pairs: Votes, wide: Longs, around: Floats) -> Floats:
    """Expected loyal households of the pairs `wide`: (all, those that came back), shape (2, pairs)."""
    first = np.searchsorted(seen.desk, pairs.desk[wide], side="left")
    n = np.searchsorted(seen.desk, pairs.desk[wide], side="right") - first
    mu = np.zeros((2, len(wide)))
    part = np.cumsum(n) // ROWS
    for _, a, b in nats.slices(part):
        which = np.repeat(np.arange(a, b), n[a:b])
        at = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(n[a:b]) - n[a:b], n[a:b])
        j = wide[which]
        pi = choice.chance(at, pairs.pharmacy[j], around[j])
        mu[0] += np.bincount(which, weights=pi, minlength=len(wide))
        mu[1] += np.bincount(which, weights=pi * seen.often[at], minlength=len(wide))
    return mu


def rows_of(p: Purchases, desk: int, pharmacy: int, households: Longs) -> Longs:
    """Rows of purchases of these households from the desk at the pharmacy."""
    a, b = np.searchsorted(p.desk, [desk, desk + 1])
    keep: Longs = np.arange(a, b)[(p.pharmacy[a:b] == pharmacy) & np.isin(p.household[a:b], households)]
    return keep


def honest_scatter(k: Longs, mu: Floats) -> float:
    """Spread of ln(K / mu) beyond Poisson's, from the middle of the pairs that expect some: robust against rings."""
    some = mu >= EXPECTS
    if some.sum() < 10:
        return SCATTER[0]
    z = np.log((k[some] + 0.5) / mu[some])
    spread = 1.4826 * np.median(np.abs(z - np.median(z)))
    return float(np.clip(np.sqrt(max(spread**2 - np.median(1.0 / mu[some]), 0.0)), *SCATTER))


@dataclass(frozen=True)
class Shelves:
    """What is sold anywhere: purchases by pharmacy, medicines by prescriber's share, prices by medicine.

    `fills`: how often a prescribed medicine was sold at a pharmacy, by medicine * pharmacies + pharmacy (`sold`, sorted).
    A shelf is a medicine at a pharmacy (sorted keys), with its `weight` in purchases and, by width, how often two of
    them cost the same (`agree`). `usual`: the median ln amount of all purchases.
    """

    order: Longs
    first: Longs
    sold: Longs
    fills: Longs
    medicines: Longs
    prices: Amounts
    pharmacies: int
    shelf: Longs
    weight: Floats
    agree: list[Floats]
    usual: float

    @staticmethod
    def of(view: View, p: Purchases) -> Shelves:
        """Index the purchases."""
        order = order_by(p.pharmacy)
        first = np.searchsorted(p.pharmacy[order], np.arange(len(view.codes.facility) + 1))
        drugs = len(view.codes.drug) + 1
        of_medicine = np.flatnonzero((p.desk != BLANK) & (p.drug != BLANK))
        prescribed = p.drug[of_medicine]
        medicines = np.bincount(prescribed, minlength=drugs)
        prices = Amounts.of(p.drug + 1, p.log_amount, drugs)
        pharmacies = len(view.codes.facility)
        sold, fills = np.unique(prescribed * pharmacies + p.pharmacy[of_medicine], return_counts=True)
        dear = np.isin(p.drug, distinct(prescribed))
        shelf, number = coded(p.drug[dear] * pharmacies + p.pharmacy[dear])
        table = Amounts.of(number, p.log_amount[dear], len(shelf))
        size = table.total(np.arange(len(shelf)))
        weight = np.where(size >= FEW, size, 0).astype(np.float64)
        agree = [sameness.collisions(table, w) for w in WIDTHS]
        usual = float(np.median(p.log_amount)) if len(p.log_amount) else 0.0
        return Shelves(order, first, sold, fills, medicines, prices, pharmacies, shelf, weight, agree, usual)

    def one_price(self, drug: Longs, pharmacy: int) -> list[Floats]:
        """By width, how often two purchases of each medicine at one of the *other* pharmacies cost the same.

        Where nobody else sells it: as often as of any medicine at any pharmacy.
        """
        codes, which = np.unique(drug, return_inverse=True)
        out = np.repeat(self.one_price_anywhere[:, None], len(codes), axis=1)
        for i, code in enumerate(codes):
            a, b = np.searchsorted(self.shelf, [code * self.pharmacies, (code + 1) * self.pharmacies])
            weight = np.where(self.shelf[a:b] % self.pharmacies == pharmacy, 0.0, self.weight[a:b])
            total = weight.sum()
            if code != BLANK and total > 0:
                out[:, i] = [float((weight * agree[a:b]).sum() / total) for agree in self.agree]
        return [by_code[which] for by_code in out]

    @cached_property
    def one_price_anywhere(self) -> Floats:
        """By width, how often two purchases of any medicine at any pharmacy cost the same."""
        total = max(self.weight.sum(), 1.0)
        return np.array([float((self.weight * agree).sum() / total) for agree in self.agree])

    def specialty(self, p: Purchases, pair: Pair, drug: Longs) -> bool:
        """Whether most of these fills are of special medicines: what other doctors prescribe of them is filled at fewer than
        `COMMON` pharmacies, or `SPECIAL` of it at this one."""
        codes, fills = np.unique(drug, return_counts=True)
        own = slice(*np.searchsorted(p.desk, np.searchsorted(p.doctor, [pair.doctor, pair.doctor + 1])))
        known = p.drug[own] != BLANK
        mine = p.drug[own][known] * self.pharmacies + p.pharmacy[own][known]
        special = 0
        for code, k in zip(codes, fills, strict=True):
            a, b = np.searchsorted(self.sold, [code * self.pharmacies, (code + 1) * self.pharmacies])
            others = self.fills[a:b].copy()
            np.subtract.at(others, np.searchsorted(self.sold[a:b], mine[mine // self.pharmacies == code]), 1)
            here = others[self.sold[a:b] == code * self.pharmacies + pair.pharmacy].sum()
            few = np.count_nonzero(others) < COMMON
            special += int(k) * bool(few or here >= SPECIAL * others.sum())
        return special >= MOSTLY * len(drug)

    def at(self, pharmacy: int) -> Longs:
        """Rows of purchases at a pharmacy."""
        return self.order[self.first[pharmacy] : self.first[pharmacy + 1]]


def judged(p: Purchases, shelves: Shelves, pair: Pair) -> Pair:
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
        medicine = float(
            sameness.prequential(sameness.equal(drug[known]), household[known], np.maximum.reduce([usual, *base])).sum()
        )
    one = np.zeros(len(rows), np.int64)
    tables = [Amounts.of(np.zeros(len(x), np.int64), p.log_amount[x], 1) for x in (elsewhere, counter)]
    ours = Amounts.of(p.drug[own] + 1, p.log_amount[own], shelves.prices.size)
    others, flat = shelves.prices.total(drug + 1) - ours.total(drug + 1), np.full(len(rows), FLAT)
    plain, strict = [], []
    for w, one_price in zip(WIDTHS, shelves.one_price(drug, pair.pharmacy), strict=True):
        near = shelves.prices.near(drug + 1, value, w) - ours.near(drug + 1, value, w)
        price = sameness.density(near, others, w, flat)
        there = [sameness.density(t.near(one, value, w), t.total(one), w, flat) for t in tables]
        plain.append(np.maximum.reduce([flat, price, *there]))
        strict.append(np.maximum(plain[-1], one_price / w))
    amount, _ = sameness.best_width(value, household, strict)
    if amount < 0:  # a fixed price explains what is alike; only real variety speaks against the pair
        amount = min(sameness.best_width(value, household, plain)[0], 0.0)
    dear = float(np.mean(value > np.log(DEAR) + usual_price(p, shelves, ours, drug, counter)))
    standing = float(np.mean(p.course[pair.rows])) if len(pair.rows) else 0.0
    special = shelves.specialty(p, pair, drug[known])
    most = float(np.bincount(p.drug[pair.rows] + 1).max() / len(pair.rows)) if len(pair.rows) else 0.0
    return replace(
        pair, medicine=medicine, amount=amount, dear=dear, standing=standing, special=special, one_medicine=most
    )


def usual_price(p: Purchases, shelves: Shelves, ours: Amounts, drug: Longs, counter: Longs) -> Floats:
    """By fill, ln yuan: the larger of what others pay for the medicine anywhere and what the pharmacy takes from others.

    Where too few others tell either: what anybody pays at any pharmacy.
    """
    here = float(np.median(p.log_amount[counter])) if len(counter) >= FEW else shelves.usual
    codes, which = np.unique(drug, return_inverse=True)
    out = np.full(len(codes), here)
    for i, code in enumerate(codes):
        others = shelves.prices.median_less(ours, int(code) + 1, FEW)
        if code != BLANK and others is not None:
            out[i] = max(here, others)
    return out[which]


def frequency(codes: Longs, wanted: Longs, prior: Floats) -> Floats:
    """The share of each wanted code among `codes`, smoothed with five of the prior."""
    known = codes[codes != BLANK]
    n = np.bincount(known, minlength=int(wanted.max(initial=0)) + 1)[wanted]
    share: Floats = (n + 5.0 * prior) / (len(known) + 5.0)
    return share


def candidate(view: View, p: Purchases, pair: Pair, price: float) -> Candidate:
    """The pair as a candidate with its sentences."""
    claims = np.sort(p.claim[pair.rows]).astype(np.int32)
    patients, fills = np.unique(p.patient[pair.rows], return_counts=True)
    values: dict[str, object] = {
        "doctor": str(view.codes.doctor[pair.doctor]),
        "pharmacy": str(view.codes.facility[pair.pharmacy]),
        "households": len(pair.loyal),
        "seen": pair.seen,
        "expected": round(pair.expected, 1),
    }
    k = float(pair.count)
    findings = [Finding(CHANNEL, "for", "reasons_kinds.doctor_pharmacy", values, k, pair.expected, claims, pair.gain)]
    if pair.same > 0:
        same: dict[str, object] = {"medicines": len(distinct(p.drug[pair.rows])), "fills": len(claims)}
        key = "reasons_kinds.doctor_pharmacy_same"
        findings.append(Finding(CHANNEL, "harm", key, same, pair.same, 0.0, claims, pair.same))
    near = "reasons_kinds.doctor_pharmacy_near" if pair.nearby else "reasons_kinds.doctor_pharmacy_far"
    findings.append(Finding(CHANNEL, "against", near, {"expected": round(pair.expected, 1)}, k, pair.expected, claims))
    strength = 1.0 - 0.5 ** np.minimum(fills, 6).astype(np.float64)
    hubs: tuple[tuple[HubType, int, str], ...] = (
        ("doctor", pair.doctor, "prescriber"),
        ("facility", pair.pharmacy, "dispenser"),
    )
    coordination, harm = pair.score - price, pair.harm - nats.MARGIN
    return Candidate(
        KIND, CHANNEL, patients.astype(np.int32), strength, hubs, claims, coordination, harm, tuple(findings)
    )


def shuffled(view: View, seed: int) -> View:
    """Prescribers permuted among the households of one place (small places: of the district).

    Every household keeps its pharmacies, medicines and how many doctors it sees; who sends whom where goes.
    """
    claims = view.claims
    at = np.flatnonzero((claims.service == PHARMACY) & (claims.doctor != BLANK))
    if not len(at):
        return view
    doctor, _, number = nats.pair_index(claims.doctor[at], view.people.household[claims.patient[at]])
    place = view.doctor_place[doctor].astype(np.int64)
    doctors = distinct(doctor)
    several = np.bincount(view.doctor_place[doctors] + 1, minlength=len(view.codes.facility) + 1)
    district = np.where(place == BLANK, BLANK, view.places.district[np.maximum(place, 0)])
    stratum = np.where(several[place + 1] < SHARED_PLACE, -2 - district.astype(np.int64), place)
    swapped = nats.permuted_within(doctor.astype(np.int32), (stratum,), seed)
    out = claims.doctor.copy()
    out[at] = swapped[number]
    return replace(view, claims=replace(claims, doctor=out))
