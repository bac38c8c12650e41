from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import quick_view, with_people

from ringfinder.evidence import habits
from ringfinder.evidence.desk_excess import Excess, excesses
from ringfinder.evidence.desk_files import ANY, HARD, Files, gather
from ringfinder.evidence.likelihood import FEWEST_HOUSEHOLDS, MARGIN
from ringfinder.evidence.view import DAY, HOUR, NEVER, View

MEN = 200  # of each of the illnesses 0 and 1; as many women have illness 2
WEEK = 7

Slip = tuple[int, int, int, int]  # operator, place, illness, day


def stands_out(worth: dict[str, Excess], name: str, operator: int) -> bool:
    return bool(worth[name].stands_out()[operator])


def town(*slips: Slip, settled: bool = True) -> View:
    """Men's illnesses 0 and 1 of 200 men each, a women's illness, and women with the men's: their slips, one each.

    Up to six women of 206 patients are less than 3 %. All bills are settled at the till; the men's by operator 9.
    """
    n = 3 * MEN
    slip = np.array(slips, np.int64).reshape(-1, 4).T
    operator = np.r_[np.full(n, 9), slip[0]]
    place = np.r_[np.full(n, 9), slip[1]]
    diagnosis = np.r_[np.repeat([0, 1, 2], MEN), slip[2]]
    start = np.r_[np.arange(n) % 300 * DAY, slip[3] * DAY] + 10 * HOUR
    who = np.arange(len(operator))
    view = quick_view(who, place, start, operator=operator, diagnosis=diagnosis, cents=10_000 + who**2)
    view = with_people(view, sex=np.r_[np.full(2 * MEN, 1), np.full(MEN + slip.shape[1], 0)].astype(np.int8))
    at = view.claims.end + HOUR if settled else np.full(len(who), NEVER)
    return replace(view, claims=replace(view.claims, settled=at))


def slips_of(files: Files, name: str, counted: bool) -> list[int]:
    """Which slips (0, 1, ... as given to `town`) bear a mark, or count for it."""
    marked = (files.counted if counted else files.flags)[name]
    return (files.claim[np.flatnonzero(marked)] - 3 * MEN).tolist()


def counted(*slips: Slip) -> list[int]:
    """Which slips count; all of them misfit."""
    files = gather(town(*slips))
    assert slips_of(files, "misfit", counted=False) == list(range(len(slips)))
    return slips_of(files, "misfit", counted=True)


def test_misfits_of_one_illness_at_one_place_in_one_week_count_once_a_desk() -> None:
    assert counted((0, 0, 0, 0), (0, 0, 0, 3), (0, 0, 0, 6)) == [0]
    assert counted((0, 0, 0, 2), (0, 0, 0, 2)) == [0]
    assert counted((0, 0, 0, 2)) == [0]


def test_the_next_week_is_another_outbreak() -> None:
    """Weeks are told by the calendar: the seventh day begins one, the day before ends one."""
    assert counted((0, 0, 0, WEEK - 1), (0, 0, 0, WEEK)) == [0, 1]
    assert counted((0, 0, 0, WEEK), (0, 0, 0, 2 * WEEK - 1), (0, 0, 0, 2 * WEEK)) == [0, 2]


def test_another_desk_counts_it_too() -> None:
    assert counted((0, 0, 0, 1), (1, 0, 0, 1), (0, 0, 0, 2), (1, 0, 0, 2)) == [0, 1]


def test_another_place_is_another_outbreak() -> None:
    assert counted((0, 0, 0, 1), (0, 1, 0, 1), (0, 0, 0, 2), (0, 1, 0, 2)) == [0, 1]


def test_another_illness_is_another_outbreak() -> None:
    assert counted((0, 0, 0, 1), (0, 0, 1, 1), (0, 0, 0, 2), (0, 0, 1, 2)) == [0, 1]


def test_what_fits_is_neither_marked_nor_counted() -> None:
    """Women have the women's illness; a man's day at the same desk and place as the misfits takes nothing from these."""
    files = gather(town((0, 0, 2, 1), (0, 0, 0, 1), (0, 0, 2, 1), (0, 0, 0, 2)))
    assert slips_of(files, "misfit", counted=False) == [1, 3]
    assert slips_of(files, "misfit", counted=True) == [1]


def test_an_outbreak_is_one_irregular_file_of_its_desk() -> None:
    files = gather(town((0, 0, 0, 1), (0, 0, 0, 2), (0, 0, 0, 3), (1, 0, 0, 1), (1, 0, 0, 20)))
    assert slips_of(files, ANY, counted=True) == [0, 3, 4]
    assert sorted(set(files.counted) - set(files.flags)) == [ANY]
    for name in HARD:
        assert (files.counted[name] <= files.counted[ANY]).all()


def test_households_with_misfits_are_those_that_count() -> None:
    """Four women in one week are one household of desk 0; in four weeks they are four of desk 1."""
    one_week = [(0, 0, 0, d) for d in (0, 1, 2, 3)]
    four_weeks = [(1, 0, 1, d * WEEK) for d in (0, 1, 2, 3)]
    worth = excesses(gather(town(*one_week, *four_weeks)), 10)
    assert worth["misfit"].count[:2].tolist() == [1, 4]
    assert worth[ANY].count[:2].tolist() == [1, 4]


def test_bills_that_were_never_settled_are_no_files() -> None:
    files = gather(town((0, 0, 0, 1), (0, 0, 0, 2), settled=False))
    assert len(files.claim) == 0
    assert len(files.counted["misfit"]) == 0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1), st.integers(0, 20)), max_size=6))
def test_the_first_of_each_outbreak_counts(slips: list[Slip]) -> None:
    """By order of the claims, which is that of the patients here."""
    seen: set[tuple[int, int, int, int]] = set()
    wanted = []
    for i, (operator, place, illness, day) in enumerate(slips):
        outbreak = (operator, place, illness, day // WEEK)
        if outbreak not in seen:
            wanted.append(i)
        seen.add(outbreak)
    assert counted(*slips) == wanted


# A habit that is a desk's own


def excess(count: int, expected: float, gain: float) -> dict[str, Excess]:
    """Operator 1 with so many households that bear `late`; operator 0 bears nothing and operator 2 very much."""
    worth = Excess(np.array([0, count, 99]), np.array([0.0, expected, 1.0]), np.array([0.0, gain, 99.0]))
    return {"late": worth, "even": Excess(np.zeros(3, np.int64), np.zeros(3), np.zeros(3))}


@pytest.mark.parametrize(
    ("count", "expected", "own"),
    [
        (3, 0.0, True),
        (2, 0.0, False),
        (3, 1.5, True),  # twice what the others let expect
        (3, 1.51, False),
        (10, 5.0, True),
        (10, 5.01, False),
        (9, 5.0, False),
    ],
)
def test_a_habit_needs_three_households_and_twice_the_expected(count: int, expected: float, own: bool) -> None:
    assert (FEWEST_HOUSEHOLDS, habits.OFTEN) == (3, 2.0)
    assert stands_out(excess(count, expected, 50.0), "late", 1) is own


def test_a_habit_must_surprise_by_more_than_a_nat() -> None:
    assert MARGIN == 1.0
    assert stands_out(excess(10, 1.0, 1.01), "late", 1)
    assert not stands_out(excess(10, 1.0, 1.0), "late", 1)


def test_a_habit_is_of_one_desk_and_one_kind() -> None:
    worth = excess(10, 1.0, 50.0)
    assert [stands_out(worth, "late", operator) for operator in range(3)] == [False, True, True]
    assert [stands_out(worth, "even", operator) for operator in range(3)] == [False, False, False]


@given(st.integers(0, 40), st.integers(0, 80), st.integers(0, 12))
def test_a_habit_stands_out_by_three_plain_rules(count: int, quarters: int, halves: int) -> None:
    """Expected by quarters of a household, surprise by halves of a nat."""
    wanted = count >= 3 and 2 * count >= quarters and halves > 2
    assert stands_out(excess(count, quarters / 4, halves / 2), "late", 1) is wanted
