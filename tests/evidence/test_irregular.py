from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, visit

from evidence.town import Town, alerts, hub, names, score
from ringfinder.evidence import insider, irregular
from ringfinder.evidence.view import Candidate, View
from ringfinder.words import say

RING = [f"p{i:03}" for i in range(80, 95)]
OUTSIDERS = [f"p{i:03}" for i in range(100, 130)]
CLERKS = ("clerk", "clerk2", "clerk3", "clerk4", "clerk5")


def town_with_bills(files: int = 3) -> Town:
    """Everybody hands in bills of care weeks before, on any day, to any of five clerks; numbers are nobody else's."""
    town = Town()
    rng = np.random.default_rng(28)  # which gives nobody two bills of one day and place: those would be paid twice
    for i in range(town.people):
        for k in range(files):
            day, clerk = float(rng.integers(20, 250)), CLERKS[int(rng.integers(len(CLERKS)))]
            bill(town, f"p{i:03}", f"hospital{int(rng.integers(3))}", day, clerk, f"own {i}-{k}")
    return town


def bill(town: Town, who: str, place: str, day: float, clerk: str, invoice: str, settled: float = 30.0) -> None:
    hour = 9 + (int(who[1:]) * 7 + int(day)) % 8 * 0.9
    row = visit(who, place, at(day, 10), 400, settled_at=at(day + settled, hour), operator_id=clerk)
    town.add({**row, "invoice_number": invoice, "payee_account": f"own {int(who[1:]):03}"})


def copied_bills(
    town: Town, people: list[str], clerks: tuple[str, ...] = ("clerk",), place: str = "far", **more: float
) -> None:
    """Two bills a head, weeks apart; each bears the number of a bill that somebody else had settled at the till."""
    for i, who in enumerate(people):
        for k in range(2):
            number = f"copy {i}-{k}"
            bill(town, who, place, 15.0 * (i % 8) + 61 * k + i, clerks[(i + k) % len(clerks)], number, **more)
            bill(town, OUTSIDERS[i], place, 3.0 + 9 * (i % 7) + k, "till", number, 0.0)


def view_with_ring(folder: Path) -> View:
    town = town_with_bills()
    for i in range(120, 160):  # the far place is everybody's
        bill(town, f"p{i:03}", "far", float(i), CLERKS[i % 5], f"far {i}")
    copied_bills(town, RING)
    return town.view(folder)


def test_a_desk_with_ordinary_files_is_silent(tmp_path: Path) -> None:
    assert irregular.search(town_with_bills().view(tmp_path)) == []


def test_people_whose_copied_bills_one_clerk_settles_are_found(tmp_path: Path) -> None:
    view = view_with_ring(tmp_path)
    (found,) = alerts(irregular.search(view))
    assert names(view, found) == set(RING)
    assert hub(view, found, "operator") == {"clerk"}
    main = found.findings[0]
    assert (main.observed, main.values["people"]) == (15.0, 15)
    assert main.expected < 5
    assert {f.side for f in found.findings} == {"for", "harm", "against"}
    for finding in found.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_more_people_than_any_ring_has_are_a_desks_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert irregular.LARGEST == 300
    view = view_with_ring(tmp_path)
    monkeypatch.setattr(irregular, "LARGEST", 15)
    assert [len(c.patients) for c in alerts(irregular.search(view))] == [15]
    monkeypatch.setattr(irregular, "LARGEST", 14)
    assert alerts(irregular.search(view)) == []


def test_the_channel_returns_the_group_once(tmp_path: Path) -> None:
    view = view_with_ring(tmp_path)
    (found,) = alerts(insider.search(view))
    assert found.findings[0].key == "reasons_kinds.irregular"


def test_a_place_whose_bills_are_irregular_with_every_clerk_explains_itself(tmp_path: Path) -> None:
    town = town_with_bills()
    copied_bills(town, RING, CLERKS)
    assert alerts(irregular.search(town.view(tmp_path)), 0.0) == []


def test_the_only_till_of_a_place_is_the_place(tmp_path: Path) -> None:
    town = town_with_bills()
    for i, who in enumerate(RING * 2):
        number = f"copy {i % 15}"
        bill(town, who, "shop", 7.0 * i, "till of the shop", number, 0.0)
        bill(town, OUTSIDERS[i % 15], "shop", 7.0 * i + 3, "till of the shop", number, 0.0)
    assert alerts(irregular.search(town.view(tmp_path)), 0.0) == []


def test_the_null_world_leaves_no_irregular_desk(tmp_path: Path) -> None:
    view = view_with_ring(tmp_path)
    for seed in range(3):
        assert alerts(insider.search(insider.shuffled(view, seed))) == []


def test_the_same_claims_under_other_ids_give_the_same_candidates(tmp_path: Path) -> None:
    town = town_with_bills()
    copied_bills(town, RING)
    first = town.view(tmp_path / "one")
    town.claims = [{**row, "claim_id": f"X{99999 - i}"} for i, row in enumerate(town.claims)]
    second = town.view(tmp_path / "other")
    told = [
        [(sorted(names(v, c)), score(c), c.strength.tolist(), bills_of(v, c)) for c in irregular.search(v)]
        for v in (first, second)
    ]
    assert told[0] == told[1]
    assert told[0]


def bills_of(view: View, candidate: Candidate) -> list[tuple[int, int, str]]:
    """The claims by what they are: two of a person that begin together come in the order of their ids."""
    claims, invoices = view.claims, [str(one) for one in view.codes.invoice]
    return sorted(
        (int(claims.patient[c]), int(claims.settled[c]), invoices[claims.invoice[c]]) for c in candidate.claims
    )
