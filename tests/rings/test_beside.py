"""Groups put beside others, with all that was computed of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.rings.bases import rates
from ringfinder.rings.coordination import Coordination
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import Harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.together import Assembly, evidence_rows, judge

from .planted import hubs_of, town

HUBS = hubs_of((0, 1, 2, 3), (50, 51, 52))
Part = tuple[str, int, list[int]]
ONE: list[Part] = [("ties", -1, [0, 1, 2, 3]), ("hub", 0, [0, 1, 2, 4, 5])]
TWO: list[Part] = [("crowds", -1, [500]), ("waves", -1, [0, 1, 2, 3, 6, 7]), ("hub", 1, [50, 51, 52])]


def groups_of(parts: list[Part]) -> Groups:
    return collect([(seed, hub, np.array(people, np.int32)) for seed, hub, people in parts], HUBS)


def same(one: Any, other: Any) -> None:
    """Both have equal fields, whatever they hold."""
    for f in fields(one):
        a, b = getattr(one, f.name), getattr(other, f.name)
        if isinstance(a, Groups | Harm | Coordination) or f.name == "meetings":
            same(a, b)
        elif isinstance(a, dict):
            assert list(a) == list(b)
            for name, values in a.items():
                np.testing.assert_allclose(values, b[name], err_msg=name)
        elif isinstance(a, np.ndarray):
            np.testing.assert_allclose(a, b, err_msg=f.name)
            assert a.dtype == b.dtype
        else:
            assert a is b or a == b


def test_groups_beside_others_are_numbered_after_them() -> None:
    got = groups_of(ONE).beside(groups_of(TWO))
    assert got.count == 5
    assert got.group.tolist() == [0] * 4 + [1] * 5 + [2] + [3] * 6 + [4] * 3
    assert [got.people(g).tolist() for g in range(5)] == [people for _, _, people in [*ONE, *TWO]]
    assert got.hub.tolist() == [-1, 0, -1, -1, 1]
    assert got.seed == ("ties", "hub", "crowds", "waves", "hub")
    assert got.linked().tolist() == [False] * 4 + [True] * 3 + [False] * 2 + [False] * 7 + [True] * 3


def test_each_group_keeps_its_odds() -> None:
    one, two = groups_of(ONE[:1]), groups_of(TWO[:1])
    one.odds[:], two.odds[:] = [4.0, 3.0, 2.0, 1.0], [7.0]
    assert one.beside(two).odds.tolist() == [4.0, 3.0, 2.0, 1.0, 7.0]


@pytest.mark.parametrize("parts", [ONE, TWO, []])
def test_nobody_beside_groups_changes_nothing(parts: list[Part]) -> None:
    groups, nobody = groups_of(parts), groups_of([])
    same(groups.beside(nobody), groups)
    same(nobody.beside(groups), groups)


@pytest.fixture(scope="module")
def presence() -> Presence:
    """Twelve people who meet eight times at one of fifteen places, in a town of 600."""
    return observe(town(people=600, seed=4))


@pytest.mark.parametrize(("left", "right"), [(ONE, TWO), (TWO, ONE), (ONE, []), ([], TWO), ([], [])])
def test_meetings_beside_others_are_those_of_all_groups(
    presence: Presence, left: list[Part], right: list[Part]
) -> None:
    one, two = groups_of(left), groups_of(right)
    got = meet(presence, one).beside(meet(presence, two), one.count)
    same(got, meet(presence, one.beside(two)))
    assert (np.diff(got.group) >= 0).all()
    assert (np.diff(got.meeting) >= 0).all()


def test_the_other_meetings_stay_what_they_were(presence: Presence) -> None:
    one, two = meet(presence, groups_of(ONE)), meet(presence, groups_of(TWO))
    before = two.group.copy(), two.meeting.copy()
    one.beside(two, 2)
    assert before[0].tolist() == two.group.tolist()
    assert before[1].tolist() == two.meeting.tolist()


def test_harm_beside_other_harm_is_that_of_both() -> None:
    def some(*values: float) -> Harm:
        x = np.array(values, np.float64)
        return Harm(
            x,
            x + 1,
            x.astype(np.int64),
            {"even": x + 2, "far": x + 3},
            {"even": x + 4},
            {"even": x + 5},
            {"even": x + 6},
        )

    same(some(1, 2).beside(some(30)), some(1, 2, 30))
    same(some().beside(some(30)), some(30))
    same(some(1).beside(some()), some(1))


def assembled(presence: Presence, parts: list[Part]) -> Assembly:
    groups = groups_of(parts)
    return judge(presence, rates(presence, mark(presence.view)), groups, meet(presence, groups))


def test_judged_beside_others_a_group_is_judged_as_alone(presence: Presence) -> None:
    one, two = assembled(presence, ONE), assembled(presence, TWO)
    both = one.beside(two)
    same(both, assembled(presence, [*ONE, *TWO]))
    np.testing.assert_allclose(both.strength, np.r_[one.strength, two.strength])
    rows = np.unique(np.r_[evidence_rows(one), evidence_rows(two)])
    assert np.unique(evidence_rows(both)).tolist() == rows.tolist()
    assert len(rows) > 20


def test_picked_from_both_the_first_and_the_second_are_themselves(presence: Presence) -> None:
    one, two = assembled(presence, ONE), assembled(presence, TWO)
    first = np.arange(5) < 2
    same(one.beside(two).pick(first), one)
    same(one.beside(two).pick(~first), two)


def test_an_assembly_of_nobody_changes_nothing(presence: Presence) -> None:
    one, nobody = assembled(presence, ONE), assembled(presence, [])
    same(one.beside(nobody), one)
    same(nobody.beside(one), one)
