from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, quick_view, view_of, visit

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import lent_cards, sessions
from ringfinder.evidence.view import BLANK
from ringfinder.words import say

HOLDERS = [f"p{i:03}" for i in range(12)]
DAYS = [20, 27, 93, 105, 190, 193, 230, 281]  # no rhythm: a course would be one decision
PLACES = [
    {"facility_id": name, "latitude": 30 + 0.5 * k, "longitude": 110.0}
    for k, name in enumerate(("hospital0", "hospital1", "hospital2", "clinic"))
]


def use(town: Town, holders_elsewhere: bool = True) -> None:
    """On each day two thirds of the cards at the clinic within two hours; some holders are 100 km away just then."""
    rng = np.random.default_rng(6)
    for day in DAYS:
        for i, who in enumerate(p for p in HOLDERS if rng.random() < 0.67):
            town.add(visit(who, "clinic", at(day, 13, 12 * i), 500 + 7 * i + day))
            if holders_elsewhere and i % 2 == 0:
                town.add(visit(who, "hospital1", at(day, 13, 12 * i + 10), 80))


def others_at_the_clinic(town: Town, elsewhere: bool) -> None:
    """Its other patients come at any time; where the clock is wrong they seem to be elsewhere as often."""
    rng = np.random.default_rng(8)
    for i in range(40, 120):
        when = at(float(rng.integers(300)), 8 + 9 * rng.random())
        town.add(visit(f"p{i:03}", "clinic", when, 100))
        if elsewhere:
            town.add(visit(f"p{i:03}", "hospital1", when, 80))


def test_cards_used_together_while_their_holders_are_elsewhere_are_found(tmp_path: Path) -> None:
    town = Town()
    use(town)
    others_at_the_clinic(town, elsewhere=False)
    view = town.view(tmp_path, facilities=PLACES)
    (found,) = alerts(lent_cards.search(view))
    assert found.kind == "lent_cards"
    assert names(view, found) == set(HOLDERS)
    assert "clinic" in hub(view, found, "facility")
    for finding in found.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_a_group_without_marks_is_silent(tmp_path: Path) -> None:
    town = Town()
    use(town, holders_elsewhere=False)
    others_at_the_clinic(town, elsewhere=False)
    assert alerts(lent_cards.search(town.view(tmp_path, facilities=PLACES))) == []


def test_a_place_whose_other_patients_bear_the_mark_explains_itself(tmp_path: Path) -> None:
    town = Town()
    use(town)
    others_at_the_clinic(town, elsewhere=True)
    assert alerts(lent_cards.search(town.view(tmp_path, facilities=PLACES))) == []


def test_nobody_travels_faster_than_a_car_and_shops_only_confirm(tmp_path: Path) -> None:
    places = [
        {"facility_id": f, "latitude": 30 + d, "longitude": 110.0} for f, d in (("a", 0), ("b", 0.5), ("shop", 0.5))
    ]
    rows = [
        visit("p", "a", at(1, 9)),
        visit("p", "b", at(1, 9, 46)),  # 55 km in 46 minutes, ten of them at the first place
        visit("q", "a", at(1, 9)),
        visit("q", "b", at(1, 9, 48)),
        visit("r", "a", at(1, 9)),
        visit("r", "shop", at(1, 9, 20), service_type="pharmacy"),
    ]
    view = view_of(tmp_path, rows, facilities=places)
    flags = lent_cards.marks_of(view)
    people = [str(view.codes.patient[p]) for p in view.visits.patient]
    assert {people[i] for i in np.flatnonzero(flags["travel"])} == {"p"}
    assert {people[i] for i in np.flatnonzero(flags["errand"])} == {"r"}


def test_a_card_of_another_household_is_borrowed(tmp_path: Path) -> None:
    cards = [{"card_id": "k", "patient_id": "p"}]
    register = [{"patient_id": p, "address": a} for p, a in (("p", "one"), ("q", "one"), ("r", "two"))]
    rows = [visit(p, "f", at(day), card_id="k") for day, p in enumerate("pqr")]
    view = view_of(tmp_path, rows, patients=register, cards=cards)
    borrowed = lent_cards.marks_of(view)["borrowed"]
    assert [str(view.codes.patient[p]) for p in view.visits.patient[borrowed]] == ["r"]


@pytest.mark.parametrize(("a_day", "hours"), [(2, 12), (3, 12), (4, 6), (7, 3), (20, 1.5), (500, 1.5)])
def test_sessions_are_shorter_where_more_people_come(a_day: int, hours: float) -> None:
    day = np.repeat(np.arange(10), a_day)
    start = (day * 24 + 7) * 3600 + np.tile(np.arange(a_day), 10) * 60
    assert sessions.lengths(np.zeros(len(day), np.int64), start, np.array([len(day)])).tolist() == [hours * 3600]


def test_a_night_is_one_session() -> None:
    hour = 3600
    view = quick_view([0, 1, 2], [0, 0, 0], [23 * hour, 26 * hour, 31 * hour])
    seen = sessions.attend(view)
    assert seen.session.tolist() == [0, 0, 1]
    assert seen.crowd.tolist() == [2, 1]


def test_a_households_visit_counts_once_and_a_crowd_explains_itself() -> None:
    rng = np.random.default_rng(1)
    days = np.cumsum(rng.integers(1, 40, 10))  # no rhythm: a course would be one decision
    start = np.repeat(days, 4) * 86400 + 36000
    patient = np.tile(np.arange(4), 10)
    view = quick_view(patient, np.zeros(40), start + patient * 60, cents=1000 + np.arange(40), household=[0, 0, 1, 2])
    held = sessions.held(sessions.attend(view), np.array([0, 1, 2, 3]))
    assert held.count.tolist() == [3] * 10
    # 40 visits over ten half-days: three households a session where four visits are expected
    assert held.gain == 0


def test_the_null_world_keeps_who_comes_where_on_which_day(tmp_path: Path) -> None:
    town = Town()
    use(town)
    others_at_the_clinic(town, elsewhere=False)
    view = town.view(tmp_path, facilities=PLACES)
    null = lent_cards.shuffled(view, 3)
    width = len(view.codes.facility)
    for v in (view, null):
        assert (np.diff(v.visits.patient) >= 0).all()
        assert np.array_equal(v.claims.patient, v.visits.patient[v.claims.visit])
        assert np.array_equal(v.claims.start, v.visits.start[v.claims.visit])
    day = 86400
    before, after = (
        np.sort((v.visits.patient.astype(int) * width + v.visits.facility) * 1000 + v.visits.start // day % 1000)
        for v in (view, null)
    )
    assert np.array_equal(before, after)
    assert np.array_equal(np.sort(view.visits.start % day), np.sort(null.visits.start % day))
    assert (np.sort(view.visits.start) != np.sort(null.visits.start)).any()


def test_the_channel_is_off_without_diagnoses_and_hours() -> None:
    view = quick_view([0], [0], [0], hours_known=False)
    assert (view.claims.diagnosis == BLANK).all()
    assert lent_cards.off(view) == "reasons_kinds.lent_cards_off"
