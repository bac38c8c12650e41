"""Insiders by care that is paid twice: whom it names, what explains it, and a desk that takes in another ring's bills too."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from evidence.test_irregular import CLERKS, OUTSIDERS, RING, bill, town_with_bills
from evidence.test_own_habits import CLIENTS, city, expected, rate
from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import irregular
from ringfinder.evidence.desk_excess import LEAST_RATE, excesses
from ringfinder.evidence.desk_files import ANY, REPAID, REST, SORTS, WRONG, Files, gather
from ringfinder.evidence.desk_members import members
from ringfinder.evidence.likelihood import FEWEST_HOUSEHOLDS, MARGIN
from ringfinder.words import say

FILES = 4  # a head; nobody is paid twice by chance
FAKERS = [f"p{i:03}" for i in range(40, 52)]


def paid_twice(town: Town, people: list[str], clerks: tuple[str, ...] = ("clerk",)) -> None:
    """Two bills a head, settled at the hospital's till on the day and once more by a clerk a month later."""
    for i, who in enumerate(people):
        for k in range(2):
            day, number = 9.0 * (i % 20) + 61 * k + 4, f"twice {i}-{k}"
            bill(town, who, f"hospital{(i + k) % 3}", day, "till9", number, 0.0)
            bill(town, who, f"hospital{(i + k) % 3}", day, clerks[(i + k) % len(clerks)], number)


def copied(town: Town, people: list[str], clerk: str) -> None:
    """Two bills a head that bear the number of somebody else's."""
    for i, who in enumerate(people):
        for k in range(2):
            number, place = f"fake {i}-{k}", f"hospital{(i + k) % 3}"
            bill(town, who, place, 13.0 * (i % 12) + 71 * k + 6, clerk, number)
            bill(town, OUTSIDERS[i], place, 3.0 + 9 * (i % 7) + k, f"other till {i}", number, 0.0)


def test_a_clerk_who_pays_twice_is_found_with_those_whom_he_pays(tmp_path: Path) -> None:
    town = town_with_bills(FILES)
    paid_twice(town, RING)
    view = town.view(tmp_path)
    (found,) = irregular.search(view)  # and no second candidate for its other files
    assert found.kind == "insider"
    assert names(view, found) == set(RING)
    assert hub(view, found, "operator") == {"clerk"}
    (told,) = [f for f in found.findings if f.side == "harm"]
    assert told.key == "reasons_kinds.irregular_repaid"
    assert told.observed == len(RING)
    assert len(told.claims) == 2 * len(RING)
    assert irregular.CAP == 20.0
    assert found.harm == pytest.approx(irregular.CAP - MARGIN)
    assert say(told.key, "en", **told.values) != say(told.key, "zh", **told.values)


def test_dear_bills_alone_make_no_member(tmp_path: Path) -> None:
    """Fifteen more clients of the desk have bills as dear as the ring's, none of which was paid twice."""
    town = town_with_bills(FILES)
    paid_twice(town, RING)
    dear = [f"p{i:03}" for i in range(40, 55)]
    for i, who in enumerate([*RING, *dear]):
        for k in range(6):
            bill(town, who, "hospital1", 7.0 * (i % 25) + 13 * k + 5, "clerk", f"dear {i}-{k}")
            town.claims[-1]["total_amount"] = Decimal(3000 + 41 * i + 7 * k)
    view = town.view(tmp_path)
    files = gather(view)
    rows = np.flatnonzero(view.codes.operator[files.operator] == "clerk")
    costly = set(view.codes.patient[view.claims.patient[files.claim[rows[files.flags["costly"][rows]]]]])
    assert len(costly & set(dear)) >= 10
    group, _ = members(view, files, rows, (), (REPAID,))
    assert set(view.codes.patient[group]) == set(RING)


def test_a_custom_of_all_clerks_accuses_none(tmp_path: Path) -> None:
    town = town_with_bills(FILES)
    paid_twice(town, [f"p{i:03}" for i in range(60, 135)], CLERKS)
    assert alerts(irregular.search(town.view(tmp_path)), 0.0) == []


def test_a_desk_with_anothers_fake_bills_and_care_paid_twice_is_two_rings(tmp_path: Path) -> None:
    town = town_with_bills(FILES)
    paid_twice(town, RING)
    copied(town, FAKERS, "clerk")
    view = town.view(tmp_path)
    found = alerts(irregular.search(view))
    assert {frozenset(names(view, one)) for one in found} == {frozenset(RING), frozenset(FAKERS)}
    assert all(hub(view, one, "operator") == {"clerk"} for one in found)
    told = {frozenset(names(view, one)): [f.key for f in one.findings if f.side == "harm"] for one in found}
    assert told[frozenset(RING)] == ["reasons_kinds.irregular_repaid"]
    assert told[frozenset(FAKERS)] == ["reasons_kinds.irregular_invoice"]


def test_what_is_looked_at_apart_is_all_that_is_wrong() -> None:
    assert {*REST, REPAID} == set(WRONG)
    assert REPAID not in REST


# Rates


def twice(operators: int, borne: dict[int, int]) -> tuple[list[float], list[float]]:
    """Expected households and nats by operator; each has forty clients of one kind of care, see `city`."""
    found = city(operators, {REPAID: borne})[REPAID]
    return found.expected.tolist(), found.gain.tolist()


def test_one_clerk_is_held_against_all_other_desks() -> None:
    """Nobody else pays twice: none of 360 clients, and of the usual desks' 400 his own twenty."""
    found, _ = twice(10, {0: 20})
    assert found[0] == pytest.approx(CLIENTS * rate(0, 360, 0.0))


def test_two_clerks_who_share_a_town_do_not_explain_one_another() -> None:
    """Twenty of forty and twelve of forty clients, among ten desks: both are left out of the rates."""
    found, gain = twice(10, {0: 20, 1: 12})
    assert found[:2] == pytest.approx([CLIENTS * rate(0, 320, 0.0)] * 2)
    assert found[2:] == pytest.approx([CLIENTS * rate(0, 280, 0.0)] * 8)
    assert min(gain[:2]) > 8


def test_two_households_of_another_desk_stay_in_the_rates() -> None:
    """Of the nine usual desks' 360 clients two are paid twice; the tenth, with twenty, tells nothing of what is usual."""
    assert FEWEST_HOUSEHOLDS == 3
    found, gain = twice(10, {0: 20, 1: 2})
    assert found[0] == pytest.approx(CLIENTS * rate(2, 360, 2 / 360))
    assert found[1] == pytest.approx(CLIENTS * rate(0, 320, 2 / 360))
    assert gain[0] > 8


def test_half_of_the_desks_do_not_explain_one_another() -> None:
    """Three of six pay twice: who pays least tells what is usual, and nobody who stands out beside him does."""
    found, gain = twice(6, {0: 20, 1: 12, 2: 9, 3: 2})
    assert found[:3] == pytest.approx([CLIENTS * rate(2, 120, 2 / 120)] * 3)
    assert min(gain[:3]) > 5


def test_two_households_are_no_desk_that_pays_twice() -> None:
    """They stay in the others' rates; with a third one the desk stands out and explains nobody."""
    assert twice(10, {0: 2})[0] == pytest.approx(expected(10, {0: 2}))
    assert twice(10, {0: 3})[0] == pytest.approx([CLIENTS * LEAST_RATE] * 10)


def test_the_only_desk_of_a_place_is_not_the_place_for_what_it_pays_twice() -> None:
    """Ten places with a desk each, at one of which half of the clients are paid twice: of the other nine nobody is."""
    n = 10 * CLIENTS
    number = np.arange(n)
    operator = number // CLIENTS
    flags = {REPAID: number < 20, ANY: number < 20}
    place, reason = operator * SORTS + 3, np.full(n, 3)
    files = Files(number, operator, number, place, reason, flags, flags, np.zeros(10), np.zeros(10))
    worth = excesses(files, 10)
    assert worth[REPAID].expected[0] == pytest.approx(CLIENTS * LEAST_RATE)
    assert worth[ANY].expected[0] == pytest.approx(20.0)  # any other mark is


def test_a_custom_of_every_desk_explains_itself() -> None:
    found, gain = twice(10, dict.fromkeys(range(10), 20))
    assert found == pytest.approx([CLIENTS * 0.5] * 10)
    assert gain == pytest.approx([0.0] * 10)
