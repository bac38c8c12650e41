"""Claims after death: care that starts after the holder's death, bundled through one account, agent, till or place.

Model. A hub is a foreign payee account, an agent, a till, an operator, a doctor or a place. k = households whose dead
have care *starting* more than 3 days after the date of death through the hub (late settlement of earlier care is no
sign). Chance mu is the largest of: the hub's people x the share of such people at the other hubs of its type; and,
knowing who died: people known to the hub before they died x how often such people go on at the same hub elsewhere,
plus newcomers after death in the hub's share of all traffic. Hubs that stand out themselves are left out of the base
rates.

Not dead is who goes on with a place known from before, on several days, other than the hub: the register errs. One
date of death counts at most two households (a slip for a whole batch).

    S = L(k, mu) + min(batches, 2 L) + min(second, L) - ln(hubs) - 1        H = L(k, mu) - 1

batches: days with two or more dead through the hub, against the hub's load on the day. A wide hub whose dead are
those of two narrower ones is two rings; account, agent and till of one crowd are one. second: the crowd of a place is
named by one payee or agent as well (`second_hub`).

Blind spots: nothing without dates of death; heirs of one household; a person whose death is not yet in the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct, distinct_per, order_by
from ringfinder.evidence.one_crowd import Bundle, one_ring_each
from ringfinder.evidence.second_hub import NONE, second
from ringfinder.evidence.view import BLANK, DAY, NEVER, Bools, Candidate, Finding, Floats, HubType, Ints, Longs, View

KIND = CHANNEL = "after_death"
needs = ("patients.death_date",)

GRACE_DAYS = 3  # a bill dated to the discharge or the funeral week is no claim after death
GOES_ON_DAYS = 2  # care at a known place on this many days: the person lives, the register errs
ONE_SLIP = 2  # households that one date of death counts for
STANDS_OUT = 5.0  # nats above which a hub is left out of the base rate of the others
FEW_HUBS = 50.0  # people of the whole town added to the others' rates: one other hub is no custom
HUBS: tuple[tuple[HubType, str], ...] = (
    ("account", "payee"),
    ("recruiter", "go_between"),
    ("terminal", "till"),
    ("operator", "settler"),
    ("doctor", "doctor"),
    ("facility", "facility"),
)


def off(view: View) -> str | None:
    """Without dates of death there is nothing to compare."""
    return None if (view.people.death != NEVER).any() else "reasons_kinds.after_death_off"


def search(view: View) -> list[Candidate]:
    """Hubs through which more of the dead claim than any honest hub explains; best first."""
    late = after_death(view)
    if off(view) is not None or not late.any():
        return []
    types = [(hub_type, role, column(view, hub_type)) for hub_type, role in HUBS]
    bundles: list[Bundle] = []
    hubs = 0
    for hub_type, role, codes in types:
        found, looked_at = bundles_of(view, late, hub_type, role, codes)
        bundles += found
        hubs += looked_at
    bundles.sort(key=lambda b: (-b.score, b.hubs))
    price = np.log(max(hubs, 1)) + nats.MARGIN
    columns = {hub_type: codes for hub_type, _, codes in types}
    return [candidate(view, with_second(view, b, columns), price) for b in one_ring_each(bundles)]


def after_death(view: View) -> Bools:
    """Claims whose care starts more than `GRACE_DAYS` after the patient's death."""
    return view.claims.start - GRACE_DAYS * DAY > view.people.death[view.claims.patient]


def column(view: View, hub_type: HubType) -> Ints:
    """The hub's code on each claim; accounts only where they are foreign to the household."""
    codes: Ints = getattr(view.claims, hub_type)
    return np.where(nats.foreign(view), codes, BLANK).astype(np.int32) if hub_type == "account" else codes


def bundles_of(view: View, late: Bools, hub_type: HubType, role: str, codes: Ints) -> tuple[list[Bundle], int]:
    """Bundles of all hubs of one type, and how many hubs there are."""
    claims, people = view.claims, view.people
    known = np.flatnonzero(codes != BLANK)
    if not len(known):
        return [], 0
    hub, person, number = nats.pair_index(codes[known], claims.patient[known])
    hubs = int(hub.max()) + 1
    dead = people.death[person] != NEVER
    before = np.zeros(len(hub), np.bool_)  # the hub knew the person before death
    before[number[~late[known] & dead[number]]] = True
    at = known[late[known] & ~goes_on(view, late, codes)[known]]
    if not len(at):
        return [], len(distinct(hub))
    width = np.int64(claims.patient.max()) + 1
    after_key = distinct(codes[at].astype(np.int64) * width + claims.patient[at])
    after = np.zeros(len(hub), np.bool_)
    after[np.searchsorted(hub * width + person, after_key)] = True

    n_people = np.bincount(hub, minlength=hubs)
    n_after = np.bincount(hub[after], minlength=hubs)
    knew = np.bincount(hub[before], minlength=hubs)
    went_on = np.bincount(hub[before & after], minlength=hubs)
    came_new = np.bincount(hub[after & ~before], minlength=hubs)
    claiming, dying = len(distinct(claims.patient[late])), int((people.death != NEVER).sum())
    everybody, of_the_dead = claiming / len(people.death), claiming / dying
    usual = np.ones(hubs, np.bool_)  # first against everybody, then without those that stand out
    mu = np.zeros(hubs)
    for _ in range(2):
        share = traffic(n_people)
        by_type = n_people * rest(n_after, n_people, usual, everybody)
        by_death = knew * rest(went_on, knew, usual, of_the_dead) + share * np.maximum(
            (came_new * usual).sum() - came_new * usual, 0
        )
        by_death += share  # one more newcomer may always come
        mu = np.maximum(by_type, by_death)
        usual = nats.surprise(n_after, mu) < STANDS_OUT
    out = []
    order = at[order_by(codes[at])]
    of_hub = known[order_by(codes[known])]
    begins = np.searchsorted(codes[of_hub], np.arange(hubs + 1))
    homes = distinct_per(codes[at].astype(np.int64), people.household[claims.patient[at]], hubs)
    dates = distinct_per(codes[at].astype(np.int64), people.death[claims.patient[at]], hubs)
    worth = (homes >= nats.FEWEST_HOUSEHOLDS) & (dates >= nats.FEWEST_HOUSEHOLDS) & (homes > mu)
    for code, first, end in nats.slices(codes[order]):
        if not worth[code]:
            continue
        load = of_hub[begins[code] : begins[code + 1]]
        bundle = bundle_of(view, np.sort(order[first:end]).astype(np.int32), float(mu[code]), load)
        if bundle is not None:
            out.append(replace(bundle, hubs=((hub_type, code, role),)))
    return out, int((n_people > 0).sum())


def traffic(n_people: Longs) -> Floats:
    """Each hub's share of all people seen by hubs of its type."""
    return n_people / max(int(n_people.sum()), 1)


def rest(some: Longs, total: Longs, usual: Bools, town: float) -> Floats:
    """The share some/total among the other usual hubs, for each hub; smoothed with the whole town's share."""
    others_some = (some * usual).sum() - some * usual
    others_total = (total * usual).sum() - total * usual
    share: Floats = (others_some + FEW_HUBS * town) / (others_total + FEW_HUBS)
    return share


def goes_on(view: View, late: Bools, codes: Ints) -> Bools:
    """Late claims of people who, apart from this claim's hub, go on at known places on several days: alive."""
    claims = view.claims
    at = np.flatnonzero(late)
    early = np.flatnonzero((view.people.death[claims.patient] != NEVER) & ~late)
    width = np.int64(claims.facility.max()) + 1
    known_places = distinct(claims.patient[early].astype(np.int64) * width + claims.facility[early])
    known = np.isin(claims.patient[at].astype(np.int64) * width + claims.facility[at], known_places)
    patient, day, hub = claims.patient[at], claims.start[at] // DAY, codes[at]
    seen = np.flatnonzero(known)
    days = nats.distinct(patient[seen], day[seen])
    total = np.bincount(patient[seen][days], minlength=len(view.people.death))
    through = np.flatnonzero(known & (hub != BLANK))
    own = nats.distinct(patient[through], hub[through], day[through])
    mine_patient, mine_hub, mine = nats.pairs(patient[through][own], hub[through][own])
    pair_width = np.int64(hub.max(initial=0)) + 2
    keys = mine_patient * pair_width + mine_hub
    wanted = patient.astype(np.int64) * pair_width + hub
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    here = np.where(keys[place] == wanted, mine[place], 0) if len(keys) else np.zeros(len(at), np.int64)
    out = np.zeros(len(late), np.bool_)
    out[at] = total[patient] - here >= GOES_ON_DAYS
    return out


def bundle_of(view: View, at: Ints, mu: float, load: Longs) -> Bundle | None:
    """The bundle of the late claims `at` of one hub, or None when too small to be a group; `load`: all the hub's claims."""
    claims, people = view.claims, view.people
    patients = distinct(claims.patient[at])
    household = people.household[patients]
    heads = nats.distinct(household)
    dates, per_date = np.unique(people.death[patients[heads]], return_counts=True)
    k = int(np.minimum(per_date, ONE_SLIP).sum())
    day = claims.start[at] // DAY
    if k < nats.FEWEST_HOUSEHOLDS or len(dates) < nats.FEWEST_HOUSEHOLDS or len(distinct(day)) < 2:
        return None
    gain = float(nats.surprise(k, mu))
    if gain <= 0:
        return None
    batches, batch_days = batch_gain(people.household[claims.patient[at]], day, load_of(view, load))
    return Bundle((), patients, household[heads], at, k, mu, gain, batches, batch_days)


def load_of(view: View, load: Longs) -> tuple[Longs, Longs]:
    """Days on which the hub saw anybody, with how many claims."""
    days, n = np.unique(view.claims.start[load] // DAY, return_counts=True)
    return days, n.astype(np.int64)


def batch_gain(household: Ints, day: Longs, load: tuple[Longs, Longs]) -> tuple[float, int]:
    """Nats of days on which several dead came, each day paid for; and the number of such days."""
    heads = nats.distinct(household, day)
    days, came = np.unique(day[heads], return_counts=True)
    n = int(came.sum())
    on = load[1][np.searchsorted(load[0], days)]
    others = np.maximum(on - came, 0)
    total = max(int(load[1].sum()) - n, 1)
    share = np.maximum(others / total, 1.0 / max(len(load[0]), 1))
    gain = nats.surprise(came, n * share) - np.log(1.0 / share)
    several = came >= 2
    return float(np.maximum(gain, 0.0)[several].sum()), int(several.sum())


def with_second(view: View, b: Bundle, columns: Mapping[HubType, Ints]) -> Bundle:
    """The bundle with the best of its further hubs told as a second one."""
    (first, code, _), *others = b.hubs
    hubs = [
        second(view, b.patients, b.claims, (first, columns[first], code), (hub_type, columns[hub_type], other))
        for hub_type, other, _ in others
    ]
    return replace(b, second=max(hubs, key=lambda s: s.gain, default=NONE))


def candidate(view: View, b: Bundle, price: float) -> Candidate:
    """The bundle as a candidate with its sentences."""
    claims = view.claims
    days_after = (claims.start[b.claims] - view.people.death[claims.patient[b.claims]]) // DAY
    days = len(distinct(claims.start[b.claims] // DAY))
    hub_type = b.hubs[0][0]
    main = Finding(
        CHANNEL,
        "harm",
        f"reasons_kinds.after_death_{hub_type}",
        {
            "people": len(b.patients),
            "households": b.count,
            "claims": len(b.claims),
            "days": days,
            "after": int(np.median(days_after)),
        },
        float(b.count),
        b.expected,
        b.claims,
        b.gain,
    )
    findings = [main]
    if b.batch_days:
        findings.append(
            Finding(
                CHANNEL,
                "for",
                "reasons_kinds.after_death_batches",
                {"days": b.batch_days},
                b.batch_days,
                0.0,
                b.claims,
                b.batches,
            )
        )
    if b.second.gain > 0:
        agree: dict[str, object] = {"households": b.second.households, "expected": round(b.second.expected, 2)}
        counts = (float(b.second.households), b.second.expected)
        findings.append(
            Finding(CHANNEL, "for", "reasons_kinds.after_death_second", agree, *counts, b.claims, b.second.gain)
        )
    findings.append(
        Finding(
            CHANNEL,
            "against",
            "reasons_kinds.after_death_register",
            {"dates": len(distinct(view.people.death[b.patients])), "expected": round(b.expected, 2)},
            float(b.count),
            b.expected,
            b.claims,
        )
    )
    strength = np.full(len(b.patients), 1.0 - 1.0 / (2.0 + b.count))
    return Candidate(
        KIND,
        CHANNEL,
        b.patients,
        strength,
        b.hubs,
        b.claims,
        float(b.score - price),
        b.gain - nats.MARGIN,
        tuple(findings),
    )


def shuffled(view: View, seed: int) -> View:
    """Deaths permuted among people of one sex and five-year age band: who dies is chance, where claims go stays."""
    people = view.people
    band = np.where(people.birth == NEVER, -1, np.where(people.birth == NEVER, 0, people.birth) // 1826).astype(
        np.int64
    )
    order = nats.permuted_within(np.arange(len(people.death), dtype=np.int32), (people.sex, band), seed)
    return replace(view, people=replace(people, death=people.death[order]))
