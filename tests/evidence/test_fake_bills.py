from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import at, view_of, visit

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import elsewhere, fake_bills, invoices, piles
from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.piles import HABIT, TOGETHER
from ringfinder.evidence.view import View
from ringfinder.words import say

PEOPLE = [f"p{i:03}" for i in range(60, 72)]


def honest_bills(town: Town) -> None:
    """Everybody falls ill on a journey once: a stay somewhere, at that place's changing prices, paid to the own account."""
    rng = np.random.default_rng(7)
    for i in range(town.people):
        yuan = round(float(np.exp(rng.normal(9, 0.6))), 2)
        town.distant_bill(f"p{i:03}", f"far{int(rng.integers(6))}", float(rng.integers(250)), yuan, f"own {i:03}")


def ring(town: Town, people: list[str], account: str, places: tuple[str, ...] = ("distant",)) -> None:
    """Two bills a head of nearly one amount."""
    rng = np.random.default_rng(3)
    for i in range(2 * len(people)):
        yuan = round(30_000 * float(rng.uniform(0.995, 1.005)), 2)
        town.distant_bill(people[i % len(people)], places[i % len(places)], 20 + 9 * i, yuan, account)


def test_bills_of_one_amount_from_one_place_are_found_and_a_payer_of_many_places_is_not(tmp_path: Path) -> None:
    town = Town()
    honest_bills(town)
    ring(town, PEOPLE[:6], "shared")
    rng = np.random.default_rng(5)
    for i, who in enumerate(PEOPLE[6:]):  # an account that pays for many, each from somewhere else
        town.distant_bill(who, f"far{i}", 30 + 20 * i, round(float(np.exp(rng.normal(9, 0.6))), 2), "charity")
    view = town.view(tmp_path)
    (found,) = alerts(fake_bills.search(view))
    assert names(view, found) == set(PEOPLE[:6])
    assert hub(view, found, "account") == {"shared"}
    assert len(found.claims) == 12
    for finding in found.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_a_package_price_that_other_places_charge_too_explains_equal_amounts(tmp_path: Path) -> None:
    town = Town()
    honest_bills(town)
    for k in range(4):  # operations at each place's package price, paid from own accounts
        for i in range(10 * k, 10 * k + 10):
            town.distant_bill(f"p{i:03}", f"clinic{k}", 5.0 * i, 8000 + 500 * k, f"own {i:03}", diagnosis_code="lens")
    for i, who in enumerate(PEOPLE):
        town.distant_bill(who, "clinic9", 20.0 + 7 * i, 6800, "charity", diagnosis_code="lens")
    assert alerts(fake_bills.search(town.view(tmp_path))) == []


def test_own_accounts_are_never_shared(tmp_path: Path) -> None:
    town = Town()
    for who in PEOPLE[:6]:
        town.register[who]["bank_account"] = "shared"
    ring(town, PEOPLE[:6], "shared")
    view = town.view(tmp_path)
    code = view.codes.account.tolist().index("shared")
    assert not nats.foreign(view)[view.claims.account == code].any()


def test_two_accounts_of_one_hand_are_joined(tmp_path: Path) -> None:
    town = Town()
    honest_bills(town)
    ring(town, PEOPLE[:6], "one")
    ring(town, PEOPLE[6:], "other")
    view = town.view(tmp_path)
    (found,) = alerts(fake_bills.search(view))
    assert hub(view, found, "account") == {"one", "other"}
    assert names(view, found) == set(PEOPLE)


def test_the_households_told_are_those_of_the_bills_told(tmp_path: Path) -> None:
    """An account that is also paid for four others, whose bills have nothing in common with these."""
    town = Town()
    honest_bills(town)
    ring(town, PEOPLE[:8], "one")
    for i, yuan in enumerate((60, 240, 19_000, 900)):
        town.distant_bill(f"p{120 + i:03}", f"clinic{i}", 30.0 + 41 * i, yuan, "one", diagnosis_code=f"other{i}")
    view = town.view(tmp_path)
    (found,) = alerts(fake_bills.search(view))
    assert names(view, found) == set(PEOPLE[:8])
    assert found.findings[0].values["households"] == 8


def test_who_is_at_one_place_on_one_day_decides_together(tmp_path: Path) -> None:
    """A club travels on three days, four people each; nothing is learnt from the third and fourth of a day."""
    assert TOGETHER == 2
    town = Town()
    honest_bills(town)
    for i, who in enumerate(PEOPLE):
        town.distant_bill(who, "distant", 20 + 50 * (i // 4), 3000 + i, "club")
    view = town.view(tmp_path)
    bills, numbers = fake_bills.read_bills(view), invoices.read(view)
    club = np.flatnonzero(bills.account == view.codes.account.tolist().index("club"))
    first = piles.outings(bills, club)
    assert first.tolist() == [0, 1, 4, 5, 8, 9]
    everybody = piles.judge(view, bills, numbers, club)
    leaders = piles.judge(view, bills, numbers, club[first])
    assert (everybody.households, leaders.households) == (12, 6)
    assert (everybody.amount, everybody.place) == (leaders.amount, leaders.place)
    assert everybody.amount > 0


def test_another_place_or_another_day_is_another_outing(tmp_path: Path) -> None:
    town = Town()
    for i, (place, day) in enumerate((("a", 5), ("b", 5), ("a", 5), ("a", 6), ("a", 5), ("b", 5))):
        town.distant_bill(f"p{i:03}", place, day, 500, "shared")
    view = town.view(tmp_path)
    bills = fake_bills.read_bills(view)
    mine = np.flatnonzero(bills.account == view.codes.account.tolist().index("shared"))
    first = mine[piles.outings(bills, mine)]
    assert sorted(str(view.codes.patient[p]) for p in bills.patient[first]) == ["p000", "p001", "p002", "p003", "p005"]


def test_a_homes_own_account_is_no_shared_one(tmp_path: Path) -> None:
    """Twelve people paid through one account: at twelve addresses, at six, and at five of the home's houses."""
    for addresses, bills in ((12, 12), (6, 12), (5, 0)):
        town = Town()
        for i, who in enumerate(PEOPLE):
            town.register[who]["address"] = f"house {i % addresses}"
            town.distant_bill(who, f"far{i}", 20.0 + i, 500 + i, "home")
        view = town.view(tmp_path / str(addresses))
        home = view.codes.account.tolist().index("home")
        assert (fake_bills.read_bills(view).account == home).sum() == bills


@pytest.mark.parametrize(
    ("amount", "numbers", "turns", "marks"),
    [
        (0.0, 0.0, 20.0, HABIT),  # a charity with two accounts
        (-5.0, 0.0, 20.0, HABIT),
        (0.0, 0.0, 4.0, 4.0),
        (10.0, 3.0, 0.0, 13.0),
        (10.0, 3.0, 15.0, 28.0),
        (5.0, 1.0, 30.0, 2 * 6.0 + HABIT),  # no further than the bills themselves, and the habit
    ],
)
def test_accounts_in_turn_count_with_what_the_bills_say(
    amount: float, numbers: float, turns: float, marks: float
) -> None:
    assert HABIT == 6.0
    none = np.zeros(0)
    pile = piles.Pile(
        at=none.astype(np.int64),
        accounts=(1, 2),
        households=5,
        place=100.0,
        amount=amount,
        most=np.inf,
        width=0,
        invoice=invoices.Repeats(none.astype(np.int32), 1, 0.1, numbers),
        fit=none,
        turns=piles.Turns(5, 0.5, turns),
    )
    assert pile.marks == marks
    assert pile.score == 2 * marks - 2 * piles.AN_ACCOUNT  # the place no more than the marks, two nats an account


def test_a_copied_number_counts_against_all_pairs_of_other_bills_of_a_place(tmp_path: Path) -> None:
    town = Town()
    honest_bills(town)
    for i, row in enumerate(town.claims):
        if row["service_type"] == "inpatient":
            row["invoice_number"] = f"N{i}"
    for i, who in enumerate(PEOPLE[:5]):
        number = "copy" if i in (1, 3) else f"M{i}"
        town.distant_bill(who, "distant", 20 + 30 * i, 9000 * 1.4**i, "shared", invoice_number=number)
    view = town.view(tmp_path)
    numbers = invoices.read(view)
    mine = np.flatnonzero(view.claims.account == view.codes.account.tolist().index("shared")).astype(np.int32)
    found = invoices.repeats(view, numbers, mine)
    assert found.numbers == 1
    assert len(found.claims) == 2
    # ten pairs of bills of one place; no copy (one for caution) among all pairs of other bills of one place
    there = Counter(row["facility_id"] for row in town.claims if row.get("invoice_number", "").startswith("N"))
    chance = 10 * 1 / (sum(n * (n - 1) / 2 for n in there.values()) + 1)
    assert found.gain == pytest.approx(np.log(1 / chance) - (1 - chance))


def test_a_placeholder_is_no_number(tmp_path: Path) -> None:
    town = Town()
    for i in range(30):
        town.distant_bill(f"p{i:03}", "distant", 3.0 * i, 100.0 + i, "shared", invoice_number="0000")
    numbers = invoices.read(town.view(tmp_path))
    assert numbers.bills == 0


def test_a_number_on_one_day_or_in_one_household_does_not_come_back(tmp_path: Path) -> None:
    town = Town()
    town.register["p001"]["address"] = town.register["p000"]["address"]
    for who, day in (("p000", 10), ("p001", 20), ("p002", 10)):
        town.distant_bill(who, "distant", day, 500, "shared", invoice_number="N1")
    view = town.view(tmp_path)
    numbers = invoices.read(view)
    rows = np.flatnonzero(numbers.number >= 0)
    slips, copies, abroad = invoices.comebacks(view, numbers.number, rows)
    # by time: p000 (10), p002 (10, the same day), p001 (20): only the last repeats a stranger's number on another day
    assert [len(slips), len(copies), len(abroad)] == [0, 1, 0]


def test_the_null_world_keeps_accounts_and_prices_apart_from_each_other(tmp_path: Path) -> None:
    town = Town()
    honest_bills(town)
    ring(town, PEOPLE[:6], "shared")
    for i, who in enumerate(PEOPLE[6:]):
        town.distant_bill(who, f"far{i}", 30 + 20 * i, 5000 * 1.3**i, "charity")
    view = town.view(tmp_path)
    null: View = fake_bills.shuffled(view, 1)
    assert np.array_equal(null.claims.account, view.claims.account)
    assert np.array_equal(null.claims.facility, view.claims.facility)
    assert np.array_equal(np.sort(null.claims.invoice), np.sort(view.claims.invoice))
    visits = view.claims.service != 0  # no stranger's account at these: nothing is drawn, all is permuted
    assert np.array_equal(np.sort(null.claims.amount[visits]), np.sort(view.claims.amount[visits]))
    assert (null.claims.amount != view.claims.amount).any()
    assert alerts(fake_bills.search(view)) != []
    assert alerts(fake_bills.search(null)) == []


def test_the_channel_is_off_without_accounts(tmp_path: Path) -> None:
    assert fake_bills.off(view_of(tmp_path, [visit("p", "f", at(0))])) == "reasons_kinds.fake_bills_off"


# Stays that only the bill knows


def lived_at_home(folder: Path, during: bool) -> View:
    """Twelve people with two bills each, of two of six places, each of an amount of its own, paid to one account.

    Each is seen at home within the stays, or a week before them.
    """
    town = Town()
    honest_bills(town)
    rng = np.random.default_rng(9)
    stays = {who: (20.0 + 9 * i, 160.0 + 9 * i) for i, who in enumerate(PEOPLE)}
    town.claims = [row for row in town.claims if not any(inside(row, day) for day in stays.get(row["patient_id"], ()))]
    for i, (who, days) in enumerate(stays.items()):
        for day in days:
            yuan = round(float(np.exp(rng.normal(9, 0.6))), 2)
            town.distant_bill(who, f"far{i % 2}", day, yuan, "shared")
            town.add(visit(who, f"hospital{i % 3}", at(day + 2 if during else day - 7, 15), 100 + 9 * i))
    places = [{"facility_id": f"far{i}", "district": "other"} for i in range(6)]
    return town.view(folder, facilities=places)


def inside(row: dict[str, Any], day: float) -> bool:
    """Whether a claim is of the days of a stay of five days."""
    return at(day) <= row["start_time"] <= at(day + 6)


def test_bills_of_distant_stays_that_people_live_at_home_through_are_found(tmp_path: Path) -> None:
    view = lived_at_home(tmp_path, during=True)
    (found,) = alerts(fake_bills.search(view))
    assert names(view, found) <= set(PEOPLE)
    (told,) = [f for f in found.findings if f.key == "reasons_kinds.fake_bills_elsewhere"]
    assert (told.side, told.observed, told.values["households"], told.values["of"]) == ("harm", 12.0, 12, 12)
    bills = fake_bills.read_bills(view)
    at_all = np.flatnonzero(bills.account == view.codes.account.tolist().index("shared"))
    pile = piles.judge(view, bills, invoices.read(view), at_all)
    visits = view.claims.visit[bills.claim[at_all]].astype(np.int64)
    assert pile.apart == elsewhere.apart(view, bills.stays, visits)
    assert told.nats == pile.apart.gain > 8
    assert pile.bills == max(pile.alike, 0.0) + pile.apart.gain
    assert found.harm == pile.marks - nats.MARGIN


def test_the_same_bills_of_people_who_lay_there_are_not(tmp_path: Path) -> None:
    view = lived_at_home(tmp_path, during=False)
    found = fake_bills.search(view)
    assert alerts(found) == []
    assert any(hub(view, c, "account") == {"shared"} for c in found)
    assert "reasons_kinds.fake_bills_elsewhere" not in {f.key for c in found for f in c.findings}
