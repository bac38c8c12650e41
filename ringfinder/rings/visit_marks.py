"""Marks of visits: which of a group's visits bear one, how many would by chance, and how far that counts.

L = k ln(k/mu) - (k - mu), at most 40 nats, less ln(marks) for having chosen it among all, counted where k/n reaches the mark's typical
share (`marks.TYPICAL`): a large group gathers nats from a trifling excess. What people do (`BY_PARTS`), which alone cannot alert, counts in
part from half of it on. What cannot be (`IMPOSSIBLE`) counts also where a quarter of the households bear it, however seldom: who is careful
lets most uses of a card look right.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import most_of_one, tally
from ringfinder.evidence.beds import ONE_ILLNESS
from ringfinder.evidence.marks import COSTLY, TYPICAL, Marks
from ringfinder.evidence.once import once as made_once
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.usual import median_by
from ringfinder.evidence.view import Bools, Floats, Longs, View
from ringfinder.rings import clocks, prices
from ringfinder.rings.bases import Rates, Reasons, bearers
from ringfinder.rings.considered import IMPOSSIBLE
from ringfinder.rings.groups import Groups
from ringfinder.rings.prices import Rows

MOST = 40.0
LEAST_HOMES = 3  # households bear a mark before the group does: two may have one carer, or one habit
SOME_HOMES = 0.25  # of the households bear what cannot be
APART_KM = 5.0
BY_PARTS = ("costly", "tour", "round", "far", "again", "moved", "readmitted", "light", "needless")  # see `harm.TRAITS`
# they only confirm: a village that a charity takes to a hospital stays equally long and is paid through one account
CONFIRMING = ("length", "foreign", "stockpile")


def marked(presence: Presence, known: Rates, rows: Rows, usual: tuple[Floats, Floats], once: Bools) -> dict[str, Bools]:
    """By mark and row: the visit bears it. `once`: by group, it met in one episode, whose care is dear for all alike."""
    here = {name: flag[rows.visit] for name, flag in known.marks.flags.items()}
    here["far"] = here["far"] & scattered(presence, known.marks, rows, len(rows.visits))
    here["travel"] = here["travel"] & clocks.without_the_group(presence, known.marks, rows)
    # a ward that closes sends all its patients on at once
    here |= {name: prices.lasting(presence, rows, here[name]) for name in ("moved", "readmitted")}
    here["costly"] = prices.dear(known.likes, usual, rows, COSTLY) & ~once[rows.group]
    return here


def weighed(
    presence: Presence, known: Rates, groups: Groups, rows: Rows, here: dict[str, Bools], price: float
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """By mark and group: nats, k, mu, and the share of the households that bear it (not of `CONFIRMING` ones). `here`: see `marked`."""
    n = groups.count
    theirs = Reasons.of(presence, known, groups, rows)
    homes = np.maximum(1, np.bincount(rows.owner, minlength=n))
    nats: dict[str, Floats] = {}
    borne: dict[str, Floats] = {}
    expected: dict[str, Floats] = {}
    shares: dict[str, Floats] = {}
    for name, flag in here.items():
        k, mu, of = bearers(known, name, flag, rows, n, theirs)
        marked_homes = homes_marked(flag, rows, n)
        part = (k >= TYPICAL[name] * of).astype(np.float64)
        if name in IMPOSSIBLE:
            part = np.maximum(part, marked_homes >= SOME_HOMES * homes)
        elif name in BY_PARTS:
            part = typically(k, TYPICAL[name] * of)
        nats[name] = part * surprise(k, mu, marked_homes >= LEAST_HOMES, price)
        borne[name], expected[name] = k, mu
        if name not in CONFIRMING:
            shares[name] = marked_homes / homes
    return nats, borne, expected, shares


def scattered(presence: Presence, marks: Marks, rows: Rows, n: int) -> Bools:
    """By visit: the person's home lies apart from the middle of the group's homes; true where homes are unknown."""
    patient, group = presence.patient[rows.row], rows.group
    x, y = marks.home_x[patient], marks.home_y[patient]
    told = np.isfinite(x)
    out = np.ones(len(group), np.bool_)
    if told.any():
        middle_x = median_by(group[told].astype(np.int32), x[told], n)
        middle_y = median_by(group[told].astype(np.int32), y[told], n)
        km = np.hypot(x - middle_x[group], y - middle_y[group])
        out = ~np.isfinite(km) | (km > APART_KM)
    return out


def of_many_stories(presence: Presence, rows: Rows, misfit: Bools, n: int) -> Bools:
    """By group: no chapter of the classification makes more than `ONE_ILLNESS` of the illnesses that cannot be the people's.

    Supervision of a pregnancy (Z3) belongs to that of births: who is wrongly a man in the register has all of it.
    """
    marked = np.flatnonzero(misfit)
    illness = presence.view.visits.diagnosis[rows.visit[marked]]
    most = most_of_one(rows.group[marked], stories(presence.view)[illness], n)
    out: Bools = most <= ONE_ILLNESS * np.bincount(rows.group[marked], minlength=n)
    return out


@made_once(lambda view: (view.codes,))
def stories(view: View) -> Longs:
    """By diagnosis, and at last for none, the chapter that tells of it: asked in every contest, and made once."""
    codes = [str(code) for code in view.codes.diagnosis]
    chapter = np.unique([("O" if code.startswith("Z3") else code[:1]) for code in codes], return_inverse=True)[1]
    return np.r_[chapter, len(codes)].astype(np.int64)


def homes_marked(flag: Bools, rows: Rows, n: int) -> Floats:
    """By group: its households with a visit marked."""
    return tally(rows.owner, tally(rows.home, flag, len(rows.owner)) > 0, n)


def share_of_homes(flag: Bools, rows: Rows, n: int) -> Floats:
    """By group: share of its households with a visit marked."""
    return homes_marked(flag, rows, n) / np.maximum(1, np.bincount(rows.owner, minlength=n))


def typically(k: Floats, typical: Floats) -> Floats:
    """How far so many count: in full from the typical number on, not at all up to half of it."""
    return np.clip(2.0 * k / np.maximum(typical, 1e-9) - 1.0, 0.0, 1.0)


def surprise(k: Floats, mu: Floats, enough: Bools, price: float) -> Floats:
    """Poisson log-likelihood ratio in nats, capped, less the price of choosing the mark; 0 where too few bear it."""
    ratio = k * np.log(np.maximum(k, 1e-9) / np.maximum(mu, 1e-9)) - (k - mu)
    return np.where(enough & (k > mu) & (k >= 2), np.clip(ratio - price, 0.0, MOST), 0.0)
