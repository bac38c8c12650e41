"""Somebody of one district who wants to see another district's business: ids, filters, cursors, refusals tell nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from ringfinder.casebook.sealing import SealKeys
from ringfinder_api.access.rules import RULES
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
EAST, WEST = "东;城", "西城"
DAY = "2026-05-04"
SOON = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
ROLES = ("analyst", "investigator", "supervisor", "tip_officer")
NOBODYS = {
    "case_id": "C2026-009999",
    "tip_id": "T00000000000a",
    "watch_id": "W00000000000a",
    "look_id": "L00000000000a",
    "check_id": "S00000000000a",
}
WATCHED = {"entity_type": "patient", "entity_id": "P1", "reason": "x", "starts_on": SOON, "ends_on": SOON}
TIP = {"channel": "letter", "received_on": DAY, "summary": "曾氏大药房 集中刷卡"}
LEARNT = {"entity_type": "patient", "entity_id": "P1"}
BODIES: Mapping[str, dict[str, Any] | None] = {
    "/v1/cases/{case_id}:change": {"title": "mine"},
    "/v1/cases/{case_id}:assign": {},
    "/v1/cases/{case_id}:release": None,
    "/v1/cases/{case_id}:begin": None,
    "/v1/cases/{case_id}:close": {"resolution": "handed_over", "reason": "x"},
    "/v1/cases/{case_id}:reopen": None,
    "/v1/cases/{case_id}:link": {"ring_id": "R;1"},
    "/v1/cases/{case_id}:unmask": {"ring_id": "R;1", "run_id": "x", "members": ["m1"], "why": "x"},
    "/v1/cases/{case_id}/violations": {
        "subject_id": "F1",
        "behaviour": "other_fraud",
        "amount": "1.00",
        "established_on": DAY,
    },
    "/v1/cases/{case_id}/violations/{number}:remove": None,
    "/v1/cases/{case_id}/hearings": {
        "subject": "facility",
        "subject_id": "F1",
        "form": "waived",
        "told_on": DAY,
        "held_on": DAY,
    },
    "/v1/cases/{case_id}/checks": {"district": "north", "question": "?"},
    "/v1/cases/{case_id}/checks/{number}:answer": {"agrees": True, "answer": "x"},
    "/v1/cases/{case_id}/decisions": {"violation": 1, "kind": "police"},
    "/v1/cases/{case_id}/decisions/{number}:issue": {"decided_on": DAY},
    "/v1/cases/{case_id}/decisions/{number}:withdraw": {"reason": "x"},
    "/v1/cases/{case_id}/decisions/{number}:revoke": {"reason": "x"},
    "/v1/cases/{case_id}/decisions/{number}:carry_out": None,
    "/v1/cases/{case_id}/decisions/{number}:receive": {"amount": "1.00", "received_on": DAY},
    "/v1/cases/{case_id}/notes": {"text": "x"},
    "/v1/tips/{tip_id}:change": TIP | {"district": WEST},
    "/v1/tips/{tip_id}:step": {"step": "acknowledge", "on": DAY},
    "/v1/tips/{tip_id}:extend": None,
    "/v1/tips/{tip_id}:identify": {"name": "x"},
    "/v1/tips/{tip_id}:reporter": {"why": "x"},
    "/v1/tips/{tip_id}:receipt": None,
    "/v1/tips/{tip_id}:reward": {"level": 1, "found": "1.00"},
    "/v1/tips/{tip_id}:pay": {"on": DAY, "reference": "x"},
    "/v1/watch/{watch_id}:extend": {"ends_on": SOON, "reason": "x"},
    "/v1/watch/{watch_id}:end": {"reason": "x"},
    "/v1/looks/{look_id}:take": {"looked_on": DAY, "outcome": "nothing_found"},
    "/v1/looks/{look_id}:drop": None,
    "/v1/self-checks/{check_id}:answer": {"answers": [{"amount": "1.00"}]},
    "/v1/self-checks/{check_id}:return": {"amount": "1.00", "paid_on": DAY, "reference": "x"},
}
SENT = {"/v1/cases/{case_id}/files", "/v1/self-checks/{check_id}:upload"}


@dataclass
class Offices:
    """East has a case, a tip and so on; west is somebody of another district with every role."""

    service: Inside
    snapshot: Snapshot
    east: str
    west: str
    ids: dict[str, str]

    def ask(self, who: str, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
        if body is not None:
            options["json"] = body
        headers = {"if-match": '"1"'} | options.pop("headers_of", {})
        return self.service.ask((method, path, who), snapshot=self.snapshot, headers_of=headers, **options)[0]

    def told(self, who: str, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Status and content of the answer, but for its id."""
        answer = self.ask(who, method, path, body, **options)
        return answer.status_code, answer.json() | {"request_id": ""}


@pytest.fixture
def offices(inside: Make, tiny_snapshot: Snapshot) -> Offices:
    service = inside(rate=1e6, burst=1e6)
    service.service.seals = SealKeys((b"k" * 32,))
    # A run in which each district has a hospital and a ring of its own.
    ring = replace(tiny_snapshot.rings["R;1"], ring_id="R2", scope=frozenset({EAST}))
    rings = {**tiny_snapshot.rings, "R2": ring}
    orders = {sort: (*ids, "R2") for sort, ids in tiny_snapshot.orders.items()}
    snapshot = replace(tiny_snapshot, rings=rings, orders=orders, facilities={"F1": EAST, "F2": WEST})
    east, west = (service.key(*ROLES, districts=(one,)) for one in (EAST, WEST))
    made = Offices(service, snapshot, east, west, {})
    for name, path, body in (
        ("case_id", "/v1/cases", {"title": "曾氏", "districts": [EAST], "ring_id": "R;1", "campaign": "spring"}),
        ("tip_id", "/v1/tips", TIP | {"district": EAST, "entities": [LEARNT]}),
        ("watch_id", "/v1/watch", WATCHED | {"district": EAST}),
        ("look_id", "/v1/looks", {"facility_id": "F1", "planned_on": SOON}),
        ("check_id", "/v1/self-checks", {"facility_id": "F1", "items": ["x"]}),
    ):
        answer = made.ask(east, "POST", path, body)
        assert answer.status_code == 201, answer.text
        made.ids[name] = answer.json()[name]
    return made


def test_every_route_answers_about_anothers_as_about_nobodys(offices: Offices) -> None:
    tried = 0
    for method, path in RULES:
        named = [name for name in NOBODYS if f"{{{name}}}" in path]
        if not named or path.endswith("/spread"):  # of all districts only
            continue
        options: dict[str, Any] = {}
        if method == "POST" and path in SENT:
            options = {"params": {"name": "a.txt"}, "content": b"x"}
            if path.endswith(":upload"):
                options = {"files": {"file": ("a.xlsx", b"x")}}
        elif method == "POST":
            options = {"body": BODIES[path]}
        theirs, nobodys = (
            offices.told(offices.west, method, path.format(**ids, number=1), **options)
            for ids in (offices.ids, NOBODYS)
        )
        assert theirs == nobodys, path
        assert theirs[0] == 404, (path, theirs)
        assert theirs[1]["code"].startswith("unknown_"), path
        tried += 1
    assert tried >= 45
    assert offices.ask(offices.east, "GET", f"/v1/cases/{offices.ids['case_id']}").json()["version"] == 1


def test_id_of_another_district_in_a_body_is_as_unknown_as_nobodys(offices: Offices) -> None:
    mine = offices.ask(offices.west, "POST", "/v1/cases", {"title": "x", "districts": [WEST]}).json()["case_id"]
    abroad = offices.service.login("investigator", districts=(EAST,))
    (known,) = offices.service.ask(("GET", "/v1/session", abroad))
    for path, body, theirs, nobodys in (
        ("/v1/cases", {"title": "x", "districts": [WEST]}, {"tip_id": offices.ids["tip_id"]}, {"tip_id": "T0a"}),
        ("/v1/cases", {"title": "x", "districts": [WEST]}, {"ring_id": "R2"}, {"ring_id": "R9"}),
        (f"/v1/cases/{mine}:link", {}, {"ring_id": "R2"}, {"ring_id": "R9"}),
        (
            f"/v1/cases/{mine}:close",
            {"resolution": "duplicate", "reason": "x"},
            {"duplicate_of": offices.ids["case_id"]},
            {"duplicate_of": "C2026-009999"},
        ),
        (f"/v1/cases/{mine}:assign", {}, {"assignee": known.json()["user_id"]}, {"assignee": "u0"}),
        ("/v1/looks", {"planned_on": SOON}, {"facility_id": "F1"}, {"facility_id": "F9"}),
        ("/v1/self-checks", {"items": ["x"]}, {"facility_id": "F1"}, {"facility_id": "F9"}),
    ):
        told = [offices.told(offices.west, "POST", path, body | one) for one in (theirs, nobodys)]
        assert told[0] == told[1], path
        assert told[0][0] >= 400, path


def test_filters_find_nothing_of_another_district(offices: Offices) -> None:
    ids = offices.ids
    for query in (
        *(
            "ring_id=R;1",
            "campaign=spring",
            f"text={ids['case_id']}",
            "text=曾氏",
            f"district={EAST}",
            "origin=ring",
        ),
        *("state=new", "open=true", "priority=normal"),
    ):
        assert offices.ask(offices.east, "GET", "/v1/cases", params=query).json()["total"] == 1, query
        assert offices.ask(offices.west, "GET", "/v1/cases", params=query).json()["total"] == 0, query
    for path, named in (("/v1/looks", "looks"), ("/v1/self-checks", "self_checks")):
        for query in ("", f"district={EAST}", "facility_id=F1"):
            told = offices.ask(offices.west, "GET", path, params=query).json()
            assert (told["total"], told[named]) == (0, []), query
    for path, named in (("/v1/tips:search", "tips"), ("/v1/watch:search", "watched")):
        for body in ({}, {"district": EAST}, LEARNT, {"text": "P1"}, {"text": "曾氏"}):
            told = offices.ask(offices.west, "POST", path, body).json()
            assert (told["total"], told[named]) == (0, []), body
    coverage = offices.ask(offices.west, "GET", "/v1/screening", params={"district": EAST}).json()
    assert (coverage["facilities"], coverage["following"]) == (0, [])
    (ring,) = offices.ask(offices.west, "GET", "/v1/rings").json()["rings"]
    assert (ring["ring_id"], ring["case"], ring["tips"], ring["suppressed"]) == ("R;1", None, 0, False)
    assert offices.ask(offices.west, "GET", "/v1/rings", params="case=open").json()["total"] == 0
    assert offices.ask(offices.west, "GET", "/v1/rings:overview").json()["rings"] == 1


def test_cursor_of_who_sees_more_shows_no_more(offices: Offices) -> None:
    boss = offices.service.key(*ROLES)
    for n in range(2):
        offices.ask(boss, "POST", "/v1/cases", {"title": f"x {n}", "districts": [EAST]})
    mine = offices.ask(offices.west, "POST", "/v1/cases", {"title": "mine", "districts": [WEST]}).json()["case_id"]
    for n in range(2):
        offices.ask(boss, "POST", "/v1/watch", WATCHED | {"entity_id": f"P{n + 5}", "district": EAST})
    cursor = offices.ask(boss, "GET", "/v1/cases?sort=created&limit=2").json()["next_cursor"]
    rest = offices.ask(offices.west, "GET", f"/v1/cases?sort=created&cursor={cursor}").json()
    assert (rest["cases"], rest["total"]) == ([], 1)
    (one,) = offices.ask(offices.west, "GET", "/v1/cases?sort=created").json()["cases"]
    assert one["case_id"] == mine
    cursor = offices.ask(boss, "POST", "/v1/watch:search", {"limit": 1}).json()["next_cursor"]
    told = offices.ask(offices.west, "POST", "/v1/watch:search", {"cursor": cursor}).json()
    assert (told["watched"], told["total"]) == ([], 0)
    cursor = offices.ask(boss, "GET", "/v1/rings?limit=1").json()["next_cursor"]
    assert offices.ask(offices.west, "GET", f"/v1/rings?cursor={cursor}").json()["total"] == 1


def test_ring_of_two_districts_has_a_case_in_each_and_neither_is_told_of_the_other(offices: Offices) -> None:
    new = {"title": "x", "ring_id": "R;1"}
    made = offices.ask(offices.west, "POST", "/v1/cases", new | {"districts": [WEST]})
    assert made.status_code == 201
    mine, theirs = made.json()["case_id"], offices.ids["case_id"]
    for who, own in ((offices.west, mine), (offices.east, theirs)):
        status, told = offices.told(who, "POST", "/v1/cases", new | {"districts": [WEST, EAST]})
        assert (status, told["code"]) == (409, "ring_has_case")
        assert own in told["detail"]
        listed = offices.ask(who, "GET", "/v1/rings").json()["rings"]
        assert listed[0]["case"]["case_id"] == own
    # What west finds to be none is quiet in its own lists, and in those of who sees all.
    closing = {"resolution": "false_positive", "reason": "a home", "suppress": True}
    assert offices.ask(offices.west, "POST", f"/v1/cases/{mine}:close", closing).status_code == 200
    boss = offices.service.key("supervisor")
    quiet = [
        offices.ask(who, "GET", "/v1/rings", params="suppressed=true").json()["total"]
        for who in (offices.west, offices.east, boss)
    ]
    assert quiet == [1, 0, 1]
    marked = [
        offices.ask(who, "GET", "/v1/rings/R;1").json()["suppressed"] for who in (offices.west, offices.east, boss)
    ]
    assert marked == [True, False, True]


def test_who_moves_to_another_district_sees_the_old_one_no_more(offices: Offices) -> None:
    path = f"/v1/cases/{offices.ids['case_id']}"
    login = offices.service.login("supervisor", districts=(EAST,))
    user = offices.service.ask(("GET", "/v1/session", login))[0].json()["user_id"]
    etag = offices.service.ask(("GET", path, login), snapshot=offices.snapshot)[0].headers["etag"]
    admin = offices.service.key("admin")
    moved = {"roles": ["supervisor"], "districts": [WEST]}
    (done,) = offices.service.ask(("POST", f"/v1/users/{user}:change", admin), json=moved)
    assert done.status_code == 200
    offices.service.service.logins._known.clear()  # a second later
    for method, end in (("GET", ""), ("GET", "/history"), ("POST", ":assign")):
        options: dict[str, Any] = {"json": {}} if method == "POST" else {}
        for headers in ({"if-match": etag}, {"if-match": '"1"', "if-none-match": etag}):
            asked = (method, path + end, login)
            (told,) = offices.service.ask(asked, snapshot=offices.snapshot, headers_of=headers, **options)
            assert (told.status_code, told.json()["code"]) == (404, "unknown_case")


def test_report_of_another_district_is_empty(offices: Offices) -> None:
    for name in ("weekly", "statistics", "campaign"):
        query = {"first": "2020-01-01", "last": DAY, "district": EAST} | (
            {"campaign": "spring"} if name[0] == "c" else {}
        )
        told = offices.ask(offices.west, "GET", f"/v1/reports/{name}", params=query)
        assert told.status_code == 200, told.text
        assert offices.ids["case_id"] not in told.text
        assert '"count":1' not in told.text.replace(" ", "")
