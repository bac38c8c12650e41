"""Fake bills: reimbursements for distant care that flow to shared accounts and are the same bill again and again.

Model. A shared account is no evidence: charities, employers, nursing homes and agents have one. Sameness of the bills
is. For every account that is paid for at least two households that do not own it, its bills are coded prequentially
(`sameness`): the place, and the logarithm of the amount, each against the largest of its honest explanations:
place: its share of all bills, of the bills of the patient's district, and of the bills other shared accounts are paid
for; amount: its density among all bills of that service, among the other shared accounts' bills, among the place's
other bills, among the diagnosis's other bills, and the chance that two bills of *one* place agree anyway (price
lists). Invoice numbers that come back for another household on another day: see `invoices`.

T: people whose bills go to several of the accounts in turn, against other people with several bills to strangers.
G: bills of one facility for several of the accounts that are handed in on one day, against how often late files are anyway.
Both are one habit of whoever pays: together they count 6 nats at most beyond what the bills say.

    S = A + I + T + G + min(P + C, A + I + T + G) - 2 an account - ln(accounts) - 1        H = A + I + T + G - 1

Accounts are joined when the common code gains; C are patients common to two accounts beyond what their sizes give.
Bills with a number that comes back for another household, paid to no stranger's account, are pooled as if one were (`pooled`).
A number on more than 20 people is a placeholder. Bills that only repeat a course of treatment are left out.

Blind spots: accounts of one household; bills without accounts, each with a number of its own; rings whose bills differ in place and
amount alike.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from ringfinder.evidence import elsewhere, invoices, sameness
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, distinct
from ringfinder.evidence.bills import Bills, read_bills
from ringfinder.evidence.piles import AN_ACCOUNT, MOST_TURNS, Pile, judge, top_place
from ringfinder.evidence.pooled import pooled
from ringfinder.evidence.view import BLANK, Bools, Candidate, Finding, Longs, View

KIND = CHANNEL = "fake_bills"
needs = ("claims.payee_account or claims.invoice_number",)

COMMON_PATIENT = 3.0  # most nats that a patient whose bills go to two accounts ties these with
CLOSE = 2  # patients and numbers in common of accounts that are tried all at once
JOINS = 12  # accounts tried as partners of one account, best first
HOPELESS = -8.0  # accounts below this are not even tried as partners
LISTED = -30.0  # candidates are listed down to here, so that chance groups can be counted


def off(view: View) -> str | None:
    """Without payee accounts and invoice numbers there is nothing to share."""
    some = (view.claims.account != BLANK).any() or (view.claims.invoice != BLANK).any()
    return None if some else "reasons_kinds.fake_bills_off"


def search(view: View) -> list[Candidate]:
    """Shared accounts, alone or joined, whose bills are more alike than honest bills; best first."""
    if off(view) is not None:
        return []
    numbers = invoices.read(view)
    stays = elsewhere.stays(view)  # pools move no stay: asked before, its marks are those that all channels share
    view = pooled(view, numbers)
    if not len(view.codes.account):
        return []
    bills = read_bills(view, stays)
    if not len(bills.claim):
        return []
    spans = nats.slices(bills.account)
    price = float(np.log(len(spans))) + nats.MARGIN
    desks = [judge(view, bills, numbers, np.arange(a, b)) for _, a, b in spans]
    desks.sort(key=lambda d: (-d.score, d.accounts))
    desks = [
        d
        for d in join(view, bills, numbers, desks)
        if d.score - price > LISTED and d.households >= nats.FEWEST_HOUSEHOLDS
    ]
    return [candidate(view, bills, d, price) for d in desks]


def join(view: View, bills: Bills, numbers: invoices.Numbers, piles: list[Pile]) -> list[Pile]:
    """Best first, each pile takes in the others whose bills gain by being coded with its own."""
    kin = Kin(bills, piles)
    alive = [p.score > HOPELESS for p in piles]
    out: list[Pile] = [p for p in piles if p.score <= HOPELESS]
    for i, first in enumerate(piles):
        if not alive[i]:
            continue
        kin_of = [j for j in kin.of(first) if j > i and alive[j]][:JOINS]
        tries = [[j] for j in kin_of]
        if first.marks <= 0:  # three accounts of one hand may show what no two of them do
            tries.append([j for j in kin_of if kin.shared(first, piles[j]) >= CLOSE])
        pile = first
        for group in tries:
            others = [j for j in group if alive[j]]
            both = together(view, bills, numbers, pile, [piles[j] for j in others]) if others else None
            if both is not None:
                pile = both
                for j in others:
                    alive[j] = False
        out.append(pile)
    return sorted(out, key=lambda p: (-p.score, p.accounts))


def together(view: View, bills: Bills, numbers: invoices.Numbers, pile: Pile, others: list[Pile]) -> Pile | None:
    """The piles as one, if their common code gains; else None."""
    both = judge(view, bills, numbers, np.concatenate([pile.at, *(o.at for o in others)]))
    common = sum(shared_people(bills, pile, o) for o in others)
    handed_in = sum(handed_in_together(bills, pile, o) for o in others)
    before = pile.handed_in + sum(o.handed_in for o in others)
    both = replace(both, common=pile.common + common, handed_in=min(before + handed_in, MOST_TURNS))
    # as if all amounts counted: what one price takes from an account alone is no gain of the two
    joined, *parts = (replace(p, most=np.inf) for p in (both, pile, *others))
    gain = joined.bills + joined.turns.gain - sum(p.bills + p.turns.gain for p in parts) + common + handed_in
    # a place in common is no reason by itself: many accounts are paid for the big hospital; hand-ins are, though they count no further
    alone = parts[0].score + sum(max(p.score, 0.0) for p in parts[1:])
    return both if gain > AN_ACCOUNT * len(others) and joined.score + handed_in > alone else None


class Kin:
    """Which piles share a patient or an invoice number with one, or, where it bears marks, its commonest place.

    To two pools a place is no kinship: nobody is known who would be paid for both.
    """

    def __init__(self, bills: Bills, piles: list[Pile]) -> None:
        self.bills = bills
        self.piles: dict[tuple[str, int], list[int]] = {}
        for i, pile in enumerate(piles):
            for key in self.keys(pile):
                self.piles.setdefault(key, []).append(i)

    def keys(self, pile: Pile) -> list[tuple[str, int]]:
        """What others may share with a pile; the place last."""
        patients = [("patient", int(p)) for p in distinct(self.bills.patient[pile.at])]
        known = self.bills.number[pile.at]
        numbers = [("number", int(n)) for n in distinct(known[known >= 0])]
        batch = self.bills.batch[pile.at]
        handed = [("batch", int(b)) for b in distinct(batch[batch != BLANK])]
        return [*patients, *numbers, *handed, ("place", top_place(self.bills, pile)[0])]

    def of(self, pile: Pile) -> list[int]:
        """Piles in kin, those that share most first, then in the order of the list."""
        keys = self.keys(pile)
        by_place = pile.marks > 0 and pile.accounts[0] < self.bills.known
        shared = Counter(i for key in (keys if by_place else keys[:-1]) for i in self.piles[key])
        return sorted(shared, key=lambda i: (-shared[i], i))

    def shared(self, a: Pile, b: Pile) -> int:
        """How many patients, numbers and hand-ins two piles share."""
        return len(set(self.keys(a)[:-1]) & set(self.keys(b)[:-1]))


def shared_people(bills: Bills, a: Pile, b: Pile) -> float:
    """Nats for patients whose bills go to both piles' accounts, beyond what their sizes would give."""
    mine, theirs = distinct(bills.patient[a.at]), distinct(bills.patient[b.at])
    both = len(np.intersect1d(mine, theirs))
    return min(float(nats.surprise(both, len(mine) * len(theirs) / bills.people)), COMMON_PATIENT * both)


def handed_in_together(bills: Bills, a: Pile, b: Pile) -> float:
    """Nats for bills of one facility that were handed in on one day for both piles' accounts, beyond chance.

    Chance: as often as claims that are settled later than the care are settled on one day, whosever they are.
    """
    mine, theirs = (distinct(bills.batch[p.at][bills.batch[p.at] != BLANK]) for p in (a, b))
    both = len(np.intersect1d(mine, theirs))
    if not both:
        return 0.0
    place_a, place_b = (
        np.bincount(bills.facility[p.at][bills.batch[p.at] != BLANK], minlength=len(bills.shared_places))
        for p in (a, b)
    )
    chance = float((place_a * place_b).sum()) * bills.same_day
    return min(float(nats.surprise(both, chance)), COMMON_PATIENT * both)


def candidate(view: View, bills: Bills, pile: Pile, price: float) -> Candidate:
    """The pile as a candidate: those whose bills fit the rest, and all sentences."""
    # somebody belongs when the bills fit the others' or carry a repeated number
    fits = (pile.fit > 0) | np.isin(bills.claim[pile.at], pile.invoice.claims)
    if len(distinct(bills.household[pile.at][fits])) < nats.FEWEST_HOUSEHOLDS:
        fits = np.ones(len(pile.at), np.bool_)
    belongs = distinct(bills.patient[pile.at][fits])
    mine = bills.of_accounts(pile.accounts)
    claims = np.sort(bills.claim[mine[np.isin(bills.patient[mine], belongs)]]).astype(np.int32)
    best = np.full(len(belongs), -np.inf)
    inside = np.isin(bills.patient[pile.at], belongs)
    np.maximum.at(best, np.searchsorted(belongs, bills.patient[pile.at][inside]), pile.fit[inside])
    strength = 1.0 / (1.0 + np.exp(-np.clip(best, -4.0, 6.0)))
    place, share = top_place(bills, pile)
    paid = [a for a in pile.accounts if a < bills.known]
    values: dict[str, object] = {
        "accounts": len(paid),
        # of whose bills these are, not of all that the accounts are paid for
        "households": len(distinct(view.people.household[belongs])),
        "bills": len(claims),
        "place": str(view.codes.facility[place]),
        "share": round(100 * share),
    }
    findings = [
        Finding(
            CHANNEL,
            "for",
            "reasons_kinds.fake_bills" if paid else "reasons_kinds.fake_bills_pooled",
            values,
            len(claims),
            0.0,
            claims,
            pile.score - price,
        )
    ]
    if pile.amount > 0:
        percent = round(100 * sameness.WIDTHS[pile.width], 1)
        findings.append(
            Finding(
                CHANNEL,
                "harm",
                "reasons_kinds.fake_bills_amounts",
                {"percent": percent},
                pile.alike,
                0.0,
                claims,
                pile.alike,
            )
        )
    if len(pile.invoice.claims):
        findings.append(
            Finding(
                CHANNEL,
                "harm",
                "reasons_kinds.fake_bills_invoices",
                {"numbers": pile.invoice.numbers, "bills": len(pile.invoice.claims)},
                float(pile.invoice.numbers),
                pile.invoice.expected,
                pile.invoice.claims,
                pile.invoice.gain,
            )
        )
    if pile.apart.gain > 0:
        away: dict[str, object] = {
            "households": pile.apart.count,
            "of": pile.apart.of,
            "expected": round(pile.apart.expected, 1),
        }
        key, counts = "reasons_kinds.fake_bills_elsewhere", (float(pile.apart.count), pile.apart.expected)
        findings.append(Finding(CHANNEL, "harm", key, away, *counts, claims, pile.apart.gain))
    if pile.turns.gain > 0:
        turn: dict[str, object] = {"people": pile.turns.count, "expected": round(pile.turns.expected, 1)}
        key = "reasons_kinds.fake_bills_turns"
        counts = (float(pile.turns.count), pile.turns.expected)
        findings.append(Finding(CHANNEL, "harm", key, turn, *counts, claims, pile.turns.gain))
    findings.append(
        Finding(
            CHANNEL,
            "against",
            "reasons_kinds.fake_bills_payers",
            {"places": len(distinct(bills.facility[pile.at])), "share": round(100 * share)},
            share,
            0.0,
            claims,
            pile.place,
        )
    )
    hubs = tuple(("account", a, "payee") for a in paid)
    return Candidate(
        KIND,
        CHANNEL,
        belongs.astype(np.int32),
        strength,
        hubs,  # type: ignore[arg-type]
        claims,
        pile.score - price,
        pile.marks - nats.MARGIN,
        tuple(findings),
    )


def shuffled(view: View, seed: int) -> View:
    """Amounts permuted among the bills of one place and diagnosis, invoice numbers within the kind of care.

    Where one stranger's account is paid for half of such bills or more, amounts are permuted within the place; where it
    is so there too, drawn from all bills of that kind. Accounts keep their people and places, places and illnesses
    their prices; what one hand writes goes.
    """
    claims = view.claims
    service = claims.service.astype(np.int64)
    place = service * len(view.codes.facility) + claims.facility
    stratum = place * (len(view.codes.diagnosis) + 1) + claims.diagnosis + 1
    stranger = np.where(nats.foreign(view), claims.account, BLANK).astype(np.int64)
    small, whole = one_hand(stratum, stranger), one_hand(place, stranger)
    stratum = np.where(whole, -2 - service, np.where(small, -place - 10, stratum))
    turn = np.arange(len(claims.row), dtype=np.int32)
    amount = claims.amount[nats.permuted_within(turn, (stratum,), seed)]
    rng = np.random.default_rng(seed)
    for kind in distinct(service[whole]):
        mine, others = np.flatnonzero(whole & (service == kind)), np.flatnonzero(~whole & (service == kind))
        if len(others):
            amount[mine] = claims.amount[rng.choice(others, len(mine))]
    numbered = np.flatnonzero(claims.invoice != BLANK)
    invoice = claims.invoice.copy()
    invoice[numbered] = nats.permuted_within(claims.invoice[numbered], (service[numbered],), seed + 1)
    return replace(view, claims=replace(claims, amount=amount, invoice=invoice))


def one_hand(stratum: Longs, account: Longs) -> Bools:
    """Rows of strata in which one stranger's account has half of the bills or more."""
    values, which = coded(stratum)
    of, _, n = nats.pairs(which.astype(np.int64), account)
    most = np.zeros(len(values), np.int64)
    np.maximum.at(most, of, n)
    mostly: Bools = (2 * most >= np.bincount(which, minlength=len(values)))[which]
    return mostly
