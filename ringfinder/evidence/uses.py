"""What medicines are prescribed for: the illness behind each purchase, and how others treat it.

The illness is the purchase's own diagnosis, else that of the person's last visit within `FILL_DAYS`, by category of the classification:
the first three signs of a code.

Source: World Health Organization, ICD-10 volume 2 (categories). Codes of a house's own are grouped by the same signs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfinder.evidence.prescriptions import Purchases, last_visit
from ringfinder.evidence.view import BLANK, Floats, Longs, View

SMOOTH = 5.0  # fills of the usual share that are added to what is counted


@dataclass(frozen=True)
class Uses:
    """By purchase its `illness` (BLANK where unknown); `treated`: of all that is prescribed, sorted keys illness * medicines + medicine."""

    illness: Longs
    treated: Longs
    medicines: int

    @staticmethod
    def of(view: View, p: Purchases) -> Uses:
        """The uses of the medicines of these purchases."""
        diagnosis = behind(view, p)
        illness = np.where(diagnosis == BLANK, BLANK, np.r_[groups(view, 3), BLANK][diagnosis])
        medicines = len(view.codes.drug) + 1
        known = np.flatnonzero((p.desk != BLANK) & (p.drug != BLANK) & (illness != BLANK))
        return Uses(illness, np.sort(illness[known] * medicines + p.drug[known]), medicines)

    def frequency(self, p: Purchases, mine: Longs, rows: Longs, usual: Floats) -> Floats:
        """By row, how often others prescribe its medicine for its illness; 0 where that is unknown. `mine`: the desk's own purchases."""
        out = np.zeros(len(rows))
        mine = mine[(p.drug[mine] != BLANK) & (self.illness[mine] != BLANK)]
        known = np.flatnonzero(self.illness[rows] != BLANK)
        illness, drug = self.illness[rows[known]], p.drug[rows[known]]
        key = illness * self.medicines + drug
        both = _count(self.treated, key, key + 1) - _equal(self.illness[mine] * self.medicines + p.drug[mine], key)
        least = illness * self.medicines
        all_of = _count(self.treated, least, least + self.medicines) - _equal(self.illness[mine], illness)
        out[known] = (both + SMOOTH * usual[known]) / (all_of + SMOOTH)
        return out


def behind(view: View, p: Purchases) -> Longs:
    """By purchase the diagnosis that it was made for; BLANK where nobody says."""
    diagnosis = view.claims.diagnosis
    visit, known = last_visit(view, p.claim, diagnosis != BLANK)
    own = diagnosis[p.claim]
    out: Longs = np.where(own != BLANK, own, np.where(known, diagnosis[visit], BLANK)).astype(np.int64)
    return out


def groups(view: View, signs: int) -> Longs:
    """By diagnosis code: its group by the first `signs` signs, counted from 0."""
    return np.unique([str(code)[:signs] for code in view.codes.diagnosis], return_inverse=True)[1].astype(np.int64)


def _count(keys: Longs, low: Longs, high: Longs) -> NDArray[np.int64]:
    return np.searchsorted(keys, high) - np.searchsorted(keys, low)


def _equal(values: Longs, wanted: Longs) -> NDArray[np.int64]:
    ordered = np.sort(values)
    return _count(ordered, wanted, wanted + 1)
