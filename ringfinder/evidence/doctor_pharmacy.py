"""Doctor and pharmacy: a doctor's prescriptions go to one pharmacy far beyond what his patients would choose
themselves.

Model. K = households that filled most of desk d's prescriptions at pharmacy h: one decision a household, however
often it returns, one decision an outing, however many take part. A desk is a doctor, or one medicine of a doctor, or several
doctors of the same patients; so may a pharmacy be several (`practices`).
Chance mu is the sum over d's households of the chance to be loyal to h anyway (`pharmacy_choice`: habit, neighbours,
colleagues, proximity, medicine). All households are counted, or only those that came back; the better counts and is
paid for. Doctors differ: mu is widened by the scatter that the honest pairs show.
What is filled is told by its sameness (`steering`).

    S = L(K, mu) + clip(sameness, -L/2, 2 L) - ln(pairs) - 1        H = sameness - 1, at most 2 L

Blind spots: a ring large against its district; colleagues who steer together and have no patients in common (each explains the
other); a doctor alone at his place whose every prescription is the ring's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, order_by
from ringfinder.evidence.pharmacy_choice import Choice, shares_around
from ringfinder.evidence.practices import United, united
from ringfinder.evidence.prescriptions import Patients, Purchases, Votes, by_medicine, patients_of, read, votes
from ringfinder.evidence.shelves import Shelves
from ringfinder.evidence.steering import NEXT, Pair, alone, as_guest, judged, of_a_home, share_of_business
from ringfinder.evidence.uses import Uses
from ringfinder.evidence.view import BLANK, PHARMACY, Candidate, Finding, Floats, HubType, Longs, View

KIND = CHANNEL = "doctor_pharmacy"
needs = ("claims.doctor_id",)

SCATTER = (0.3, 0.8)  # bounds of the honest scatter of ln(K / mu), learnt from pairs that expect at least `EXPECTS`
EXPECTS = 2.0
SHARED_PLACE = 4  # places with fewer doctors lend their patients to the district's others when doctors are permuted
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
    one = united(bought, len(view.codes.doctor), len(view.codes.facility))
    ways: list[tuple[Purchases, United | None]] = [(bought, None), (by_medicine(bought), None)]
    if one is not None:
        ways.append((one.purchases, one))
    found: list[tuple[Pair, Purchases]] = []
    searched = 0
    for p, joined in ways:
        pairs, n = steered(view, p, joined)
        searched += n
        found += [(pair, p) for pair in pairs]
    price = float(np.log(max(searched, 1))) + nats.MARGIN
    hopeful = sorted((f for f in found if 2 * f[0].gain - price > LISTED), key=lambda f: (-f[0].gain, f[0].desk))[:MOST]
    ways_taken = {id(p): p for _, p in hopeful}
    shelves = {way: Shelves.of(view, p) for way, p in ways_taken.items()}
    uses = {way: Uses.of(view, p) for way, p in ways_taken.items()}
    best: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[Pair, Purchases]] = {}
    for pair, p in hopeful:
        known = with_houses(view, bought, p, pair)
        full = judged(p, shelves[id(p)], uses[id(p)], known)
        key = (full.doctors, full.pharmacies)
        if key not in best or weight(full, price) > weight(best[key][0], price):
            best[key] = (full, p)
    out = [candidate(view, p, pair, price) for pair, p in best.values()]
    return sorted(out, key=lambda c: (-c.coordination, c.hubs))


def weight(pair: Pair, price: float) -> tuple[float, float]:
    """What one way of looking at a pair is preferred by to another: the mean of both scores as far as harm bears it, then the score."""
    return max(0.0, min(pair.harm, (pair.score - price + pair.harm) / 2)), pair.score


def with_houses(view: View, bought: Purchases, p: Purchases, pair: Pair) -> Pair:
    """The pair with what its doctor's house, his colleagues and his patients' home explain."""
    share, home = share_of_business(view, bought, pair), of_a_home(view, p, pair)
    guest = as_guest(view, p, pair)
    return replace(pair, share=share, home=home, nearby=pair.nearby or guest, alone=not guest and alone(bought, pair))


def steered(view: View, p: Purchases, one: United | None = None) -> tuple[list[Pair], int]:
    """All pairs with more loyal households than chance, and how many pairs there are; of `one` only what it joined."""
    seen = patients_of(p)
    pairs = votes(p, seen)
    enough = pairs.everybody >= nats.FEWEST_HOUSEHOLDS
    searched = len(pairs.desk)
    if one is not None:
        new = one.is_joined(pairs.desk, pairs.pharmacy)
        enough &= new
        searched = int(new.sum())
    wide = np.flatnonzero(enough)
    if not len(wide):
        return [], searched
    around, rank = shares_around(view, p, pairs)
    households = np.searchsorted(seen.desk, pairs.desk + 1) - np.searchsorted(seen.desk, pairs.desk)
    wide = wide[pairs.everybody[wide] > (around * households)[wide]]  # the others are explained already
    if not len(wide):
        return [], searched
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
                doctors=tuple(one.doctors(desk).tolist()) if one else (int(p.doctor[desk]),),
                pharmacy=pharmacy,
                pharmacies=tuple(one.pharmacies(pharmacy).tolist()) if one else (pharmacy,),
                loyal=seen.pair_household[rows],
                seen=of_desk.stop - of_desk.start if m == 0 else int(seen.often[of_desk].sum()),
                count=int(k[m, i]),
                expected=float(mu[m, i]),
                gain=float(gain[m, i]),
                rows=rows_of(p, desk, pharmacy, seen.pair_household[rows]),
                nearby=bool(0 <= rank[j] < NEXT),
            )
        )
    return out, searched


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


def candidate(view: View, p: Purchases, pair: Pair, price: float) -> Candidate:
    """The pair as a candidate with its sentences."""
    claims = np.sort(p.claim[pair.rows]).astype(np.int32)
    patients, fills = np.unique(p.patient[pair.rows], return_counts=True)
    values: dict[str, object] = {
        "doctor": ", ".join(str(view.codes.doctor[doctor]) for doctor in pair.doctors),
        "pharmacy": ", ".join(str(view.codes.facility[pharmacy]) for pharmacy in pair.pharmacies),
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
        *(("doctor", doctor, "prescriber") for doctor in pair.doctors),
        *(("facility", pharmacy, "dispenser") for pharmacy in pair.pharmacies),
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
