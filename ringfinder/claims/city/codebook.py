"""Diagnoses and medicines of the city, with whom they befall, what they cost and how long they keep one in bed.

ICD-10 codes and rough prices in yuan of a Chinese county; the figures only need the right order of magnitude. Weights
are relative frequencies among people of fitting sex and age. Sampling tables are indexed by sex and band of age.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ringfinder.claims.city.draws import Floats, Ints, cumulate

AGE_BANDS = np.array([1, 7, 15, 18, 40, 60, 75])  # upper ends; the last band is open


@dataclass(frozen=True)
class Diagnosis:
    """`sex` is "F", "M" or "" for both; `ages` inclusive; weights: visits and stays; prices in yuan; `days` of a
    stay."""

    code: str
    group: str
    sex: str
    ages: tuple[int, int]
    visits: float
    stays: float
    price: float
    stay_price: float
    days: float


DIAGNOSES: tuple[Diagnosis, ...] = (
    Diagnosis("J06.9", "respiratory", "", (0, 110), 14, 0.5, 95, 2100, 4),
    Diagnosis("J20.9", "respiratory", "", (0, 110), 8, 2.5, 130, 3100, 6),
    Diagnosis("J18.9", "respiratory", "", (0, 110), 3, 5, 220, 5200, 8),
    Diagnosis("J03.9", "respiratory", "", (2, 60), 4, 0.5, 105, 2300, 4),
    Diagnosis("J10.1", "respiratory", "", (0, 110), 3, 0.4, 140, 2600, 5),
    Diagnosis("J45.9", "respiratory", "", (4, 90), 1.5, 0.8, 190, 4200, 6),
    Diagnosis("K29.7", "digestive", "", (15, 110), 6, 1.2, 160, 3400, 5),
    Diagnosis("K52.9", "digestive", "", (0, 110), 4, 1.0, 120, 2300, 4),
    Diagnosis("K80.2", "digestive", "", (25, 95), 0.8, 2.0, 230, 11000, 8),
    Diagnosis("K35.8", "digestive", "", (6, 70), 0.2, 1.6, 260, 9500, 6),
    Diagnosis("K40.9", "digestive", "M", (30, 90), 0.3, 0.8, 180, 7200, 5),
    Diagnosis("K02.9", "dental", "", (5, 85), 5, 0, 240, 2500, 3),
    Diagnosis("M54.5", "spine", "", (22, 100), 6, 2.8, 170, 3900, 8),
    Diagnosis("M51.2", "spine", "", (25, 90), 2, 2.2, 210, 5600, 9),
    Diagnosis("M47.8", "spine", "", (35, 100), 3, 1.6, 180, 4100, 8),
    Diagnosis("M17.9", "joints", "", (45, 100), 3, 1.4, 190, 5200, 9),
    Diagnosis("M25.5", "joints", "", (18, 100), 3, 0.3, 140, 3100, 6),
    Diagnosis("S82.8", "injury", "", (5, 95), 0.7, 1.2, 420, 16500, 12),
    Diagnosis("S52.5", "injury", "", (5, 95), 0.9, 0.9, 380, 9800, 8),
    Diagnosis("S61.0", "injury", "", (2, 80), 2.2, 0.1, 210, 2700, 3),
    Diagnosis("T14.0", "injury", "", (1, 90), 2.0, 0.1, 130, 2000, 3),
    Diagnosis("L30.9", "skin", "", (0, 100), 4, 0.2, 125, 2400, 5),
    Diagnosis("L50.9", "skin", "", (1, 90), 2, 0.2, 135, 2200, 4),
    Diagnosis("B02.9", "skin", "", (30, 100), 0.8, 0.5, 260, 3800, 7),
    Diagnosis("H10.9", "eyes", "", (0, 100), 2, 0, 95, 1900, 3),
    Diagnosis("H25.9", "eyes", "", (52, 110), 1.2, 1.6, 190, 6400, 3),
    Diagnosis("H66.9", "eyes", "", (0, 70), 1.6, 0.3, 150, 2500, 5),
    Diagnosis("N39.0", "urinary", "", (15, 110), 2.2, 0.8, 155, 3000, 6),
    Diagnosis("N20.0", "urinary", "", (20, 85), 0.9, 1.1, 310, 6900, 6),
    Diagnosis("N40.0", "urinary", "M", (50, 110), 2.4, 1.3, 210, 8200, 8),
    Diagnosis("N76.0", "women", "F", (15, 70), 3, 0.1, 165, 2200, 4),
    Diagnosis("N92.6", "women", "F", (13, 54), 2.2, 0.4, 170, 3500, 5),
    Diagnosis("D25.9", "women", "F", (28, 58), 0.8, 1.3, 220, 10400, 8),
    Diagnosis("Z34.9", "women", "F", (18, 46), 4, 0, 260, 2500, 3),
    Diagnosis("O80.0", "women", "F", (18, 46), 0, 7, 300, 4300, 4),
    Diagnosis("O82.9", "women", "F", (18, 46), 0, 4, 300, 7600, 6),
    Diagnosis("O20.0", "women", "F", (18, 46), 0.6, 0.7, 230, 2900, 6),
    Diagnosis("P59.9", "newborn", "", (0, 0), 8, 10, 180, 3300, 6),
    Diagnosis("A08.0", "children", "", (0, 5), 4, 2.0, 115, 2000, 4),
    Diagnosis("B08.4", "children", "", (0, 9), 3, 1.0, 120, 2200, 5),
    Diagnosis("J00", "children", "", (0, 14), 8, 0.3, 85, 1800, 4),
    Diagnosis("R10.4", "signs", "", (1, 100), 2.2, 0.4, 190, 2500, 4),
    Diagnosis("R51", "signs", "", (8, 100), 2.6, 0.4, 175, 2800, 5),
    Diagnosis("R42", "signs", "", (25, 110), 2.4, 1.0, 190, 3200, 6),
    Diagnosis("G47.0", "signs", "", (25, 110), 2.2, 0.3, 150, 3000, 7),
    Diagnosis("F32.9", "mind", "", (16, 90), 1.0, 0.4, 230, 8000, 24),
    Diagnosis("F20.9", "mind", "", (18, 80), 0.3, 0.5, 210, 9000, 30),
    Diagnosis("I63.9", "vessels", "", (48, 110), 0.8, 4.2, 260, 11800, 12),
    Diagnosis("I69.3", "vessels", "", (50, 110), 1.0, 2.0, 210, 7600, 16),
    Diagnosis("I20.9", "vessels", "", (45, 110), 1.2, 2.4, 260, 9300, 8),
    Diagnosis("I50.9", "vessels", "", (58, 110), 0.6, 2.6, 240, 8100, 10),
    Diagnosis("C34.9", "tumour", "", (42, 100), 0.3, 1.6, 600, 12800, 9),
    Diagnosis("C50.9", "tumour", "F", (32, 90), 0.3, 1.0, 520, 12200, 8),
    Diagnosis("C18.9", "tumour", "", (45, 100), 0.2, 1.1, 560, 13900, 10),
    Diagnosis("C61", "tumour", "M", (58, 100), 0.2, 0.6, 500, 11200, 8),
    Diagnosis("I10", "chronic", "", (30, 110), 2.5, 0.8, 150, 4200, 7),
    Diagnosis("E11.9", "chronic", "", (30, 110), 2.0, 1.6, 190, 5600, 9),
    Diagnosis("I25.1", "chronic", "", (45, 110), 1.5, 2.4, 210, 8800, 8),
    Diagnosis("J44.9", "chronic", "", (48, 110), 1.0, 3.0, 200, 6300, 9),
    Diagnosis("E78.5", "chronic", "", (30, 100), 1.2, 0.1, 140, 3000, 5),
    Diagnosis("B18.1", "chronic", "", (25, 85), 0.8, 0.3, 280, 5600, 8),
    Diagnosis("M06.9", "chronic", "", (30, 95), 0.6, 0.6, 240, 6100, 9),
    Diagnosis("G20", "chronic", "", (55, 105), 0.4, 0.4, 260, 7000, 10),
    Diagnosis("E03.9", "chronic", "F", (25, 95), 0.8, 0.1, 150, 3300, 5),
    Diagnosis("N18.5", "dialysis", "", (25, 95), 0, 0.3, 430, 7800, 8),
    Diagnosis("Z51.1", "therapy", "", (30, 95), 0, 0, 700, 6800, 3),
    Diagnosis("Z51.5", "therapy", "", (50, 110), 0, 0, 300, 9800, 21),
    Diagnosis("Z50.1", "therapy", "", (20, 110), 0, 0, 110, 7400, 18),
    Diagnosis("F11.2", "therapy", "", (22, 70), 0, 0, 35, 6000, 14),
    Diagnosis("Z00.0", "check-up", "", (0, 110), 0.6, 0, 160, 1500, 2),
    Diagnosis("Z23.9", "check-up", "", (0, 110), 0.4, 0, 90, 1500, 2),
)
DIAGNOSIS_INDEX: dict[str, int] = {d.code: i for i, d in enumerate(DIAGNOSES)}
WOMEN_ONLY = np.array([i for i, d in enumerate(DIAGNOSES) if d.sex == "F"], dtype=np.int32)
MEN_ONLY = np.array([i for i, d in enumerate(DIAGNOSES) if d.sex == "M"], dtype=np.int32)
# light illness with long beds: what induced and sham stays are written up as
LIGHT_STAYS = np.array(
    [DIAGNOSIS_INDEX[c] for c in ("M54.5", "M51.2", "M47.8", "J20.9", "K29.7", "R42", "I69.3", "J44.9")], dtype=np.int32
)


@dataclass(frozen=True)
class Drug:
    """A medicine: price of one pack in yuan; `costly` ones can be resold; `group` is the diagnosis group it serves."""

    code: str
    group: str
    price: float
    costly: bool = False


DRUGS: tuple[Drug, ...] = (
    Drug("XJ01CA01", "respiratory", 18.5),
    Drug("XJ01FA10", "respiratory", 32.0),
    Drug("ZA01BAL0", "respiratory", 24.8),
    Drug("ZA03AAX1", "respiratory", 29.0),
    Drug("XR05CB06", "respiratory", 27.5),
    Drug("XJ05AH02", "respiratory", 78.0),
    Drug("XA02BC01", "digestive", 21.0),
    Drug("XA02BC05", "digestive", 56.0),
    Drug("XA03FA03", "digestive", 26.4),
    Drug("XA07BC05", "digestive", 22.6),
    Drug("ZA06CAW2", "digestive", 19.9),
    Drug("XM01AB05", "spine", 25.0),
    Drug("XM01AH01", "joints", 46.0),
    Drug("ZA12GAT3", "spine", 38.0),
    Drug("XM02AA15", "joints", 23.5),
    Drug("XD07AC13", "skin", 19.0),
    Drug("XR06AE07", "skin", 28.0),
    Drug("XS01AX11", "eyes", 22.0),
    Drug("XJ01MA12", "urinary", 33.0),
    Drug("XG04CA02", "urinary", 68.0),
    Drug("XG01AF01", "women", 27.0),
    Drug("ZB01FAX4", "women", 45.0),
    Drug("XR05DA09", "children", 21.0),
    Drug("XA07FA02", "children", 30.0),
    Drug("XN05CF01", "signs", 24.0),
    Drug("XN06AB10", "mind", 84.0),
    Drug("XB01AC06", "vessels", 15.5),
    Drug("XB01AC04", "vessels", 89.0),
    Drug("ZC02HAT5", "vessels", 62.0),
    Drug("XC08CA01", "chronic", 36.0),
    Drug("XC09AA05", "chronic", 42.0),
    Drug("XC07AB02", "chronic", 28.0),
    Drug("XA10BA02", "chronic", 31.0),
    Drug("XA10BB12", "chronic", 55.0),
    Drug("XC10AA05", "chronic", 48.0),
    Drug("XR03AK07", "chronic", 118.0),
    Drug("XH03AA01", "chronic", 26.0),
    Drug("XN04BA02", "chronic", 74.0),
    Drug("XA10AE04", "chronic", 172.0, True),
    Drug("XA10BJ06", "chronic", 398.0, True),
    Drug("XJ05AF10", "chronic", 265.0, True),
    Drug("XB03XA01", "dialysis", 310.0, True),
    Drug("XL04AX03", "chronic", 205.0, True),
    Drug("XL01XE02", "tumour", 1180.0, True),
    Drug("XL02BG04", "tumour", 420.0, True),
    Drug("XB01AF01", "vessels", 285.0, True),
    Drug("ZA09BAP6", "vessels", 330.0, True),
)
DRUG_INDEX: dict[str, int] = {d.code: i for i, d in enumerate(DRUGS)}
DRUG_PRICE: Floats = np.array([d.price for d in DRUGS])
COSTLY_DRUGS = np.array([i for i, d in enumerate(DRUGS) if d.costly], dtype=np.int32)
CHRONIC_DRUGS = np.array([i for i, d in enumerate(DRUGS) if d.group == "chronic"], dtype=np.int32)
COUNTER_WEIGHTS: Floats = np.array([0.0 if d.costly else 30.0 / d.price for d in DRUGS])

PRICE: Floats = np.array([d.price for d in DIAGNOSES])
STAY_PRICE: Floats = np.array([d.stay_price for d in DIAGNOSES])
STAY_DAYS: Floats = np.array([d.days for d in DIAGNOSES])


def age_row(sex: Ints, age: Ints) -> Ints:
    """Row of the sampling tables for people of `sex` (0 female, 1 male) and `age` in years."""
    band = np.searchsorted(AGE_BANDS, age, side="right")
    return (sex * (len(AGE_BANDS) + 1) + band).astype(np.int64)


@cache
def diagnosis_table(kind: str) -> Floats:
    """Cumulated weights, one row for each sex and band of age: "visits", "stays", "respiratory" or "chronic"."""
    lows = np.concatenate([[0], AGE_BANDS])
    highs = np.concatenate([AGE_BANDS, [111]]) - 1
    rows = []
    for sex in "FM":
        for low, high in zip(lows, highs, strict=True):
            row = []
            for d in DIAGNOSES:
                shared = max(0, min(high, d.ages[1]) - max(low, d.ages[0]) + 1) / (high - low + 1)
                weight = d.stays if kind == "stays" else d.visits
                if kind in {"respiratory", "chronic"} and d.group != kind:
                    weight = 0.0
                if kind == "visits" and d.group == "respiratory":
                    weight = 0.0  # drawn apart, by the season
                row.append(weight * shared * (d.sex in {"", sex}))
            if not sum(row):
                row[DIAGNOSIS_INDEX["R10.4"]] = 1.0
            rows.append(row)
    return cumulate(np.array(rows))


@cache
def drug_table() -> Floats:
    """Cumulated weights of medicines, one row a diagnosis: those of its group, else what is sold over the counter."""
    rows = []
    for d in DIAGNOSES:
        row = np.array([(1.0 if not drug.costly else 0.06) * (drug.group == d.group) for drug in DRUGS])
        rows.append(row if row.sum() else COUNTER_WEIGHTS)
    return cumulate(np.array(rows))
