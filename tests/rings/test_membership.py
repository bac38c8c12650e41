from __future__ import annotations

from math import log

import numpy as np
import pytest

from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, HOUR
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.meetings import LEAST_OCCASIONS, LEAST_OCCASIONS_HUB, meet
from ringfinder.rings.membership import LEAST_SIZE, LINKED, ONCE_SHARE, admit, assemble, enough, only

from .planted import FOUR, NOBODY, group_of, hubs_of, quiet_town, town

RING = list(range(12))


def members(groups: Groups) -> list[list[int]]:
    return [groups.people(g).tolist() for g in range(groups.count)]


def grow(seed: list[int], **more: object) -> list[list[int]]:
    """What a seed becomes in a town with a ring of twelve."""
    presence = observe(town(seed=4, **more))  # type: ignore[arg-type]
    return members(assemble(presence, group_of(*seed))[0])


def test_a_seed_that_holds_some_of_a_ring_grows_to_the_whole_of_it() -> None:
    assert grow(RING[:5]) == [RING]


def test_bystanders_of_a_seed_fall_off() -> None:
    assert grow([*RING, 100, 200, 300, 400]) == [RING]


def test_who_is_there_every_day_belongs_to_nobody() -> None:
    """Two who are at every meeting: a stranger belongs, somebody who comes there at all hours does not."""
    rng = np.random.default_rng(8)
    moments = (meet(observe(town(seed=4)), group_of(*RING)).first + HOUR // 2).tolist()
    often = [int(d) * DAY + int(rng.integers(8 * HOUR, 18 * HOUR)) for d in range(365) for _ in range(3)]
    presence = observe(town(seed=4, extra=[(p, m) for p in (1500, 1501) for m in moments] + [(1500, t) for t in often]))
    there = presence.patient[meet(presence, group_of(*RING)).row]
    assert [np.count_nonzero(there == p) >= 4 for p in (1500, 1501)] == [True, True]
    assert members(assemble(presence, group_of(*RING, 1500, 1501))[0]) == [[*RING, 1501]]


# One round by hand: four people who came to all three meetings, a fifth who came to the first


def shares() -> list[float]:
    """Chance of a visit to fall into each meeting: the visits of the city that did."""
    return [5 / 101, 4 / 101, 4 / 101]


def likeness(others: int) -> float:
    """All pay one amount: the spot's spread is taken as a tenth, the group's shrinks with the visits it is told by."""
    return log(0.1 / (0.1 * (3 / (others + 3)) ** 0.5))


ALL, NEVER_MISSED = 0.95, log(1 - 0.95)
NAMED = log(4 / 93)  # four of the 93 people of the place


def fifth() -> float:
    """Log-odds of the fifth person, who made one visit there."""
    chance = shares()[0]
    attended = log(ALL / chance) - NEVER_MISSED
    return attended + 3 * NEVER_MISSED + likeness(12) + NAMED + sum(shares()) - chance


def test_log_odds_by_hand() -> None:
    presence = observe(quiet_town())
    groups = group_of(*FOUR)
    grown = admit(presence, groups, meet(presence, groups), None)
    attended = sum(log(ALL / (3 * share)) - NEVER_MISSED for share in shares())
    wanted = attended + 3 * NEVER_MISSED + likeness(11) + NAMED  # what their three visits let expect is spent
    assert grown.patient.tolist() == list(FOUR)
    np.testing.assert_allclose(grown.odds, wanted)


def test_who_is_named_by_the_hub_joins() -> None:
    presence = observe(quiet_town())
    groups = group_of(*FOUR, hub=0, hubs=hubs_of((0, 1, 2, 4)))
    grown = admit(presence, groups, meet(presence, groups), None)
    assert fifth() < 0 < fifth() + LINKED
    assert grown.patient.tolist() == [0, 1, 2, 3, 4]
    assert grown.odds[4] == pytest.approx(fifth() + LINKED)


def test_people_of_another_hub_are_kept_out() -> None:
    presence = observe(quiet_town())
    rivals = np.full(93, BLANK, np.int64)
    rivals[3] = 1  # person 3 is named by go-between 1 alone
    hubs = hubs_of((0, 1, 2), (3, 50, 51))
    with_hub, without = group_of(*FOUR, hub=0, hubs=hubs), group_of(*FOUR, hubs=hubs)
    odds = {}
    for name, groups, theirs in (("free", with_hub, None), ("kept out", with_hub, rivals), ("no hub", without, rivals)):
        grown = admit(presence, groups, meet(presence, groups), theirs)
        odds[name] = dict(zip(grown.patient.tolist(), grown.odds.tolist(), strict=True))
    assert odds["free"][0] == pytest.approx(odds["free"][3] + LINKED)
    assert odds["kept out"] == {p: pytest.approx(odds["free"][p]) for p in (0, 1, 2)}
    assert odds["no hub"][3] == pytest.approx(odds["free"][3])  # a group that hangs on nobody has no rivals


@pytest.mark.parametrize(("strangers", "joins"), [(7, True), (8, False)])
def test_seen_once_one_joins_only_where_the_crowd_is_the_rings(strangers: int, joins: bool) -> None:
    """Twelve who meet in turns of four and are alike in all; one came once, when as many strangers were there, or one more."""
    turns = [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10, 0), (1, 5, 9, 2), (3, 6, 10, 4), (7, 8, 0, 11)]
    moments = [d * DAY + 10 * HOUR for d in (20, 61, 100, 155, 230, 311)]
    ours = [(p, m + i * 60) for m, who in zip(moments, turns, strict=True) for i, p in enumerate(who)]
    others = [(1600 + i, moments[-1] + 240 + i) for i in range(strangers)]
    presence = observe(town(ring=0, meetings=1, extra=others, ours=ours, idle=20, places=60))
    groups = group_of(*range(12))
    grown = admit(presence, groups, meet(presence, groups), None)
    assert 4 / (4 + 8) < ONCE_SHARE < 4 / (4 + 7)
    assert grown.patient.tolist() == [*range(11), *([11] if joins else [])]


# Groups that came together too seldom


def test_groups_need_three_occasions_and_those_of_a_hub_two() -> None:
    assert (LEAST_OCCASIONS, LEAST_OCCASIONS_HUB) == (3, 2)
    presence = observe(quiet_town())
    spent = presence.time // DAY == 95  # the third morning is another ring's
    hubs = hubs_of(FOUR)
    plain, hub = np.array(FOUR, np.int32), np.array(FOUR, np.int32)
    groups = collect([("ties", -1, plain), ("hub", 0, hub)], hubs)
    kept, meetings = enough(presence, groups, meet(presence, groups, spent))
    assert kept.seed == ("hub",)
    assert meetings.group.tolist() == [0, 0]
    both, _ = enough(presence, groups, meet(presence, groups))
    assert both.seed == ("ties", "hub")


def test_two_people_are_no_group() -> None:
    assert LEAST_SIZE == 3
    presence = observe(quiet_town())
    meetings = meet(presence, group_of(*FOUR))
    assert enough(presence, group_of(0, 1), meetings)[0].count == 0
    assert enough(presence, group_of(0, 1, 2), meetings)[0].count == 1


def test_meetings_are_renumbered_with_their_groups() -> None:
    presence = observe(quiet_town())
    people = [np.array(p, np.int32) for p in ((0, 1, 2), (0, 1, 3), FOUR)]
    groups = collect([("ties", -1, p) for p in people], NOBODY)
    meetings = meet(presence, groups)
    kept = only(meetings, np.array([False, True, True]))
    assert kept.group.tolist() == [0, 0, 0, 1, 1, 1]
    assert kept.households.tolist() == [3, 3, 3, 4, 4, 4]
    assert np.unique(kept.meeting).tolist() == list(range(6))
    for m in range(6):
        mine, old = kept.meeting == m, meetings.meeting == m + 3
        assert kept.row[mine].tolist() == meetings.row[old].tolist()
        assert kept.member[mine].tolist() == meetings.member[old].tolist()


def test_nothing_comes_of_no_seeds() -> None:
    presence = observe(quiet_town())
    groups, meetings = assemble(presence, collect([], NOBODY))
    assert groups.count == 0
    assert len(meetings.group) == 0


def test_strangers_come_to_nothing() -> None:
    assert grow([100, 200, 300, 400, 500]) == []
