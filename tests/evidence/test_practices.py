"""Doctors with the same households at one pharmacy are one practice; pharmacies with a doctor's same households one counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, purchase, quick_view

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import doctor_pharmacy
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.practices import FEWEST, MOST, SAME, WIDE, joined, united
from ringfinder.evidence.prescriptions import Purchases, read
from ringfinder.evidence.steering import CHEAP, ORDINARY
from ringfinder.evidence.view import BLANK, DAY, PHARMACY, Candidate, View

Row = tuple[int, int, int]  # where, who, household


def theirs(who: int, households: Iterable[int], where: int = 0) -> list[Row]:
    return [(where, who, household) for household in households]


def parts(*rows: list[Row], size: int = 3) -> list[int]:
    """The smallest code that each is joined with."""
    where, who, household = np.array([*chain(*rows)], np.int64).reshape(-1, 3).T
    return joined(where, who, household, size).tolist()


# Joined


def test_half_of_all_households_in_common_are_one_practice() -> None:
    """Five of ten; of eleven they are less than a half."""
    assert SAME == 0.5
    assert parts(theirs(0, range(5)), theirs(2, range(10))) == [0, 1, 0]
    assert parts(theirs(0, range(5)), theirs(2, range(11))) == [0, 1, 2]
    assert parts(theirs(1, range(8)), theirs(2, range(2, 11))) == [0, 1, 1]  # six of eleven
    assert parts(theirs(1, range(8)), theirs(2, range(3, 12))) == [0, 1, 2]  # five of twelve


def test_four_households_in_common_are_chance() -> None:
    assert FEWEST == 5
    assert parts(theirs(0, range(4)), theirs(1, range(4))) == [0, 1, 2]
    assert parts(theirs(0, range(5)), theirs(1, range(5))) == [0, 0, 2]


def test_what_is_filled_elsewhere_parts_nobody() -> None:
    """Twenty other households of his at another pharmacy."""
    ours = [*theirs(0, range(5)), *theirs(1, range(5))]
    assert parts(ours, theirs(1, range(20, 40), where=7)) == [0, 0, 2]
    assert parts(ours, theirs(1, range(20, 40))) == [0, 1, 2]


def test_households_are_common_at_one_pharmacy() -> None:
    """Three at one and three at another make no five, nor do five who go to two pharmacies."""
    assert parts(*(theirs(who, range(3 * w, 3 * w + 3), where=w) for who in (0, 1) for w in (0, 1))) == [0, 1, 2]
    assert parts(theirs(0, range(5), where=0), theirs(1, range(5), where=1)) == [0, 1, 2]


def test_two_pairs_of_neighbours_make_one_practice_of_three() -> None:
    """The first and the third have nobody in common."""
    first, second = range(6), range(10, 16)
    rows = (theirs(0, first), theirs(1, first), theirs(1, second, where=1), theirs(2, second, where=1))
    assert parts(*rows) == [0, 0, 0]
    assert parts(*(theirs(2 - who, range(6), where=4) for who in range(3))) == [0, 0, 0]


def test_more_than_four_are_a_house_and_stay_apart() -> None:
    assert MOST == 4
    assert parts(*(theirs(who, range(6)) for who in range(4)), size=6) == [0, 0, 0, 0, 4, 5]
    assert parts(*(theirs(who, range(6)) for who in range(5)), size=6) == [0, 1, 2, 3, 4, 5]
    # the house does not part the others
    house = [theirs(who, range(6)) for who in range(5)]
    assert parts(*house, theirs(5, range(6), where=1), theirs(6, range(6), where=1), size=7) == [0, 1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(("others", "one"), [(6, True), (7, False)])
def test_a_household_of_more_than_eight_doctors_tells_nothing(others: int, one: bool) -> None:
    """Five households in common; each has so many more doctors, and each others."""
    assert WIDE == 8
    more = [theirs(2 + 7 * h + k, [h]) for h in range(5) for k in range(others)]
    got = parts(theirs(0, range(5)), theirs(1, range(5)), *more, size=40)
    assert got == ([0, 0] if one else [0, 1]) + [*range(2, 40)]


def test_nobody_is_joined_with_nobody() -> None:
    assert parts() == [0, 1, 2]
    assert parts(theirs(1, range(9))) == [0, 1, 2]


def plainly(rows: Sequence[Row], size: int) -> list[int]:
    """Said with sets: (where, who) by household, pairs alike, parts by flooding."""
    of = {(w, d): {h for a, b, h in rows if (a, b) == (w, d)} for w, d, _ in rows}
    busy = {(w, h) for w, _, h in rows if len({d for a, d, b in rows if (a, b) == (w, h)}) > 8}
    beside: dict[int, set[int]] = {d: {d} for d in range(size)}
    for (w, a), mine in of.items():
        for (x, b), others in of.items():
            common = {h for h in mine & others if (w, h) not in busy}
            if w == x and a != b and len(common) >= 5 and 2 * len(common) >= len(mine) + len(others) - len(common):
                beside[a].add(b)
    out = []
    for d in range(size):
        part: set[int] = set()
        more = {d}
        while more:
            part |= more
            more = set().union(*(beside[e] for e in more)) - part
        out.append(min(part) if len(part) <= 4 else d)
    return out


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 10), st.integers(0, 4), st.integers(4, 10)),
        max_size=14,
    ),
    st.randoms(use_true_random=False),
)
def test_joined_is_what_plain_sets_say(blocks: list[tuple[int, int, int, int]], rng: Random) -> None:
    """(where, who, first household, how many): runs of households that overlap."""
    rows = sorted({(w, d, h) for w, d, first, n in blocks for h in range(first, first + n)})
    rng.shuffle(rows)
    assert parts(rows, size=11) == plainly(rows, 11)


# United


def bought(*sales: tuple[int, int, Iterable[int]]) -> tuple[Purchases, View]:
    """(doctor, pharmacy, households): a purchase each, and one of everybody's at pharmacy 9 that nobody prescribed."""
    rows = [(d, p, h) for d, p, homes in sales for h in homes]
    rows += [(BLANK, 9, h) for h in sorted({h for _, _, h in rows})]
    doctor, pharmacy, household = np.array(rows, np.int64).T
    view = quick_view(household, pharmacy, np.arange(len(rows)) * DAY, service=PHARMACY, doctor=doctor, drug=0)
    return read(view), view


def test_joined_doctors_are_one_desk_under_the_smallest_code() -> None:
    p, view = bought((1, 4, range(6)), (3, 4, range(6)), (0, 5, range(6)), (2, 4, range(20, 28)))
    one = united(p, len(view.codes.doctor), len(view.codes.facility))
    assert one is not None
    assert one.doctor_of.tolist() == [0, 1, 2, 1]
    assert one.pharmacy_of.tolist() == [*range(10)]
    assert [one.doctors(d).tolist() for d in range(4)] == [[0], [1, 3], [2], []]
    q = one.purchases
    got = sorted(zip(q.desk.tolist(), q.pharmacy.tolist(), q.household.tolist(), strict=True))
    wanted = [(1, 4, h) for h in range(6)] * 2 + [(0, 5, h) for h in range(6)] + [(2, 4, h) for h in range(20, 28)]
    assert got == sorted(wanted + [(BLANK, 9, h) for h in (*range(6), *range(20, 28))])
    # in their order, each row still whole
    assert list(zip(q.desk, q.pharmacy, q.household, q.day, strict=True)) == sorted(
        zip(q.desk, q.pharmacy, q.household, q.day, strict=True)
    )
    assert view.claims.patient[q.claim].tolist() == q.patient.tolist()
    assert (view.claims.start[q.claim] // DAY).tolist() == q.day.tolist()
    desks, pharmacies = np.array([0, 1, 2, 1]), np.array([4, 4, 4, 5])
    assert one.is_joined(desks, pharmacies).tolist() == [False, True, False, True]


def test_joined_pharmacies_are_one_counter() -> None:
    p, view = bought((0, 6, range(6)), (0, 4, range(1, 7)), (1, 5, range(6)), (1, 6, range(30, 40)))
    one = united(p, len(view.codes.doctor), len(view.codes.facility))
    assert one is not None
    assert one.doctor_of.tolist() == [0, 1]
    assert one.pharmacy_of.tolist() == [0, 1, 2, 3, 4, 5, 4, 7, 8, 9]
    assert [one.pharmacies(h).tolist() for h in (4, 5, 6)] == [[4, 6], [5], []]
    assert sorted(set(one.purchases.pharmacy.tolist())) == [4, 5, 9]
    assert one.is_joined(np.array([0, 1, 1]), np.array([4, 4, 5])).tolist() == [True, True, False]


def test_where_nobody_is_joined_there_is_nothing_new() -> None:
    p, view = bought((0, 4, range(6)), (1, 5, range(6)), (1, 4, range(3, 8)))
    assert united(p, len(view.codes.doctor), len(view.codes.facility)) is None


def test_what_nobody_prescribed_joins_no_pharmacies() -> None:
    """Everybody buys at pharmacy 9 as well, without a doctor."""
    p, view = bought((0, 4, range(12)))
    assert united(p, len(view.codes.doctor), len(view.codes.facility)) is None


# In a town

PATIENTS = [f"p{i:03}" for i in range(40, 56)]


def fill(town: Town, who: str, shop: str, day: float, doctor: str, yuan: float = 480.0, drug: str = "dear") -> None:
    rng = np.random.default_rng(int(who[1:]) * 1000 + int(day))
    i = int(who[1:]) - 40
    price = round(yuan * float(rng.uniform(0.995, 1.005)), 2)
    town.add(purchase(who, shop, at(day + 4 * i, 9 + 0.3 * i), price, doctor_id=doctor, drug_code=drug))


def of_both(view: View, kind: str, both: set[str]) -> list[Candidate]:
    return [c for c in doctor_pharmacy.search(view) if hub(view, c, kind) == both]


DAYS = (10, 22, 60, 82, 180, 185)  # no month's supply
TWO = {"doctor00", "doctor10"}


def of_two_doctors(days: Sequence[int] = DAYS) -> Town:
    """Sixteen people have a prescription of either doctor in turn, and fill all of them at a distant shop."""
    town = Town()
    for who in PATIENTS:
        for k, day in enumerate(days):
            fill(town, who, "distant shop", day, ("doctor00", "doctor10")[k % 2])
    return town


def test_two_doctors_who_hide_each_other_are_found_together(tmp_path: Path) -> None:
    view = of_two_doctors().view(tmp_path)
    (found,) = alerts(doctor_pharmacy.search(view))
    assert hub(view, found, "doctor") == TWO
    assert hub(view, found, "facility") == {"distant shop"}
    assert names(view, found) == set(PATIENTS)
    assert len(found.claims) == 16 * len(DAYS)


def test_two_pharmacies_that_take_turns_are_found_together(tmp_path: Path) -> None:
    town = Town()
    shops = ("distant shop", "other distant shop")
    for i, who in enumerate(PATIENTS):
        for k, day in enumerate(DAYS):
            fill(town, who, shops[(i + k) % 2], day, "doctor00")
    view = town.view(tmp_path)
    best = max(alerts(doctor_pharmacy.search(view)), key=lambda c: c.coordination)
    assert hub(view, best, "facility") == set(shops)
    assert hub(view, best, "doctor") == {"doctor00"}
    assert names(view, best) == set(PATIENTS)
    assert len(best.claims) == 16 * len(DAYS)


def test_a_nursing_home_chose_its_doctors_and_its_pharmacy(tmp_path: Path) -> None:
    town = of_two_doctors()
    for who in PATIENTS:
        town.register[who]["address"] = "nursing home"
    view = town.view(tmp_path)
    assert alerts(doctor_pharmacy.search(view)) == []
    (found,) = of_both(view, "doctor", TWO)
    assert found.coordination > 8
    assert found.harm == CHEAP - MARGIN


# A village: a clinic with a shop next door, and the town far from both
KM = 1 / 111.2  # degrees
PLACES = [
    {"facility_id": f, "latitude": 40.0, "longitude": km * KM}
    for f, km in (
        ("clinic", 0),
        ("shop next door", 0.1),
        ("distant shop", 25),
        *((f"shop{k}", 20 + k) for k in range(5)),
    )
]
VILLAGE = [{"doctor_id": d, "facility_id": "clinic"} for d in ("doctor00", "doctor10")]


@pytest.mark.parametrize(("shop", "explained"), [("shop next door", True), ("distant shop", False)])
def test_two_doctors_of_a_village_clinic_whose_patients_fill_next_door_are_no_ring(
    tmp_path: Path, shop: str, explained: bool
) -> None:
    """Three medicines at the town's price, which five of its shops sell to the patients of a colleague elsewhere."""
    town = Town()
    for who in PATIENTS:
        for k, day in enumerate(DAYS):
            fill(town, who, shop, day, ("doctor00", "doctor10")[k % 2], 300, f"common{k % 3}")
    for i in range(45):
        what = {"doctor_id": "doctor11", "drug_code": f"common{i // 5 % 3}"}
        town.add(purchase(f"p{i + 60:03}", f"shop{i % 5}", at(20 + 5 * i, 15), 300, **what))
    view = town.view(tmp_path, facilities=PLACES, doctors=VILLAGE)
    (found,) = of_both(view, "doctor", TWO)
    assert hub(view, found, "facility") == {shop}
    assert found.coordination > 8
    assert (found.harm == CHEAP - MARGIN) is explained
    assert (alerts(doctor_pharmacy.search(view)) == []) is explained


def test_whoever_pays_for_steering_counts_money_and_not_fills(tmp_path: Path) -> None:
    """Three of five fills are cheap, two are dear: on average they are not what people usually pay, though the middle one is."""
    town = Town()
    for who in PATIENTS:
        for k, day in enumerate(DAYS):
            fill(town, who, "distant shop", day, "doctor00", 620 if k % 5 in (1, 3) else 40, f"common{k % 5}")
    for i in range(75):
        what = {"doctor_id": "doctor11", "drug_code": f"common{i // 5 % 5}"}
        price = 620 if i // 5 % 5 in (1, 3) else 40
        town.add(purchase(f"p{i % 90 + 60:03}", f"shop{i % 5}", at(20 + 3 * i, 15), price, **what))
    view = town.view(tmp_path, facilities=PLACES, doctors=VILLAGE)
    here = [c for c in doctor_pharmacy.search(view) if hub(view, c, "facility") == {"distant shop"}]
    found = max(here, key=lambda c: len(c.claims))  # beside it, each medicine alone
    assert len(found.claims) == len(PATIENTS) * len(DAYS)
    bought = read(view)
    amounts = np.sort(np.exp(bought.log_amount))
    assert ORDINARY * np.median(amounts) >= 40
    assert ORDINARY * amounts.mean() < (3 * 40 + 2 * 620) / 5
    assert found.harm > CHEAP
