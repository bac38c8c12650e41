"""Irregular files: one operator settles those of more households than the places, the illnesses and chance explain.

Model. What a *file* is and what is wrong with it, is told in `desk_files`; how many households with such files honest reasons let
expect (mu), in `desk_excess`; who of the desk's clients belongs, in `desk_members`. Households whose files bear three kinds of trait
(`threefold`) count as irregular too, and a desk that has them beyond chance is also looked at for these alone.

    L = the larger of L(k, mu) of households with any irregular file and the sum over marks of L(k, mu) - 1
    S = L + min(L of households with costly files + with strangers' accounts, L) - ln(operators) - 1

    H = sum over marks of min(L, 20) - 1; of dear files, strangers' accounts, habits and people who come back the strongest counts
        no further than 6 beyond all the others

with the members' households against what chance expects of the whole desk: that they were chosen among its clients is paid.

Care paid twice is looked at apart from the rest as well, since a desk that pays twice may take in another ring's bills too.

More than 300 people are a desk's public, and how it works is its office's business.

Blind spots: an operator who is his facility; files spread over desks; a ring whose files differ in price only; other two rings at
one desk are seen as one; several rings that use the same few facilities explain one another in part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.desk_excess import Excess, excesses
from ringfinder.evidence.desk_files import ANY, HARD, PRICE, REPAID, REST, SOFT, THREEFOLD, WAYS, Files, gather
from ringfinder.evidence.desk_members import members
from ringfinder.evidence.session_seeds import LARGEST
from ringfinder.evidence.view import DAY, Candidate, Finding, Floats, View

KIND = CHANNEL = "insider"

CAP = 20.0  # most nats of one mark: one irregularity, however often repeated
BEYOND = 6.0  # nats that soft marks count beyond the hard ones in harm: below what alerts
LISTED = -5.0  # nats of coordination: weaker operators are not worth looking at
OCCASIONS = 3  # days of settlement


def search(view: View) -> list[Candidate]:
    """Operators with more irregular households than anything explains, each with the people who fit; best first."""
    files = gather(view)
    if not len(files.claim):
        return []
    worth = excesses(files, len(view.codes.operator))
    price = float(np.log(len(distinct(files.operator)))) + nats.MARGIN
    wrong = np.maximum(worth[ANY].gain, sum_of(worth, HARD))
    ways = [np.where(worth[name].stands_out(), worth[name].gain - nats.MARGIN, 0.0) for name in WAYS]
    hard, _ = nats.backed(np.stack(ways), wrong, 0.0)
    beyond = np.maximum(worth["costly"].gain - ways[WAYS.index("dear")], 0.0)  # costly and dear are one trait
    soft = np.minimum(beyond + worth["foreign"].gain, hard)
    score = hard + soft - price
    several = np.max([worth[name].count for name in (ANY, *WAYS)], axis=0) >= nats.FEWEST_HOUSEHOLDS
    good = np.flatnonzero((score > LISTED) & several)
    found = [candidate(view, files, worth, o, float(score[o])) for o in good.tolist()]
    # whoever pays twice may take in another ring's bills as well
    parts = [(some, sum_of(worth, some) - price) for some in (REST, (REPAID,))]
    two = good[np.all([alone[good] > 0 for _, alone in parts], axis=0)]
    three = good[sum_of(worth, (THREEFOLD,))[good] > 0]
    found += [candidate(view, files, worth, o, float(score[o]), (THREEFOLD,)) for o in three.tolist()]
    found += [candidate(view, files, worth, o, float(alone[o]), some) for some, alone in parts for o in two.tolist()]
    return sorted(
        (c for c in found if c is not None), key=lambda c: (-min(c.coordination, c.harm), c.patients.tolist())
    )


def sum_of(worth: dict[str, Excess], names: Sequence[str]) -> Floats:
    """By operator: nats of these marks, each paid for."""
    total: Floats = np.sum([np.maximum(worth[name].gain - nats.MARGIN, 0.0) for name in names], axis=0)
    return total


def candidate(
    view: View, files: Files, worth: dict[str, Excess], operator: int, score: float, hard: Sequence[str] = HARD
) -> Candidate | None:
    """The operator's irregular clients as a candidate; None where they are too few, or a desk's public. `hard`: what it is about."""
    claims = view.claims
    rows = np.flatnonzero(files.operator == operator)
    own = [name for name in WAYS if worth[name].stands_out()[operator]]
    group, odds = members(view, files, rows, own, hard)
    rows = rows[np.isin(claims.patient[files.claim[rows]], group)]
    days = len(distinct(claims.settled[files.claim[rows]] // DAY))
    if len(distinct(view.people.household[group])) < nats.FEWEST_HOUSEHOLDS or days < OCCASIONS or len(group) > LARGEST:
        return None
    at = np.sort(files.claim[rows]).astype(np.int32)
    gains: dict[str, float] = {}
    told: list[Finding] = []
    for name, flag in files.flags.items():
        count = len(distinct(files.home[rows[files.counted[name][rows]]]))
        mu = float(worth[name].expected[operator])
        counts = name not in WAYS or name in own
        gains[name] = min(float(nats.surprise(count, mu)), CAP) if counts else 0.0
        if gains[name] > 0:
            values: dict[str, object] = {"count": count, "expected": round(mu, 1), "people": len(group)}
            key = f"reasons_kinds.irregular_{name}"
            shown = np.sort(files.claim[rows[flag[rows]]]).astype(np.int32)
            told.append(Finding(CHANNEL, "harm", key, values, count, mu, shown, gains[name]))
    traits = [max(gains[name] for name in PRICE), *(gains[name] for name in SOFT if name not in PRICE)]
    borne, _ = nats.backed(np.array(traits), sum(gains[name] for name in HARD), BEYOND)
    harm = float(borne) - nats.MARGIN
    most = worth[max((ANY, *WAYS) if hard == HARD else hard, key=lambda name: float(worth[name].gain[operator]))]
    count, mu = int(most.count[operator]), float(most.expected[operator])
    main: dict[str, object] = {
        "operator": str(view.codes.operator[operator]),
        "count": count,
        "expected": round(mu, 1),
        "people": len(group),
        "files": len(at),
        "days": days,
    }
    against: dict[str, object] = {
        "facilities": len(distinct(claims.facility[at])),
        "clients": len(distinct(files.home[files.operator == operator])),
        "expected": round(mu, 1),
    }
    findings = (
        Finding(CHANNEL, "for", "reasons_kinds.irregular", main, count, mu, at, float(most.gain[operator])),
        *told,
        Finding(CHANNEL, "against", "reasons_kinds.irregular_explained", against, count, mu, at),
    )
    strength = 1.0 / (1.0 + np.exp(-np.clip(odds, 0.0, 8.0)))
    hub = ("operator", operator, "settler")
    return Candidate(KIND, CHANNEL, group.astype(np.int32), strength, (hub,), at, score, harm, findings)  # type: ignore[arg-type]
