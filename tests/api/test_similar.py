"""More like this over HTTP: of a ring, of a tip, within what the caller may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ringfinder.report.likeness import WEIGHTS
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
Ask = Callable[..., Any]
SAID = {"channel": "letter", "district": "西城", "received_on": "2024-06-03", "summary": "beds are empty"}


@pytest.fixture
def service(inside: Make) -> Inside:
    return inside(rate=1e6, burst=1e6)


def got(service: Inside, snapshot: Snapshot, path: str, *districts: str, lang: str = "en", status: int = 200) -> Any:
    who = service.key("supervisor", districts=districts or None)
    (answer,) = service.ask(("GET", path, who), snapshot=snapshot, headers_of={"accept-language": lang})
    assert answer.status_code == status, answer.text
    return answer.json()


def tip(service: Inside, snapshot: Snapshot, **other: Any) -> str:
    officer = service.key("tip_officer")
    (made,) = service.ask(("POST", "/v1/tips", officer), json=SAID | other, snapshot=snapshot)
    assert made.status_code == 201, made.text
    return str(made.json()["tip_id"])


def test_ring_is_compared_with_the_others_sign_by_sign(service: Inside, tiny_snapshot: Snapshot) -> None:
    found = got(service, tiny_snapshot, "/v1/rings/R;1/similar")
    (ring,) = found["rings"]
    assert (found["of"], ring["ring_id"], ring["nearest"], ring["kind"]) == (["R;1"], "R0", "R;1", "rotation")
    assert [sign["sign"] for sign in ring["signs"]] == [
        name for name in WEIGHTS if name in {s["sign"] for s in ring["signs"]}
    ]
    size = next(sign for sign in ring["signs"] if sign["sign"] == "size")
    assert (size["agreement"], size["weight"], size["says"]) == (0.3333, 1, "3 and 1 patients")
    weights = sum(sign["weight"] for sign in ring["signs"])
    assert ring["likeness"] == pytest.approx(
        sum(sign["weight"] * sign["agreement"] for sign in ring["signs"]) / weights, abs=1e-3
    )
    assert "相似度" in got(service, tiny_snapshot, "/v1/rings/R;1/similar", lang="zh")["measure"]
    assert got(service, tiny_snapshot, "/v1/rings/R;1/similar?district=nowhere")["rings"] == []
    assert got(service, tiny_snapshot, "/v1/rings/R9/similar", status=404)["code"] == "unknown_ring"


def test_facilities_come_with_their_most_similar_ring(service: Inside, tiny_snapshot: Snapshot) -> None:
    own = tiny_snapshot.rings["R;1"].profile
    other = tiny_snapshot.rings["R0"]
    places = frozenset({*(own.places or ()), *tiny_snapshot.facilities})
    moved = replace(other, profile=replace(other.profile, places=places))
    snapshot = replace(tiny_snapshot, rings={**tiny_snapshot.rings, "R0": moved})
    found = got(service, snapshot, "/v1/rings/R;1/similar")
    (ring,) = found["rings"]
    expected = sorted(places - (own.places or frozenset()))
    assert [(one["facility_id"], one["through"], one["rings"]) for one in found["facilities"]] == [
        (place, "R0", 1) for place in expected
    ]
    assert {one["likeness"] for one in found["facilities"]} <= {ring["likeness"]}
    here = {one["facility_id"] for one in got(service, snapshot, "/v1/rings/R;1/similar?district=西城")["facilities"]}
    assert here == {place for place in expected if snapshot.facilities[place] == "西城"}


def test_rings_elsewhere_are_not_told(service: Inside, tiny_snapshot: Snapshot) -> None:
    hidden = replace(tiny_snapshot.rings["R0"], scope=frozenset({"elsewhere"}))
    snapshot = replace(tiny_snapshot, rings={**tiny_snapshot.rings, "R0": hidden})
    assert got(service, snapshot, "/v1/rings/R;1/similar", "西城")["rings"] == []
    assert got(service, snapshot, "/v1/rings/R0/similar", "西城", status=404)["code"] == "unknown_ring"


def test_tip_is_compared_by_the_rings_of_whom_it_names_or_by_what_it_says(
    service: Inside, tiny_snapshot: Snapshot
) -> None:
    person = tiny_snapshot.rings["R;1"].people[0]
    named = tip(service, tiny_snapshot, entities=[{"entity_type": "patient", "entity_id": person}])
    found = got(service, tiny_snapshot, f"/v1/tips/{named}/similar")
    assert "R;1" in found["of"]
    assert not {one["ring_id"] for one in found["rings"]} & set(found["of"])
    said = tip(service, tiny_snapshot, kind="rotation")
    by_kind = got(service, tiny_snapshot, f"/v1/tips/{said}/similar")
    assert by_kind["of"] == []
    assert [(one["ring_id"], one["likeness"], one["nearest"]) for one in by_kind["rings"]] == [("R0", 1.0, None)]
    nothing = tip(service, tiny_snapshot)
    assert got(service, tiny_snapshot, f"/v1/tips/{nothing}/similar")["rings"] == []
    assert got(service, tiny_snapshot, f"/v1/tips/{said}/similar", "东;城", status=404)["code"] == "unknown_tip"
