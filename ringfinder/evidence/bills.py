"""Bills paid to other people's accounts, and how probable their place and amount are under honest explanations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import elsewhere, sameness
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct, expand, found_at, order_by
from ringfinder.evidence.hubs import institution
from ringfinder.evidence.pooled import NOBODY
from ringfinder.evidence.sameness import WIDTHS, Amounts
from ringfinder.evidence.view import BLANK, DAY, Bools, Floats, Ints, Longs, View

HOUSEHOLDS = 2  # an account paid for fewer strangers than this is not shared
SAMPLE = 100_000  # claims that "all bills" are measured on
SERVICES = 3
ENOUGH = 20  # bills of a place before its prices count as known
GOOD_PART = 0.1  # of the other places' bills of a diagnosis: what these reach is usual enough to explain
FEW = 5  # bills of one place and diagnosis before they say whether there is a package price
FLAT = 0.1  # density of ln(amount) when nothing is known: amounts range over some ten e-folds


@dataclass(frozen=True)
class Bills:
    """Bills of shared accounts sorted by (account, start, claim); `number` is the invoice number.

    `by_*` index the strata of the tables: all amounts by kind of care and by place hold no bill of a shared account,
    `shared` holds just these; those by diagnosis, and by place and diagnosis, hold everybody's (BLANK: not known).
    By patient: `bills_of` and `payers_of`, how many bills and accounts; people with several of each: `several`, `turning`.
    `batch`: facility and day of settlement of bills settled later than the care, else BLANK; `same_day`: see there.
    `known`: accounts from this code on are pools (`pooled`).
    `chance_alike`: by bill and width, how often two bills of one place (or of one place and diagnosis) agree anyway.
    """

    claim: Ints
    account: Ints
    patient: Ints
    household: Ints
    facility: Ints
    service: Ints
    district: Ints
    number: Ints
    start: Longs
    batch: Longs
    log_amount: Floats
    by_place: Longs
    by_diagnosis: Longs
    by_package: Longs
    all_amounts: Amounts
    place_amounts: Amounts
    diagnosis_amounts: Amounts
    package_amounts: Amounts
    shared_amounts: Amounts
    chance_alike: list[Floats]
    place_share: Floats
    shared_places: Longs
    bills_of: Longs
    payers_of: Longs
    several: int
    turning: int
    people: int  # of all these bills
    known: int
    same_day: float
    stays: elsewhere.Stays  # of everybody

    def of_accounts(self, accounts: tuple[int, ...]) -> Longs:
        """Positions of all bills of these accounts (sorted codes)."""
        wanted = np.array(
            accounts, self.account.dtype
        )  # of another type, numpy would convert all bills' accounts first
        first, end = (np.searchsorted(self.account, wanted, side).astype(np.int64) for side in ("left", "right"))
        return expand(first, end)[0]


def read_bills(view: View, stays: elsewhere.Stays | None = None) -> Bills:
    """All bills of accounts that are paid for at least `HOUSEHOLDS` strangers, one a decision. `stays`: where they are known."""
    claims, people = view.claims, view.people
    arranged = (view.visits.course | view.visits.programme)[claims.visit]
    strange = nats.foreign(view) & ~arranged & (claims.amount > 0)
    at = np.flatnonzero(strange)
    household = people.household[claims.patient[at]]
    account, _, _ = nats.pairs(claims.account[at], household)
    wide = np.bincount(account, minlength=len(view.codes.account)) >= HOUSEHOLDS
    payee, patient, _ = nats.pairs(claims.account[at], claims.patient[at])
    wide &= ~institution(view, payee, patient, len(wide))  # a home's own account names nobody
    keep = wide[claims.account[at]]
    at = at[keep]
    at = at[nats.distinct(claims.account[at], claims.visit[at], claims.start[at] // DAY)]
    at = at[order_by(claims.account[at], claims.start[at], at)]
    log_amount = np.log(claims.amount[at] / 100.0)

    honest = (claims.amount > 0) & ~(strange & wide[claims.account])
    stride = max(1, len(claims.row) // SAMPLE)
    sample = np.flatnonzero(honest)[::stride]
    all_amounts = Amounts.of(claims.service[sample].astype(np.int32), np.log(claims.amount[sample] / 100.0), SERVICES)
    anybody = claims.amount > 0
    place = claims.facility * np.int64(SERVICES) + claims.service
    known = claims.diagnosis >= 0
    sick = np.where(known, claims.diagnosis * np.int64(SERVICES) + claims.service, -1)
    package = np.where(known, sick * len(view.codes.facility) + claims.facility, -1)
    by_place, place_amounts = strata(view, honest, place, place[at])
    by_diagnosis, diagnosis_amounts = strata(view, anybody & known, sick, sick[at])
    by_package, package_amounts = strata(view, anybody & known, package, package[at])
    bills_of = np.bincount(claims.patient[at], minlength=len(view.codes.patient)).astype(np.int64)
    person, _, _ = nats.pairs(claims.patient[at], claims.account[at])
    payers_of = np.bincount(person, minlength=len(bills_of)).astype(np.int64)
    return Bills(
        claim=at.astype(np.int32),
        account=claims.account[at],
        patient=claims.patient[at],
        household=people.household[claims.patient[at]],
        facility=claims.facility[at],
        service=claims.service[at].astype(np.int32),
        district=people.district[claims.patient[at]],
        number=claims.invoice[at],
        start=claims.start[at],
        batch=batches(view, at),
        log_amount=log_amount,
        by_place=by_place,
        by_diagnosis=by_diagnosis,
        by_package=by_package,
        all_amounts=all_amounts,
        place_amounts=place_amounts,
        diagnosis_amounts=diagnosis_amounts,
        package_amounts=package_amounts,
        shared_amounts=Amounts.of(claims.service[at].astype(np.int32), log_amount, SERVICES),
        chance_alike=[agreeing(view, at, place, package, honest, w) for w in WIDTHS],
        place_share=place_shares(view, sample, at),
        shared_places=np.bincount(claims.facility[at], minlength=len(view.codes.facility)),
        bills_of=bills_of,
        payers_of=payers_of,
        several=int((bills_of > 1).sum()),
        turning=int((payers_of > 1).sum()),
        people=int((bills_of > 0).sum()),
        known=int(np.count_nonzero(view.codes.account != NOBODY)),
        same_day=same_day(view),
        stays=elsewhere.stays(view) if stays is None else stays,
    )


def batches(view: View, at: Longs) -> Longs:
    """Of claims, which bills of one facility were settled on one day, later than the care; BLANK where at once or not known."""
    claims = view.claims
    later = claims.settled_later[at]
    day = claims.settled[at[later]] // DAY
    out = np.full(len(at), BLANK, np.int64)
    out[later] = claims.facility[at[later]] * (day.max(initial=0) + 1) + day
    return out


def same_day(view: View) -> float:
    """How often two claims that are settled later than the care are settled on one day, whosever they are."""
    claims = view.claims
    n = np.unique(claims.settled[claims.settled_later] // DAY, return_counts=True)[1].astype(np.float64)
    return float((n**2).sum() / max(n.sum(), 1.0) ** 2) if len(n) else 1.0


def strata(view: View, among: Bools, of_claim: Longs, wanted: Longs) -> tuple[Longs, Amounts]:
    """The stratum of each wanted value (BLANK where -1), and the amounts of the claims `among` by stratum."""
    values = distinct(wanted[wanted >= 0])
    size = max(len(values), 1)
    stratum = np.where(wanted < 0, -1, np.searchsorted(values, wanted)).astype(np.int64)
    if not len(values):
        return stratum, Amounts.of(np.zeros(0, np.int64), np.zeros(0), size)
    place = np.minimum(found_at(values, of_claim), len(values) - 1)
    at = np.flatnonzero(among & (values[place] == of_claim))
    return stratum, Amounts.of(place[at].astype(np.int64), np.log(view.claims.amount[at] / 100.0), size)


def agreeing(view: View, at: Longs, place: Longs, package: Longs, honest: Bools, width: float) -> Floats:
    """For each bill, how often two bills of one place agree within the width for honest reasons (price lists).

    The larger of: the median place; and for the bill's diagnosis what a good part of the *other* places that treat it
    reach, which is large for operations at a package price, whoever pays.
    """
    claims = view.claims
    out = np.full(len(at), usual_agreement(view, place, honest, width))
    sick = claims.diagnosis[at].astype(np.int64) * SERVICES + claims.service[at]
    wanted = np.isin(claims.diagnosis * np.int64(SERVICES) + claims.service, distinct(sick[claims.diagnosis[at] >= 0]))
    rows = np.flatnonzero(wanted & (claims.amount > 0) & (claims.diagnosis >= 0))
    if not len(rows):
        return out
    values, which = coded(package[rows])
    log_amount = np.log(claims.amount[rows] / 100.0)
    amounts = Amounts.of(which, log_amount, len(values))
    chance = sameness.collisions(amounts, width)
    weight = amounts.total(np.arange(len(values))) * (amounts.total(np.arange(len(values))) >= FEW)
    diagnosis = values // len(view.codes.facility)
    order = order_by(diagnosis, chance, values)
    names, first = np.unique(diagnosis, return_index=True)
    last = np.r_[first[1:], len(values)]
    mine = np.searchsorted(values, package[at])
    for name, a, b in zip(names, first, last, strict=True):
        bills = np.flatnonzero((sick == name) & (claims.diagnosis[at] >= 0))
        here = distinct(mine[bills])
        reached = good_part(chance, weight, order[a:b], here)
        out[bills] = np.maximum(out[bills], reached[np.searchsorted(here, mine[bills])])
    return out


def good_part(chance: Floats, weight: Longs, group: Longs, left_out: Longs) -> Floats:
    """For each package left out, the chance that a `GOOD_PART` of the others' weight reaches; -inf where they have none.

    `group` holds one diagnosis' packages in rising order of `chance`.
    """
    heavy = np.cumsum(weight[group][::-1])[::-1]  # weight of a package and those of higher chance, falling
    position = np.empty(int(group.max(initial=-1)) + 1, np.int64)
    position[group] = np.arange(len(group))
    own_place, own = position[left_out], weight[left_out]
    total = heavy[0] - own
    least = np.ceil(GOOD_PART * total).astype(np.int64)
    rising = -heavy
    above = np.searchsorted(rising, -least, side="right") - 1  # the last that reaches it, the left out one counted
    below = np.minimum(np.searchsorted(rising, -(least + own), side="right") - 1, own_place - 1)
    best = np.where(above > own_place, above, below)
    return np.where(total > 0, chance[group[np.maximum(best, 0)]], -np.inf)


def usual_agreement(view: View, place: Longs, honest: Bools, width: float) -> float:
    """How often two honest bills of one place agree, in the median place with enough of them."""
    rows = np.flatnonzero(honest)
    rows = rows[:: max(1, len(rows) // SAMPLE)]
    values, which = coded(place[rows])
    log_amount = np.log(view.claims.amount[rows] / 100.0)
    amounts = Amounts.of(which, log_amount, len(values))
    chance = sameness.collisions(amounts, width)
    enough = amounts.total(np.arange(len(values))) > ENOUGH
    return float(np.median(chance[enough])) if enough.any() else 0.0


def place_shares(view: View, sample: Longs, at: Longs) -> Floats:
    """For each bill the larger of its place's shares of all bills of its kind and of the district's."""
    claims, people = view.claims, view.people
    facilities = np.int64(len(view.codes.facility))
    overall = np.bincount(
        claims.service[sample] * facilities + claims.facility[sample], minlength=SERVICES * int(facilities)
    )
    kinds = np.bincount(claims.service[sample], minlength=SERVICES)
    share = (overall[claims.service[at] * facilities + claims.facility[at]] + 0.5) / (kinds[claims.service[at]] + 1.0)
    district = people.district[claims.patient].astype(np.int64) + 1
    key = (district * SERVICES + claims.service) * facilities + claims.facility
    keys, n = np.unique(key[sample], return_counts=True)
    totals = np.bincount(key[sample] // facilities, minlength=int((key // facilities).max(initial=0)) + 1)
    found = np.minimum(np.searchsorted(keys, key[at]), max(len(keys) - 1, 0))
    near = np.where(keys[found] == key[at], n[found], 0) if len(keys) else np.zeros(len(at))
    out: Floats = np.maximum(share, (near + 5 * share) / (totals[key[at] // facilities] + 5))
    return out


def honest_places(bills: Bills, at: Longs, accounts: tuple[int, ...]) -> Floats:
    """Largest honest probability of each bill's place, the accounts' own bills taken out of the shared ones."""
    mine = bills.of_accounts(accounts)
    places = np.sort(bills.facility[mine])
    here = bills.facility[at]
    own = np.searchsorted(places, here, side="right") - np.searchsorted(places, here, side="left")
    others = len(bills.claim) - len(mine)
    strange = bills.shared_places[here] - own
    share: Floats = np.maximum(bills.place_share[at], (strange + 5 * bills.place_share[at]) / (others + 5))
    return share


def honest_amounts(bills: Bills, at: Longs, accounts: tuple[int, ...]) -> list[Floats]:
    """Largest honest density of each bill's ln(amount) at each of `WIDTHS`; the accounts' own taken out."""
    value, service, place = bills.log_amount[at], bills.service[at], bills.by_place[at]
    mine = bills.of_accounts(accounts)
    shared = Others.of(bills, bills.shared_amounts, bills.service, at, mine)
    sick = Others.of(bills, bills.diagnosis_amounts, bills.by_diagnosis, at, mine)
    package = Others.of(bills, bills.package_amounts, bills.by_package, at, mine)
    of_service, of_place = bills.all_amounts.total(service), bills.place_amounts.total(place)
    flat = np.full(len(at), FLAT)
    near = (
        bills.all_amounts.near(service, value),
        bills.place_amounts.near(place, value),
        *(some.near(value) for some in (shared, sick, package)),
    )
    out = []
    for w, agree, all_near, here, near_shared, near_sick, near_package in zip(
        WIDTHS, bills.chance_alike, *near, strict=True
    ):
        everybody = sameness.density(all_near, of_service, w, flat)
        ill = sick.density(near_sick, w, everybody)
        out.append(
            np.maximum.reduce(
                [
                    everybody,
                    shared.density(near_shared, w, everybody),
                    sameness.density(here, of_place, w, everybody),
                    ill,
                    package.density(near_package, w, ill),
                    agree[at] / w,
                ]
            )
        )
    return out


@dataclass(frozen=True)
class Others:
    """A table of amounts less some accounts' `own`: by bill its `stratum`, whether that is `known`, and how many others it holds."""

    table: Amounts
    own: Amounts
    stratum: Longs
    known: Bools
    total: Longs

    @staticmethod
    def of(bills: Bills, table: Amounts, by: Ints | Longs, at: Longs, mine: Longs) -> Others:
        """For the bills `at`, without the bills `mine`; `by`: each bill's stratum."""
        own = Amounts.of(by[mine], bills.log_amount[mine], table.size)
        stratum = np.maximum(by[at], 0).astype(np.int64)
        return Others(table, own, stratum, by[at] >= 0, table.total(stratum) - own.total(stratum))

    def near(self, value: Floats) -> list[Longs]:
        """How many of the others' amounts lie around each value, for each of `WIDTHS`."""
        all_near, own_near = self.table.near(self.stratum, value), self.own.near(self.stratum, value)
        return [everybody - own for everybody, own in zip(all_near, own_near, strict=True)]

    def density(self, near: Longs, width: float, prior: Floats) -> Floats:
        """Density of the others' amounts from these counts; the prior where the stratum is not known."""
        return np.where(self.known, sameness.density(near, self.total, width, prior), prior)
