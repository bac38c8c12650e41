"""Stays of one length for different illnesses: a trait of its own, and what who brought the people adds to it."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.hubs import Hubs
from ringfinder.evidence.marks import TYPICAL, mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, View
from ringfinder.rings.bases import rates
from ringfinder.rings.groups import Groups
from ringfinder.rings.harm import ALONE, EPISODE, GROUP_MARKS, LENGTH_BACKS, TRAITS, Harm, harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.visit_marks import CONFIRMING

from .planted import FOUR, NOBODY, group_of, hubs_of, with_codes

PRICE = log(len(TYPICAL) + len(GROUP_MARKS))
CODES = ["M54", "J20", "R42", "I10"]
MANY = (0, 1, 2, 3)  # illnesses of four chapters
WAVES_OF_ADMISSIONS = (10, 60, 150)
ONLY = ("light", "needless", "again", "moved", "readmitted")  # marks that nobody bears unless a test says so


def packages(illnesses: Any = MANY, length: Any = (10,), days: Any = WAVES_OF_ADMISSIONS, people: Any = FOUR) -> View:
    """People admitted together on these days, for these illnesses (of `CODES`), cheaply and at amounts that differ.

    180 others are admitted once each, one every other day, for 1 to 30 days.
    """
    ours = len(days) * len(people)
    patient = np.r_[np.tile(people, len(days)), np.arange(180) + 5]
    start = np.r_[[d * DAY + i * HOUR for d in days for i in range(len(people))], np.arange(180) * 2 * DAY]
    stay = np.r_[np.resize(length, ours), np.resize(np.arange(1, 31), 180)] * DAY
    cents = np.r_[100 * 1.3 ** (np.arange(ours) % 12), 1000 + (np.arange(180) + ours) ** 2].astype(np.int64)
    diagnosis = np.r_[np.resize(illnesses, ours), np.full(180, BLANK)]
    view = quick_view(patient, 0, start, end=start + stay, service=INPATIENT, cents=cents, diagnosis=diagnosis)
    return with_codes(view, CODES)


def judge(
    view: View, groups: Groups | None = None, waves: Any = False, counted: Any = None, **borne: Any
) -> dict[str, float]:
    """Nats of the only group by mark that says anything, and its score H. `borne`: mark -> the group's visits that bear it."""
    got = judged(view, groups, waves, counted, **borne)
    return {name: float(x[0]) for name, x in got.nats.items() if x[0] > 0} | {"H": float(got.score[0])}


def judged(view: View, groups: Groups | None = None, waves: Any = False, counted: Any = None, **borne: Any) -> Harm:
    """Harm of the only group at its meetings (`counted`, or all)."""
    presence = observe(view)
    groups = groups or group_of(*FOUR)
    meetings = meet(presence, groups)
    known = mark(view)
    flags = dict(known.flags)
    ours = np.sort(meetings.row[meetings.member])
    for name in ONLY:
        flags[name] = np.zeros(len(view.visits.patient), np.bool_)
        flags[name][presence.visit[ours[list(borne.get(name, []))]]] = True
    chosen = np.ones(len(meetings.group), np.bool_) if counted is None else np.array(counted)
    return harm(presence, rates(presence, replace(known, flags=flags)), groups, meetings, chosen, waves)


# Of one length, and for what


def test_stays_of_one_length_for_different_illnesses_are_a_trait_of_their_own() -> None:
    """Twelve stays: 12 ln sqrt(12) - 3 - ln(marks) = 8.7 nats, of which one trait counts six."""
    assert ("package",) in TRAITS
    assert (ALONE, len(TYPICAL), len(GROUP_MARKS)) == (6.0, 17, 9)
    assert 12 * log(12) / 2 - 3 - PRICE > ALONE
    got = judged(packages())
    assert judge(packages()) == {"package": 6.0, "H": 6.0}
    assert (got.borne["package"][0], got.expected["package"][0]) == (12.0, 0.0)
    assert got.fit.tolist() == [1.0]


def test_few_stays_of_one_length_say_as_much_as_they_do() -> None:
    """Nine: own scatter is a third of the usual, which nine equal lengths have by being pulled towards it."""
    got = judge(packages(people=(0, 1, 2)), group_of(0, 1, 2))
    assert got == {"package": pytest.approx(9 * log(3) - 3 - PRICE), "H": pytest.approx(9 * log(3) - 3 - PRICE)}
    assert 3.0 < got["H"] < ALONE


def test_only_stays_are_a_package_and_only_who_lay_there_bears_it() -> None:
    """A fifth member comes to the group's three walks to the same house, on other days, and never lies there."""
    ward = packages().claims
    walks = [(p, d * DAY + 9 * HOUR + p * MINUTE) for d in (33, 99, 222) for p in (*FOUR, 4)]
    patient, start = np.array(walks).T
    view = quick_view(
        np.r_[ward.patient, patient],
        0,
        np.r_[ward.start, start],
        end=np.r_[ward.end, start],
        service=np.r_[ward.service, np.full(15, OUTPATIENT)],
        cents=np.r_[ward.amount, 3_000 * 2 ** np.arange(15)],
        diagnosis=np.r_[ward.diagnosis, np.full(15, BLANK)],
    )
    got = judged(with_codes(view, CODES), group_of(*FOUR, 4))
    assert (got.borne["package"][0], got.visits[0]) == (12.0, 27)
    assert got.nats["package"].tolist() == [6.0]
    assert got.fit[0] == pytest.approx(4 / 5)


@pytest.mark.parametrize(
    ("illnesses", "differ"),
    [(MANY, True), ([0, 0, 0, 1, 2], False), ([0, 0, 1, 2, 3], True), ([0], False), ([BLANK], False)],
)
def test_one_illness_or_none_known_explains_one_length(illnesses: list[int], differ: bool) -> None:
    """Of twelve, the first illness makes 3, 8, 6 or 12: three fifths are 7.2. A cataract has its one night: that only confirms."""
    length = pytest.approx(12 * log(12) / 2 - 3 - PRICE)
    assert judge(packages(illnesses)) == ({"package": 6.0, "H": 6.0} if differ else {"length": length, "H": 0.0})


def test_stays_of_all_lengths_are_no_package() -> None:
    assert judge(packages(length=(2, 5, 9, 14, 20, 28))) == {"H": 0.0}


@pytest.mark.parametrize("name", ["light", "needless", "again"])
@pytest.mark.parametrize(("illnesses", "backed"), [(MANY, True), ([0, 0, 0, 1, 2], False), ([BLANK], False)])
def test_packages_and_stays_without_need_back_one_another(name: str, illnesses: list[int], backed: bool) -> None:
    """6 + min(trait, 6 + 6); where one treatment explains the length, the trait stands alone with 6, and nothing confirms it."""
    got = judge(packages(illnesses), **{name: range(12)})
    assert got[name] == pytest.approx(
        12 * log(16) - 12 + 12 / 16 - PRICE
    )  # twelve of 192 stays bear it, all of them ours
    assert got[name] > 12.0
    assert set(got) == {name, "package" if backed else "length", "H"}
    assert got["H"] == pytest.approx(18.0 if backed else 6.0)


def test_stays_of_one_length_for_many_illnesses_back_no_amounts_a_second_time() -> None:
    """As a trait they stand beside the amounts; the four nats of backing are for lengths of which no illness is known to differ."""
    assert "length" in CONFIRMING
    assert LENGTH_BACKS == 4.0
    view = packages()
    cents = np.where(np.isin(view.visits.patient, FOUR), 900_000 + 7_000 * (np.arange(192) % 12), view.visits.amount)
    got = judge(replace(view, visits=replace(view.visits, amount=cents)))
    assert "length" not in got
    amounts = max(got["even"], got["costly"], got["alike"])
    assert amounts > 12.0
    assert got["H"] == pytest.approx(6.0 + 12.0)


# Accidents and wards


@pytest.mark.parametrize(("last", "found"), [(44, False), (45, True)])
def test_one_episode_brings_its_people_for_all_their_wounds(last: int, found: bool) -> None:
    """From the first to the last admission so many days and three hours."""
    assert EPISODE == 45 * DAY
    length = pytest.approx(12 * log(12) / 2 - 3 - PRICE)
    got = judge(packages(days=(10, 30, 10 + last)))
    assert got == ({"package": 6.0, "H": 6.0} if found else {"length": length, "H": 0.0})


def test_meetings_that_say_nothing_make_no_episode_longer() -> None:
    """Of four joint admissions the fourth, in autumn, is left out: three within 45 days remain, twelve stays."""
    view = packages(days=(10, 25, 40, 300))
    assert judge(view)["H"] == 6.0
    got = judge(view, counted=[True, True, True, False])
    assert (got["H"], set(got)) == (0.0, {"length", "H"})


@pytest.mark.parametrize(
    ("moved", "readmitted", "sent"),
    [([0, 4, 8], [], False), ([0, 4, 8, 9], [], True), ([0, 4], [8, 9], True), ([0, 4, 8], [0, 4, 8], False)],
)
def test_a_ward_passed_on_by_another_stays_as_long_as_it_is_told_to(
    moved: list[int], readmitted: list[int], sent: bool
) -> None:
    """Three tenths of twelve are 3.6: three stays that follow one elsewhere are not a ward, four are, of either kind."""
    assert (TYPICAL["moved"], TYPICAL["readmitted"]) == (0.3, 0.3)
    got = judge(packages(), moved=moved, readmitted=readmitted)
    assert ("package" in got, "length" in got) == (not sent, sent)
    if not sent:
        assert got == {"package": 6.0, "H": 6.0}


def test_a_ward_that_is_sent_on_at_once_is_no_package_either() -> None:
    """All four moves lie at one admission: no mark, for a ward that closes; but whose stays it then were is known."""
    got = judge(packages(), moved=range(4, 8))
    assert set(got) == {"length", "H"}
    assert got["H"] == 0.0


# Who brought them


def brought_by(*named: tuple[int, ...], hub: int = -1) -> Groups:
    """The four, and go-betweens who name these people."""
    return group_of(*FOUR, hub=hub, hubs=hubs_of(*named))


def by(named: int, others: float = 0.0) -> float:
    """Nats of a hub, one of its type, that names so many of the four and so many of the 180 others, of 185 people in all."""
    mu = 4 * max((named + others) / 185, others / 180)
    return named * log(named / mu) - (named - mu) - 1.0


def test_a_go_between_of_a_group_of_no_hub_is_a_second_fact() -> None:
    """He names all four, or three and nine patients of the place: 3 ln(3 / mu) - (3 - mu) - 1 with mu = 4 x 12 / 185."""
    assert by(4) > by(3) > ALONE
    assert judge(packages(), brought_by(FOUR)) == {"package": 6.0, "brought": 6.0, "H": 12.0}
    got = judge(packages(), brought_by((0, 1, 3, *range(5, 14))))
    assert by(3, 9) == pytest.approx(3 * log(3 * 185 / 48) - 3 + 48 / 185 - 1)
    assert 3.0 < by(3, 9) < ALONE
    assert got == {"package": 6.0, "brought": pytest.approx(by(3, 9)), "H": pytest.approx(6.0 + by(3, 9))}


def test_of_many_go_betweens_one_pays_to_be_chosen() -> None:
    """Two more of the same type, who name nobody of the group: ln 3 nats."""
    got = judge(packages(), brought_by((50, 51, 52, 53), (0, 1, 3, *range(5, 14)), (60, 61, 62, 63)))
    assert got["brought"] == pytest.approx(by(3, 9) - log(3))


def test_what_is_told_of_the_go_between_are_households_seen_and_expected() -> None:
    got = judged(packages(), brought_by((0, 1, 3)))
    assert got.borne["brought"].tolist() == [3.0]
    assert got.expected["brought"][0] == pytest.approx(4 * 3 / 185)
    assert got.fit[0] == pytest.approx(1.0)  # all four lay there, and that is what both facts are about


def test_who_brought_them_never_counts_more_than_the_package() -> None:
    view, three = packages(people=(0, 1, 2)), hubs_of((0, 1, 2))
    package = 9 * log(3) - 3 - PRICE
    got = judge(view, group_of(0, 1, 2, hubs=three))
    assert 3 * log(3 / (9 / 185)) - 3 + 9 / 185 - 1.0 > package
    assert got == {
        name: pytest.approx(nats) for name, nats in (("package", package), ("brought", package), ("H", 2 * package))
    }


@pytest.mark.parametrize("illnesses", [[0], [BLANK]])
def test_who_brought_them_says_nothing_where_one_illness_explains_the_length(illnesses: list[int]) -> None:
    """An eye clinic's van brings a village for its cataracts."""
    assert set(judge(packages(illnesses), brought_by(FOUR))) == {"length", "H"}
    assert judge(packages(illnesses), brought_by(FOUR))["H"] == 0.0


@pytest.mark.parametrize(("named", "second"), [((0, 1, 2), False), ((1, 3, 4), True)])
def test_who_brought_people_for_one_illness_says_nothing_of_those_beside_them(
    named: tuple[int, ...], second: bool
) -> None:
    """Three of five were admitted for their backs alone, and a van that brings backs brought none but them."""
    five = (0, 1, 2, 3, 4)
    got = judge(packages((0, 0, 0, 1, 2), people=five), group_of(*five, hubs=hubs_of(named)))
    assert got["package"] == 6.0
    assert ("brought" in got) is second


def test_who_brought_them_supports_no_other_trait() -> None:
    """A go-between of people who come back without need, each as long as he must."""
    got = judge(packages(length=(2, 5, 9, 14, 20, 28)), brought_by(FOUR), again=range(12))
    assert set(got) == {"again", "H"}
    assert got["H"] == 6.0


def test_a_family_doctor_of_the_place_explains_himself() -> None:
    """He names the four, and 90 of the 180 others: two of four were to be expected. Of 18 others, four tenths."""
    doctor = brought_by((*FOUR, *range(5, 95)))
    assert judge(packages(), doctor) == {"package": 6.0, "H": 6.0}
    small = judge(packages(), brought_by((*FOUR, *range(5, 23))))
    assert by(4, 18) == pytest.approx(4 * log(1 / (22 / 185)) - 4 + 88 / 185 - 1)
    assert small["brought"] == pytest.approx(by(4, 18))
    assert small["H"] == pytest.approx(6.0 + by(4, 18))


@pytest.mark.parametrize(("waves", "brought"), [(False, 0.0), (np.array([False]), 0.0), (np.array([True]), 6.0)])
def test_a_hubs_own_group_was_brought_by_it_unless_in_waves(waves: Any, brought: float) -> None:
    got = judge(packages(), brought_by(FOUR, hub=0), waves)
    assert got.get("brought", 0.0) == brought
    assert got["H"] == 6.0 + brought


def test_waves_ask_nothing_of_a_group_that_hangs_on_no_hub() -> None:
    for waves in (np.array([False]), np.array([True])):
        assert judge(packages(), brought_by(FOUR), waves)["H"] == 12.0


@pytest.mark.parametrize("hubs", [NOBODY, hubs_of((100, 101, 102, 103))])
def test_where_nobody_names_them_nobody_brought_them(hubs: Hubs) -> None:
    assert judge(packages(), group_of(*FOUR, hubs=hubs)) == {"package": 6.0, "H": 6.0}
