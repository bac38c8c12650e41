"""Bills of one facility that are handed in on one day for several accounts: one hand has them all."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from worlds import at, quick_view, stay, view_of

from evidence.test_fake_bills import PEOPLE, honest_bills
from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import fake_bills, invoices, piles
from ringfinder.evidence.bills import Bills, batches, read_bills, same_day
from ringfinder.evidence.fake_bills import COMMON_PATIENT, handed_in_together
from ringfinder.evidence.piles import HABIT, Pile
from ringfinder.evidence.view import BLANK, DAY, NEVER, View


def settled(days: list[float], places: list[int], ends: float = 0.5) -> View:
    """Claims of day 0, settled on these days; a negative day: nobody knows."""
    n = len(days)
    view = quick_view(np.arange(n), places, np.zeros(n, int), end=np.full(n, int(ends * DAY)))
    when = np.array([NEVER if d < 0 else int(d * DAY) for d in days], np.int64)
    return replace(view, claims=replace(view.claims, settled=when))


def test_a_batch_is_one_facilitys_bills_of_one_day() -> None:
    """At ten, at eleven at night, the next morning; another place; at the till on the day of care; unknown."""
    view = settled([9.4, 9.95, 10.1, 9.4, 0.9, -1], [3, 3, 3, 2, 3, 3])
    got = batches(view, np.arange(6))
    assert got[0] == got[1]
    assert len({got[0], got[2], got[3]}) == 3
    assert got[4:].tolist() == [BLANK, BLANK]
    assert (got[:4] != BLANK).all()
    assert batches(view, np.array([4, 5])).tolist() == [BLANK, BLANK]
    assert batches(view, np.array([5, 2, 1])).tolist()[0] == BLANK


def test_batches_of_different_places_never_meet() -> None:
    days, places = np.meshgrid(np.arange(1, 30), np.arange(5))
    view = settled(days.ravel().tolist(), places.ravel().tolist())
    assert len(set(batches(view, np.arange(days.size)).tolist())) == days.size


def test_what_is_settled_on_the_day_of_discharge_is_no_batch() -> None:
    view = settled([7.9, 8.0], [0, 0], ends=7.2)
    assert (batches(view, np.arange(2)) == BLANK).tolist() == [True, False]


def test_two_bills_of_any_places_are_settled_on_one_day_as_often_as_days_are_full() -> None:
    """Days of two, one and one bills: 6 of 16; what is settled at once does not count, nor what is not known."""
    assert same_day(settled([9.1, 9.9, 12, 30], [0, 1, 0, 2])) == pytest.approx(6 / 16)
    assert same_day(settled([9.1, 9.9, 12, 30, 0.8, 0.9, -1], [0] * 7)) == pytest.approx(6 / 16)
    assert same_day(settled([0.8, -1], [0, 0])) == 1.0
    assert same_day(settled([5, 5.5], [0, 0])) == 1.0


# Two accounts

Bill = tuple[str, str, str, int]  # account, person, place, day of settlement


def two_piles(folder: Path, bills: list[Bill], days: int = 20) -> tuple[Bills, Pile, Pile]:
    """Stays of a year ago settled on these days, one of another person on each of so many days more; the piles of 'a' and 'b'."""
    others = [(f"own {k}", f"other{k}", "elsewhere", 200 + k) for k in range(days)]
    rows = [
        stay(who, place, at(i, 9), 2, 5000 + 77 * i, settled_at=at(day, 10), payee_account=account)
        for i, (account, who, place, day) in enumerate([*bills, *others])
    ]
    people = [{"patient_id": w, "address": f"home of {w}"} for _, w, _, _ in [*bills, *others]]
    view = view_of(folder, rows, patients=list({p["patient_id"]: p for p in people}.values()))
    read, numbers = read_bills(view), invoices.read(view)
    code = view.codes.account.tolist().index
    a, b = (piles.judge(view, read, numbers, np.flatnonzero(read.account == code(name))) for name in "ab")
    return read, a, b


def test_bills_of_one_batch_count_against_all_that_meet_by_chance(tmp_path: Path) -> None:
    """Two accounts of two bills: four pairs of one place; of 24 bills one day has two, which makes 26 of 576 pairs."""
    given: list[Bill] = [("a", "p", "x", 100), ("a", "q", "x", 110), ("b", "r", "x", 100), ("b", "s", "x", 120)]
    bills, a, b = two_piles(tmp_path, given)
    mu = 4 * 26 / 576
    assert bills.same_day == pytest.approx(26 / 576)
    assert handed_in_together(bills, a, b) == pytest.approx(log(1 / mu) - (1 - mu))
    assert handed_in_together(bills, b, a) == pytest.approx(log(1 / mu) - (1 - mu))


def test_another_place_or_another_day_is_another_batch(tmp_path: Path) -> None:
    same_place: list[Bill] = [("a", "p", "x", 100), ("a", "q", "x", 110), ("b", "r", "x", 101), ("b", "s", "x", 120)]
    one_day: list[Bill] = [("a", "p", "x", 100), ("a", "q", "x", 110), ("b", "r", "y", 100), ("b", "s", "y", 110)]
    for i, given in enumerate((same_place, one_day)):
        assert handed_in_together(*two_piles(tmp_path / str(i), given)) == 0.0


def test_a_batch_counts_once_and_no_more_than_three_nats(tmp_path: Path) -> None:
    """Among two thousand other days chance has next to nothing to say."""
    assert COMMON_PATIENT == 3.0
    given: list[Bill] = [("a", "p", "x", 100), ("a", "q", "x", 100), ("b", "r", "x", 100), ("b", "s", "x", 130)]
    assert handed_in_together(*two_piles(tmp_path / "one", given, 2000)) == 3.0
    given[1:] = [("a", "q", "x", 130), *given[2:]]
    assert handed_in_together(*two_piles(tmp_path / "two", given, 2000)) == 6.0


@pytest.mark.parametrize(
    ("amount", "turns", "handed_in", "marks"),
    [(0.0, 0.0, 20.0, HABIT), (0.0, 4.0, 1.0, 5.0), (10.0, 2.0, 5.0, 17.0), (5.0, 9.0, 9.0, 5.0 + 5.0 + HABIT)],
)
def test_who_hands_in_counts_with_what_the_bills_say(
    amount: float, turns: float, handed_in: float, marks: float
) -> None:
    none = np.zeros(0)
    pile = Pile(
        at=none.astype(np.int64),
        accounts=(1, 2),
        households=5,
        place=0.0,
        amount=amount,
        most=np.inf,
        width=0,
        invoice=invoices.Repeats(none.astype(np.int32), 0, 0.0, 0.0),
        fit=none,
        turns=piles.Turns(5, 0.5, turns),
        handed_in=handed_in,
    )
    assert pile.bills == amount
    assert pile.marks == marks


# In a town

ACCOUNTS = ("one", "two", "three")


def town_of_accounts(folder: Path, accounts: tuple[str, ...], one_hand: bool, alike: bool) -> View:
    """Four people an account, two bills a head, at eight places; handed in for all accounts on eight days, or for each on its own."""
    town = Town()
    honest_bills(town)
    rng = np.random.default_rng(3)
    for a, account in enumerate(accounts):
        for i in range(8):
            spread = float(rng.uniform(0.995, 1.005)) if alike else float(np.exp(rng.normal(0, 0.6)))
            yuan = round(9_000 * 1.7**a * spread, 2)
            paid = at(60 + 23 * i + (0 if one_hand else 5 * a + 2), 10)
            place = f"distant{i}"
            town.distant_bill(PEOPLE[4 * a + i % 4], place, 15 + 20 * i + 3 * a, yuan, account, settled_at=paid)
    return town.view(folder)


def together(view: View) -> list[set[str]]:
    return [hub(view, c, "account") for c in fake_bills.search(view)]


def test_three_accounts_whose_bills_are_handed_in_together_are_one(tmp_path: Path) -> None:
    """Each has an amount of its own: nothing but the days tells that they are of one hand."""
    view = town_of_accounts(tmp_path, ACCOUNTS, one_hand=True, alike=True)
    (found,) = alerts(fake_bills.search(view))
    assert hub(view, found, "account") == set(ACCOUNTS)
    assert names(view, found) == set(PEOPLE)
    assert len(found.claims) == 24


def test_accounts_whose_bills_are_handed_in_on_other_days_stay_apart(tmp_path: Path) -> None:
    got = together(town_of_accounts(tmp_path, ACCOUNTS, one_hand=False, alike=True))
    assert all({name} in got for name in ACCOUNTS)


def test_two_employers_who_hand_in_on_days_of_their_own_stay_apart_and_are_no_alert(tmp_path: Path) -> None:
    view = town_of_accounts(tmp_path, ("one", "two"), one_hand=False, alike=False)
    assert {"one", "two"} not in together(view)
    assert alerts(fake_bills.search(view)) == []


def test_one_agent_who_hands_in_for_two_accounts_is_no_alert_by_that(tmp_path: Path) -> None:
    """What the bills do not say, a habit says for no more than six nats."""
    view = town_of_accounts(tmp_path, ("one", "two"), one_hand=True, alike=False)
    assert alerts(fake_bills.search(view)) == []


def test_kin_that_share_most_come_first(tmp_path: Path) -> None:
    """Of accounts b, c and d the last shares two batches with a, the others one and none."""
    rows: list[Bill] = [("a", f"a{i}", "x", 100 + i) for i in range(4)]
    rows += [("b", "b0", "x", 100), ("b", "b1", "y", 150), ("c", "c0", "y", 160), ("c", "c1", "y", 161)]
    rows += [("d", "d0", "x", 102), ("d", "d1", "x", 103)]
    bills, a, _ = two_piles(tmp_path, rows)
    of = {int(c): np.flatnonzero(bills.account == c) for c in set(bills.account.tolist())}
    listed = [a, *(replace(a, at=at_) for c, at_ in sorted(of.items()) if c != a.accounts[0])]
    kin = fake_bills.Kin(bills, listed)
    assert len(listed) == 4
    quiet = replace(a, amount=0.0, turns=piles.Turns(0, 0.0, 0.0))
    assert quiet.marks == 0.0
    assert kin.of(quiet) == [0, 3, 1]
    assert [kin.shared(a, other) for other in listed[1:]] == [1, 0, 2]
