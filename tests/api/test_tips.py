"""Tips through the service: their way, who may see what of them, how they lift rings, and that nobody learns who gave one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ringfinder.casebook import audit
from ringfinder.casebook.sealing import SealKeys
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
TIP: dict[str, Any] = {
    "channel": "letter",
    "district": "西城",
    "received_on": "2026-03-02",
    "summary": "药店集中刷卡",
    "kind": "retained_cards",
    "entities": [{"entity_type": "patient", "entity_id": "P1"}, {"entity_type": "facility", "name": "曾氏大药房"}],
}
REPORTER = {"name": "欧阳举报", "phone": "13912345678", "account": "6222020200112233445"}


class Desk:
    """A service with a key, and somebody of each role at it."""

    def __init__(self, service: Inside, snapshot: Snapshot) -> None:
        self.service, self.snapshot = service, snapshot
        service.service.seals = SealKeys((b"k" * 32,))
        self.officer, self.supervisor = service.key("tip_officer"), service.key("supervisor")

    def post(
        self, path: str, body: object = None, who: str | None = None, version: int | None = None, lang: str = "en"
    ) -> httpx.Response:
        headers = {"accept-language": lang} | ({} if version is None else {"if-match": f'"{version}"'})
        options: dict[str, Any] = {} if body is None else {"json": body}
        asked = ("POST", path, who or self.officer)
        return self.service.ask(asked, snapshot=self.snapshot, headers_of=headers, **options)[0]

    def get(self, path: str, who: str | None = None) -> httpx.Response:
        return self.service.ask(("GET", path, who or self.officer), snapshot=self.snapshot)[0]

    def add(self, **other: object) -> dict[str, Any]:
        answer = self.post("/v1/tips", TIP | other)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        assert answer.headers["location"] == f"/v1/tips/{found['tip_id']}"
        return found


@pytest.fixture
def desk(inside: Make, tiny_snapshot: Snapshot) -> Desk:
    return Desk(inside(rate=1e6, burst=1e6), tiny_snapshot)


def test_letter_goes_from_receipt_to_reward(desk: Desk) -> None:
    tip = desk.add()
    path = f"/v1/tips/{tip['tip_id']}"
    assert (tip["state"], tip["due_on"], tip["late"], tip["possible"]) == (
        "received",
        "2026-03-09",
        True,
        ["acknowledge", "check"],
    )
    assert tip["entities"] == [
        {"entity_type": "patient", "entity_id": "P1", "name": None},
        {"entity_type": "facility", "entity_id": None, "name": "曾氏大药房"},
    ]
    assert desk.post(f"{path}:identify", REPORTER, version=1).json()["named"] is True
    steps = [
        {"step": "acknowledge", "on": "2026-03-03"},
        {"step": "check", "on": "2026-03-10", "outcome": "substantiated"},
        {"step": "answer", "on": "2026-03-11", "told": "已立案"},
        {"step": "close", "on": "2026-04-01"},
    ]
    states = [desk.post(f"{path}:step", one, version=2 + n).json()["state"] for n, one in enumerate(steps)]
    assert states == ["acknowledged", "checked", "answered", "closed"]
    booked = desk.post(
        f"{path}:reward", {"level": 1, "found": "100000.00", "insider": True}, desk.supervisor, version=6, lang="zh"
    ).json()
    assert booked["reward"]["amount"] == "3600.00"
    assert "22号" in booked["reward"]["basis"]
    paid = desk.post(f"{path}:pay", {"on": booked["reward"]["booked_on"], "reference": "V-17"}, version=7).json()
    assert (paid["reward"]["reference"], paid["version"]) == ("V-17", 8)
    assert desk.get(path).json() == paid | {"due_basis": None, "reward": desk.get(path).json()["reward"]}


def test_facility_of_which_only_the_id_was_said_is_told_by_its_name(desk: Desk) -> None:
    told = [{"entity_type": "facility", "entity_id": one} for one in ("F1", "F2")]
    made = desk.post("/v1/tips", TIP | {"entities": told}).json()
    assert [one["name"] for one in made["entities"]] == ["第一药店", None]


def test_only_the_tip_officer_reads_who_gave_a_tip_and_each_reading_is_recorded(desk: Desk) -> None:
    tip = desk.add()
    path = f"/v1/tips/{tip['tip_id']}"
    desk.post(f"{path}:identify", REPORTER, version=1)
    read = desk.post(f"{path}:reporter", {"why": "to answer"})
    assert read.json() == {
        "tip_id": tip["tip_id"],
        "name": "欧阳举报",
        "phone": "13912345678",
        "id_number": None,
        "address": None,
        "account": "6222020200112233445",
        "insider": False,
    }
    assert read.headers["cache-control"] == "no-store"
    for role in ("investigator", "supervisor", "analyst", "viewer", "system", "admin"):
        assert desk.post(f"{path}:reporter", {"why": "x"}, desk.service.key(role)).json()["code"] == "forbidden"
    entries = [entry for entry in audit.latest(desk.service.book, 20) if entry.action == "tip.identity_read"]
    assert [(one.subject, json.loads(one.details)["why"]) for one in entries] == [(tip["tip_id"], "to answer")]
    assert desk.post(f"/v1/tips/{desk.add()['tip_id']}:reporter", {"why": "x"}).json()["code"] == "no_identity"


def test_tip_of_another_district_is_unknown(desk: Desk) -> None:
    tip = desk.add()
    path = f"/v1/tips/{tip['tip_id']}"
    elsewhere = desk.service.key("tip_officer", "supervisor", districts=("东城",))
    assert desk.get(path, elsewhere).json()["code"] == "unknown_tip"
    for action, body in (
        ("change", TIP | {"district": "东城"}),
        ("step", {"step": "acknowledge", "on": "2026-03-03"}),
        ("extend", None),
        ("identify", REPORTER),
        ("reporter", {"why": "x"}),
        ("receipt", None),
        ("reward", {"level": 1, "found": "1.00"}),
        ("pay", {"on": "2026-03-03", "reference": "V"}),
    ):
        assert desk.post(f"{path}:{action}", body, elsewhere, version=1).json()["code"] == "unknown_tip", action
    assert desk.post("/v1/tips:search", {}, elsewhere).json()["total"] == 0
    assert desk.post("/v1/tips", TIP, elsewhere).json()["code"] == "foreign_district"
    assert desk.get(path).json() == tip


def test_receipt_stands_for_an_anonymous_reporter(desk: Desk) -> None:
    tip = desk.add()
    code = desk.post(f"/v1/tips/{tip['tip_id']}:receipt").json()["receipt"]
    found = desk.post("/v1/tips:receipt", {"receipt": code}).json()
    assert (found["tip_id"], found["receipt_given"], found["named"]) == (tip["tip_id"], True, False)
    assert desk.post("/v1/tips:receipt", {"receipt": "0" * 20}).json()["code"] == "unknown_receipt"
    elsewhere = desk.service.key("tip_officer", districts=("东城",))
    assert desk.post("/v1/tips:receipt", {"receipt": code}, elsewhere).json()["code"] == "unknown_receipt"


def test_change_needs_the_version_that_was_seen(desk: Desk) -> None:
    path = f"/v1/tips/{desk.add()['tip_id']}"
    step = {"step": "acknowledge", "on": "2026-03-03"}
    assert desk.post(f"{path}:step", step).json()["code"] == "version_needed"
    assert desk.post(f"{path}:step", step, version=7).status_code == 412
    etag = desk.get(path).headers["etag"]
    answer = desk.service.ask(
        ("POST", f"{path}:step", desk.officer), snapshot=desk.snapshot, headers_of={"if-match": etag}, json=step
    )[0]
    assert answer.json()["version"] == 2


def test_tips_are_searched_and_paged(desk: Desk) -> None:
    made = [desk.add(received_on=f"2026-03-0{n + 1}")["tip_id"] for n in range(5)]
    first = desk.post("/v1/tips:search", {"text": "zengshi", "limit": 3}).json()
    assert [one["tip_id"] for one in first["tips"]] == made[:1:-1]
    assert first["total"] == 5
    assert "summary" not in first["tips"][0]
    rest = desk.post("/v1/tips:search", {"text": "zengshi", "limit": 3, "cursor": first["next_cursor"]}).json()
    assert [one["tip_id"] for one in rest["tips"]] == made[1::-1]
    assert rest["next_cursor"] is None
    named = {"entity_type": "patient", "entity_id": "P1", "late": True, "sort": "due"}
    assert desk.post("/v1/tips:search", named).json()["total"] == 5
    assert desk.post("/v1/tips:search", {"entity_type": "patient"}).json()["code"] == "invalid"
    for cursor in (first["next_cursor"], "x", "é"):
        assert desk.post("/v1/tips:search", {"sort": "due", "cursor": cursor}).json()["code"] == "bad_cursor"


def test_tips_lift_their_rings_on_the_list_and_leave_the_scores(desk: Desk) -> None:
    listed = desk.get("/v1/rings", desk.supervisor).json()["rings"]
    assert [ring["tips"] for ring in listed] == [0, 0]
    last = listed[-1]["ring_id"]
    tip = desk.add(
        entities=[{"entity_type": "facility", "entity_id": "F2"}]
    )  # no member of the last ring, but its place
    desk.service.service.lifting._asked_at = 0.0
    after = desk.get("/v1/rings?sort=tips&limit=1", desk.supervisor).json()
    assert [(ring["ring_id"], ring["tips"]) for ring in after["rings"]] == [(last, 1)]
    rest = desk.get(f"/v1/rings?sort=tips&cursor={after['next_cursor']}", desk.supervisor).json()["rings"]
    assert {ring["ring_id"]: ring["score"] for ring in [*after["rings"], *rest]} == {
        ring["ring_id"]: ring["score"] for ring in listed
    }
    assert [ring["tips"] for ring in desk.get("/v1/rings", desk.service.key("viewer")).json()["rings"]] == [None] * 2
    unfounded = {"step": "check", "on": "2026-03-03", "outcome": "unsubstantiated"}
    desk.post(f"/v1/tips/{tip['tip_id']}:step", unfounded, version=1)
    desk.service.service.lifting._asked_at = 0.0
    assert {ring["tips"] for ring in desk.get("/v1/rings", desk.supervisor).json()["rings"]} == {0}
    desk.add(entities=[{"entity_type": "patient", "entity_id": "P1"}, {"entity_type": "facility", "entity_id": "F1"}])
    desk.service.service.lifting._asked_at = 0.0
    assert [ring["tips"] for ring in desk.get("/v1/rings", desk.supervisor).json()["rings"]] == [1, 1]
    elsewhere = desk.service.key("supervisor", districts=("东;城",))
    assert [ring["tips"] for ring in desk.get("/v1/rings", elsewhere).json()["rings"]] == [0]


def test_lost_key_is_told_and_tips_stay_countable(desk: Desk) -> None:
    tip = desk.add()
    path = f"/v1/tips/{tip['tip_id']}"
    desk.post(f"{path}:identify", REPORTER, version=1)
    whole = desk.get("/v1/tips:seals", desk.service.key("admin")).json()
    assert (whole["open"], whole["missing"]) == (1, {})
    desk.service.service.seals = SealKeys((b"x" * 32,))
    lost = desk.get("/v1/tips:seals").json()
    assert (lost["open"], lost["missing"]) == (0, {whole["key_id"]: 1})
    answer = desk.post(f"{path}:reporter", {"why": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "tip_key_missing")
    desk.service.service.seals = SealKeys()
    refused = desk.post(f"/v1/tips/{desk.add()['tip_id']}:identify", REPORTER, version=1)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_tip_key")
    assert desk.post("/v1/tips:search", {}).json()["total"] == 2


def test_text_that_tells_the_reporter_is_refused_without_quoting_it(desk: Desk) -> None:
    tip = desk.add(summary="来电 139-1234-5678 说")
    answer = desk.post(f"/v1/tips/{tip['tip_id']}:identify", REPORTER | {"phone": "139-1234-5678"}, version=1)
    assert answer.json()["code"] == "reporter_in_text"
    assert "1234" not in answer.text
    tip = desk.add()
    path = f"/v1/tips/{tip['tip_id']}"
    desk.post(f"{path}:identify", REPORTER, version=1)
    told = {"step": "acknowledge", "on": "2026-03-03", "told": "欧阳举报同志"}
    assert desk.post(f"{path}:step", told, version=2).json()["code"] == "reporter_in_text"
    assert desk.post(f"{path}:change", TIP | {"summary": "13912345678"}, version=2).json()["code"] == "reporter_in_text"
    assert desk.get(path).json()["version"] == 2


def test_personal_ids_that_a_tip_names_are_masked(desk: Desk) -> None:
    tip = desk.add(entities=[{"entity_type": "account", "entity_id": "6222020200112233445"}])
    assert tip["entities"][0]["entity_id"] == "****3445"
