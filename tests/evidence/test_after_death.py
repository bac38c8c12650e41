from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, visit

from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import after_death
from ringfinder.words import say

DEAD = [f"p{i:03}" for i in range(100, 108)]


def town_with_deaths() -> Town:
    """Eight people die on different days in spring; nobody's everyday life goes on after."""
    town = Town()
    town.stop(DEAD)
    for i, who in enumerate(DEAD):
        town.died(who, 60 + 5 * i)
    return town


def claims_at(town: Town, people: list[str], days: list[float], **more: str) -> None:
    for day in days:
        for i, who in enumerate(people):
            town.add(visit(who, "hospital0", at(day, 9 + 0.2 * i), 300, settled_at=at(day, 18), **more))


def test_the_dead_who_claim_through_one_account_are_found_with_it(tmp_path: Path) -> None:
    town = town_with_deaths()
    claims_at(town, DEAD, [150, 180, 210], payee_account="shared", operator_id="clerk")
    view = town.view(tmp_path)
    (ring,) = alerts(after_death.search(view))
    assert names(view, ring) == set(DEAD)
    assert hub(view, ring, "account") == {"shared"}
    assert hub(view, ring, "operator") == {"clerk"}
    assert len(ring.claims) == 24
    assert ring.findings[0].observed == 8
    for finding in ring.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_late_settlement_of_earlier_care_is_no_sign(tmp_path: Path) -> None:
    town = town_with_deaths()
    for who in DEAD:
        town.add(visit(who, "hospital0", at(50, 9), 300, settled_at=at(200), payee_account="shared"))
    assert after_death.search(town.view(tmp_path)) == []


def test_the_first_three_days_after_death_are_grace(tmp_path: Path) -> None:
    town = town_with_deaths()
    for i, who in enumerate(DEAD):
        town.add(visit(who, "hospital0", at(60 + 5 * i + 3, 12), 300, payee_account="shared"))
    view = town.view(tmp_path)
    assert not after_death.after_death(view).any()


def test_people_who_go_on_where_they_were_known_are_not_dead(tmp_path: Path) -> None:
    town = Town()
    alive = [f"p{i:03}" for i in range(100, 108)]
    for i, who in enumerate(alive):
        town.died(who, 60 + 5 * i)
    claims_at(town, alive, [150, 180, 210], payee_account="shared", operator_id="clerk")
    assert alerts(after_death.search(town.view(tmp_path))) == []


def test_one_date_of_death_counts_for_two_households_at_most(tmp_path: Path) -> None:
    town = town_with_deaths()
    for i, who in enumerate(DEAD):
        town.died(who, 60 if i < 6 else 61 + i)
    claims_at(town, DEAD, [150, 180, 210], payee_account="shared")
    view = town.view(tmp_path)
    best = max(after_death.search(view), key=lambda c: c.coordination)
    assert best.findings[0].observed == 2 + 2


def test_an_own_account_is_no_hub(tmp_path: Path) -> None:
    town = town_with_deaths()
    for who in DEAD:
        town.register[who]["bank_account"] = "shared"
    claims_at(town, DEAD, [150, 180, 210], payee_account="shared")
    view = town.view(tmp_path)
    assert not any(kind == "account" for c in after_death.search(view) for kind, _, _ in c.hubs)


def test_two_rings_at_one_till_are_two_rings(tmp_path: Path) -> None:
    town = Town()
    people = [f"p{i:03}" for i in range(100, 112)]
    town.stop(people)
    for i, who in enumerate(people):
        town.died(who, 60 + 3 * i)
    claims_at(town, people[:6], [150, 180, 210], payee_account="one", terminal_id="corner")
    claims_at(town, people[6:], [160, 190, 220], payee_account="other", terminal_id="corner")
    view = town.view(tmp_path)
    found = alerts(after_death.search(view))
    assert sorted(tuple(sorted(names(view, c))) for c in found) == [tuple(people[:6]), tuple(people[6:])]


def test_two_rings_that_use_the_same_tills_are_two_rings(tmp_path: Path) -> None:
    """Three of the one account's eight dead come to each till, and most of the other's."""
    town = Town()
    people = [f"p{i:03}" for i in range(100, 116)]
    town.stop(people)
    for i, who in enumerate(people):
        town.died(who, 60 + 3 * i)
    one, other = people[:8], people[8:]
    for till, (few, many) in enumerate([(one[:3], other[:6]), (one[3:6], other[2:]), (one[5:], other[:5])]):
        claims_at(town, few, [150 + till, 180 + till], payee_account="one", terminal_id=f"till{till}")
        claims_at(town, many, [150 + till, 180 + till], payee_account="other", terminal_id=f"till{till}")
    view = town.view(tmp_path)
    found = alerts(after_death.search(view))
    assert sorted(tuple(sorted(names(view, c))) for c in found) == [tuple(one), tuple(other)]


def test_clerks_on_duty_do_not_split_the_crowd_of_an_account(tmp_path: Path) -> None:
    """Eight dead, one account; whoever is at the counter settles, four of them this clerk and four that one."""
    town = town_with_deaths()
    for clerk, people in (("clerk1", DEAD[:4]), ("clerk2", DEAD[4:])):
        claims_at(town, people, [150, 180, 210], payee_account="shared", operator_id=clerk)
    view = town.view(tmp_path)
    (ring,) = alerts(after_death.search(view))
    assert names(view, ring) == set(DEAD)
    assert hub(view, ring, "account") == {"shared"}


def test_the_null_world_permutes_deaths_among_people_of_an_age(tmp_path: Path) -> None:
    town = town_with_deaths()
    claims_at(town, DEAD, [150, 180, 210], payee_account="shared")
    view = town.view(tmp_path)
    null = after_death.shuffled(view, 3)
    assert np.array_equal(np.sort(null.people.death), np.sort(view.people.death))
    assert (null.people.death != view.people.death).any()
    assert alerts(after_death.search(null)) == []


@pytest.mark.parametrize("known", [True, False])
def test_the_channel_is_off_without_dates_of_death(tmp_path: Path, known: bool) -> None:
    town = town_with_deaths() if known else Town()
    off = after_death.off(town.view(tmp_path))
    assert off == (None if known else "reasons_kinds.after_death_off")
    if off:
        assert say(off, "en") != say(off, "zh")
