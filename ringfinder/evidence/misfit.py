"""A diagnosis that cannot be, or hardly ever is, the holder's: one that this sex or decade of age does not have.

What is rare is learnt from these claims, whatever the codes. Where the codes are those of ICD-10, what it limits to one sex or to an
age is known beforehand, since most of these illnesses are too seldom in a claim set to be learnt.

Source: World Health Organization, ICD-10 volume 2, the lists of categories limited to one sex; the chapters of pregnancy and the newborn.
Taken as such only where the claims agree: a house may use codes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence.arrays import coded, distinct, tally
from ringfinder.evidence.once import once
from ringfinder.evidence.view import BLANK, DAY, NEVER, Bools, Ints, Longs, View

SEX_SHARE, DECADE_SHARE, LEAST_CASES = 0.03, 0.01, 60
# of the patients with an illness so limited are of that sex and age, or the codes are not those of ICD-10: half are by chance alone, and
# wrong registers, newborns and lent cards are never so many
AGREE = 0.65
FEMALE, MALE = 0, 1  # as in `People.sex`
LIMITED = {
    FEMALE: "A34 C51-C58 D06 D25-D28 D39 E28 F53 N70-N98 O00-O99 Q50-Q52 Z32-Z36 Z39",
    MALE: "C60-C63 D29 D40 E29 N40-N51 Q53-Q55",
}
AGES = {"P00-P96": (0, 50), "O00-O99": (9, 64)}  # full years; a newborn is treated on a parent's card


@dataclass(frozen=True)
class Misfits:
    """By visit, why its diagnosis is not the holder's: of the other `sex`; of `older` people; of `younger` ones.

    A wrong sex in the register makes the first, a wrong day of birth the second or the third, and each of them all the time.
    """

    sex: Bools
    older: Bools
    younger: Bools


def misfits(view: View) -> Bools:
    """Visits whose diagnosis hardly any patient of that sex or decade of age has, or that ICD-10 limits to others."""
    why = ways(view)
    return why.sex | why.older | why.younger


@once(lambda view: (view.visits, view.people, view.codes))
def ways(view: View) -> Misfits:
    """Misfits by what they contradict."""
    visits, people = view.visits, view.people
    has = visits.diagnosis != BLANK
    sex = people.sex[visits.patient].astype(np.int64)
    birth = people.birth[visits.patient]
    age = (visits.start // DAY - np.where(birth == NEVER, 0, birth)) // 3652
    decade = np.where(birth == NEVER, -1, np.clip(age, 0, 9))
    by_sex, _ = rare_combination(visits, has, sex, 2, SEX_SHARE)
    by_age, above = rare_combination(visits, has, decade, 10, DECADE_SHARE)
    other = of_another(view, has, sex, np.where(birth == NEVER, BLANK, (visits.start // DAY - birth) // 365))
    return Misfits(by_sex | other.sex, by_age & ~above | other.older, by_age & above | other.younger)


def of_another(view: View, has: Bools, sex: Longs, years: Longs) -> Misfits:
    """Visits for an illness that ICD-10 limits to the other sex or to another age; none where the claims do not agree with it.

    `sex` and full `years` by visit, BLANK where unknown.
    """
    codes = [str(code) for code in view.codes.diagnosis]
    only, youngest, oldest = limited(codes), *aged(codes)
    rows = np.flatnonzero(has)
    ill = view.visits.diagnosis[rows]
    by_sex = (only[ill] != BLANK) & (sex[rows] != BLANK)
    by_age = (oldest[ill] != BLANK) & (years[rows] >= 0)
    early, late = by_age & (years[rows] < youngest[ill]), by_age & (years[rows] > oldest[ill])
    reasons = (by_sex & (sex[rows] != only[ill]), early, late)
    wrong = np.logical_or.reduce(reasons)
    told = by_sex | by_age
    flags = np.zeros((len(reasons), len(has)), np.bool_)
    person, which = coded(view.visits.patient[rows[told]] * np.int64(len(codes)) + ill[told])
    if len(person) >= LEAST_CASES and np.mean(tally(which, wrong[told], len(person)) == 0) >= AGREE:
        flags[:, rows] = reasons
    return Misfits(*flags)


def limited(codes: list[str]) -> Ints:
    """By diagnosis code: the sex to which ICD-10 limits its category, or BLANK."""
    of = {category: sex for sex, ranges in LIMITED.items() for category in categories(ranges)}
    return np.array([of.get(code[:3], BLANK) for code in codes], np.int32)


def aged(codes: list[str]) -> tuple[Ints, Ints]:
    """By diagnosis code: the youngest and the oldest, in full years, to whom its chapter of ICD-10 belongs; or BLANK."""
    of = {category: ages for ranges, ages in AGES.items() for category in categories(ranges)}
    youngest, oldest = zip(*(of.get(code[:3], (BLANK, BLANK)) for code in codes), strict=True) if codes else ((), ())
    return np.array(youngest, np.int32), np.array(oldest, np.int32)


def categories(ranges: str) -> list[str]:
    """The categories of ranges as ICD-10 writes them: "C51-C53 D06" are C51, C52, C53 and D06."""
    return [f"{part[0]}{number:02d}" for part in ranges.split() for number in range(int(part[1:3]), int(part[-2:]) + 1)]


def rare_combination(visits: object, has: Bools, trait: Longs, size: int, share: float) -> tuple[Bools, Bools]:
    """Visits whose trait is borne by less than `share` of the diagnosis' patients, where it has enough patients to tell; and
    whether the trait is above that of most of these."""
    diagnosis: Ints = visits.diagnosis  # type: ignore[attr-defined]
    patient: Ints = visits.patient  # type: ignore[attr-defined]
    told = has & (trait >= 0)
    out, above = np.zeros(len(patient), np.bool_), np.zeros(len(patient), np.bool_)
    if not told.any():
        return out, above
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
    middle = (np.cumsum(cases, axis=1) * 2 < total[:, None]).sum(
        axis=1
    )  # of its patients, half bear this trait or one below
    rows = np.flatnonzero(out)
    above[rows] = trait[rows] > middle[diagnosis[rows]]
    return out, above
