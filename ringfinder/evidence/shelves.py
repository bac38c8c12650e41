"""What pharmacies sell: medicines by prescriber's share, prices by medicine and pharmacy, and which medicines are special."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ringfinder.evidence import sameness
from ringfinder.evidence.arrays import coded, distinct, order_by
from ringfinder.evidence.prescriptions import Purchases
from ringfinder.evidence.sameness import WIDTHS, Amounts
from ringfinder.evidence.view import BLANK, Floats, Longs, View

FEW = 5  # purchases of a medicine at a pharmacy before they say whether its price is fixed
# A special medicine: so few pharmacies sell it to others, or one sells this share; and the share of a pair's fills that are of such.
COMMON, SPECIAL, MOSTLY = 5, 0.3, 0.75


@dataclass(frozen=True)
class Shelves:
    """What is sold anywhere: purchases by pharmacy, medicines by prescriber's share, prices by medicine.

    `fills`: how often a medicine was sold at a pharmacy, prescribed or not, by medicine * pharmacies + pharmacy (`sold`, sorted).
    A shelf is a medicine at a pharmacy (sorted keys), with its `weight` in purchases and, by width, how often two of
    them cost the same (`agree`). `usual`: the median ln amount of all purchases; `mean`: their mean amount in yuan.
    """

    order: Longs
    first: Longs
    sold: Longs
    fills: Longs
    medicines: Longs
    prices: Amounts
    pharmacies: int
    shelf: Longs
    weight: Floats
    agree: list[Floats]
    usual: float
    mean: float

    @staticmethod
    def of(view: View, p: Purchases) -> Shelves:
        """Index the purchases."""
        order = order_by(p.pharmacy)
        first = np.searchsorted(p.pharmacy[order], np.arange(len(view.codes.facility) + 1))
        drugs = len(view.codes.drug) + 1
        of_medicine = np.flatnonzero((p.desk != BLANK) & (p.drug != BLANK))
        prescribed = p.drug[of_medicine]
        medicines = np.bincount(prescribed, minlength=drugs)
        prices = Amounts.of(p.drug + 1, p.log_amount, drugs)
        pharmacies = len(view.codes.facility)
        named = np.flatnonzero(p.drug != BLANK)
        sold, fills = np.unique(p.drug[named] * pharmacies + p.pharmacy[named], return_counts=True)
        dear = np.isin(p.drug, distinct(prescribed))
        shelf, number = coded(p.drug[dear] * pharmacies + p.pharmacy[dear])
        table = Amounts.of(number, p.log_amount[dear], len(shelf))
        size = table.total(np.arange(len(shelf)))
        weight = np.where(size >= FEW, size, 0).astype(np.float64)
        agree = [sameness.collisions(table, w) for w in WIDTHS]
        usual = float(np.median(p.log_amount)) if len(p.log_amount) else 0.0
        mean = float(np.exp(p.log_amount).mean()) if len(p.log_amount) else 0.0
        return Shelves(order, first, sold, fills, medicines, prices, pharmacies, shelf, weight, agree, usual, mean)

    def one_price(self, drug: Longs, pharmacy: int) -> list[Floats]:
        """By width, how often two purchases of each medicine at one of the *other* pharmacies cost the same.

        Where nobody else sells it: as often as of any medicine at any pharmacy.
        """
        codes, which = np.unique(drug, return_inverse=True)
        out = np.repeat(self.one_price_anywhere[:, None], len(codes), axis=1)
        for i, code in enumerate(codes):
            a, b = np.searchsorted(self.shelf, [code * self.pharmacies, (code + 1) * self.pharmacies])
            weight = np.where(self.shelf[a:b] % self.pharmacies == pharmacy, 0.0, self.weight[a:b])
            total = weight.sum()
            if code != BLANK and total > 0:
                out[:, i] = [float((weight * agree[a:b]).sum() / total) for agree in self.agree]
        return [by_code[which] for by_code in out]

    @cached_property
    def one_price_anywhere(self) -> Floats:
        """By width, how often two purchases of any medicine at any pharmacy cost the same."""
        total = max(self.weight.sum(), 1.0)
        return np.array([float((self.weight * agree).sum() / total) for agree in self.agree])

    def specialty(self, p: Purchases, doctor: int, pharmacy: int, drug: Longs) -> bool:
        """Whether most of these fills are of special medicines: fewer than `COMMON` pharmacies sell them to anybody but the doctor's
        patients, or `SPECIAL` of that is sold at this one. Whoever prescribed it: what many keep is not special."""
        codes, fills = np.unique(drug, return_counts=True)
        own = slice(*np.searchsorted(p.desk, np.searchsorted(p.doctor, [doctor, doctor + 1])))
        known = p.drug[own] != BLANK
        mine = p.drug[own][known] * self.pharmacies + p.pharmacy[own][known]
        special = 0
        for code, k in zip(codes, fills, strict=True):
            a, b = np.searchsorted(self.sold, [code * self.pharmacies, (code + 1) * self.pharmacies])
            others = self.fills[a:b].copy()
            np.subtract.at(others, np.searchsorted(self.sold[a:b], mine[mine // self.pharmacies == code]), 1)
            here = others[self.sold[a:b] == code * self.pharmacies + pharmacy].sum()
            few = np.count_nonzero(others) < COMMON
            special += int(k) * bool(few or here >= SPECIAL * others.sum())
        return special >= MOSTLY * len(drug)

    def price_of_others(self, ours: Amounts, drug: Longs) -> Floats:
        """By fill, ln yuan: what others pay for the medicine anywhere; infinite where fewer than `FEW` tell. `ours`: the desk's own."""
        codes, which = np.unique(drug, return_inverse=True)
        told = (self.prices.median_less(ours, int(code) + 1, FEW) if code != BLANK else None for code in codes)
        return np.array([np.inf if price is None else price for price in told])[which]

    def at(self, pharmacy: int) -> Longs:
        """Rows of purchases at a pharmacy."""
        return self.order[self.first[pharmacy] : self.first[pharmacy + 1]]


def usual_price(p: Purchases, shelves: Shelves, ours: Amounts, drug: Longs, counter: Longs) -> Floats:
    """By fill, ln yuan: the larger of what others pay for the medicine anywhere and what the pharmacy takes from others.

    Where too few others tell either: what anybody pays at any pharmacy.
    """
    here = float(np.median(p.log_amount[counter])) if len(counter) >= FEW else shelves.usual
    others = shelves.price_of_others(ours, drug)
    return np.where(np.isinf(others), here, np.maximum(here, others))


def frequency(codes: Longs, wanted: Longs, prior: Floats) -> Floats:
    """The share of each wanted code among `codes`, smoothed with five of the prior."""
    known = codes[codes != BLANK]
    n = np.bincount(known, minlength=int(wanted.max(initial=0)) + 1)[wanted]
    share: Floats = (n + 5.0 * prior) / (len(known) + 5.0)
    return share
