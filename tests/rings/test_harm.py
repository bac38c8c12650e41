from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import TYPICAL, mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, MINUTE, View
from ringfinder.rings.groups import Groups
from ringfinder.rings.harm import APART_KM, CONFIRMING, EPISODE, GROUP_MARKS, MOST, RAREST, SMOOTHING, Harm, harm, rates
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import ALIKE, ALIKE_SHARE, LEAST_STAYS, MOST_NATS, PRICE_LIST

from .planted import DAYS, FOUR, MORNING, group_of, hubs_of, quiet_town

PRICE = log(len(TYPICAL) + len(GROUP_MARKS))
VISITS = 1001  # of the town below, twelve of them the group's
TOWN = 988


def judge(view: View, borne: dict[str, Any] | None = None, groups: Groups | None = None, **marks: Any) -> Harm:
    """Harm of the only group. `borne`: mark -> the group's visits, 0 to 11 in (meeting, person) order, that bear it.

    All other marks are as the view has them, but for those in `borne`, which nobody else bears.
    """
    presence = observe(view)
    groups = groups or group_of(*FOUR)
    meetings = meet(presence, groups)
    known = mark(view)
    flags = dict(known.flags)
    ours = np.sort(meetings.row[meetings.member])
    for name, which in (borne or {}).items():
        flags[name] = np.zeros(len(view.visits.patient), np.bool_)
        flags[name][presence.visit[ours[list(which)]]] = True
    known = replace(known, flags=flags, **marks)
    return harm(presence, rates(presence, known), groups, meetings, np.ones(len(meetings.group), np.bool_))


def nats(k: float, mu: float) -> float:
    return k * log(k / mu) - (k - mu) - PRICE


@pytest.fixture(scope="module")
def view() -> View:
    """Twelve visits at three meetings of four among 1,001 at one place; nobody bears any mark."""
    return quiet_town(TOWN)


def test_nobody_who_bears_no_mark_does_harm(view: View) -> None:
    none = judge(view)
    assert none.score.tolist() == [0.0]
    assert none.visits.tolist() == [12]
    assert all(k.tolist() == [0.0] for name, k in none.borne.items() if name != "alike")


def test_a_mark_is_weighed_against_its_rate_among_all(view: View) -> None:
    got = judge(view, {"in_bed": range(6)})
    mu = 12 * 6 / VISITS  # nobody else at the place bears it: the city's rate is the larger one
    assert got.borne["in_bed"].tolist() == [6.0]
    assert got.expected["in_bed"][0] == pytest.approx(mu)
    assert got.nats["in_bed"][0] == pytest.approx(nats(6, mu))
    assert got.score[0] == pytest.approx(nats(6, mu))


def beside_a_large_place(visits: int, elsewhere: int, cents: Any = 10_000) -> View:
    """The quiet town, and a second place with so many more visits, an hour after midnight, each at its own price."""
    small = quiet_town(visits, cents=cents).claims
    return quick_view(
        np.r_[small.patient, np.arange(elsewhere) + 5 + visits],
        np.r_[small.facility, np.ones(elsewhere, np.int64)],
        np.r_[small.start, np.linspace(0, 360, elsewhere).astype(np.int64) * DAY + HOUR],
        cents=np.r_[small.amount, 200 + np.arange(elsewhere)],
    )


def test_a_mark_that_the_places_others_bear_is_the_places_custom() -> None:
    """The place is small beside the rest of the city: its other visitors bear the mark far more often than the city."""
    elsewhere = 5000
    view = beside_a_large_place(88, elsewhere)
    presence = observe(view)
    here, ours = presence.spot == 0, np.isin(presence.patient, FOUR)
    bearers = np.r_[np.flatnonzero(here & ours)[:6], np.flatnonzero(here & ~ours)[:30]]
    flags = dict(mark(view).flags)
    flags["in_bed"] = np.zeros(len(view.visits.patient), np.bool_)
    flags["in_bed"][presence.visit[bearers]] = True
    groups = group_of(*FOUR)
    meetings = meet(presence, groups)
    got = harm(presence, rates(presence, replace(mark(view), flags=flags)), groups, meetings, np.ones(3, np.bool_))
    city = 36 / (101 + elsewhere)
    local = (30 + SMOOTHING * city) / (101 - 12 + SMOOTHING)
    assert local > 10 * city
    assert got.expected["in_bed"][0] == pytest.approx(12 * local)
    assert got.nats["in_bed"][0] == 0.0  # 6 where 3.3 were expected: less than the price


def test_a_mark_counts_only_from_its_typical_share_on(view: View) -> None:
    share = TYPICAL["again"]
    few, enough = int(np.ceil(12 * share)) - 1, int(np.ceil(12 * share))
    assert judge(view, {"again": range(few)}).nats["again"][0] == 0.0
    assert judge(view, {"again": range(enough)}).nats["again"][0] == pytest.approx(nats(enough, 12 * enough / VISITS))


def test_one_bearer_is_no_custom_of_a_group(view: View) -> None:
    assert TYPICAL["in_bed"] < 1 / 12
    assert judge(view, {"in_bed": [3]}).score[0] == 0.0


def test_no_mark_is_taken_for_rarer_than_one_in_twenty_thousand() -> None:
    presence = observe(quiet_town(88))
    known = rates(presence, mark(presence.view))
    assert known.city["travel"].tolist() == [RAREST] * 3


def test_no_mark_alone_counts_beyond_its_most() -> None:
    elsewhere = 9000
    mu = 12 * 12 / (101 + elsewhere)
    assert nats(12, mu) > MOST
    assert judge(beside_a_large_place(88, elsewhere), {"in_bed": range(12)}).nats["in_bed"][0] == MOST


def test_marks_of_a_register_count_once_a_household(view: View) -> None:
    """All visits of persons 0 and 1: six visits, two of four households."""
    presence = observe(view)
    meetings = meet(presence, group_of(*FOUR))
    ours = presence.patient[np.sort(meetings.row[meetings.member])]
    got = judge(view, {"dead": np.flatnonzero(ours <= 1)})
    mu = 4 * 3 * 6 / VISITS  # each household came three times
    assert got.borne["dead"].tolist() == [2.0]
    assert got.expected["dead"][0] == pytest.approx(mu)
    assert got.nats["dead"][0] == pytest.approx(nats(2, mu))
    assert got.fit[0] == pytest.approx(0.5)


def test_fit_is_the_share_of_households_that_bear_the_marks(view: View) -> None:
    first = [0, 4, 8]  # the first person at each meeting
    got = judge(view, {"in_bed": [0, 1, 2, 3], "invoice": first})
    a, b = got.nats["in_bed"][0], got.nats["invoice"][0]
    assert a > 0
    assert b > 0
    assert got.fit[0] == pytest.approx((1.0 * a + 0.25 * b) / (a + b))


def test_confirming_marks_count_no_more_than_the_others(view: View) -> None:
    assert set(CONFIRMING) == {"length", "foreign", "stockpile"}
    alone = judge(view, {"stockpile": range(12)})
    assert alone.nats["stockpile"][0] > 0
    assert alone.score[0] == 0.0
    both = judge(view, {"stockpile": range(12), "in_bed": range(4)})
    assert both.score[0] == pytest.approx(2 * both.nats["in_bed"][0])
    weak = judge(view, {"stockpile": range(5), "in_bed": range(12)})
    assert weak.score[0] == pytest.approx(weak.nats["in_bed"][0] + weak.nats["stockpile"][0])


def test_foreign_payees_are_no_second_fact_for_a_hub(view: View) -> None:
    hub = group_of(*FOUR, hub=0, hubs=hubs_of(FOUR))
    borne = {"foreign": range(12), "in_bed": range(6)}
    assert judge(view, borne).nats["foreign"][0] > 0
    assert judge(view, borne, hub).nats["foreign"][0] == 0.0


def test_far_counts_only_for_people_from_apart(view: View) -> None:
    people = len(view.codes.patient)
    north = np.zeros(people)
    near, apart = np.zeros(people), np.zeros(people)
    near[[0, 1, 2, 3]] = [0, 1, 2, APART_KM - 1]
    apart[[0, 1, 2, 3]] = [0, 10, 30, 60]  # the lower median of the twelve visits' homes is 10
    far = {"far": range(12)}
    assert judge(view, far, home_x=near, home_y=north).nats["far"][0] == 0.0
    got = judge(view, far, home_x=apart, home_y=north)
    # once a household: all but the one in the middle
    assert got.borne["far"][0] == pytest.approx(3.0)
    assert got.expected["far"][0] == pytest.approx(4 * 12 / VISITS)
    assert judge(view, far).borne["far"][0] == pytest.approx(4.0)  # nobody knows where they live


def test_costly_within_one_episode_is_an_accident() -> None:
    spans = {EPISODE + DAY: 12.0, EPISODE - DAY: 0.0}
    for span, borne in spans.items():
        days = (10, 10 + span // DAY // 3, 10 + span // DAY)
        patient = [p for _ in days for p in FOUR] + [*range(5, 1000)]
        start = [d * DAY + MORNING + p * MINUTE for d in days for p in FOUR]
        start += (np.linspace(0, 360, 995).astype(np.int64) * DAY + 15 * HOUR).tolist()
        view = quick_view(patient, 0, start, cents=np.arange(len(start)) + 100)
        assert judge(view, {"costly": range(12)}).borne["costly"][0] == borne


@pytest.mark.parametrize("others", [8, 40])
def test_a_group_that_makes_a_places_prices_is_compared_with_the_others(others: int) -> None:
    """The ring pays 400 there where others pay 100, and makes most or much of the visits; at home each pays 100, too.

    Of 9 other visits the city's median tells what is usual, of 41 their own.
    """
    ring = [(p, 0, d * DAY + MORNING + p * MINUTE, 40_000 + i) for i, d in enumerate(DAYS) for p in FOUR]
    home = [(p, 1 + p, (i * i % 357) * DAY + 17 * HOUR, 10_000) for i in range(20) for p in FOUR]
    guests = [(5 + i, 0, (i * 360 // others) * DAY + 15 * HOUR, 10_000) for i in range(others + 1)]
    view = quick_view(*np.array(ring + home + guests).T[:3], cents=np.array(ring + home + guests).T[3])
    got = judge(view)
    assert got.visits.tolist() == [12]
    assert got.borne["costly"].tolist() == [12.0]
    by_place = mark(view).flags["costly"].sum()
    assert by_place == (0 if others < 12 else 12)  # the median of a place that is mostly the ring's is the ring's


def prices(ring: Any, others: Any, visits: int = 88) -> View:
    """The quiet town with the ring's twelve amounts and the others', in cents."""
    return quiet_town(visits, cents=np.r_[ring, np.resize(others, visits + 1)])


def test_nearly_equal_amounts_are_a_mark() -> None:
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    view = prices(ring, 10_000)
    got = judge(view)
    # no other visit lies in the band: what there is of it is the city's tenth, smoothed with twenty
    mu = 12 * SMOOTHING * 0.1 / (101 - 12 + SMOOTHING)
    assert ALIKE == 0.1
    assert got.borne["alike"].tolist() == [12.0]
    assert got.expected["alike"][0] == pytest.approx(mu)
    assert got.nats["alike"][0] == pytest.approx(nats(12, mu))


def test_a_price_list_is_no_mark() -> None:
    assert PRICE_LIST == 3
    got = judge(prices([30_000] * 6 + [30_100] * 6, 10_000))
    assert got.borne["alike"].tolist() == [0.0]
    # four amounts three times each are each a fourth of twelve visits, and so a price; twice each they are not
    three = [30_000 + 100 * (i // 3) for i in range(12)]
    two = [30_000 + 100 * (i // 2) for i in range(12)]
    assert judge(prices(three, 10_000)).borne["alike"].tolist() == [0.0]
    assert judge(prices(two, 10_000)).borne["alike"].tolist() == [12.0]


def test_amounts_that_everybody_pays_are_no_mark() -> None:
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    everybody = np.round(30_000 * np.exp(np.linspace(-0.08, 0.08, 89)))
    got = judge(prices(ring, everybody))
    assert got.borne["alike"].tolist() == [12.0]
    assert got.expected["alike"][0] == pytest.approx(12 * (89 + 2) / (101 - 12 + SMOOTHING))
    assert got.nats["alike"][0] == 0.0


def test_amounts_of_which_too_few_are_alike_are_no_mark() -> None:
    few = int(12 * ALIKE_SHARE)
    ring = np.r_[30_000 + 100 * np.arange(few), 90_000 * 2.0 ** np.arange(12 - few)]
    got = judge(prices(ring, 10_000))
    assert got.borne["alike"].tolist() == [float(few)]
    assert got.nats["alike"][0] == 0.0


def ward(lengths: Any) -> View:
    """Four people, two joint admissions three times; others stay 1 to 30 days, one admission every other day."""
    days = (10, 60, 150)
    patient = [p for _ in days for p in FOUR] + list(range(5, 185))
    start = [d * DAY + p * HOUR for d in days for p in FOUR] + (np.arange(180) * 2 * DAY).tolist()
    length = np.r_[np.resize(lengths, 12), np.resize(np.arange(1, 31), 180)] * DAY
    cents = np.arange(len(start)) ** 2 + 1000
    return quick_view(patient, 0, start, end=np.array(start) + length, service=INPATIENT, cents=cents)


def test_stays_of_one_length_confirm_harm() -> None:
    view = ward([10])
    assert observe(view).total.tolist() == [192]
    days = np.log((view.visits.end - view.visits.start) / DAY)
    usual = float(days.std())
    own = usual / np.sqrt(12)
    gain = min(MOST_NATS, 12 * log(usual / own) - 3.0)
    got = judge(view)
    assert LEAST_STAYS <= 12
    assert got.borne["length"][0] == pytest.approx(gain)
    assert got.nats["length"][0] == pytest.approx(gain - PRICE)


def test_stays_of_all_lengths_confirm_nothing() -> None:
    assert judge(ward([2, 5, 9, 14, 20, 28])).nats["length"][0] == 0.0
