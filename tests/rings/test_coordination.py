from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from ringfinder.evidence.presence import Presence, observe
from ringfinder.rings.coordination import CORE_SHARE, coordination, core, of
from ringfinder.rings.groups import Groups
from ringfinder.rings.meetings import meet

from .planted import FOUR, NOBODY, group_of, hubs_of, quiet_town, town


def score(presence: Presence, groups: Groups) -> float:
    """S of the only group as it stands."""
    return float(of(presence, groups, meet(presence, groups)).score[0])


def gains(total: int, present: tuple[int, ...] = (5, 4, 4)) -> list[float]:
    """g of the three mornings of `quiet_town`: four households come who made twelve visits there."""
    out = []
    for there in present:
        share = there / total  # the city's load, the largest of the three chances
        mu = 12 * share
        out.append(4 * log(4 / mu) - (4 - mu) - log(1 / share))
    return out


# amounts as everybody's spread by a tenth, so that they tell nothing: 100, 110, 121, ... over and over
PLAIN = {"cents": np.resize((10_000 * 1.1 ** np.arange(13)).astype(int), 101)}


def test_the_score_of_a_group_by_hand() -> None:
    presence = observe(quiet_town(**PLAIN))
    groups = group_of(*FOUR)
    got = of(presence, groups, meet(presence, groups))
    np.testing.assert_allclose(got.expected, [12 * n / 101 for n in (5, 4, 4)])
    np.testing.assert_allclose(got.gain, gains(101))
    members = 4 * (1 + log(93 / 4))  # four named among the 93 people of the place
    place = log(2)  # at least two places to choose from
    assert got.score[0] == pytest.approx(sum(gains(101)) - members - place)


def test_meetings_in_a_larger_crowd_tell_less() -> None:
    """With 400 others a morning is rarer, with 20 it is nearly the custom; a meeting below its price counts nothing."""
    for others in (20, 400):
        cents = np.resize(PLAIN["cents"], 13 + others)
        presence = observe(quiet_town(others, cents=cents))
        counted = [g for g in gains(13 + others) if g > 0]
        members = 4 * (1 + log((5 + others) / 4))
        wanted = sum(counted) - members - (log(2) if counted else 0.0)
        assert score(presence, group_of(*FOUR)) == pytest.approx(wanted)


def test_a_hub_names_its_people_for_its_own_price() -> None:
    presence = observe(quiet_town(**PLAIN))
    plain = score(presence, group_of(*FOUR))
    head = 1 + log(93 / 4)
    hubs = hubs_of((0, 1, 2), (7, 8))
    assert score(presence, group_of(*FOUR, hub=0, hubs=hubs)) == pytest.approx(plain + 3 * head - (1 + log(2)))


def doctors(*ring: int, others: int = 9) -> dict[str, Any]:
    """Twelve doctors of the ring's visits; everybody else's is another one."""
    return {"doctor": [*ring, *[others] * 89]}


def test_one_doctor_confirms_meetings() -> None:
    plain = score(observe(quiet_town(**PLAIN)), group_of(*FOUR))
    one = observe(quiet_town(**PLAIN, **doctors(*[3] * 12)))
    # all twelve visits by him, who has 12 of 101 there: 12 ln(101/12), less 2 to name him; no more than the meetings
    likeness = 12 * log(101 / 12) - 2
    assert likeness > sum(gains(101))
    assert score(one, group_of(*FOUR)) == pytest.approx(plain + sum(gains(101)))
    half = observe(quiet_town(**PLAIN, **doctors(*[3] * 3, *[9] * 9)))
    assert score(half, group_of(*FOUR)) == pytest.approx(plain + 3 * log((3 / 12) / (3 / 101)) - 2)


def test_everybodys_doctor_confirms_nothing() -> None:
    plain = score(observe(quiet_town(**PLAIN)), group_of(*FOUR))
    same = observe(quiet_town(**PLAIN, doctor=4))
    assert score(same, group_of(*FOUR)) == pytest.approx(plain)


def test_equal_amounts_confirm_meetings() -> None:
    spread = np.r_[np.full(12, 20_000), np.resize([5_000, 80_000], 89)]
    presence = observe(quiet_town(cents=spread))
    logs = np.log(spread / 100)
    usual = float(logs.std())
    wanted = 12 * log(usual / sqrt(usual**2 / 12)) - 3  # twelve of one amount: the spread shrinks to its root
    assert wanted > sum(gains(101))
    plain = score(observe(quiet_town(**PLAIN)), group_of(*FOUR))
    assert score(presence, group_of(*FOUR)) == pytest.approx(plain + sum(gains(101)))


def test_a_group_without_meetings_only_costs() -> None:
    presence = observe(quiet_town())
    # nobody of them ever met: two people to be named among, at least
    assert score(presence, group_of(10, 20, 30)) == pytest.approx(-3.0)


def test_the_core_are_the_most_faithful() -> None:
    """0 to 3 came to all three mornings; 4 once, which is below 40 % of three and below two."""
    assert CORE_SHARE == 0.4
    presence = observe(quiet_town())
    groups = group_of(0, 1, 2, 3, 4, 30)
    assert core(groups, meet(presence, groups), presence).patient.tolist() == [0, 1, 2, 3]


def test_a_group_is_worth_its_core_at_least() -> None:
    presence = observe(town(ring=8, meetings=9, share=0.9))
    loose = group_of(*range(8), *range(100, 130))
    tight = group_of(*range(8))
    whole, inner = (coordination(presence, g, meet(presence, g)) for g in (loose, tight))
    assert score(presence, loose) < score(presence, tight)
    assert whole.score[0] == pytest.approx(inner.score[0])
    assert inner.score[0] == pytest.approx(score(presence, tight))


def test_spent_visits_do_not_come_back_through_the_core() -> None:
    presence = observe(quiet_town(400))
    groups = group_of(*FOUR)
    spent = np.isin(presence.patient, FOUR)
    got = coordination(presence, groups, meet(presence, groups, spent), spent)
    assert got.score[0] <= 0
    assert len(got.gain) == 0


def test_no_groups_have_no_score() -> None:
    presence = observe(quiet_town())
    groups = Groups(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0, np.int64), (), NOBODY)
    assert coordination(presence, groups, meet(presence, groups)).score.tolist() == []
