"""Whose habit explains whose: operators who have a habit are left out of its rates while they are few."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from ringfinder.evidence.desk_excess import CUSTOM, KNOWN_CLIENTS, LEAST_RATE, STANDS_OUT, Excess, excesses
from ringfinder.evidence.desk_files import ANY, REPAID, SORTS, Files
from ringfinder.evidence.habits import MARKS, OFTEN
from ringfinder.evidence.likelihood import FEWEST_HOUSEHOLDS, MARGIN, surprise

CLIENTS = 40  # of every operator, each with one file
HABIT = "overpaid"


def city(
    operators: int, borne: dict[str, dict[int, int]], codes: int = 0, order: Iterable[int] = ()
) -> dict[str, Excess]:
    """Excesses where each operator settles forty households' files, half of each of two places and for each of two illnesses.

    `borne`: by mark and operator, how many of his files bear it: the first of each place in turn. `codes`: operators known, at work or not.
    """
    n = operators * CLIENTS
    number = np.arange(n)
    operator, file = number // CLIENTS, number % CLIENTS
    few = {name: np.array([of.get(o, 0) for o in range(operators)]) for name, of in borne.items()}
    flags = {name: file < k[operator] for name, k in few.items()}
    flags = {ANY: np.zeros(n, np.bool_), REPAID: np.zeros(n, np.bool_)} | flags
    rows = np.array([*order] or number)
    half = file % 2 * SORTS + 3
    chosen = {name: flag[rows] for name, flag in flags.items()}
    desks = max(codes, operators)
    files = Files(
        number, operator[rows], number[rows], half[rows], half[rows], chosen, chosen, np.zeros(desks), np.zeros(desks)
    )
    return excesses(files, desks)


def rate(borne: float, clients: float, prior: float) -> float:
    """Of so many clients of others, smoothed with twenty at what is usual."""
    return max((borne + KNOWN_CLIENTS * prior) / (clients + KNOWN_CLIENTS), LEAST_RATE)


def expected(operators: int, borne: dict[int, int], left_out: Iterable[int] = ()) -> list[float]:
    """By operator, said plainly: the larger of what all clients of the others let expect, and those of either place."""
    out = []
    for judged in range(operators):
        others = [borne.get(o, 0) for o in range(operators) if o not in (judged, *left_out)]
        town = rate(sum(others), CLIENTS * len(others), sum(borne.values()) / (operators * CLIENTS))
        halves = sum((k + 1) // 2 for k in others), sum(k // 2 for k in others)
        places = [CLIENTS / 2 * rate(half, CLIENTS / 2 * len(others), town) for half in halves]
        out.append(max(CLIENTS * town, sum(places)))
    return out


def test_two_of_forty_operators_do_not_explain_one_another() -> None:
    """All their files: without the two of them nobody of 38 operators' 1,520 clients bears it."""
    assert CUSTOM == 0.05
    assert HABIT in MARKS
    two = {0: 40, 1: 40}
    got = city(40, {HABIT: two})[HABIT]
    whole = 80 / 1600
    assert got.count.tolist() == [40, 40] + [0] * 38
    assert got.expected[:2] == pytest.approx(40 * rate(0, 1520, whole))
    assert got.expected[2:] == pytest.approx(40 * rate(0, 1480, whole))
    assert got.expected == pytest.approx(expected(40, two, two))
    assert got.gain[0] == pytest.approx(surprise(40, 40 * rate(0, 1520, whole)))


def test_three_of_forty_have_the_towns_custom() -> None:
    three = {0: 40, 1: 40, 2: 40}
    assert city(40, {HABIT: three})[HABIT].expected == pytest.approx(expected(40, three))


@pytest.mark.parametrize(("operators", "left_out"), [(20, [0]), (19, [])])
def test_one_of_twenty_is_few(operators: int, left_out: list[int]) -> None:
    one = {0: 40}
    assert city(operators, {HABIT: one})[HABIT].expected == pytest.approx(expected(operators, one, left_out))


def test_operators_are_those_at_work() -> None:
    """A hundred are known, of whom sixty settle nothing: three of forty stay the town's custom."""
    three = {0: 40, 1: 40, 2: 40}
    got = city(40, {HABIT: three}, codes=100)[HABIT].expected
    assert got[:40] == pytest.approx(expected(40, three))
    assert got[40:].tolist() == [0.0] * 60


def test_what_is_no_habit_has_everybody_in_its_rates() -> None:
    two = {0: 40, 1: 40}
    assert city(40, {"costly": two})["costly"].expected == pytest.approx(expected(40, two))


def test_who_has_one_habit_stays_in_the_rates_of_another() -> None:
    """The first of three operators has both habits, the others one each."""
    evenings, parts = {0: 40, 1: 40, 2: 5}, {0: 40, 2: 40, 1: 5}
    got = city(40, {"late": evenings, HABIT: parts})
    assert got["late"].expected == pytest.approx(expected(40, evenings, [0, 1]))
    assert got[HABIT].expected == pytest.approx(expected(40, parts, [0, 2]))


@pytest.mark.parametrize(("households", "left_out"), [(2, []), (3, [0])])
def test_two_households_make_no_habit(households: int, left_out: list[int]) -> None:
    """Two of 1,600 are a surprise of far more than two nats, but of two households only."""
    assert FEWEST_HOUSEHOLDS == 3
    few = {0: households}
    assert surprise(households, expected(40, few)[0]) > STANDS_OUT
    assert city(40, {HABIT: few})[HABIT].expected == pytest.approx(expected(40, few, left_out))


@pytest.mark.parametrize(("usual", "left_out"), [(11, []), (6, [0])])
def test_less_than_twice_what_the_others_let_expect_is_no_habit(usual: int, left_out: list[int]) -> None:
    """Twenty of his forty, where the others have eleven of forty, or six: both a surprise of more than two nats."""
    assert OFTEN == 2.0
    some = dict.fromkeys(range(40), usual) | {0: 20}
    assert surprise(20, expected(40, some)[0]) > STANDS_OUT
    assert city(40, {HABIT: some})[HABIT].expected == pytest.approx(expected(40, some, left_out))


def test_a_surprise_of_less_than_two_nats_is_no_habit() -> None:
    """Three of forty, where every other operator has one: twice as often, and more than a nat, but less than two."""
    some = dict.fromkeys(range(40), 1) | {0: 3}
    assert MARGIN < surprise(3, expected(40, some)[0]) < STANDS_OUT
    assert expected(40, some)[0] * OFTEN < 3
    assert city(40, {HABIT: some})[HABIT].expected == pytest.approx(expected(40, some))


def test_nobodys_habit_and_no_files_are_quiet() -> None:
    assert city(40, {HABIT: {}})[HABIT].gain.tolist() == [0.0] * 40
    assert city(0, {HABIT: {}}, codes=3)[HABIT].count.tolist() == [0, 0, 0]


def test_the_order_of_files_does_not_matter() -> None:
    few = {HABIT: {0: 40, 1: 40}}
    mixed = city(40, few, order=np.random.default_rng(3).permutation(1600).tolist())[HABIT]
    assert mixed.expected == pytest.approx(city(40, few)[HABIT].expected)
    assert mixed.count.tolist() == city(40, few)[HABIT].count.tolist()
