"""People: households with ages and kin, homes, phones, accounts, employers, habits, cards, deaths.

A household is a head, mostly a spouse, then children or an old parent. Children and many of the old share the head's
phone and account, some households share them altogether. Everybody has a regular clinic, hospital and pharmacy found
by gravity, an hour of the day they like, and a rate of visits that is gamma-distributed around what their age asks
for. Arrays are indexed by person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.claims.city.codebook import (
    CHRONIC_DRUGS,
    COSTLY_DRUGS,
    age_row,
    diagnosis_table,
)
from ringfinder.claims.city.draws import Floats, Ints, Longs, Rng, draw_rows, draw_weighted
from ringfinder.claims.city.parameters import CityParameters
from ringfinder.claims.city.places import CLINIC, HOSPITAL, PHARMACY, Land, Places

BLANK = -1
ALIVE = np.iinfo(np.int32).max
# the platform's codes of the kinds of insured people, in the order of the numbers below
CATEGORIES = ("1101", "1401", "1402", "1201", "1501")
EMPLOYEE, RESIDENT, STUDENT, RETIRED, POOR = range(5)
HOUSEHOLD_SIZES = np.array([0.19, 0.29, 0.26, 0.15, 0.07, 0.04])


@dataclass
class People:
    """Parallel arrays; scenes and rings may change phones, addresses, accounts, deaths of single people before writing.

    `birth` and `death` are days since 1970 (ALIVE: not dead). Phones, addresses and accounts are numbers in their own
    registers, BLANK where there is none.
    """

    household: Ints
    position: Ints  # 0 head, 1 second adult, 2.. others
    birth: Ints
    age: Ints  # at the city's first day
    sex: Ints  # 0 female, 1 male
    settlement: Ints
    x: Floats
    y: Floats
    district: Ints
    address: Ints
    phone: Ints
    contact: Ints
    account: Ints
    category: Ints
    employer: Ints
    death: Ints
    rate: Floats  # acute visits a year
    hour: Floats  # liked hour of the day
    regular: dict[int, Ints]  # kind of place -> facility
    chronic: Ints  # diagnosis, BLANK
    medicine: Ints
    packs: Ints
    first_card: Ints
    second_card: Ints
    card_switch: Longs  # second of the day from which the second card is used; ALIVE days for never
    cards: int
    phones: int
    addresses: int
    accounts: int
    employers: int

    def __len__(self) -> int:
        return len(self.sex)


def make_people(rng: Rng, n: int, land: Land, places: Places, p: CityParameters) -> People:
    """`n` people of the land, as they are on the city's first day."""
    first_day, days = p.first_day_number, p.days
    household, position, size = _households(rng, n)
    heads = int(household[-1]) + 1
    home = draw_weighted(rng, land.weight, heads).astype(np.int32)
    age_days, sex = _ages(rng, household, position, size, heads)
    age = (age_days // 365.25).astype(np.int32)
    settlement = home[household]
    x = (land.x[home] + rng.normal(0, 0.3, heads))[household]
    y = (land.y[home] + rng.normal(0, 0.3, heads))[household]
    regular = {
        kind: places.of_kind[kind][draw_rows(rng, places.gravity[kind], settlement)]
        for kind in (HOSPITAL, CLINIC, PHARMACY)
    }
    category = np.select(
        [age < 18, (age >= 60) & (rng.random(n) < 0.55), rng.random(n) < 0.05, (age < 60) & (rng.random(n) < 0.5)],
        [STUDENT, RETIRED, POOR, EMPLOYEE],
        RESIDENT,
    ).astype(np.int32)
    employers = max(6, n // 140)
    weights = rng.lognormal(0, 1.0, employers)
    employer = np.where(category == EMPLOYEE, draw_weighted(rng, weights, n), BLANK).astype(np.int32)
    phone, contact, account = _reach(rng, household, position, age, p)
    need = 0.55 + 1.3 * np.exp(-age / 4.0) + 1.1 * np.clip((age - 35) / 45.0, 0, 1.2) + 0.25 * (1 - sex) * (age > 16)
    rate = p.activity * 2.55 * need * rng.gamma(1.3, 1 / 1.3, n)
    sick = rng.random(n) < p.chronic * np.clip((age - 28) / 26.0, 0, 2.6) * 0.95
    chronic = np.where(sick, draw_rows(rng, diagnosis_table("chronic"), age_row(sex, age)), BLANK).astype(np.int32)
    cheap = CHRONIC_DRUGS[~np.isin(CHRONIC_DRUGS, COSTLY_DRUGS)]
    dear = CHRONIC_DRUGS[np.isin(CHRONIC_DRUGS, COSTLY_DRUGS)]
    medicine = np.where(rng.random(n) < 0.1, dear[rng.integers(0, len(dear), n)], cheap[rng.integers(0, len(cheap), n)])
    switched = rng.random(n) < p.reissued_cards
    second = np.where(switched, n + np.cumsum(switched) - 1, np.arange(n)).astype(np.int32)
    return People(
        household=household,
        position=position,
        birth=(first_day - age_days).astype(np.int32),
        age=age,
        sex=sex,
        settlement=settlement,
        x=x,
        y=y,
        district=land.district[settlement],
        address=household.copy(),
        phone=phone,
        contact=contact,
        account=account,
        category=category,
        employer=employer,
        death=_deaths(rng, age, first_day, days, p),
        rate=rate,
        hour=np.clip(rng.normal(10.5, 2.6, n), 7.2, 19.5),
        regular=regular,
        chronic=chronic,
        medicine=np.where(sick, medicine, BLANK).astype(np.int32),
        packs=rng.integers(1, 4, n).astype(np.int32),
        first_card=np.arange(n, dtype=np.int32),
        second_card=second,
        card_switch=(first_day + rng.integers(0, days, n)).astype(np.int64) * 86400,
        cards=n + int(switched.sum()),
        phones=n + heads,
        addresses=heads,
        accounts=n + heads,
        employers=employers,
    )


def _households(rng: Rng, n: int) -> tuple[Ints, Ints, Ints]:
    sizes = draw_weighted(rng, HOUSEHOLD_SIZES, n) + 1
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), n)) + 1]
    household = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[:n]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    position = (np.arange(n) - first[household]).astype(np.int32)
    return household, position, sizes.astype(np.int32)


def _ages(rng: Rng, household: Ints, position: Ints, size: Ints, heads: int) -> tuple[Longs, Ints]:
    """Days lived and sex. Wives and husbands are near in age; children 20 to 38 years below the head, else an old
    parent above."""
    n = len(household)
    alone = size == 1
    old = rng.random(heads) < np.where(alone, 0.5, 0.28)
    head_age = np.where(old, rng.normal(70, 8, heads), rng.normal(41, 9, heads))
    head_age = np.clip(head_age, 21, 97)
    head_sex = rng.integers(0, 2, heads)
    head = head_age[household]
    child = head - np.clip(rng.normal(28, 4.5, n), 19, 42)
    parent = np.clip(head + np.clip(rng.normal(27, 4, n), 19, 38), 45, 98)
    has_parent = (rng.random(n) < 0.25) & (head < 62)
    other = np.where((child < 0) | has_parent, np.where(head < 62, parent, rng.uniform(1, 40, n)), child)
    age = np.select([position == 0, position == 1], [head, np.clip(head + rng.normal(-1, 3.5, n), 19, 97)], other)
    days = (np.clip(age, 0.02, 99) * 365.25 + rng.integers(0, 365, n)).astype(np.int64)
    sex = np.where(position == 1, 1 - head_sex[household], rng.integers(0, 2, n))
    sex = np.where(position == 0, head_sex[household], sex)
    twin = np.flatnonzero((position[1:] == 3) & (age[1:] < 30) & (rng.random(n - 1) < 0.03)) + 1
    days[twin] = days[twin - 1]
    return days, sex.astype(np.int32)


def _reach(rng: Rng, household: Ints, position: Ints, age: Ints, p: CityParameters) -> tuple[Ints, Ints, Ints]:
    """Phone, contact phone and account: own numbers are the person's, the household's come after them."""
    n, heads = len(household), int(household[-1]) + 1
    common = (n + household).astype(np.int32)
    own = np.arange(n, dtype=np.int32)
    dependent = (age < 15) | ((age > 72) & (rng.random(n) < 0.4))
    shared = (rng.random(heads) < p.shared_phone)[household]
    phone = np.where(shared | dependent | (position == 0), common, own)
    phone = np.where(rng.random(n) < p.phone_filled, phone, BLANK)
    contact = np.where(rng.random(n) < 0.7 * p.phone_filled, common, BLANK)
    joint = (rng.random(heads) < p.shared_account)[household]
    account = np.where(joint | dependent | (position == 0), common, own)
    account = np.where(rng.random(n) < p.account_filled, account, BLANK)
    return phone.astype(np.int32), contact.astype(np.int32), account.astype(np.int32)


def _deaths(rng: Rng, age: Ints, first_day: int, days: int, p: CityParameters) -> Ints:
    """Day of death: within the city's time by an age's rate, a few before it and still in the register."""
    n = len(age)
    yearly = np.minimum(0.4, np.exp(-10.2 + 0.092 * age)) * p.mortality
    falls = rng.random(n) < yearly * days / 365
    before = rng.random(n) < yearly * 0.3
    day = np.where(before, first_day - rng.integers(20, 400, n), first_day + rng.integers(0, days, n))
    return np.where(falls | before, day, ALIVE).astype(np.int32)
