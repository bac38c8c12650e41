"""Cases over HTTP: versions and ETags, districts, rings that are found again, notes, files, false positives that stay quiet."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from ringfinder.casebook import audit
from ringfinder_api.snapshot import RingEntry, Snapshot
from tests.api.conftest import Inside, Login

Make = Callable[..., Inside]
CASES = "/v1/cases"


class Desk:
    """Somebody at work: asks as one person, and names in If-Match what was seen last."""

    def __init__(self, service: Inside, who: Login | str, snapshot: Snapshot) -> None:
        self._service, self._who, self._snapshot = service, who, snapshot
        self.etag = ""

    def ask(self, method: str, path: str, etag: str | None = None, **options: Any) -> httpx.Response:
        seen = {"if-match": self.etag if etag is None else etag}
        (answer,) = self._service.ask(
            (method, path, self._who),
            snapshot=self._snapshot,
            headers_of={k: v for k, v in seen.items() if v},
            **options,
        )
        if "etag" in answer.headers and answer.status_code < 300:
            self.etag = answer.headers["etag"]
        return answer

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path, etag="")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, expected: int = 200, **body: Any) -> Any:
        answer = self.ask("POST", path, json=body)
        assert answer.status_code == expected, answer.text
        return answer.json()


@pytest.fixture
def boss(inside: Make, tiny_snapshot: Snapshot) -> Desk:
    service = inside(rate=1e6, burst=1e6)
    return Desk(service, service.login("supervisor"), tiny_snapshot)


HUGE = ("created", "9" * 30), ("priority", "9" * 30), ("created", "-1")
FAR = ("updated", "0001-01-01T00:00:00+14:00"), ("updated", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize(("order", "value"), [*HUGE, *FAR])
def test_cursor_of_a_place_that_no_database_has_is_refused(inside: Make, order: str, value: str) -> None:
    service = inside()
    cursor = urlsafe_b64encode(json.dumps([f"cases.{order}", value, "C1"]).encode()).decode().rstrip("=")
    (told,) = service.ask(("GET", f"{CASES}?sort={order}&cursor={cursor}", service.key("supervisor")))
    assert (told.status_code, told.json()["code"]) == (422, "bad_cursor")


def test_cursor_of_another_list_is_refused(boss: Desk) -> None:
    for n in range(2):
        boss.post(CASES, 201, title=f"case {n}", districts=["西城"], due_on="2026-06-01")
    cursor = boss.get(f"{CASES}?sort=due&limit=1")["next_cursor"]
    assert len(boss.get(f"{CASES}?sort=due&cursor={cursor}")["cases"]) == 1
    for path in ("/v1/self-checks", "/v1/looks", f"{CASES}"):
        told = boss.ask("GET", f"{path}?cursor={cursor}", etag="")
        assert (told.status_code, told.json()["code"]) == (422, "bad_cursor")
    for path, body in (("/v1/tips:search", {"sort": "due"}), ("/v1/watch:search", {})):
        assert boss.post(path, 422, cursor=cursor, **body)["code"] == "bad_cursor"


def test_ring_becomes_a_case_that_is_worked_on_and_closed(boss: Desk) -> None:
    made = boss.post(CASES, 201, title="claims after death", ring_id="R;1", priority="high")
    path = f"{CASES}/{made['case_id']}"
    assert (made["state"], made["origin"], made["origin_id"]) == ("new", "ring", "R;1")
    assert made["districts"] == ["东;城", "西城"]
    (ring,) = made["rings"]
    assert (ring["patients"], ring["fund_amount"], ring["became"]) == (3, "180.50", "unchanged")
    assert ring["now"] == [{"ring_id": "R;1", "shared": 3}]
    assert boss.post(f"{path}:assign")["state"] == "assigned"
    begun = boss.post(f"{path}:begin")
    assert begun["possible"] == ["assign", "hear", "decide", "close"]
    assert "within 90 days of filing" in begun["due_basis"]
    changed = boss.post(f"{path}:change", due_on="2026-05-01", summary="the ward's books")
    assert (changed["due_on"], changed["priority"], changed["version"]) == ("2026-05-01", "high", 4)
    assert (changed["due_basis"], changed["due_provisional"]) == (None, False)
    assert boss.post(f"{path}:close", 422, resolution="handed_over")["code"] == "reason_needed"
    closed = boss.post(f"{path}:close", resolution="handed_over", reason="to the police")
    assert (closed["state"], closed["possible"]) == ("closed", ["reopen"])
    assert boss.post(f"{path}:begin", 409)["code"] == "step_refused"
    assert boss.get(f"{CASES}?open=false")["cases"][0]["case_id"] == made["case_id"]


def test_change_needs_the_version_that_was_seen(boss: Desk) -> None:
    made = boss.post(CASES, 201, title="x", districts=["西城"])
    path = f"{CASES}/{made['case_id']}"
    first = boss.etag
    assert first.startswith('"1-')
    for etag in ("", "*", "1", '"x"'):
        refused = boss.ask("POST", f"{path}:change", etag=etag, json={"title": "y"})
        assert (refused.status_code, refused.json()["code"]) == (428, "version_needed")
    for etag, title in ((first, "y"), ('"2"', "z"), ('W/"3-ab"', "w")):
        assert boss.ask("POST", f"{path}:change", etag=etag, json={"title": title}).json()["title"] == title
    late = boss.ask("POST", f"{path}:change", etag=first, json={"title": "late"})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert "version 4" in late.json()["detail"]
    assert boss.get(path)["title"] == "w"


def test_get_is_conditional_and_differs_by_language(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    who = service.login("supervisor")
    (made,) = service.ask(("POST", CASES, who), json={"title": "x", "districts": ["西城"]}, snapshot=tiny_snapshot)
    path = made.headers["location"]
    (en,) = service.ask(("GET", path, who))
    (zh,) = service.ask(("GET", path, who), headers_of={"accept-language": "zh"})
    assert (en.json()["state_name"], zh.json()["state_name"]) == ("new", "新建")
    assert en.headers["etag"] != zh.headers["etag"]
    (same,) = service.ask(("GET", path, who), headers_of={"if-none-match": en.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_repeated_request_is_done_once_also_when_the_version_went_on(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    who = service.login("supervisor")
    body = {"title": "x", "districts": ["西城"]}
    once = {"idempotency-key": "one"}
    first, again = (
        service.ask(("POST", CASES, who), json=body, headers_of=once, snapshot=tiny_snapshot)[0] for _ in range(2)
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    path = f"{CASES}/{first.json()['case_id']}:change"
    change = {"idempotency-key": "two", "if-match": '"1"'}
    for _ in range(2):
        (done,) = service.ask(("POST", path, who), json={"title": "y"}, headers_of=change, snapshot=tiny_snapshot)
        assert (done.status_code, done.json()["version"]) == (200, 2)
    (listed,) = service.ask(("GET", CASES, who))
    assert listed.json()["total"] == 1


def test_file_that_is_sent_with_the_key_of_another_is_not_taken_for_it(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    who = service.login("supervisor")
    (made,) = service.ask(("POST", CASES, who), json={"title": "x", "districts": ["西城"]}, snapshot=tiny_snapshot)
    path = f"{made.headers['location']}/files"

    def sent(content: bytes) -> httpx.Response:
        asked = ("POST", f"{path}?name=a.txt", who)
        return service.ask(asked, content=content, headers_of={"idempotency-key": "k"})[0]

    first = sent(b"first")
    assert (first.status_code, sent(b"first").json()) == (201, first.json())
    other = sent(b"other")
    assert (other.status_code, other.json()["code"]) == (422, "repeat_differs")
    assert service.ask(("GET", path, who))[0].json() == {"files": [first.json()]}


def test_people_of_other_districts_see_neither_case_nor_papers(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor"), tiny_snapshot)
    west = Desk(service, service.login("investigator", districts=("西城",)), tiny_snapshot)
    other = Desk(service, service.login("investigator", districts=("elsewhere",)), tiny_snapshot)
    made = boss.post(CASES, 201, title="x", ring_id="R;1")
    path = f"{CASES}/{made['case_id']}"
    assert west.get(path)["rings"][0]["became"] == "unchanged"
    assert [west.get(CASES)["total"], other.get(CASES)["total"]] == [1, 0]
    for method, end in (("GET", ""), ("GET", "/notes"), ("GET", "/files"), ("GET", "/files/1"), ("POST", ":begin")):
        told, unknown = (other.ask(method, one + end, etag='"1"') for one in (path, f"{CASES}/C2026-000099"))
        assert told.status_code == 404
        assert told.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
    assert other.post(CASES, 404, title="x", ring_id="R;1")["code"] == "unknown_ring"
    assert other.post(CASES, 403, title="x", districts=["西城"])["code"] == "foreign_district"


def test_list_is_paged_filtered_and_searched(boss: Desk) -> None:
    ids = [
        boss.post(CASES, 201, title=f"案件 {n}", districts=["西城"], priority="high" if n == 1 else "low")
        for n in range(3)
    ]
    names = [one["case_id"] for one in ids]
    first = boss.get(f"{CASES}?sort=created&limit=2")
    assert ([one["case_id"] for one in first["cases"]], first["total"]) == ([names[2], names[1]], 3)
    second = boss.get(f"{CASES}?sort=created&limit=2&cursor={first['next_cursor']}")
    assert ([one["case_id"] for one in second["cases"]], second["next_cursor"]) == ([names[0]], None)
    for wrong in ("x", first["next_cursor"][:-3], "WyJkdWUiLCJ4IiwieSJd"):
        assert boss.ask("GET", f"{CASES}?sort=due&cursor={wrong}", etag="").json()["code"] == "bad_cursor"
    for query, found in (
        ("text=案件", 3),
        ("text=案件 000002", 1),
        ("priority=high", 1),
        ("assignee=me", 0),
        ("overdue=true", 0),
        ("open=true", 3),
    ):
        assert boss.get(f"{CASES}?{query}")["total"] == found, query


def test_notes_and_files_are_added_and_handed_out_as_they_were(boss: Desk) -> None:
    path = f"{CASES}/{boss.post(CASES, 201, title='x', districts=['西城'])['case_id']}"
    assert boss.post(f"{path}/notes", 201, text="called the ward\n护士站")["number"] == 1
    assert boss.post(f"{path}/notes", 422, text=" \n")["code"] == "invalid"
    assert [one["text"] for one in boss.get(f"{path}/notes")["notes"]] == ["called the ward\n护士站"]
    content = b"%PDF-1.7 scanned"
    added = boss.ask("POST", f"{path}/files?name=信.pdf", content=content)
    assert (added.status_code, added.json()["media_type"], added.json()["size"]) == (
        201,
        "application/pdf",
        len(content),
    )
    assert boss.get(f"{path}/files")["files"] == [added.json()]
    got = boss.ask("GET", f"{path}/files/1", etag="")
    assert (got.content, got.headers["content-type"]) == (content, "application/pdf")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%E4%BF%A1.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert boss.ask("POST", f"{path}/files?name=x.html", content=b"<script>").json()["code"] == "bad_file"
    assert boss.ask("POST", f"{path}/files?name=..%2Fx.txt", content=b"x").json()["code"] == "unsafe_name"
    assert boss.ask("GET", f"{path}/files/2", etag="").json()["code"] == "unknown_file"
    (last,) = audit.latest(boss._service.book, 1)
    assert (last.action, last.subject) == ("case.file_read", path.rpartition("/")[2])


def altered(snapshot: Snapshot, *rings: RingEntry) -> Snapshot:
    """The snapshot of another run, in which these rings are as given."""
    return replace(snapshot, run_id="another", rings={**snapshot.rings, **{one.ring_id: one for one in rings}})


def test_false_positive_stays_quiet_until_it_grows_and_stays_countable(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    who = service.login("supervisor")
    boss = Desk(service, who, tiny_snapshot)
    path = f"{CASES}/{boss.post(CASES, 201, title='x', ring_id='R;1')['case_id']}"

    def counts(desk: Desk) -> list[int]:
        return [desk.get(f"/v1/rings{query}")["total"] for query in ("", "?suppressed=true", "?suppressed=false")]

    assert counts(boss) == [2, 0, 2]
    boss.get(path)
    boss.post(f"{path}:close", resolution="false_positive", reason="a hospice", suppress=True, suppress_percent=20)
    assert counts(boss) == [2, 1, 1]
    assert [one["suppressed"] for one in boss.get("/v1/rings")["rings"]] == [True, False]
    assert boss.get("/v1/rings/R;1")["suppressed"] is True
    ring = tiny_snapshot.rings["R;1"]
    assert counts(Desk(service, who, altered(tiny_snapshot, replace(ring, harm=ring.harm * 1.2)))) == [2, 1, 1]
    grown = Desk(service, who, altered(tiny_snapshot, replace(ring, patients=4)))
    assert counts(grown) == [2, 0, 2]
    assert counts(boss) == [2, 1, 1]
    boss.get(path)
    boss.post(f"{path}:reopen")
    assert counts(boss) == [2, 0, 2]


def test_ring_that_vanished_or_went_elsewhere_is_shown_as_it_became(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    who = service.login("supervisor")
    boss = Desk(service, who, tiny_snapshot)
    made = boss.post(CASES, 201, title="x", ring_id="R;1")
    path = f"{CASES}/{made['case_id']}"
    alone = replace(tiny_snapshot, run_id="another", members={}, rings={})
    (ring,) = Desk(service, who, alone).get(path)["rings"]
    assert (ring["became"], ring["became_name"], ring["now"]) == ("vanished", "vanished", [])
    old = tiny_snapshot.rings["R;1"]
    larger = replace(old, ring_id="R9", people=(*old.people, "P7", "P8"))
    memberships = {
        key: tuple(replace(one, ring_id="R9") for one in found if one.ring_id == "R;1")
        for key, found in tiny_snapshot.members.items()
    }
    merged = replace(tiny_snapshot, run_id="another", members=memberships, rings={"R9": larger})
    (ring,) = Desk(service, who, merged).get(path)["rings"]
    assert (ring["became"], ring["now"]) == ("merged", [{"ring_id": "R9", "shared": 3}])
    hidden = replace(merged, rings={"R9": replace(larger, scope=frozenset({"elsewhere"}))})
    near = Desk(service, service.login("investigator", districts=("西城",)), hidden)
    assert near.get(path)["rings"][0]["now"] == []
    assert boss.get(path)["version"] == made["version"]


def test_list_of_rings_tells_their_cases_to_those_who_may_see_them(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor"), tiny_snapshot)
    west = Desk(service, service.login("investigator", districts=("西城",)), tiny_snapshot)
    analyst = Desk(service, service.login("analyst"), tiny_snapshot)
    assert [one["case"] for one in boss.get("/v1/rings")["rings"]] == [None, None]
    made = boss.post(CASES, 201, title="x", ring_id="R;1", districts=["东;城"])
    case = {"case_id": made["case_id"], "state": "new", "state_name": "new", "resolution": None, "assignee": None}
    assert [one["case"] for one in boss.get("/v1/rings")["rings"]] == [case, None]
    counts = {
        desk: [desk.get(f"/v1/rings?case={how}")["total"] for how in ("none", "open", "closed")]
        for desk in (boss, west, analyst)
    }
    assert counts[boss] == [1, 1, 0]
    assert counts[west][1:] == counts[analyst][1:] == [0, 0]
    assert all(one["case"] is None for desk in (west, analyst) for one in desk.get("/v1/rings")["rings"])
    boss.get(f"{CASES}/{made['case_id']}")
    boss.post(f"{CASES}/{made['case_id']}:close", resolution="false_positive", reason="a hospice")
    assert boss.get("/v1/rings?case=closed")["rings"][0]["case"]["resolution"] == "false_positive"


def test_history_and_colleagues_give_ids_and_names(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor"), tiny_snapshot)
    elsewhere = Desk(service, service.login("investigator", districts=("elsewhere",)), tiny_snapshot)
    path = f"{CASES}/{boss.post(CASES, 201, title='x', districts=['西城'])['case_id']}"
    boss.post(f"{path}:assign")
    me = boss.get(path)["assignee"]
    last = boss.get(f"{path}/history")["history"][0]
    assert (last["action"], last["by"]) == ("case.assigned", me)
    assert {"field": "assignee", "before": None, "after": me} in last["fields"]
    assert elsewhere.ask("GET", f"{path}/history", etag="").status_code == 404
    told = {
        one["caller_id"]: (one["works"], one["decides"], one["districts"])
        for one in boss.get("/v1/colleagues")["colleagues"]
    }
    assert told[me] == (True, True, None)
    assert len(told) == 2
