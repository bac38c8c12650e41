from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import COSTLY, TYPICAL, mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, MINUTE, OUTPATIENT, PHARMACY, View
from ringfinder.rings.bases import OF_REASON, RAREST, REGISTER, SMOOTHING, rates
from ringfinder.rings.groups import Groups
from ringfinder.rings.harm import (
    ALONE,
    EPISODE,
    GROUP_MARKS,
    LENGTH_BACKS,
    TRAITS,
    Harm,
    episode,
    harm,
    of_one_care,
    through_the_dead,
    together,
)
from ringfinder.rings.lengths import LEAST_STAYS, MOST_NATS
from ringfinder.rings.meetings import meet
from ringfinder.rings.prices import (
    ABOVE,
    ALIKE,
    ALIKE_SHARE,
    FEW_OTHERS,
    MOST_OF_IT,
    ONE_REASON,
    OUTBREAK,
    OWN_PLACE,
    PRICE_LIST,
    RUN,
    Rows,
)
from ringfinder.rings.visit_marks import APART_KM, BY_PARTS, CONFIRMING, LEAST_HOMES, MOST, SOME_HOMES, typically

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
    got = judge(view, {"invoice": range(6)})
    mu = 12 * 6 / VISITS  # nobody else at the place bears it: the city's rate is the larger one
    assert got.borne["invoice"].tolist() == [6.0]
    assert got.expected["invoice"][0] == pytest.approx(mu)
    assert got.nats["invoice"][0] == pytest.approx(nats(6, mu))
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
    flags["invoice"] = np.zeros(len(view.visits.patient), np.bool_)
    flags["invoice"][presence.visit[bearers]] = True
    groups = group_of(*FOUR)
    meetings = meet(presence, groups)
    got = harm(presence, rates(presence, replace(mark(view), flags=flags)), groups, meetings, np.ones(3, np.bool_))
    city = 36 / (101 + elsewhere)
    local = (30 + SMOOTHING * city) / (101 - 12 + SMOOTHING)
    assert local > 10 * city
    assert got.expected["invoice"][0] == pytest.approx(12 * local)
    assert got.nats["invoice"][0] == 0.0  # 6 where 3.3 were expected: less than the price


def test_a_mark_counts_only_from_its_typical_share_on(view: View) -> None:
    assert (TYPICAL["doubled"], TYPICAL["again"]) == (0.3, 0.3)
    assert judge(view, {"doubled": range(3)}).nats["doubled"][0] == 0.0  # of twelve
    assert judge(view, {"doubled": range(4)}).nats["doubled"][0] == pytest.approx(nats(4, 12 * 4 / VISITS))


def test_what_people_do_counts_in_part_from_half_of_that_on(view: View) -> None:
    """Three of twelve, where 3.6 are typical: two thirds of the way from 1.8."""
    assert "again" in BY_PARTS
    assert "doubled" not in BY_PARTS
    assert judge(view, {"again": range(3)}).nats["again"][0] == pytest.approx(2 / 3 * nats(3, 12 * 3 / VISITS))
    assert judge(view, {"again": range(4)}).nats["again"][0] == pytest.approx(nats(4, 12 * 4 / VISITS))
    assert typically(np.array([0.0, 1.8, 2.7, 3.6, 9.0]), np.full(5, 3.6)).tolist() == pytest.approx([0, 0, 0.5, 1, 1])
    assert set(BY_PARTS) <= {name for trait in TRAITS for name in trait}  # none of these alerts by itself


def test_what_cannot_be_counts_where_a_quarter_of_the_households_bear_it(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three visits of three households of the four, far below the typical share: enough of numbers used again, not of second packs."""
    assert SOME_HOMES == 0.25
    for name in ("invoice", "doubled"):
        monkeypatch.setitem(TYPICAL, name, 0.9)
    found = judge(view, {"invoice": [0, 5, 10], "doubled": [0, 5, 10]})
    assert found.nats["invoice"][0] == pytest.approx(nats(3, 12 * 3 / VISITS))
    assert found.nats["doubled"][0] == 0.0
    two = judge(view, {"invoice": [0, 1, 4, 5]})  # of two households, who may have one habit
    assert two.nats["invoice"][0] == 0.0


def test_one_bearer_is_no_custom_of_a_group(view: View) -> None:
    assert TYPICAL["invoice"] < 1 / 12
    assert judge(view, {"invoice": [3]}).score[0] == 0.0


def test_no_mark_is_taken_for_rarer_than_one_in_twenty_thousand() -> None:
    presence = observe(quiet_town(88))
    known = rates(presence, mark(presence.view))
    assert known.city["invoice"].tolist() == [RAREST] * 3


def test_no_mark_alone_counts_beyond_its_most() -> None:
    elsewhere = 9000
    mu = 12 * 12 / (101 + elsewhere)
    assert nats(12, mu) > MOST
    assert judge(beside_a_large_place(88, elsewhere), {"invoice": range(12)}).nats["invoice"][0] == MOST


@pytest.mark.parametrize("name", ["dead", "misfit", "in_bed"])
def test_marks_of_a_register_count_once_a_household(view: View, name: str) -> None:
    """All visits of persons 0, 1 and 2: nine visits, three of four households."""
    presence = observe(view)
    meetings = meet(presence, group_of(*FOUR))
    ours = presence.patient[np.sort(meetings.row[meetings.member])]
    got = judge(view, {name: np.flatnonzero(ours <= 2)})
    mu = 4 * 3 * 9 / VISITS  # each household came three times
    assert name in REGISTER
    assert got.borne[name].tolist() == [3.0]
    assert got.expected[name][0] == pytest.approx(mu)
    assert got.nats[name][0] == pytest.approx(nats(3, mu))
    assert got.fit[0] == pytest.approx(0.75)


@pytest.mark.parametrize(("bearers", "counts"), [(2, False), (3, True)])
@pytest.mark.parametrize("name", ["invoice", "doubled", "misfit", "far", "again"])
def test_two_households_that_bear_a_mark_may_have_one_carer(view: View, name: str, bearers: int, counts: bool) -> None:
    """All visits of two of the four, or of three."""
    assert LEAST_HOMES == 3
    presence = observe(view)
    meetings = meet(presence, group_of(*FOUR))
    ours = presence.patient[np.sort(meetings.row[meetings.member])]
    got = judge(view, {name: np.flatnonzero(ours < bearers)})
    once = name in REGISTER or name == "far"
    assert got.borne[name][0] == pytest.approx(bearers * (1 if once else 3))
    assert (got.nats[name][0] > 0) == counts
    assert (got.score[0] > 0) == counts


def test_three_people_of_two_households_are_two_bearers() -> None:
    """Persons 0 and 1 live together: with person 2 they are two households, with 3 as well they are three."""
    view = quiet_town(TOWN, household=[0, 0, *range(2, TOWN + 5)])
    presence = observe(view)
    meetings = meet(presence, group_of(*FOUR))
    ours = presence.patient[np.sort(meetings.row[meetings.member])]
    assert judge(view, {"invoice": np.flatnonzero(ours <= 2)}).nats["invoice"][0] == 0.0
    assert judge(view, {"invoice": range(12)}).nats["invoice"][0] > 0


def test_fit_is_the_share_of_households_that_bear_the_marks(view: View) -> None:
    three = [0, 5, 10]  # another person at each meeting
    got = judge(view, {"doubled": [0, 1, 2, 3], "invoice": three})
    a, b = got.nats["doubled"][0], got.nats["invoice"][0]
    assert a > 0
    assert b > 0
    assert got.fit[0] == pytest.approx((1.0 * a + 0.75 * b) / (a + b))


def test_confirming_marks_count_no_more_than_the_others(view: View) -> None:
    assert set(CONFIRMING) == {"length", "foreign", "stockpile"}
    alone = judge(view, {"stockpile": range(12)})
    assert alone.nats["stockpile"][0] > 0
    assert alone.score[0] == 0.0
    both = judge(view, {"stockpile": range(12), "invoice": range(4)})
    assert both.score[0] == pytest.approx(2 * both.nats["invoice"][0])
    weak = judge(view, {"stockpile": range(5), "invoice": range(12)})
    assert weak.score[0] == pytest.approx(weak.nats["invoice"][0] + weak.nats["stockpile"][0])


def total(**borne: float) -> float:
    """H of a group with these nats by mark."""
    return float(together({name: np.array([borne.get(name, 0.0)]) for name in (*TYPICAL, *GROUP_MARKS)})[0])


@pytest.mark.parametrize("trait", ["costly", "alike", "even", "tour", "far", "again", "moved", "light", "needless"])
def test_one_trait_alone_never_suffices(trait: str) -> None:
    assert ALONE == 6.0
    assert total(**{trait: 40.0}) == 6.0
    assert total(**{trait: 4.0}) == 4.0


@pytest.mark.parametrize("mark", ["travel", "in_bed", "dead", "invoice", "doubled"])
def test_what_cannot_be_counts_alone(mark: str) -> None:
    assert total(**{mark: 40.0}) == 40.0


def test_the_dead_lend_weight_to_what_people_do() -> None:
    """Mild illness and one length of stay, which alone count six nats, count all that twenty nats of the dead back."""
    marks = {name: np.zeros(2) for name in (*TYPICAL, *GROUP_MARKS)}
    marks |= {"dead": np.array([0.0, 20.0]), "light": np.array([9.0, 30.0]), "length": np.array([9.0, 15.0])}
    assert total(dead=20.0, light=30.0, length=15.0) == 20.0 + 26.0 + 15.0
    assert through_the_dead(marks, 1) == 61.0 - 6.0
    assert through_the_dead(marks, 0) == 0.0


def test_two_traits_support_each_other() -> None:
    """The strongest counts no further than six nats beyond what all else supports."""
    assert total(tour=20.0, far=3.0) == 3.0 + 9.0
    assert total(tour=20.0, far=20.0) == 40.0
    assert total(tour=20.0, far=3.0, light=4.0) == 7.0 + 13.0


def test_marks_in_one_bracket_are_one_trait() -> None:
    assert total(costly=30.0, alike=20.0, even=10.0) == 6.0
    assert total(costly=5.0, alike=2.0, far=1.0) == 1.0 + 5.0
    assert total(light=10.0, needless=20.0) == 6.0  # a programme for the eyes treats the second one too


def test_stays_of_one_length_support_stays_of_one_amount_and_nothing_else() -> None:
    def with_stays(even_stays: float, **borne: float) -> float:
        nats = {name: np.array([borne.get(name, 0.0)]) for name in (*TYPICAL, *GROUP_MARKS)}
        return float(together(nats, np.array([even_stays]))[0])

    assert LENGTH_BACKS == 4.0
    assert with_stays(20.0, even=20.0, length=15.0) == 4.0 + 10.0 + 4.0  # length backs, then confirms what backs
    assert with_stays(20.0, even=20.0, length=1.0) == 1.0 + 7.0 + 1.0
    assert with_stays(5.9, even=5.9, length=15.0) == 5.9
    assert with_stays(0.0, even=20.0, length=15.0) == 6.0  # purchases of one amount
    assert with_stays(0.0, light=20.0, length=15.0) == 6.0


@pytest.mark.parametrize(("checked", "counts"), [(0, True), (8, True), (28, True), (29, False)])
def test_amounts_are_compared_within_one_kind_of_care(checked: int, counts: bool) -> None:
    """Twelve stays, all even, beside check-ups that are not: the stays say what they say from three tenths of the visits on."""
    stays = 12
    kind = np.r_[np.full(stays, INPATIENT), np.full(checked, OUTPATIENT)].astype(np.int8)
    n = len(kind)
    flag = kind == INPATIENT
    ones = np.zeros(n, np.int64)
    rows = Rows(*[ones] * 4, kind, *[ones] * 6, np.array([n]))
    found, k, mu = of_one_care(rows, flag, np.full(n, 0.1), 1, 3.0)
    nats = found.max(axis=0)
    assert nats[0] == found[INPATIENT, 0]
    if counts:
        choice = np.log(2.0) if checked else 0.0
        assert nats[0] == pytest.approx(12 * np.log(12 / 1.2) - 10.8 - 3.0 - choice)
        assert (k[0], mu[0]) == (12.0, pytest.approx(1.2))
    else:
        assert nats[0] == 0.0


def test_what_cannot_be_supports_a_trait() -> None:
    assert total(travel=10.0, tour=30.0) == 10.0 + 16.0
    assert total(travel=10.0, tour=12.0) == 22.0


def test_confirming_marks_support_no_trait_and_count_no_more_than_what_supports_it() -> None:
    assert total(stockpile=30.0) == 0.0
    assert total(tour=20.0, stockpile=30.0) == 6.0
    assert total(tour=20.0, far=3.0, stockpile=30.0) == 3.0 + 9.0 + 3.0
    assert total(travel=10.0, stockpile=4.0, length=5.0) == 19.0
    assert total(travel=10.0, stockpile=40.0) == 20.0


def test_every_trait_is_a_mark_in_one_bracket_and_confirms_nothing() -> None:
    soft = [name for trait in TRAITS for name in trait]
    assert len(soft) == len(set(soft))
    assert set(soft) <= {*TYPICAL, *GROUP_MARKS} - set(CONFIRMING)


def test_the_same_medicine_twice_a_day_is_weighed_like_what_cannot_be(view: View) -> None:
    share = TYPICAL["doubled"]
    enough = int(np.ceil(12 * share))
    assert judge(view, {"doubled": range(enough - 1)}).score[0] == 0.0
    mu = 12 * enough / VISITS
    assert judge(view, {"doubled": range(enough)}).score[0] == pytest.approx(nats(enough, mu))


def test_a_trait_of_a_group_counts_at_most_six_nats(view: View) -> None:
    got = judge(view, {"tour": range(12)})
    assert got.nats["tour"][0] == pytest.approx(nats(12, 12 * 12 / VISITS))
    assert got.nats["tour"][0] > 6.0
    assert got.score.tolist() == [6.0]


def of_one_illness(name: str) -> tuple[float, float]:
    """(expected, city's rate) of a mark that the ring bears six times, and of 60 others with its illness every other one."""
    diagnosis = np.full(VISITS, BLANK)
    diagnosis[:12] = 1
    diagnosis[100:160] = 1
    view = quiet_town(TOWN, diagnosis=diagnosis)
    presence = observe(view)
    ours = np.isin(view.visits.patient, FOUR)
    flags = dict(mark(view).flags)
    flags[name] = np.zeros(VISITS, np.bool_)
    flags[name][np.flatnonzero(ours)[:6]] = True
    flags[name][np.flatnonzero(~ours & (view.visits.diagnosis == 1))[:30]] = True
    groups = group_of(*FOUR)
    meetings = meet(presence, groups)
    got = harm(presence, rates(presence, replace(mark(view), flags=flags)), groups, meetings, np.ones(3, np.bool_))
    return float(got.expected[name][0]), 36 / VISITS


def test_a_mark_that_others_with_the_illness_bear_is_the_illnesses_custom() -> None:
    """A treatment that returns, a specialist who is far: thirty of sixty others with the illness bear the mark."""
    expected, city = of_one_illness("again")
    assert expected == pytest.approx(12 * (30 + SMOOTHING * city) / (60 + SMOOTHING))


def test_what_the_illness_itself_says_is_not_excused_by_it() -> None:
    assert OF_REASON == ("light", "misfit")
    expected, city = of_one_illness("light")
    assert expected == pytest.approx(12 * city)  # the place's others, 30 of 989, bear it a little less often


def test_foreign_payees_are_no_second_fact_for_a_hub(view: View) -> None:
    hub = group_of(*FOUR, hub=0, hubs=hubs_of(FOUR))
    borne = {"foreign": range(12), "invoice": range(6)}
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
        view = quick_view(patient, 0, start, cents=np.r_[30_000 + np.arange(12), 10_000 + np.arange(995)])
        assert judge(view).borne["costly"][0] == borne


@pytest.mark.parametrize(("households", "one"), [(10, True), (9, False)])
def test_one_of_ten_households_that_meets_at_other_times_too_hides_no_episode(households: int, one: bool) -> None:
    """A village spends its balance in the last days of the year: three visits each; one of them was there in spring as well."""
    ours = list(range(1, households + 1))
    patient = [*ours * 3, *[1] * (30 - 3 * households + 3), *range(100, 1100)]
    start = [(300 + i // households) * DAY + MORNING + i * MINUTE for i in range(3 * households)]
    start += [60 * DAY + MORNING + i * HOUR for i in range(30 - 3 * households + 3)]
    start += (np.linspace(0, 360, 1000).astype(np.int64) * DAY + 15 * HOUR).tolist()
    dear = np.r_[30_000 + np.arange(33), 10_000 + np.arange(1000)]
    view = quick_view(patient, 0, start, cents=dear)
    presence = observe(view)
    mine = np.flatnonzero(np.isin(presence.patient, ours))
    assert episode(presence, Rows.of(presence, np.zeros(len(mine), np.int64), mine, 1)).tolist() == [one]


# Like with like: what is dear


def costly(view: View) -> float:
    """How many of the group's visits are dear."""
    return float(judge(view).borne["costly"][0])


def with_elsewhere(ring: Any, rows: list[tuple[int, int, int, int]], diagnosis: Any = BLANK, **more: Any) -> View:
    """The quiet town, where the ring's visits cost so much (cents) and are for a diagnosis, and all others cost 100 for none.

    `rows`: more visits, each (patient, place, cents, diagnosis), on days of their own.
    """
    small = quiet_town(TOWN, cents=np.r_[np.resize(ring, 12), np.full(TOWN + 1, 10_000)]).claims
    table = np.array(rows, np.int64).reshape(-1, 4).T
    ours = np.isin(small.patient, FOUR)
    return quick_view(
        np.r_[small.patient, table[0]],
        np.r_[small.facility, table[1]],
        np.r_[small.start, (np.arange(table.shape[1]) * 7 % 360) * DAY + 20 * HOUR],
        cents=np.r_[small.amount, table[2]],
        diagnosis=np.r_[np.where(ours, diagnosis, BLANK), table[3]],
        **more,
    )


def sick(n: int, cents: int, diagnosis: int = 3, first: int = 2000) -> list[tuple[int, int, int, int]]:
    """So many visits of strangers elsewhere with that diagnosis."""
    return [(first + i, 1, cents, diagnosis) for i in range(n)]


def test_dear_is_over_two_and_a_half_times_what_the_places_others_pay() -> None:
    assert COSTLY == 2.5
    assert costly(with_elsewhere(25_001, [])) == 12.0
    assert costly(with_elsewhere(25_000, [])) == 0.0
    assert costly(with_elsewhere([25_001, 9_000, 25_001], [])) == 8.0


def test_a_dear_illness_is_compared_with_the_same_illness_elsewhere() -> None:
    assert FEW_OTHERS == 20
    assert costly(with_elsewhere(30_000, sick(60, 20_000), diagnosis=3)) == 0.0
    assert costly(with_elsewhere(30_000, sick(60, 11_000), diagnosis=3)) == 12.0
    assert costly(with_elsewhere(30_000, sick(60, 20_000), diagnosis=4)) == 12.0  # another illness
    assert costly(with_elsewhere(30_000, sick(20, 20_000), diagnosis=3)) == 0.0
    assert costly(with_elsewhere(30_000, sick(19, 20_000), diagnosis=3)) == 12.0  # too few tell


def test_a_group_that_makes_an_illness_prices_is_compared_with_the_others_of_that_illness() -> None:
    """Twelve of 33 cases are the group's: with its own the middle case would cost 300, among the others 100."""
    assert OWN_PLACE == 0.2
    assert costly(with_elsewhere(30_000, sick(10, 30_000) + sick(11, 10_000, first=3000), diagnosis=3)) == 12.0
    assert costly(with_elsewhere(30_000, sick(11, 30_000) + sick(10, 10_000, first=3000), diagnosis=3)) == 0.0


def test_who_pays_as_much_on_other_days_is_not_dear() -> None:
    """The mean of ln yuan of the other visits of that kind of care: of 900 and 100 it is 300."""
    home = [(p, 2, cents, BLANK) for p in (0, 1) for cents in (90_000, 10_000)]
    assert costly(with_elsewhere(30_000, home)) == 6.0
    cheap = [(p, 2, 10_000, BLANK) for p in (0, 1)]
    assert costly(with_elsewhere(30_000, cheap)) == 12.0


def test_dear_visits_of_the_groups_own_meetings_excuse_nobody() -> None:
    """All that each of them ever paid was paid at the meetings."""
    assert costly(with_elsewhere(90_000, [])) == 12.0


def test_where_nobody_tells_a_price_the_citys_tells() -> None:
    """The group's own place has five other guests, nobody came anywhere else, and no illness is known."""
    ring = [(p, 0, d * DAY + MORNING + p * MINUTE) for d in DAYS for p in FOUR]
    guests = [(10 + i, 0, i * 70 * DAY + 15 * HOUR) for i in range(6)]
    city = [(100 + i, 1, (i % 360) * DAY + 12 * HOUR) for i in range(500)]
    rows = np.array(ring + guests + city).T

    def at_price(cents: int) -> View:
        return quick_view(*rows, cents=np.r_[np.full(12, cents), np.full(6, 1_000), np.full(500, 10_000)])

    assert costly(at_price(24_000)) == 0.0
    assert costly(at_price(26_000)) == 12.0


def stays_of(days: int, cents: int) -> View:
    """Three joint admissions of the four, so long and dear; others stay three days for 1,500."""
    waves = (10, 80, 200)
    patient = [p for _ in waves for p in FOUR] + list(range(5, 185))
    start = [d * DAY + p * HOUR for d in waves for p in FOUR] + (np.arange(180) * 2 * DAY).tolist()
    length = np.r_[np.full(12, days), np.full(180, 3)] * DAY
    price = np.r_[cents + np.arange(12), 150_000 + np.arange(180)]
    return quick_view(patient, 0, start, end=np.array(start) + length, service=INPATIENT, cents=price)


def test_a_stay_is_dear_only_when_each_of_its_days_is() -> None:
    assert costly(stays_of(3, 600_000)) == 12.0
    assert costly(stays_of(12, 600_000)) == 0.0  # four times the price for four times the days
    assert costly(stays_of(1, 150_000)) == 0.0  # three times the usual a day, but as much in all


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


THREE = (0, 1, 2)
WHEN_IT_SUITS = (10, 57, 97, 163)  # four mornings that nobody announced


def priced(ring: Any, others: Any, visits: int = 88, **more: Any) -> Harm:
    """Of three people in the quiet town on four mornings, who pay these twelve amounts; the others pay others, in cents."""
    view = quiet_town(visits, group=THREE, days=WHEN_IT_SUITS, cents=np.r_[ring, np.resize(others, visits + 1)], **more)
    return judge(view, groups=group_of(*THREE))


def test_nearly_equal_amounts_are_a_mark() -> None:
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    got = priced(ring, 10_000)
    # no other visit lies in the band: what there is of it is the city's tenth, smoothed with twenty
    mu = 12 * SMOOTHING * 0.1 / (101 - 12 + SMOOTHING)
    assert ALIKE == 0.1
    assert got.borne["alike"].tolist() == [12.0]
    assert got.expected["alike"][0] == pytest.approx(mu)
    assert got.nats["alike"][0] == pytest.approx(nats(12, mu))


def test_nearly_equal_amounts_at_usual_prices_are_no_mark() -> None:
    """A village's day for medicine, a sanatorium: everybody is charged about the same, and what others are charged."""
    assert ABOVE == 1.3
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    assert priced(ring, 26_000).borne["alike"].tolist() == [0.0]
    assert (ring > 1.3 * 22_000).sum() == 9
    assert priced(ring, 22_000).borne["alike"].tolist() == [9.0]


def test_a_price_list_is_no_mark() -> None:
    assert PRICE_LIST == 3
    got = priced([30_000] * 6 + [30_100] * 6, 10_000)
    assert got.borne["alike"].tolist() == [0.0]
    # four amounts three times each are each a fourth of twelve visits, and so a price; twice each they are not
    three = [30_000 + 100 * (i // 3) for i in range(12)]
    two = [30_000 + 100 * (i // 2) for i in range(12)]
    assert priced(three, 10_000).borne["alike"].tolist() == [0.0]
    assert priced(two, 10_000).borne["alike"].tolist() == [12.0]


def test_amounts_that_many_others_pay_are_expected() -> None:
    """Thirty of 89 others pay what the group pays, the rest a third of it."""
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    got = priced(ring, np.r_[np.full(30, 30_000), np.full(59, 10_000)])
    mu = 12 * (30 + 2) / (101 - 12 + SMOOTHING)
    assert got.borne["alike"].tolist() == [12.0]
    assert got.expected["alike"][0] == pytest.approx(mu)
    assert got.nats["alike"][0] == pytest.approx(nats(12, mu))


def test_amounts_of_which_too_few_are_alike_are_no_mark() -> None:
    few = int(np.ceil(12 * ALIKE_SHARE)) - 1
    for near in (few, few + 1):
        above = 12 - near - 3
        ring = np.r_[30_000 + 100 * np.arange(near), [5_000, 2_500, 1_250], 90_000 * 2.0 ** np.arange(above)]
        got = priced(ring, 10_000)
        assert got.borne["alike"].tolist() == [float(near)]
        assert (got.nats["alike"][0] > 0) == (near > few)


def even(drugs: Any, others: int = 90_000, apart: int = RUN + MINUTE) -> Harm:
    """The ring's twelve purchases of nearly 300, of these medicines; the others pay 900, so that the ring is not dear."""
    ring = np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 12)))
    drug = np.r_[drugs, np.full(89, BLANK)]
    return priced(ring, others, apart=apart, service=PHARMACY, drug=drug)


def test_equal_amounts_for_different_medicines_are_even() -> None:
    got = even(np.arange(12))
    mu = 12 * SMOOTHING * 0.1 / (101 - 12 + SMOOTHING)
    assert got.borne["alike"].tolist() == [0.0]
    assert got.borne["even"].tolist() == [12.0]
    assert got.expected["even"][0] == pytest.approx(mu)
    assert got.nats["even"][0] == pytest.approx(nats(12, mu))
    assert got.score[0] == pytest.approx(min(nats(12, mu), ALONE))


def test_equal_amounts_one_card_after_the_other_need_no_second_fact() -> None:
    """Ten minutes between two households' cards are a run; a minute more, and each came when it suited him."""
    mu = 12 * SMOOTHING * 0.1 / (101 - 12 + SMOOTHING)
    assert RUN == 10 * MINUTE
    for apart, drained in ((RUN, 12.0), (RUN + MINUTE, 0.0)):
        got = even(np.arange(12), apart=apart)
        assert (got.borne["drained"][0], got.borne["even"][0]) == (drained, 12.0)
    run = even(np.arange(12), apart=RUN)
    assert run.nats["drained"][0] == pytest.approx(nats(12, mu))
    assert run.nats["even"].tolist() == [0.0]  # what the cards in a row say is said once
    assert run.score[0] == pytest.approx(nats(12, mu))
    assert run.fit[0] == pytest.approx(1.0)


@pytest.mark.parametrize(("thirds", "drained"), [(1, False), (2, True)])
def test_equal_amounts_stay_even_where_too_few_of_them_are_in_a_row(thirds: int, drained: bool) -> None:
    """Five cards eleven minutes apart; the second ten, and so the third on so many of four mornings: 9 or 10 of 20 visits in a row."""
    five = range(5)
    start = [d * DAY + MORNING + p * (RUN + MINUTE) for d in WHEN_IT_SUITS for p in five]
    for morning in range(4):
        start[5 * morning + 1] -= MINUTE
        start[5 * morning + 2] -= 2 * MINUTE if morning < thirds else 0
    others = np.linspace(0, 359, 89).astype(np.int64) * DAY + 15 * HOUR
    cents = np.r_[np.round(30_000 * np.exp(np.linspace(-0.09, 0.09, 20))), np.full(89, 90_000)]
    patient = np.r_[np.tile(five, 4), np.arange(5, 94)]
    drug = np.r_[np.arange(20), np.full(89, BLANK)]
    view = quick_view(patient, 0, np.r_[start, others], cents=cents, service=PHARMACY, drug=drug)
    got = judge(view, groups=group_of(*five))
    mu = 20 * SMOOTHING * 0.1 / (109 - 20 + SMOOTHING)
    assert (got.borne["drained"][0], got.borne["even"][0]) == (8.0 + thirds, 20.0)
    assert got.nats["drained"][0] == pytest.approx(nats(10, mu) if drained else 0.0)
    assert got.nats["even"][0] == pytest.approx(0.0 if drained else min(nats(20, mu), MOST))
    assert got.score[0] == pytest.approx(nats(10, mu) if drained else ALONE)


def test_one_medicine_has_one_price() -> None:
    assert ONE_REASON == 0.5
    assert even([7] * 6 + [*range(6)]).borne["even"].tolist() == [12.0]
    assert even([7] * 7 + [*range(5)]).borne["even"].tolist() == [0.0]
    assert even([BLANK] * 12).borne["even"].tolist() == [0.0]
    # only what is known is counted, and only that is marked: four of seven are one medicine, or three of six
    assert even([7, 7, 7, 7, 1, 2, 3] + [BLANK] * 5).borne["even"].tolist() == [0.0]
    assert even([7, 7, 1, 2] + [BLANK] * 8).borne["even"].tolist() == [4.0]
    # where as many as five are known, and a fifth, they speak for the others
    assert even([7, 7, 1, 2, 3] + [BLANK] * 7).borne["even"].tolist() == [12.0]
    assert even([7, 7, 7, 1, 2] + [BLANK] * 7).borne["even"].tolist() == [0.0]


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


# Wards that close


@pytest.mark.parametrize("name", ["moved", "readmitted"])
def test_patients_whom_a_closing_ward_sends_on_are_not_moved_to_and_fro(view: View, name: str) -> None:
    """Meetings lie 31 and 54 days apart: all four moves at one of them are one decision, one in five at another is none."""
    assert (OUTBREAK, MOST_OF_IT) == (14 * DAY, 0.8)
    assert TYPICAL[name] == 0.3
    at_once = judge(view, {name: range(4, 8)})
    assert (at_once.borne[name][0], at_once.nats[name][0], at_once.score[0]) == (0.0, 0.0, 0.0)
    spread = judge(view, {name: range(4, 9)})
    assert spread.borne[name].tolist() == [5.0]
    assert spread.nats[name][0] == pytest.approx(nats(5, 12 * 5 / VISITS))
    # what is no move counts at once
    assert judge(view, {"again": range(4, 8)}).borne["again"].tolist() == [4.0]


def test_moves_within_a_fortnight_are_one_decision_and_a_day_later_they_are_two() -> None:
    def borne(last: int) -> float:
        days = (10, 17, last)
        patient = [p for _ in days for p in FOUR] + [*range(5, 1000)]
        start = [d * DAY + MORNING + p * MINUTE for d in days for p in FOUR]
        start += (np.linspace(0, 360, 995).astype(np.int64) * DAY + 15 * HOUR).tolist()
        return float(
            judge(quick_view(patient, 0, start, cents=10_000 + np.arange(len(start))), {"moved": range(12)}).borne[
                "moved"
            ][0]
        )

    assert borne(23) == 0.0
    assert borne(25) == 12.0  # eight of twelve within any fortnight
