"""The mark `empty_bed`: cards used elsewhere within a group's common stays, against its people's days and the ward's others."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.elsewhere import SHARE, Stays
from ringfinder.evidence.marks import TYPICAL, mark
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, View
from ringfinder.rings import bases
from ringfinder.rings.bases import rates
from ringfinder.rings.empty_beds import FAMILIES, LEAST_HOMES, MOST, of_groups
from ringfinder.rings.groups import Groups, collect
from ringfinder.rings.harm import GROUP_MARKS, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import Rows

from .planted import FOUR, NOBODY, group_of, quiet_town

PRICE = 1.5
LN2 = log(2)


def households(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu) - PRICE - LN2


def stays_of(k: float, mu: float) -> float:
    """Nats of stays, where families differ by an e-fold: r = 1 in the gamma-Poisson form."""
    return k * log(k / mu) - (k + 1) * log((k + 1) / (mu + 1)) - PRICE - LN2


class Ward:
    """Stays at place 0 (others at place 1), one row each: (person, day, facility, whether the card was used elsewhere).

    The first `common` rows are those that the group of `members` has in common; everybody's own days say `chance`.
    """

    def __init__(self, rows: list[tuple[int, int, int, bool]], common: int, members: list[int], **more: Any) -> None:
        person, day, facility, out = np.array(rows, np.int64).T
        start = day * DAY + 9 * HOUR + person * 60
        self.view = quick_view(
            person,
            facility,
            start,
            end=start + 5 * DAY,
            service=INPATIENT,
            cents=400_000 + np.arange(len(rows)),
            **more,
        )
        key = self.view.visits.patient.astype(np.int64) * 10**12 + self.view.visits.start
        self.at = np.searchsorted(key, person * 10**12 + start)  # visits of the rows
        self.out = np.zeros(len(rows), np.bool_)
        self.out[self.at] = out.astype(np.bool_)
        self.common, self.groups = self.at[:common], group_of(*members)

    def judge(self, chance: float = 0.1, groups: Groups | None = None) -> tuple[float, float, float]:
        """Nats, households seen and expected, of the first group."""
        presence = observe(self.view)
        groups = groups or self.groups
        row = np.sort(np.flatnonzero(np.isin(presence.visit, self.common)))
        assert len(row) == len(self.common)
        rows = Rows.of(presence, np.zeros(len(row), np.int64), row, groups.count)
        nats, seen, expected = of_groups(presence, self.known(chance), groups, rows, PRICE)
        return float(nats[0]), float(seen[0]), float(expected[0])

    def known(self, chance: float) -> Stays:
        n = len(self.out)
        lying, none = np.ones(n, np.bool_), np.zeros(2)
        return Stays(lying, self.out, np.full(n, chance), np.zeros(n, np.bool_), none, none)


OTHERS = [
    (10 + i, 15 * i, 0, i < 6) for i in range(20)
]  # twenty other stays in the ward, six of them with a card elsewhere
FIVE = [(p, 100, 0, True) for p in range(5)]


def test_households_are_weighed_against_the_wards_other_stays() -> None:
    """Six of twenty others, smoothed with twenty at one in ten: eight of forty."""
    nats, seen, expected = Ward(FIVE + OTHERS, 5, [0, 1, 2, 3, 4]).judge()
    assert seen == 5
    assert expected == pytest.approx(5 * 8 / 40)
    assert nats == pytest.approx(households(5, 1.0))
    assert nats > stays_of(5, 1.0)


def test_the_members_own_stays_say_nothing_of_the_ward_whenever_they_were() -> None:
    """Each lay there once more, at a time of his own, and was seen elsewhere then as well."""
    again = [(p, 200 + 17 * p, 0, True) for p in range(5)]
    assert Ward(FIVE + OTHERS + again, 5, [0, 1, 2, 3, 4]).judge() == Ward(FIVE + OTHERS, 5, [0, 1, 2, 3, 4]).judge()
    # a member who was not there, but once was, is none of the others either; nor do stays elsewhere tell of this ward
    absent = [(5, 300, 0, True), (5, 340, 1, True), (6, 320, 1, True)]
    with_him = Ward(FIVE + OTHERS + absent, 5, [0, 1, 2, 3, 4, 5])
    assert with_him.judge()[2] == pytest.approx(1.0)
    stranger = Ward(FIVE + OTHERS + absent, 5, [0, 1, 2, 3, 4])
    assert stranger.judge()[2] == pytest.approx(5 * 9 / 41)


def test_each_group_leaves_out_its_own_however_they_are_cut_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    again = [(p, 200 + 17 * p, 0, True) for p in range(5)]
    world = Ward(FIVE + OTHERS + again, 5, [0, 1, 2, 3, 4])
    two = collect([("ties", -1, np.array(p, np.int32)) for p in ([0, 1, 2, 3, 4], [10, 11, 12])], NOBODY)
    whole = world.judge(groups=two)
    assert whole == world.judge()
    monkeypatch.setattr(bases, "ROWS_AT_ONCE", 3)
    assert world.judge(groups=two) == whole


def test_the_persons_own_days_hold_where_the_ward_says_less() -> None:
    nats, _, expected = Ward(FIVE + [(*row[:3], False) for row in OTHERS], 5, [0, 1, 2, 3, 4]).judge(0.1)
    assert expected == pytest.approx(0.5)
    assert nats == pytest.approx(households(5, 0.5))


def test_many_stays_of_few_households_count_as_stays_where_that_is_more() -> None:
    """Three households with six common stays each: families differ as widely as an exponential does."""
    assert FAMILIES == 1.0
    days = (3, 40, 61, 117, 140, 233)
    nats, seen, expected = Ward([(p, d, 0, True) for d in days for p in range(3)], 18, [0, 1, 2]).judge()
    mu = 3 * (1 - 0.9**6)
    assert (seen, expected) == (3, pytest.approx(mu))
    assert households(3, mu) < stays_of(18, 1.8)
    assert nats == pytest.approx(stays_of(18, 1.8))


def test_a_family_of_members_is_one_household() -> None:
    home = np.r_[0, 0, 2, 3, 4, np.arange(5, 30)]
    _, seen, expected = Ward(FIVE + OTHERS, 5, [0, 1, 2, 3, 4], household=home).judge()
    assert seen == 4
    assert expected == pytest.approx(3 * 0.2 + 1 - 0.8**2)


@pytest.mark.parametrize(("people", "out", "counts"), [(5, 2, False), (5, 3, True), (20, 3, True), (21, 3, False)])
def test_three_households_and_fifteen_in_a_hundred_must_be_out(people: int, out: int, counts: bool) -> None:
    assert (LEAST_HOMES, SHARE) == (3, 0.15)
    ring = [(p, 100, 0, p < out) for p in range(people)]
    nats, seen, expected = Ward(ring, people, list(range(people))).judge(0.001)
    assert seen == out
    assert expected == pytest.approx(people * 0.001)
    assert nats == pytest.approx(households(out, people * 0.001) if counts else 0.0)


def test_empty_beds_weigh_no_more_than_their_most() -> None:
    ring = [(p, 100, 0, True) for p in range(10)]
    assert households(10, 0.01) > MOST == 40.0
    assert Ward(ring, 10, list(range(10))).judge(0.001)[0] == MOST
    nats, seen, _ = Ward(FIVE + OTHERS, 5, [0, 1, 2, 3, 4]).judge(0.9)
    assert (nats, seen) == (0.0, 5)


def test_stays_that_cannot_tell_are_left_out() -> None:
    world = Ward(FIVE + OTHERS, 5, [0, 1, 2, 3, 4])
    presence = observe(world.view)
    rows = Rows.of(presence, np.zeros(5, np.int64), np.sort(np.flatnonzero(np.isin(presence.visit, world.common))), 1)
    known = replace(world.known(0.1), lying=np.zeros(len(world.out), np.bool_))
    assert [x.tolist() for x in of_groups(presence, known, world.groups, rows, PRICE)] == [[0.0], [0.0], [0.0]]


# Beside the mark `in_bed`


def judged(in_bed: int, out: int, chance: float = 0.01) -> Harm:
    """Harm of four people with three stays in common each; the first so many are `in_bed`, and out of bed with their cards."""
    view: View = quiet_town(988, service=INPATIENT)
    presence: Presence = observe(view)
    groups = group_of(*FOUR)
    meetings = meet(presence, groups)
    ours = presence.visit[np.sort(meetings.row[meetings.member])]
    n = len(view.visits.patient)
    flags = dict.fromkeys(TYPICAL, np.zeros(n, np.bool_))
    flags["in_bed"] = np.isin(np.arange(n), ours[:in_bed])
    of_wards = Stays(
        np.ones(n, np.bool_),
        np.isin(np.arange(n), ours[:out]),
        np.full(n, chance),
        np.zeros(n, np.bool_),
        *np.zeros((2, 1)),
    )
    known = replace(rates(presence, replace(mark(view), flags=flags)), stays=of_wards)
    return harm(presence, known, groups, meetings, np.ones(len(meetings.group), np.bool_))


def test_the_same_stays_are_told_once_as_what_weighs_more() -> None:
    price = log(len(TYPICAL) + len(GROUP_MARKS))
    mu = 4 * 3 * 12 / 1001  # of the mark: once a household, each of which came three times
    alone = judged(in_bed=12, out=0)
    in_bed = 4 * log(4 / mu) - (4 - mu) - price
    assert (alone.nats["in_bed"][0], alone.nats["empty_bed"][0]) == (pytest.approx(in_bed), 0.0)

    likely = 12 * 0.01
    beds = 12 * log(12 / likely) - 13 * log(13 / (likely + 1)) - price - LN2
    both = judged(in_bed=12, out=12)
    assert beds > in_bed
    assert (both.nats["in_bed"][0], both.nats["empty_bed"][0]) == (0.0, pytest.approx(beds))
    assert both.borne["empty_bed"].tolist() == [4.0]
    assert both.expected["empty_bed"].tolist() == [pytest.approx(4 * (1 - 0.99**3))]
    assert both.score[0] == pytest.approx(beds)
    assert both.fit[0] == pytest.approx(1.0)

    usual = judged(in_bed=12, out=12, chance=0.3)
    assert (usual.nats["in_bed"][0], usual.nats["empty_bed"][0]) == (pytest.approx(in_bed), 0.0)


def test_the_share_of_households_out_of_bed_says_how_well_the_mark_fits() -> None:
    """The first meeting's four stays but one: three of four households."""
    three = judged(in_bed=0, out=3)
    assert three.borne["empty_bed"].tolist() == [3.0]
    assert three.fit[0] == pytest.approx(0.75)
