from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, view_of, visit

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import desks, insider
from ringfinder.evidence.view import View
from ringfinder.words import say

MEMBERS = [f"p{i:03}" for i in range(80, 92)]
CLERKS = ("clerk", "clerk2", "clerk3")
SATURDAYS = [68, 96, 131, 166, 194, 222]


def town_with_agency() -> Town:
    """Everybody hands in two or three bills of care weeks before, at any time, to any of three clerks."""
    town = Town()
    rng = np.random.default_rng(9)
    for i in range(town.people):
        for _ in range(int(rng.integers(2, 4))):
            day, clerk = float(rng.integers(30, 280)), CLERKS[int(rng.integers(3))]
            hand_in(town, f"p{i:03}", day, at(day + 30, 9 + 7 * rng.random()), clerk, 400 * float(rng.uniform(0.5, 2)))
    return town


def hand_in(town: Town, who: str, day: float, settled: object, clerk: str, yuan: float, **more: object) -> None:
    bill = visit(who, f"hospital{int(day) % 3}", at(day, 10), round(yuan, 2), settled_at=settled, operator_id=clerk)
    town.add({**bill, **more})


def runs(town: Town, people: list[str], days: list[int], yuan: float = 4000, **more: object) -> None:
    """On each of these days two thirds of the people's files are settled three minutes apart."""
    for k, day in enumerate(days):
        coming = [p for i, p in enumerate(people) if (i + k) % 3]
        for i, who in enumerate(coming):
            hand_in(town, who, day - 25 - i % 5, at(day, 10, 3 * i), "clerk", yuan + 17 * i, **more)


def view_with_runs(tmp_path: Path, **more: object) -> View:
    town = town_with_agency()
    runs(town, MEMBERS, [70, 100, 130, 160, 190, 220], **more)
    return town.view(tmp_path)


def test_files_that_one_operator_settles_in_runs_are_found(tmp_path: Path) -> None:
    view = view_with_runs(tmp_path)
    (found,) = alerts(insider.search(view))
    assert names(view, found) == set(MEMBERS)
    assert hub(view, found, "operator") == {"clerk"}
    assert found.findings[0].values["runs"] == 6
    for finding in found.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


@pytest.mark.parametrize(("days", "standing"), [(SATURDAYS, True), ([*SATURDAYS[:-2], 195, 224], False)])
def test_on_a_standing_day_the_same_people_meet_the_same_operator_anyway(
    tmp_path: Path, days: list[int], standing: bool
) -> None:
    """Six Saturdays, or four, a Sunday and a Monday: faithful clients say nothing, or are what they were."""
    town = town_with_agency()
    runs(town, MEMBERS, days)
    (found,) = [c for c in insider.search(town.view(tmp_path)) if c.findings[0].key == "reasons_kinds.insider"]
    keys = {f.key for f in found.findings}
    assert ("reasons_kinds.insider_standing" in keys) is standing
    assert ("reasons_kinds.insider_loyalty" in keys) is not standing
    told = [f for f in found.findings if f.key == "reasons_kinds.insider_standing"]
    assert [(f.side, f.values) for f in told] == [("against", {"days": 6})] * standing
    assert all(say(f.key, "en", **f.values) != say(f.key, "zh", **f.values) for f in told)


def test_an_agents_pile_is_one_hand_in(tmp_path: Path) -> None:
    assert alerts(insider.search(view_with_runs(tmp_path, recruiter_id="village agent"))) == []


def test_what_is_paid_to_one_stranger_is_one_hand_in(tmp_path: Path) -> None:
    assert alerts(insider.search(view_with_runs(tmp_path, payee_account="village account"))) == []


def test_files_settled_on_the_day_of_care_are_no_files(tmp_path: Path) -> None:
    rows = [
        visit("p", "f", at(1, 9), settled_at=at(1, 10), operator_id="o"),
        visit("p", "f", at(2, 9), settled_at=at(4, 10), operator_id="o"),
        visit("p", "f", at(3, 9), settled_at=at(5, 10)),
        visit("p", "f", at(4, 9), operator_id="o"),
    ]
    view = view_of(tmp_path, rows)
    assert [str(view.codes.claim[int(view.claims.row[i])]) for i in desks.files(view)] == ["C00001"]


def test_a_run_ends_where_the_operator_pauses(tmp_path: Path) -> None:
    minutes = [0, 20, 45, 90, 100]
    rows = [visit(f"p{i}", "f", at(1, 9), settled_at=at(10, 9, m), operator_id="o") for i, m in enumerate(minutes)]
    seen = desks.attend(view_of(tmp_path, rows))
    # five files in eight hours: 0.3 others are expected in 28.8 minutes
    by_person = dict(zip(seen.patient.tolist(), seen.session.tolist(), strict=True))
    assert [by_person[i] for i in range(5)] == [0, 0, 0, 1, 1]
    assert seen.crowd.tolist() == [3, 2]


def test_the_null_world_keeps_piles_whole(tmp_path: Path) -> None:
    view = view_with_runs(tmp_path)
    null = insider.shuffled(view, 2)
    rows = desks.files(view)
    carried, day = desks.hand_in(view, rows), view.claims.settled[rows] // 86400
    heads, number = insider.pile_numbers(carried, day, view.claims.operator[rows].astype(np.int64))
    before, after = ((v.claims.operator[rows], v.claims.settled[rows]) for v in (view, null))
    assert np.array_equal(after[0], after[0][heads][number])
    assert np.array_equal(after[1] - after[1][heads][number], before[1] - before[1][heads][number])
    slots = [sorted(zip(o[heads].tolist(), t[heads].tolist(), strict=True)) for o, t in (before, after)]
    assert slots[0] == slots[1]
    assert (before[1] != after[1]).any()
    others = np.setdiff1d(np.arange(len(view.claims.row)), rows)
    assert np.array_equal(null.claims.operator[others], view.claims.operator[others])
    assert alerts(insider.search(null)) == []


def test_the_channel_is_off_without_operators(tmp_path: Path) -> None:
    assert insider.off(view_of(tmp_path, [visit("p", "f", at(0))])) == "reasons_kinds.insider_off"
