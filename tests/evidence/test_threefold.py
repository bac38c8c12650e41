"""Households whose files at one desk bear three kinds of trait: what a clerk does for friends is late, and dear, and paid to a stranger."""

from __future__ import annotations

from itertools import combinations, product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, visit

from evidence.test_irregular import RING, town_with_bills
from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import irregular
from ringfinder.evidence.desk_files import ANY, HARD, THREEFOLD, WRONG, gather
from ringfinder.evidence.desk_members import coming_back
from ringfinder.evidence.threefold import CERTAIN, LEAST_RATE, NEED, Threefold, at_least, threefold
from ringfinder.evidence.view import View

KINDS = 4
File = tuple[int, int, tuple[int, ...]]  # operator, household, the kinds of trait it bears


def judged(files: list[File], operators: int = 2, sort: list[int] | None = None) -> Threefold:
    operator, home = (np.array([f[k] for f in files], np.int64) for k in (0, 1))
    kinds = [np.array([kind in f[2] for f in files]) for kind in range(KINDS)]
    return threefold(operator, home, np.array(sort or [0] * len(files), np.int64), kinds, operators)


def test_a_household_bears_three_traits_in_one_file_or_in_several_at_one_desk() -> None:
    assert NEED == 3
    assert judged([(0, 1, (0, 1, 2)), (1, 2, ())]).flag.tolist() == [True, False]
    assert judged([(0, 1, (0,)), (0, 1, (1,)), (0, 1, (2,)), (0, 1, ())]).flag.tolist() == [True] * 3 + [False]
    assert not judged([(0, 1, (0, 1)), (1, 1, (2,))]).flag.any()  # at two desks
    assert not judged([(0, 1, (0, 1)), (0, 2, (2,))]).flag.any()  # two households


def test_the_chance_of_three_traits_is_that_of_independent_ones() -> None:
    chances = [np.array([p]) for p in (0.5, 0.2, 0.1, 0.4)]
    plainly = sum(
        prod(float(c[0]) if has else 1 - float(c[0]) for c, has in zip(chances, some, strict=True))
        for some in product((True, False), repeat=KINDS)
        if sum(some) >= NEED
    )
    assert at_least(chances)[0] == pytest.approx(plainly)


def test_one_habit_of_a_desk_lets_expect_what_it_brings_and_no_more() -> None:
    """All ten files of desk 0 are late; of a hundred at desk 1 ten are dear, ten go to strangers and none is late."""
    late = [(0, h, (0,)) for h in range(10)]
    others = [(1, 100 + h, (1,) * (h < 10) + (2,) * (10 <= h < 20)) for h in range(100)]
    got = judged([*late, *others]).expected
    rate = [0.5 / 101, 10.5 / 101, 10.5 / 101, 0.5 / 101]
    own = [CERTAIN, *rate[1:]]
    one = plain_chance(own)
    alone = 100 * plain_chance([max((n + 0.5) / 11, LEAST_RATE) if n else 0.5 / 11 for n in (10, 0, 0, 0)])
    assert alone > 0  # what desk 0 lets expect at desk 1: nobody there bears three, so traits do not go together
    assert got[0] == pytest.approx(10 * one)


def plain_chance(rates: list[float]) -> float:
    return sum(
        prod(r if k in some else 1 - r for k, r in enumerate(rates))
        for n in range(NEED, len(rates) + 1)
        for some in combinations(range(len(rates)), n)
    )


def test_traits_that_go_together_elsewhere_go_together_here_for_the_same_reason() -> None:
    """At desks 1 to 9 whoever comes late has dear files that go to strangers: one in ten, ten times what independence gives."""
    town = [(o, 1000 * o + h, (0, 1, 2) if h % 10 == 0 else ()) for o in range(1, 10) for h in range(60)]
    here = [(0, h, (0, 1, 2) if h % 10 == 0 else ()) for h in range(60)]
    got = judged([*here, *town], operators=10)
    assert got.expected[0] >= 6
    apart = [(o, 1000 * o + h, (h % 10,) if h % 10 < 3 else ()) for o in range(1, 10) for h in range(60)]
    assert judged([*here, *apart], operators=10).expected[0] < 1.0


def test_rates_are_of_one_sort_of_care() -> None:
    """Bills of stays are dear for all: what the other desks' visits cost tells nothing of them."""
    files: list[File] = [*((0, h, (0, 1)) for h in range(5)), *((1, 50 + h, (0, 1)) for h in range(50))]
    files += [(1, 100 + h, ()) for h in range(500)]
    sort = [1] * 55 + [0] * 500
    assert judged(files, sort=sort).expected[0] > judged(files).expected[0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 12), st.sets(st.integers(0, 3)).map(tuple)), min_size=1, max_size=60
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_files_is_nothing(files: list[File], shuffle: object) -> None:
    order = list(range(len(files)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    one, other = judged(files, 4), judged([files[k] for k in order], 4)
    np.testing.assert_allclose(one.expected, other.expected, rtol=1e-9)
    assert one.flag[order].tolist() == other.flag.tolist()
    assert (one.expected >= 0).all()


def test_no_files_no_households() -> None:
    got = threefold(*(np.zeros(0, np.int64),) * 3, [np.zeros(0, np.bool_)] * KINDS, 3)
    assert got.expected.tolist() == [0.0] * 3
    assert not len(got.flag)


def test_three_traits_are_no_mark_of_a_file_by_themselves() -> None:
    assert (*WRONG, THREEFOLD) == HARD
    assert THREEFOLD not in WRONG


def test_who_brings_all_further_files_to_one_desk_fits_those_who_do() -> None:
    """Members came back with three files each and went nowhere else; of the others' further files nine in ten are elsewhere."""
    back, away = np.array([3.0, 3, 3, 0, 0, 1]), np.array([0.0, 0, 0, 5, 4, 0])
    weight = np.array([1.0, 1, 0, 0, 0, 0])
    odds = coming_back(back, away, weight)
    assert odds[2] > odds[5] > 0 > odds[4] > odds[3]
    assert coming_back(np.zeros(2), np.zeros(2), np.array([1.0, 0])).tolist() == [0.0, 0.0]


# In a town


def office(folder: Path, late: bool = True, dear: bool = True, strange: bool = True) -> View:
    """Everybody hands in six bills to any of five clerks; fifteen people bring three more to one of them, of such kinds."""
    town: Town = town_with_bills(6)
    rng = np.random.default_rng(5)
    for i, who in enumerate(RING):
        for k, day in enumerate(np.sort(rng.choice(np.arange(5, 220), 3, replace=False)).tolist()):
            place = f"hospital{(i + k) % 3}"
            paid = at(day + 25 + k, 19.2 if late else 10.1 + k)
            row = visit(
                who, place, at(day, 10), 2600 - 31 * i if dear else 380 + i, settled_at=paid, operator_id="clerk"
            )
            account = f"friend {i % 4}" if strange else f"own {int(who[1:]):03}"
            town.add({**row, "invoice_number": f"friend {i}-{k}", "payee_account": account})
    return town.view(folder)


def test_a_clerks_friends_are_found_by_three_traits_of_which_each_has_an_honest_reason(tmp_path: Path) -> None:
    view = office(tmp_path)
    best = alerts(irregular.search(view))[0]
    assert names(view, best) == set(RING)
    assert hub(view, best, "operator") == {"clerk"}
    told = {f.key: f.observed for f in best.findings if f.side == "harm"}
    assert told["reasons_kinds.irregular_threefold"] == len(RING)


@pytest.mark.parametrize("without", ["late", "dear", "strange"])
def test_two_traits_are_no_three(tmp_path: Path, without: str) -> None:
    """A desk that works late on dear bills, one where agents hand in dear bills, one where they come late."""
    view = office(tmp_path, **{without: False})
    files = gather(view)
    clerk = view.codes.operator.tolist().index("clerk")
    assert not files.flags[THREEFOLD][files.operator == clerk].sum() > 3
    assert not [c for c in alerts(irregular.search(view)) if any(f.key.endswith("threefold") for f in c.findings)]


def test_the_desks_of_ordinary_bills_bear_no_three_traits(tmp_path: Path) -> None:
    view = town_with_bills(6).view(tmp_path)
    files = gather(view)
    assert not files.flags[THREEFOLD].any()
    assert not files.counted[ANY].any()
