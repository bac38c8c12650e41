"""People whose care contradicts itself, or their register, in two ways that no single mistake explains.

A wrong sex in a register makes every illness of one sex a misfit, a wrong day of birth those of older or of younger people; a house that
writes wrong days has its patients in bed and about; a household of two cards takes the wrong one. Each makes one kind of contradiction,
again and again. Cards that several people use make several kinds:

| kind | a visit |
| --- | --- |
| sex | for an illness of the other sex |
| older, younger | for an illness of people much older, or much younger |
| travel | at two places at once, or too fast from one to the other; purchases aside |
| in_bed | no stay, while the holder lies in bed elsewhere; purchases aside |
| borrowed | with the card of another household |

Model. A *bearer* has `KINDS` of them or more, on `DAYS` days or more: one in five to ten thousand people. Where they gather is judged as
in `wandering`, whose other question this is.

Blind spots: a card that one other person uses, of another sex only or of another age only; claims without diagnoses and hours; a house
whose register and days are both wrong.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import distinct_per
from ringfinder.evidence.misfit import Misfits
from ringfinder.evidence.view import DAY, INPATIENT, Bools, View
from ringfinder.evidence.wandering import Bearers

KINDS, DAYS = 2, 3


def contradicting(view: View, flags: dict[str, Bools], misfits: Misfits) -> Bearers:
    """The bearers and their contradictions. `flags` as in `lent_cards`, by visit."""
    visits = view.visits
    kinds = (
        misfits.sex,
        misfits.older,
        misfits.younger,
        flags["travel"],
        flags["in_bed"] & (visits.service != INPATIENT),
        flags["borrowed"],
    )
    people = len(view.codes.patient)
    borne = np.sum([np.bincount(visits.patient[flag], minlength=people) > 0 for flag in kinds], axis=0)
    marked = np.logical_or.reduce(kinds)
    days = distinct_per(visits.patient[marked].astype(np.int64), visits.start[marked] // DAY, people)
    everywhere = np.ones(len(marked), np.bool_)
    return Bearers(marked, everywhere, (borne >= KINDS) & (days >= DAYS), "reasons_kinds.contradicting")
