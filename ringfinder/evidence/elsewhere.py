"""Where a card was used while its holder is said to lie in bed elsewhere.

The family fetches the medicines of whoever lies in bed, so one use of the card proves nothing of one person. But who really lies there
uses it less than at other times: of the stays in which his own days let expect a visit, the share `going_on` shows one. A stay that
only the bill knows shows nearly all.

    chance(stay) = going_on (1 - exp(-e))       e: the person's other visits a day x days strictly inside the stay

The larger of it and the share of the ward's other stays holds. Stays of less than two nights say nothing, nor do long ones with an
outing now and then (`whereabouts.OUTING_DAYS`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, tally
from ringfinder.evidence.likelihood import surprise
from ringfinder.evidence.marks import made_of, mark
from ringfinder.evidence.once import once
from ringfinder.evidence.view import DAY, INPATIENT, Bools, Floats, Longs, View

SHRUNK = 60.0  # days at the average rate that a person's own rate of visits is smoothed with
TELLS = 3.0  # visits expected within the stays of a hospital, before its share of them is asked for
LEAST = 0.05  # of such stays show a visit
SMOOTHING = 20.0  # stays at the common rate that a ward's is smoothed with
SHARE = 0.15  # of the households with such stays: a large group gathers nats from a trifling excess
PRICE = 1.0  # nats: these stays are looked at beside amounts, numbers and turns
MOST = 40.0  # nats


@dataclass(frozen=True)
class Stays:
    """By visit: `lying`, a stay that can tell; `out`, the card was used elsewhere within it; `chance`, how often that is so for honest
    reasons, the ward left out; `far`, it is far from home. By facility, of those far from home: `at`, how many, and `out_at`."""

    lying: Bools
    out: Bools
    chance: Floats
    far: Bools
    at: Floats
    out_at: Floats


@dataclass(frozen=True)
class Apart:
    """Of a group's `of` households with distant stays, in `count` the card was used elsewhere meanwhile; expected, nats."""

    of: int
    count: int
    expected: float
    gain: float


NOTHING = Apart(0, 0, 0.0, 0.0)


@once(made_of)
def stays(view: View) -> Stays:
    """All stays, and how often cards are used elsewhere within them."""
    visits, marks = view.visits, mark(view)
    nights = (visits.end // DAY - visits.start // DAY).astype(np.float64)
    lying = (visits.service == INPATIENT) & (nights >= 2)
    out = marks.flags["in_bed"] & lying
    inside = np.where(lying, np.maximum(nights - 1.0, 0.0), 0.0)
    people = len(view.codes.patient)
    days = float(np.ptp(visits.start // DAY) + 1) if len(nights) else 1.0
    up = np.maximum(days - tally(visits.patient, inside, people), 1.0)
    others = tally(visits.patient, (visits.service != INPATIENT) & ~marks.flags["in_bed"], people)
    usual = others.sum() / max(float(up.sum()), 1.0)
    rate = (others + SHRUNK * usual) / (up + SHRUNK)
    likely = np.where(lying, 1.0 - np.exp(-rate[visits.patient] * inside), 0.0)
    places = len(view.codes.facility)
    going_on = usual_share(tally(visits.facility, out, places), tally(visits.facility, likely, places))
    far = lying & marks.flags["far"]
    at, out_at = (np.bincount(visits.facility[some], minlength=places).astype(np.float64) for some in (far, far & out))
    return Stays(lying, out, going_on * likely, far, at, out_at)


def usual_share(out: Floats, likely: Floats) -> float:
    """The share of the visits that people's days let expect which go on, at the middle one of the hospitals that can tell: empty beds
    of a few would pass for what is usual. At least `LEAST`; all hospitals together where none has enough stays."""
    tells = np.flatnonzero(likely >= TELLS)
    share = out[tells] / likely[tells] if len(tells) else np.array([out.sum() / max(float(likely.sum()), 1.0)])
    weight = likely[tells] if len(tells) else np.ones(1)
    order = np.argsort(share, kind="stable")
    middle = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    return float(np.clip(share[order][middle], LEAST, 1.0))


def households(home: Longs, out: Bools, chance: Floats, n: int) -> tuple[Floats, Floats]:
    """By household 0 .. n-1: whether the card was used elsewhere within any of its stays, and how probable that is."""
    return (
        (tally(home, out, n) > 0).astype(np.float64),
        1.0 - np.exp(tally(home, np.log1p(-np.minimum(chance, 0.99)), n)),
    )


def apart(view: View, known: Stays, visit: Longs) -> Apart:
    """The distant stays among the visits of a group (codes of visits), one a household."""
    visit = distinct(visit)
    visit = visit[known.far[visit]]
    if not len(visit):
        return NOTHING
    place, out, chance = view.visits.facility[visit], known.out[visit], known.chance[visit]
    # the wards alone are counted, not all facilities: there are as many piles as accounts
    ward_of = coded(place)[1]
    own, own_out = (tally(ward_of, some)[ward_of] for some in (np.ones(len(visit)), out))
    usual = float(chance.mean())
    ward = (known.out_at[place] - own_out + SMOOTHING * usual) / (known.at[place] - own + SMOOTHING)
    homes, home = coded(view.people.household[view.visits.patient[visit]])
    seen, likely = households(home, out, np.maximum(chance, ward), len(homes))
    k, mu = float(seen.sum()), float(likely.sum())
    gain = float(surprise(k, mu)) - PRICE if k >= max(2.0, SHARE * len(homes)) else 0.0
    return Apart(len(homes), int(k), mu, min(max(gain, 0.0), MOST))
