from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, MINUTE
from ringfinder.rings.groups import collect
from ringfinder.rings.meetings import (
    APART,
    LEAST_HOUSEHOLDS,
    LINKED_SHARE,
    MARGIN,
    SMOOTHING,
    Meetings,
    clientele,
    meet,
    members_visits,
)

from .planted import DAYS, FOUR, MORNING, NOBODY, group_of, hubs_of, quiet_town

YEAR = 360 * DAY


def test_a_group_meets_where_and_when_its_people_come_together() -> None:
    presence = observe(quiet_town())
    meetings = meet(presence, group_of(*FOUR))
    margin = HOUR // MARGIN
    assert meetings.first.tolist() == [d * DAY + MORNING - margin for d in DAYS]
    assert meetings.last.tolist() == [d * DAY + MORNING + 3 * MINUTE + margin for d in DAYS]
    assert meetings.households.tolist() == [4, 4, 4]
    assert meetings.present.tolist() == [5, 4, 4]  # the fifth is there on the first morning, and no member
    first = meetings.meeting == 0
    assert presence.patient[meetings.row[first]].tolist() == [0, 1, 2, 3, 4]
    assert meetings.member[first].tolist() == [True] * 4 + [False]


def test_the_chance_of_a_visit_to_fall_into_a_meeting_is_the_largest_honest_one() -> None:
    """101 visits to the place; nobody else comes in the mornings but the fifth person, on the first of them."""
    presence = observe(quiet_town())
    meetings = meet(presence, group_of(*FOUR))
    assert presence.total.tolist() == [101]
    length = 3 * MINUTE + 2 * (HOUR // MARGIN)
    by_city = np.array([5, 4, 4]) / 101
    others = (np.array([1, 0, 0]) + SMOOTHING * by_city) / (101 - 12 + SMOOTHING)
    assert (by_city > others).all()
    assert (by_city > length / YEAR).all()
    np.testing.assert_allclose(meetings.share, by_city)


def test_a_crowd_larger_than_the_group_explains_it_away() -> None:
    """Forty others at the same hour, in a town whose other places hold most visits: the place's own crowd is the reason."""
    crowd = np.arange(10, 50)
    patient = np.r_[FOUR, crowd, 60, 61, np.arange(100, 1000)]
    start = np.r_[np.arange(4), np.arange(40)] * MINUTE + 100 * DAY + MORNING
    elsewhere = np.linspace(0, YEAR, 900).astype(np.int64)
    facility = np.r_[np.zeros(46, np.int64), np.ones(900, np.int64)]
    presence = observe(quick_view(patient, facility, np.r_[start, 0, YEAR, elsewhere], cents=np.arange(946) + 100))
    meetings = meet(presence, group_of(*FOUR))
    # the meeting reaches ten minutes beyond its four minutes: fourteen of the forty are there
    assert meetings.present.tolist() == [4 + 14]
    inside = int(np.count_nonzero((elsewhere >= meetings.first[0]) & (elsewhere <= meetings.last[0])))
    load = (18 + inside) / 946
    assert meetings.share[0] == pytest.approx((14 + SMOOTHING * load) / (42 + SMOOTHING))


def test_fewer_than_three_households_are_no_meeting() -> None:
    assert LEAST_HOUSEHOLDS == 3
    assert len(meet(observe(quiet_town()), group_of(0, 1)).group) == 0
    homes = np.arange(100)
    homes[1] = 0
    presence = observe(quiet_town(household=homes))
    assert len(meet(presence, group_of(0, 1, 2)).group) == 0
    assert meet(presence, group_of(*FOUR)).households.tolist() == [3, 3, 3]


def test_people_who_come_one_after_another_within_the_window_meet() -> None:
    presence = observe(quick_view([0, 1, 2, 3, 4], 0, [0, HOUR, 2 * HOUR, 3 * HOUR + 1, 300 * DAY]))
    meetings = meet(presence, group_of(0, 1, 2, 3))
    assert meetings.households.tolist() == [3]


def test_meetings_of_a_hub_are_carried_by_the_people_it_names() -> None:
    assert pytest.approx(0.34) == LINKED_SHARE
    presence = observe(quiet_town())
    for named, seen in (((0,), 0), ((0, 1), 3)):
        assert len(meet(presence, group_of(*FOUR, hub=0, hubs=hubs_of(named))).group) == seen


def test_spent_visits_are_another_rings() -> None:
    presence = observe(quiet_town())
    first = (presence.time // DAY == DAYS[0]) & np.isin(presence.patient, FOUR)
    spent = np.zeros(len(presence.visit), np.bool_)
    spent[np.flatnonzero(first)[:1]] = True
    meetings = meet(presence, group_of(*FOUR), spent)
    assert meetings.households.tolist() == [3, 4, 4]
    spent |= first
    assert meet(presence, group_of(*FOUR), spent).households.tolist() == [4, 4]


def test_groups_meet_for_themselves() -> None:
    presence = observe(quiet_town())
    groups = collect([("ties", -1, np.array(p, np.int32)) for p in ((0, 1, 2), (0, 5, 6), (1, 2, 3, 4))], NOBODY)
    meetings = meet(presence, groups)
    assert meetings.group.tolist() == [0, 0, 0, 2, 2, 2]
    assert meetings.households.tolist() == [3, 3, 3, 4, 3, 3]


def occasions(moments: list[tuple[int, int]], groups: int = 1, owner: list[int] | None = None) -> list[int]:
    first, last = np.array(moments, np.int64).reshape(-1, 2).T
    n = len(first)
    none = np.zeros(0, np.int64)
    return (
        Meetings(
            np.array(owner or [0] * n, np.int64),
            np.zeros(n, np.int64),
            first,
            last,
            np.full(n, 0.1),
            np.full(n, 3),
            np.full(n, 3),
            none,
            none,
            none.astype(np.bool_),
        )
        .occasions(groups)
        .tolist()
    )


def test_meetings_within_two_days_are_one_occasion() -> None:
    assert occasions([(0, 60), (60 + APART, 200 + APART)]) == [1]
    assert occasions([(0, 60), (61 + APART, 200 + APART)]) == [2]
    assert occasions([(20 * DAY, 20 * DAY), (0, 60), (10 * DAY, 10 * DAY)]) == [3]


def test_occasions_are_counted_by_group() -> None:
    moments = [(0, 60), (DAY, DAY), (10 * DAY, 10 * DAY), (30 * DAY, 31 * DAY)]
    assert occasions(moments, groups=3, owner=[0, 2, 2, 0]) == [2, 0, 2]
    assert occasions([], groups=2) == [0, 0]


def test_members_visits_and_clientele_are_of_the_meeting_places() -> None:
    presence = observe(quiet_town())
    groups = collect([("ties", -1, np.array(p, np.int32)) for p in ((0, 1, 2), (4, 5, 6), FOUR)], NOBODY)
    meetings = meet(presence, groups)
    assert members_visits(presence, groups, np.array([0, 1, 2]), np.array([0, 0, 0])).tolist() == [9, 3, 12]
    # 93 people were ever there; a group without meetings needs two to be named among
    assert clientele(presence, meetings, 3).tolist() == [93, 2, 93]
