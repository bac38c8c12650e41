"""Which kind of ring a co-presence group looks like: by the care it took and the marks it bears.

A group is named by its strongest specific mark; where no mark tells, by the shape of its visits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ringfinder.evidence.view import BLANK, INPATIENT, Ints, Longs, View

MAIN_SHARE = 0.5  # of the visits decides the kind of care
PLACES_SHARE = 0.8  # the fewest places that hold this share of the visits
SEVERAL_PLACES = 2
# one operator settles this share of five files or more, so many times the usual
ONE_DESK, BEYOND, LEAST_FILES = 0.7, 3.0, 5
ONE_MEDICINE = 0.5  # a few medicines make this share of the purchases


def name(view: View, visits: Longs, nats: dict[str, float]) -> str:
    """The kind's slug. `visits`: indices of the group's meeting visits; `nats`: harm by mark."""
    service = view.visits.service[visits]
    places = few_places(view, visits)
    if nats.get("dead", 0.0) > 0:
        return "after_death"
    if np.mean(service == INPATIENT) >= MAIN_SHARE:
        empty = max(nats.get("in_bed", 0.0), nats.get("empty_bed", 0.0))
        if max(nats.get("readmitted", 0.0), nats.get("moved", 0.0)) > empty and places >= SEVERAL_PLACES:
            return "rotation"
        return "sham_stay" if empty > 0 else "paid_referral"
    if nats.get("misfit", 0.0) > 0:
        return "lent_cards"
    if places >= SEVERAL_PLACES:
        return "drug_resale" if few_medicines(view, visits) else "lent_cards"
    return "retained_cards"


def few_places(view: View, visits: Longs) -> int:
    """How many places hold four fifths of the visits."""
    counts = np.sort(np.unique(view.visits.facility[visits], return_counts=True)[1])[::-1]
    return int(np.searchsorted(np.cumsum(counts), PLACES_SHARE * counts.sum()) + 1)


def few_medicines(view: View, visits: Longs) -> bool:
    """Whether five medicines make half of the purchases whose medicine is known."""
    drugs = view.visits.drug[visits]
    drugs = drugs[drugs != BLANK]
    if not len(drugs):
        return False
    counts = np.sort(np.unique(drugs, return_counts=True)[1])[::-1]
    return bool(counts[:5].sum() >= ONE_MEDICINE * counts.sum())


def of_desk(operator: Ints, usual: Callable[[int], float], kind: str) -> str:
    """`insider` where one operator settled most of what looks like fake bills, far beyond the share that place and others give.

    Bills that many clerks took in good faith are the go-between's work; bills that all came to one clerk are the clerk's too.
    `operator`: of the ring's claims; `usual`: the share of the other claims at the same places that an operator settled, of
    those whose operator is known.
    """
    known = operator[operator != BLANK]
    if kind != "fake_bills" or len(known) < LEAST_FILES:
        return kind
    codes, files = np.unique(known, return_counts=True)
    top, share = int(codes[files.argmax()]), float(files.max() / len(known))
    return "insider" if share >= ONE_DESK and share >= BEYOND * usual(top) else kind
