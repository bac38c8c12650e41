"""From claims to visits: one decision counts once.

Stays settled monthly are one stay; tills at one place within two hours are one visit; what repeats a regular course
(dialysis, cycles, daily physiotherapy) or belongs to an organiser's programme (a check-up day, a vaccination drive) is flagged,
since it is one decision of somebody and no coincidence. Refunds and what they refund never happened.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import duckdb
import numpy as np

from ringfinder.evidence import coding
from ringfinder.evidence.arrays import distinct, expand, order_by, tally
from ringfinder.evidence.beds import treatment
from ringfinder.evidence.once import once
from ringfinder.evidence.view import (
    BLANK,
    DAY,
    HOUR,
    INPATIENT,
    NEVER,
    PHARMACY,
    Agents,
    Bools,
    Claims,
    Ints,
    Longs,
    People,
    Places,
    View,
    Visits,
)
from ringfinder.model import ClaimSet
from ringfinder.settings import DetectionSettings

ONE_VISIT = 2 * HOUR  # counters of one place on one errand
ONE_STAY = DAY  # a stay settled in parts goes on the next day
SPLIT_STAY = 15 * DAY  # a discharge and the next admission are one stay, split: local rule
COURSE_VISITS, COURSE_VISITS_ONE_PRICE = 5, 3  # a rhythm needs this many visits; fewer when the price never changes
COURSE_REFILLS, REFILL_GAP = 3, 14 * DAY  # a lasting illness: the same medicine every month, wherever it is bought
REFILL_TOLERANCE = 0.35  # who runs out of a monthly supply comes within ten days of the month
COURSE_SHARE, COURSE_TOLERANCE = 0.6, 0.2  # this share of the gaps lies this near to the person's median gap
PROGRAMME_HOUSEHOLDS = 25  # unrelated households at one place on one day at one price were invited by somebody
HOME = 12  # more people at one address are a home or a dormitory, no household
FEW = 6  # a phone or account on more people than this is no family's


@dataclass(frozen=True)
class Rhythm:
    """A course: at least so many visits (3 at one price), so many seconds apart, 60 % of the gaps within the tolerance."""

    visits: int
    gap: int
    tolerance: float


AT_PLACE = Rhythm(COURSE_VISITS, 0, COURSE_TOLERANCE)
OF_MEDICINE = Rhythm(COURSE_REFILLS, REFILL_GAP, REFILL_TOLERANCE)


def open_view(claim_set: ClaimSet, settings: DetectionSettings) -> View:
    """The view of a claim set; deterministic for any row order and number of threads."""
    coder = coding.Coder(claim_set, settings)
    con = coding.connect(claim_set, settings)
    try:
        claims = coding.live_claims(coder, con)
        people = read_people(coder, con)
        places = read_places(coder, con)
    finally:
        con.close()
    with ThreadPoolExecutor(1) as beside:  # ids as Python strings, while the claims are sorted
        code_lists = beside.submit(coding.codes, coder)
        merged, visits = merge(claims, people)
    agents = Agents(
        phone=coding.by_code(coder, "recruiters", "recruiter", "phone", "phone"),
        account=coding.by_code(coder, "recruiters", "recruiter", "bank_account", "account"),
    )
    holder = coding.by_code(coder, "cards", "card", "patient_id", "patient")
    registered = coding.by_code(coder, "doctors", "doctor", "facility_id", "facility")
    return View(
        claims=merged,
        visits=visits,
        people=people,
        places=places,
        agents=agents,
        codes=code_lists.result(),
        card_holder=most_frequent(holder, claims.card, claims.patient),
        doctor_place=houses_of_doctors(registered, claims),
        hours_known=claim_set.hours_known,
        settings=settings,
    )


def read_people(coder: coding.Coder, con: duckdb.DuckDBPyConnection) -> People:
    """People by patient code."""

    def coded(column: str, name: str) -> Ints:
        return coding.by_code(coder, "patients", "patient", column, name)

    sex = np.full(len(coder.ids["patient"]), BLANK, np.int8)
    if "patients" in coder.claim_set.rows:
        known = f"coalesce((sex = 'M')::TINYINT, {BLANK})::TINYINT AS v"
        at, got = coding.by_key(coder, con, "patients", "patient", known, {"v": np.int8})
        sex[at] = got["v"]
    death = coding.dates_by_code(coder, con, "death_date")
    address, phone, account = coded("address", "address"), coded("phone", "phone"), coded("bank_account", "account")
    return People(
        household=households(address, phone, account),
        sex=sex,
        birth=coding.dates_by_code(coder, con, "birth_date"),
        death=np.where(death == NEVER, NEVER, (np.where(death == NEVER, 0, death) + 1) * DAY - 1),
        district=coded("district", "district"),
        address=address,
        phone=phone,
        contact_phone=coded("contact_phone", "phone"),
        account=account,
        category=coded("category", "category"),
    )


def households(address: Ints, phone: Ints, account: Ints) -> Ints:
    """One code a household: up to `HOME` people of one address; else few people of one phone or account; else alone.

    Rings give one phone or account to many people, so a large group on one of these is no household.
    """
    size = len(address)
    household = np.arange(size, dtype=np.int64)
    offset = size
    residents = np.bincount(address + 1, minlength=2)[address + 1]
    open_ = (address == BLANK) | (residents > HOME)  # an institution: its people decide for themselves
    household[~open_] = offset + address[~open_]
    offset += int(address.max(initial=0)) + 1
    for value in (phone, account):
        known = open_ & (value != BLANK)
        counts = np.bincount(value[known], minlength=int(value.max(initial=0)) + 1)
        few = known.copy()
        few[known] = counts[value[known]] <= FEW
        household[few] = offset + value[few]
        offset += int(value.max(initial=0)) + 1
        open_ &= ~few
    return np.unique(household, return_inverse=True)[1].astype(np.int32)


def read_places(coder: coding.Coder, con: duckdb.DuckDBPyConnection) -> Places:
    """Places by facility code."""
    size = len(coder.ids["facility"])
    kind = np.full(size, BLANK, np.int8)
    latitude, longitude = np.full(size, np.nan), np.full(size, np.nan)
    if "facilities" in coder.claim_set.rows:
        at, got = coding.by_key(
            coder,
            con,
            "facilities",
            "facility",
            "(CASE kind WHEN 'hospital' THEN 0 WHEN 'clinic' THEN 1 WHEN 'pharmacy' THEN 2 ELSE -1 END)::TINYINT AS kind, "
            "coalesce(latitude, 'nan'::DOUBLE) AS la, coalesce(longitude, 'nan'::DOUBLE) AS lo",
            {"kind": np.int8, "la": np.float64, "lo": np.float64},
        )
        kind[at], latitude[at], longitude[at] = got["kind"], got["la"], got["lo"]
    district = coding.by_code(coder, "facilities", "facility", "district", "district")
    return Places(kind=kind, district=district, latitude=latitude, longitude=longitude)


def most_frequent(known: Ints, key: Ints, value: Ints) -> Ints:
    """`known` with its blanks filled by the commonest `value` seen with that `key` (ties: the smallest code)."""
    out = known.copy()
    seen = (key != BLANK) & (value != BLANK)
    if not seen.any():
        return out
    width = np.int64(value.max()) + 1
    pairs, counts = np.unique(key[seen].astype(np.int64) * width + value[seen], return_counts=True)
    order = np.lexsort((pairs, -counts, pairs // width))
    keys = (pairs // width)[order]
    first = np.r_[True, keys[1:] != keys[:-1]]
    best = pairs[order][first]
    at = (best // width).astype(np.int64)
    blank = out[at] == BLANK
    out[at[blank]] = (best % width)[blank].astype(np.int32)
    return out


def houses_of_doctors(registered: Ints, claims: Claims) -> Ints:
    """By doctor code: the facility of registration, else where most of the patients were seen; pharmacies tell where nobody was."""
    seen = claims.service != PHARMACY
    return most_frequent(
        most_frequent(registered, claims.doctor[seen], claims.facility[seen]), claims.doctor, claims.facility
    )


@dataclass(frozen=True)
class ClaimsOf:
    """Claims in the order of their visits, and where each visit's begin."""

    order: Ints
    first: Longs

    def __call__(self, visits: Longs) -> Ints:
        """Sorted claims of these visits."""
        visits = distinct(visits)
        index, _ = expand(self.first[visits], self.first[visits + 1])
        claims: Ints = np.sort(self.order[index])
        return claims


@once(lambda view: (view.claims.visit, view.visits))
def claims_of(view: View) -> ClaimsOf:
    """The claims of each visit of a view."""
    order = order_by(view.claims.visit).astype(np.int32)
    counts = np.bincount(view.claims.visit, minlength=len(view.visits.patient))
    return ClaimsOf(order, np.r_[0, np.cumsum(counts)])


def merge(claims: Claims, people: People) -> tuple[Claims, Visits]:
    """Claims with their visit's index, and the visits, sorted by (patient, start)."""
    order = order_by(claims.patient, claims.facility, claims.service)  # claims are in the order of their start
    patient, facility, service = claims.patient[order], claims.facility[order], claims.service[order]
    start, end = claims.start[order], claims.end[order]
    same = (patient[1:] == patient[:-1]) & (facility[1:] == facility[:-1]) & (service[1:] == service[:-1])
    stay = service[1:] == INPATIENT
    group = np.r_[0, np.cumsum(~same)]  # one person at one place for one kind of care
    span = np.int64(end.max(initial=0) - min(0, int(start.min(initial=0)))) + 1
    latest_end = (np.maximum.accumulate(end + group * span) - group * span)[:-1]  # running within the group
    reach = np.where(stay, latest_end + ONE_STAY, start[:-1] + ONE_VISIT)
    new = np.r_[True, ~(same & (start[1:] <= reach))][: len(order)]
    visit = np.cumsum(new) - 1
    n = int(visit[-1]) + 1 if len(visit) else 0
    heads = np.flatnonzero(new)

    def first_known(column: Ints) -> Ints:
        values = column[order]
        position = np.where(values == BLANK, len(values), np.arange(len(values)))
        at = np.minimum.reduceat(position, heads) if n else position
        return np.where(at == len(values), BLANK, values[np.minimum(at, len(values) - 1)]).astype(np.int32)

    amount = np.add.reduceat(claims.amount[order], heads) if n else claims.amount
    last = np.maximum.reduceat(end, heads) if n else end
    by_person = order_by(patient[heads], start[heads], service[heads], facility[heads])
    place_of = np.empty(n, np.int64)
    place_of[by_person] = np.arange(n)
    visit_of_claim = np.empty(len(order), np.int32)
    visit_of_claim[order] = place_of[visit]

    names = ("doctor", "recruiter", "account", "operator", "terminal", "diagnosis", "drug")
    visits = Visits(
        patient=patient[heads][by_person],
        facility=facility[heads][by_person],
        service=service[heads][by_person],
        start=start[heads][by_person],
        end=last[by_person],
        amount=amount[by_person],
        course=np.zeros(n, np.bool_),
        programme=np.zeros(n, np.bool_),
        **{name: first_known(getattr(claims, name))[by_person] for name in names},
    )
    visits = replace(visits, course=courses(visits), programme=programmes(visits, people))
    return replace(claims, visit=visit_of_claim), visits


def courses(visits: Visits) -> Bools:
    """Visits that repeat a regular course of one person: all of it but the first.

    A course has a rhythm: at one place at least 5 visits (3 at one price), or of one medicine anywhere at least 3 purchases two weeks
    or more apart; and 60 % of the gaps lie within 20 % (or 3 hours; a third for medicines) of the median gap. A stay that follows one
    elsewhere is none of a course: who is treated in cycles goes home in between.
    """
    place = visits.facility.astype(np.int64) * 3 + visits.service
    at_place = rhythm(visits, np.arange(len(place)), place, AT_PLACE) & (
        (visits.service != INPATIENT) | (treatment(visits) & ~passed_on(visits))
    )
    bought = np.flatnonzero(visits.drug != BLANK)
    return at_place | rhythm(visits, bought, visits.drug[bought].astype(np.int64), OF_MEDICINE)


def passed_on(visits: Visits) -> Bools:
    """Stays that begin within 15 days of the same person's discharge from another place."""
    out = np.zeros(len(visits.patient), np.bool_)
    stays = np.flatnonzero(visits.service == INPATIENT)
    out[stays[1:][onward(visits, stays)]] = True
    return out


def onward(visits: Visits, stays: Longs) -> Bools:
    """Of each two stays in a row: the same person's at two places, the second within 15 days of the first one's end."""
    a, b = stays[:-1], stays[1:]
    elsewhere = (visits.patient[a] == visits.patient[b]) & (visits.facility[a] != visits.facility[b])
    return elsewhere & (visits.start[b] - visits.end[a] <= SPLIT_STAY)


def rhythm(visits: Visits, rows: Longs, what: Longs, rule: Rhythm) -> Bools:
    """By visit: repeats a rhythm of the person with the same `what` (by row of `rows`), but for the first of it.

    Rows of one person and `what` come in the order of time.
    """
    out = np.zeros(len(visits.patient), np.bool_)
    if not len(rows):
        return out
    order = order_by(visits.patient[rows], what)
    rows, what = rows[order], what[order]
    patient, start, amount = visits.patient[rows], visits.start[rows], visits.amount[rows]
    same = np.r_[False, (patient[1:] == patient[:-1]) & (what[1:] == what[:-1])]
    group = np.cumsum(~same) - 1
    size = np.bincount(group)
    head = np.flatnonzero(~same)
    one_price = np.maximum.reduceat(amount, head) == np.minimum.reduceat(amount, head)
    long_enough = (size >= rule.visits) | ((size >= COURSE_VISITS_ONE_PRICE) & one_price)
    gap = np.r_[0, np.diff(start)]
    inner = same & long_enough[group]
    g, gaps = group[inner], gap[inner]
    by_gap = order_by(g, gaps)
    counts = np.bincount(g, minlength=len(size))
    first = np.r_[0, np.cumsum(counts)[:-1]]
    median = np.zeros(len(size), np.int64)
    some = counts > 0
    median[some] = gaps[by_gap][first[some] + counts[some] // 2]
    near = np.abs(gaps - median[g]) <= np.maximum(rule.tolerance * median[g], 3 * HOUR)
    regular = tally(g, near, len(size)) >= COURSE_SHARE * counts
    out[rows] = same & (regular & some & (median >= rule.gap))[group]
    return out


def programmes(visits: Visits, people: People) -> Bools:
    """Visits of a day on which at least 25 households came to one place for one kind of care at one price."""
    day: Longs = visits.start // DAY
    day = day - day.min(initial=0)
    spot_day = (visits.facility.astype(np.int64) * 3 + visits.service) * (day.max(initial=0) + 1) + day
    order = order_by(spot_day, visits.amount)
    a, b = order[:-1], order[1:]
    new = np.r_[True, (spot_day[a] != spot_day[b]) | (visits.amount[a] != visits.amount[b])][: len(order)]
    group = np.cumsum(new) - 1
    household = people.household[visits.patient[order]].astype(np.int64)
    width = np.int64(household.max(initial=0)) + 1
    came = distinct(group * width + household) // width
    out = np.zeros(len(order), np.bool_)
    if len(order):
        out[order] = np.bincount(came, minlength=int(group[-1]) + 1)[group] >= PROGRAMME_HOUSEHOLDS
    return out
