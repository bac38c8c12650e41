"""Care that somebody announced: what it costs, it costs for all who come, and they come one after the other.

A check-up, a vaccination, a course of acupuncture has one price for many illnesses, and claims do not tell it from others: so
equal amounts, dear ones too, say nothing where outpatients come on announced days (`evidence/announced.py`). Of pharmacies a day of
offers makes the amounts alike; dear purchases it does not explain.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence import announced
from ringfinder.evidence.arrays import tally
from ringfinder.evidence.presence import Presence
from ringfinder.evidence.view import DAY, OUTPATIENT, PHARMACY, Bools
from ringfinder.rings.prices import Rows

TREATED = 0.5  # of a group's visits are outpatients' on announced days, before dear ones say nothing


def on_campaign(presence: Presence, rows: Rows, chosen: Bools, n: int) -> Bools:
    """By row: `chosen`, and the days of the group's visits chosen, of that kind of care, are announced ones."""
    day = presence.view.visits.start[rows.visit] // DAY
    out = np.zeros(len(rows.row), np.bool_)
    for care, told in ((OUTPATIENT, announced.treatments), (PHARMACY, announced.offers)):
        at = np.flatnonzero(chosen & (rows.kind == care))
        out[at] = told(rows.group[at], day[at], n)[rows.group[at]]
    return out


def treated(rows: Rows, campaign: Bools, n: int) -> Bools:
    """By group: most of its visits are outpatients' on announced days. `campaign`: by row."""
    out: Bools = tally(rows.group, campaign & (rows.kind == OUTPATIENT), n) > TREATED * rows.visits
    return out
