"""A diagnosis that cannot be, or hardly ever is, the holder's: one that this sex or decade of age does not have.

What is rare is learnt from these claims, whatever the codes. Where the codes are those of ICD-10, what it limits to one sex is
known beforehand, since most of these illnesses are too seldom in a claim set to be learnt.

Source: World Health Organization, ICD-10 volume 2, the lists of categories limited to one sex. Taken as such only where the claims
agree: a house may use codes of its own.
"""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.arrays import distinct
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, DAY, NEVER, Bools, Ints, Longs, View

SEX_SHARE, DECADE_SHARE, LEAST_CASES = 0.03, 0.01, 60
AGREE = 0.9  # of the patients with an illness limited to one sex are of it, or the codes are not those of ICD-10
FEMALE, MALE = 0, 1  # as in `People.sex`
LIMITED = {
    FEMALE: "A34 C51-C58 D06 D25-D28 D39 E28 F53 N70-N98 O00-O99 Q50-Q52 Z32-Z36 Z39",
    MALE: "C60-C63 D29 D40 E29 N40-N51 Q53-Q55",
}


@once(lambda view: (view.visits, view.people, view.codes))
def misfits(view: View) -> Bools:
    """Visits whose diagnosis hardly any patient of that sex or decade of age has, or that ICD-10 limits to the other sex."""
    visits, people = view.visits, view.people
    has = visits.diagnosis != BLANK
    sex = people.sex[visits.patient].astype(np.int64)
    birth = people.birth[visits.patient]
    age = (visits.start // DAY - np.where(birth == NEVER, 0, birth)) // 3652
    decade = np.where(birth == NEVER, -1, np.clip(age, 0, 9))
    return (
        rare_combination(visits, has, sex, 2, SEX_SHARE)
        | rare_combination(visits, has, decade, 10, DECADE_SHARE)
        | of_other_sex(view, has & (sex != BLANK), sex)
    )


def of_other_sex(view: View, told: Bools, sex: Longs) -> Bools:
    """Visits for an illness that ICD-10 limits to the other sex; none where the claims do not agree with it."""
    only = limited([str(code) for code in view.codes.diagnosis])
    out = np.zeros(len(told), np.bool_)
    rows = np.flatnonzero(told)
    wanted = only[view.visits.diagnosis[rows]]
    rows, wanted = rows[wanted != BLANK], wanted[wanted != BLANK]
    person = distinct(view.visits.patient[rows] * np.int64(4) + wanted * 2 + sex[rows])
    agree = (person // 2 % 2) == person % 2
    if len(agree) >= LEAST_CASES and agree.mean() >= AGREE:
        out[rows] = sex[rows] != wanted
    return out


def limited(codes: list[str]) -> Ints:
    """By diagnosis code: the sex to which ICD-10 limits its category, or BLANK."""
    of: dict[str, int] = {}
    for sex, ranges in LIMITED.items():
        for part in ranges.split():
            first, last = part[:3], part[-3:]
            of |= {f"{first[0]}{number:02d}": sex for number in range(int(first[1:]), int(last[1:]) + 1)}
    return np.array([of.get(code[:3], BLANK) for code in codes], np.int32)


def rare_combination(visits: object, has: Bools, trait: Longs, size: int, share: float) -> Bools:
    """Visits whose trait is borne by less than `share` of the diagnosis' patients, where it has enough patients to tell."""
    diagnosis: Ints = visits.diagnosis  # type: ignore[attr-defined]
    patient: Ints = visits.patient  # type: ignore[attr-defined]
    told = has & (trait >= 0)
    out = np.zeros(len(patient), np.bool_)
    if not told.any():
        return out
    width = np.int64(patient.max()) + 1
    once = distinct((diagnosis[told].astype(np.int64) * size + trait[told]) * width + patient[told]) // width
    cases = np.bincount(once, minlength=(int(diagnosis.max()) + 1) * size).reshape(-1, size)
    total = cases.sum(axis=1)
    city = cases.sum(axis=0) / max(1, cases.sum())
    # a trait rare in the whole city is rare in every diagnosis: compare with what the city would give
    rare = (
        (cases < share * total[:, None])
        & (total[:, None] * city[None, :] >= LEAST_CASES * 0.1)
        & (total[:, None] >= LEAST_CASES)
    )
    out[told] = rare[diagnosis[told], trait[told]]
    return out
