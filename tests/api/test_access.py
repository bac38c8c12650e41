"""Who may use what. The matrix is written here by hand and asked of every route that the application has."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringfinder.casebook import keys
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.keys import ROLES
from ringfinder.casebook.people import ROLES_OF_PEOPLE
from ringfinder.errors import StoreError
from ringfinder.workspace import Workspace
from ringfinder_api.access.allowance import Allowance
from ringfinder_api.access.guard import Guarded
from ringfinder_api.access.keyring import Keyring
from ringfinder_api.access.logins import csrf_token
from ringfinder_api.access.rules import RULES
from ringfinder_api.app import create_app
from ringfinder_api.service import Service
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import PATIENCE, Inside, Served, until

Make = Callable[..., Inside]

# viewer analyst investigator supervisor tip_officer system admin; p: only who is logged in; w: only who sees all districts
MATRIX = """
GET  /metrics                                      -  -  -  -  -  -  +  .
GET  /v1/scores/{entity_type}/{entity_id:path}     +  +  +  +  +  +  -  .
POST /v1/scores:batch                              +  +  +  +  +  +  -  .
POST /v1/scores:claim                              +  +  +  +  +  +  -  .
POST /v1/search                                    +  +  +  +  +  -  -  .
GET  /v1/rings                                     +  +  +  +  +  -  -  .
GET  /v1/rings:overview                            +  +  +  +  +  -  -  .
GET  /v1/rings:map                                 +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}                           +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/graph                     +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/timeline                  +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/evidence                  +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/history                   +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/similar                   +  +  +  +  +  -  -  .
GET  /v1/rings/{ring_id}/around                    -  +  +  +  -  -  -  .
GET  /v1/rings/{ring_id}/peers                     -  +  +  +  -  -  -  .
GET  /v1/rings/{ring_id}/cypher                    -  +  +  +  -  -  -  .
GET  /v1/rings/{ring_id}/export.html               -  +  +  +  -  -  -  .
GET  /v1/rings/{ring_id}/export.xlsx               -  +  +  +  -  -  -  .
GET  /v1/runs                                      +  +  +  +  -  -  +  .
GET  /v1/runs/{run_id}                             +  +  +  +  -  -  +  .
GET  /v1/runs:compare                              -  +  +  +  -  -  -  .
POST /v1/runs/{run_id}:rescore                     -  +  +  +  -  -  -  .
POST /v1/runs/{run_id}:pin                         -  -  -  +  -  -  +  w
GET  /v1/runs/{run_id}/rejects                     -  -  -  +  -  -  +  w
POST /v1/claims:look                               -  -  -  +  -  -  +  w
POST /v1/runs/{run_id}:unpin                       -  -  -  +  -  -  +  w
POST /v1/runs:prune                                -  -  -  -  -  -  +  w
GET  /v1/jobs                                      +  +  +  +  -  -  +  .
GET  /v1/jobs/{job_id}                             +  +  +  +  -  -  +  .
GET  /v1/jobs/{job_id}/events                      +  +  +  +  -  -  +  .
POST /v1/jobs                                      -  -  -  +  -  -  +  w
POST /v1/jobs:upload                               -  -  -  +  -  -  +  w
POST /v1/jobs/{job_id}:cancel                      -  -  -  +  -  -  +  w
GET  /v1/webhooks                                  -  -  -  -  -  -  +  .
POST /v1/webhooks                                  -  -  -  -  -  -  +  w
GET  /v1/webhooks/{webhook_id}/deliveries          -  -  -  -  -  -  +  .
POST /v1/webhooks/{webhook_id}:test                -  -  -  -  -  -  +  w
POST /v1/webhooks/{webhook_id}:remove              -  -  -  -  -  -  +  w
POST /v1/deliveries/{delivery_id}:replay           -  -  -  -  -  -  +  w
POST /v1/cypher                                    -  +  -  -  -  -  -  w
GET  /v1/queries                                   -  +  +  +  -  -  -  .
GET  /v1/queries/{folder}/{query}                  -  +  +  +  -  -  -  .
POST /v1/queries/{folder}/{query}:run              -  +  +  +  -  -  -  w
GET  /v1/cases                                     -  -  +  +  -  -  -  .
POST /v1/cases                                     -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}                           -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:change                    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:assign                    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:release                   -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:begin                     -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:close                     -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:reopen                    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:link                      -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}:unmask                    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/violations                -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/violations/{number}:remove -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/hearings                  -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/checks                    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/checks/{number}:answer    -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions                 -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions/{number}:issue  -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions/{number}:withdraw -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions/{number}:revoke -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions/{number}:carry_out -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/decisions/{number}:receive -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}/evidence.zip              -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}/notes                     -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/notes                     -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}/files                     -  -  +  +  -  -  -  .
POST /v1/cases/{case_id}/files                     -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}/files/{number}            -  -  +  +  -  -  -  .
GET  /v1/cases/{case_id}/history                   -  -  +  +  -  -  -  .
GET  /v1/colleagues                                -  -  +  +  -  -  -  .
GET  /v1/reports/{report}                          -  -  -  +  -  -  -  .
GET  /v1/users                                     -  -  -  -  -  -  +  .
GET  /v1/unmaskings                                -  -  -  +  -  -  +  w
POST /v1/users                                     -  -  -  -  -  -  +  w
POST /v1/users/{user_id}:change                    -  -  -  -  -  -  +  w
POST /v1/users/{user_id}:invite                    -  -  -  -  -  -  +  w
POST /v1/users/{user_id}:disable                   -  -  -  -  -  -  +  w
POST /v1/users/{user_id}:enable                    -  -  -  -  -  -  +  w
POST /v1/tips:search                               -  -  +  +  +  -  -  .
POST /v1/tips                                      -  -  -  -  +  -  -  .
GET  /v1/tips/{tip_id}                             -  -  +  +  +  -  -  .
GET  /v1/tips/{tip_id}/similar                     -  -  +  +  +  -  -  .
POST /v1/tips/{tip_id}:change                      -  -  -  -  +  -  -  .
POST /v1/tips/{tip_id}:step                        -  -  -  -  +  -  -  .
POST /v1/tips/{tip_id}:extend                      -  -  -  +  -  -  -  .
POST /v1/tips/{tip_id}:identify                    -  -  -  -  +  -  -  .
POST /v1/tips/{tip_id}:reporter                    -  -  -  -  +  -  -  .
POST /v1/tips/{tip_id}:receipt                     -  -  -  -  +  -  -  .
POST /v1/tips:receipt                              -  -  -  -  +  -  -  .
POST /v1/tips/{tip_id}:reward                      -  -  -  +  -  -  -  .
POST /v1/tips/{tip_id}:pay                         -  -  -  -  +  -  -  .
GET  /v1/tips:seals                                -  -  -  -  +  -  +  .
POST /v1/watch:search                              -  -  +  +  +  -  -  .
POST /v1/watch                                     -  -  +  +  -  -  -  .
GET  /v1/watch/{watch_id}                          -  -  +  +  +  -  -  .
POST /v1/watch/{watch_id}:extend                   -  -  +  +  -  -  -  .
POST /v1/watch/{watch_id}:end                      -  -  +  +  -  -  -  .
GET  /v1/watch/{watch_id}/spread                   -  -  +  +  -  -  -  w
POST /v1/facilities:search                         -  -  +  +  +  -  -  .
GET  /v1/screening                                 -  -  +  +  -  -  -  .
GET  /v1/looks                                     -  -  +  +  -  -  -  .
POST /v1/looks                                     -  -  +  +  -  -  -  .
GET  /v1/looks/{look_id}                           -  -  +  +  -  -  -  .
POST /v1/looks/{look_id}:take                      -  -  +  +  -  -  -  .
POST /v1/looks/{look_id}:drop                      -  -  +  +  -  -  -  .
GET  /v1/self-checks                               -  -  +  +  -  -  -  .
POST /v1/self-checks                               -  -  +  +  -  -  -  .
GET  /v1/self-checks/{check_id}                    -  -  +  +  -  -  -  .
GET  /v1/self-checks/{check_id}/list.xlsx          -  -  +  +  -  -  -  .
POST /v1/self-checks/{check_id}:answer             -  -  +  +  -  -  -  .
POST /v1/self-checks/{check_id}:upload             -  -  +  +  -  -  -  .
POST /v1/self-checks/{check_id}:return             -  -  +  +  -  -  -  .
GET  /v1/session                                   p  p  p  p  p  p  p  .
POST /v1/session:end                               p  p  p  p  p  p  p  .
POST /v1/session:password                          p  p  p  p  p  p  p  .
"""
OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("GET", "/welcome"),
    ("GET", "/"),
    ("GET", "/app"),
    ("GET", "/app/{path:path}"),
    ("POST", "/v1/session"),
    ("POST", "/v1/invitations:accept"),
    ("GET", "/v1/oidc:login"),
    ("GET", "/v1/oidc:callback"),
}


def matrix() -> dict[tuple[str, str], dict[str, str]]:
    """(method, path) -> role -> its mark, and under `whole` the last one."""
    table = {}
    for line in MATRIX.strip().splitlines():
        method, path, *marks = line.split()
        table[method, path] = dict(zip((*ROLES, "whole"), marks, strict=True))
    return table


def refusal(marks: dict[str, str], role: str, kind: str, districts: object) -> str | None:
    """The code with which somebody is refused; None: it is somebody's to ask."""
    if marks[role] == "p" and kind == "key":
        return "people_only"
    if marks[role] == "-":
        return "forbidden"
    return "all_districts" if marks["whole"] == "w" and districts is not None else None


def routes(app: object) -> set[tuple[str, str]]:
    """Every (method, path) that the application answers, whatever kind of route it is."""
    found = set()
    for route in app.routes:  # type: ignore[attr-defined]
        found |= {(method, route.path) for method in route.methods}
    return found


def address(path: str) -> str:
    """An address of the route; nothing that is there."""
    return re.sub(r"\{[^}]+\}", "patient", path)


def test_matrix_rules_and_routes_are_about_the_same_routes(inside: Make) -> None:
    service = inside()
    assert routes(service.app) == set(RULES) == set(matrix()) | OPEN
    assert all(isinstance(route, Guarded) for route in service.app.routes)


def test_route_without_a_rule_keeps_the_service_from_starting(tmp_path: Path) -> None:
    app = create_app(Service(Workspace(tmp_path), lambda: ()))
    with pytest.raises(KeyError, match="/v1/secrets"):
        app.get("/v1/secrets")(lambda: "all of them")


@pytest.mark.parametrize("districts", [None, ("西城",)])
@pytest.mark.parametrize(
    ("kind", "role"),
    [*(("key", role) for role in ROLES), *(("user", role) for role in ROLES_OF_PEOPLE)],
)
def test_role_reaches_what_the_matrix_says(
    inside: Make, tiny_snapshot: Snapshot, kind: str, role: str, districts: tuple[str, ...] | None
) -> None:
    service = inside(rate=1e6, burst=1e6)
    who = service.key(role, districts=districts) if kind == "key" else service.login(role, districts=districts)
    asked = sorted(matrix(), key=lambda route: (route[1] == "/v1/session:end", route))
    answers = service.ask(*((method, address(path), who) for method, path in asked), snapshot=tiny_snapshot)
    refused = {
        route: answer.json()["code"]
        for route, answer in zip(asked, answers, strict=True)
        if answer.status_code in (401, 403)
    }
    expected = {route: refusal(marks, role, kind, districts) for route, marks in matrix().items()}
    assert refused == {route: code for route, code in expected.items() if code is not None}
    assert not any(answer.status_code == 500 for answer in answers)


def test_session_without_its_token_changes_nothing(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    who = service.login(*ROLES_OF_PEOPLE)
    for forged in (replace(who, csrf=""), replace(who, csrf=csrf_token("another")), replace(who, csrf="é")):
        for method, path in sorted(matrix()):
            (answer,) = service.ask((method, address(path), forged), snapshot=tiny_snapshot)
            assert (method == "GET") == (answer.status_code != 403), path
            assert method == "GET" or answer.json()["code"] == "no_csrf_token", path


def test_session_that_is_unknown_or_over_reaches_nothing(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    ended = service.login("admin")
    service.ask(("POST", "/v1/session:end", ended), snapshot=tiny_snapshot)
    for who in (ended, replace(ended, secret="unknown", csrf=csrf_token("unknown"))):
        answers = service.ask(*((method, address(path), who) for method, path in matrix()), snapshot=tiny_snapshot)
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "no_session")}


def test_roles_of_a_key_add_up(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    key = service.key("system", "admin")
    answers = service.ask(
        ("GET", "/v1/runs", key),
        ("GET", "/v1/scores/patient/P1", key),
        ("GET", "/v1/rings", key),
        snapshot=tiny_snapshot,
    )
    assert [answer.status_code for answer in answers] == [200, 200, 403]


def test_without_a_key_that_works_nothing_is_told(
    inside: Make, tiny_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfinder_api.access.keyring.APART_SECONDS", 0.0)  # hundreds of keys that do not work
    monkeypatch.setattr("ringfinder_api.access.keyring.ANSWER_SECONDS", PATIENCE)
    service = inside(rate=1e6, burst=1e6)
    good, expired, revoked = service.key(*ROLES), service.key(*ROLES, days=0), service.key(*ROLES)
    keys.revoke(service.book, keys.split(revoked)[0])
    key_id, secret = keys.split(good)
    others = (None, "", "x", expired, revoked, good[:-1], f"rf_{key_id}_", f"rf_unknown_{secret}", f"{good}é")
    for method, path in sorted(matrix()):
        answers = service.ask(*((method, address(path), other) for other in others), snapshot=tiny_snapshot)
        assert [answer.status_code for answer in answers] == [401] * len(others), path
        assert all(answer.headers["www-authenticate"] == "Bearer" for answer in answers)
        assert not any(answer.json()["code"] not in ("no_key", "wrong_key") for answer in answers)


def test_ring_elsewhere_is_as_unknown_as_one_that_is_not_there(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    here, elsewhere = service.key("analyst", districts=("西城",)), service.key("analyst", districts=("elsewhere",))
    paths = [
        address(path).replace("patient", "R;1")
        for method, path in matrix()
        if "{ring_id}" in path and not path.endswith("cypher")
    ]
    assert len(paths) == 10
    opens = ("export.html", "export.xlsx", "around", "peers")
    for path in (f"{path}?of=m1" if path.endswith(opens[2:]) else path for path in paths):
        mine, theirs = service.ask(("GET", path, here), ("GET", path, elsewhere), snapshot=tiny_snapshot)
        unknown = service.ask(("GET", path.replace("R;1", "R9"), elsewhere), snapshot=tiny_snapshot)[0]
        # Some open the run, which this service has not: what matters is that the key got so far.
        read = not path.partition("?")[0].endswith(opens)
        assert mine.status_code == 200 if read else mine.json()["code"] == "query_failed"
        told = theirs.json() | {"request_id": ""}
        assert theirs.status_code == 404
        assert told == unknown.json() | {"request_id": ""}
    listed = [
        one.json()["total"]
        for one in service.ask(("GET", "/v1/rings", here), ("GET", "/v1/rings", elsewhere), snapshot=tiny_snapshot)
    ]
    assert listed == [1, 0]  # R0 has no district: only keys without a limit see it


def test_answers_over_all_districts_are_not_for_keys_of_some(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    key = service.key("supervisor", districts=("西城",))
    (refused,) = service.ask(("POST", "/v1/queries/hunt/after-death:run", key), snapshot=tiny_snapshot)
    assert (refused.status_code, refused.json()["code"]) == (403, "all_districts")


def test_revoked_key_stops_within_seconds_and_a_rotated_one_goes_on(served: Served) -> None:
    shown = served.key("system")
    with served.client(shown) as client:
        path = "/v1/scores/patient/P00001"
        assert client.get(path).status_code == 200
        key_id = keys.split(shown)[0]
        with keys_of(served) as book:
            _, new = keys.rotate(book, key_id, hours=1)
            assert client.get(path).status_code == 200
            keys.revoke(book, key_id)
        began = time.monotonic()
        until(lambda: client.get(path).status_code == 401, seconds=5)
        assert time.monotonic() - began < 5
        assert client.get(path, headers={"authorization": f"Bearer {new}"}).status_code == 200


def test_new_key_works_at_once_and_who_guesses_causes_few_readings(tmp_path: Path) -> None:
    readings = 0
    with open_casebook(tmp_path) as book:
        stored, shown = keys.create(book, "test", ("system",), None, None)

    def read() -> tuple[keys.Key, ...]:
        nonlocal readings
        readings += 1
        return () if readings == 1 else (stored,)

    async def asked() -> tuple[str, list[object]]:
        ring = Keyring(read)
        await ring.refresh()
        caller = await ring.check(f"Bearer {shown}")
        guesses = (ring.check(f"Bearer {shown}{number}") for number in range(50))
        return caller.caller_id, await asyncio.gather(*guesses, return_exceptions=True)

    found, guessed = asyncio.run(asked())
    assert found == stored.key_id
    assert [getattr(one, "code", None) for one in guessed] == ["wrong_key"] * 50
    assert readings == 3  # at the start, for the new key, and once for all who guess at the same time


@pytest.mark.parametrize("hangs", [False, True])
def test_key_that_cannot_be_looked_for_is_not_called_wrong_and_nobody_waits_for_the_others(
    hangs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfinder_api.access.keyring.ANSWER_SECONDS", 0.2)
    readings, gone_on = 0, threading.Event()

    def read() -> tuple[keys.Key, ...]:
        nonlocal readings
        readings += 1
        if readings > 1 and hangs:
            gone_on.wait(PATIENCE)
        if readings > 1:
            raise StoreError("the casebook's database does not answer")
        return ()

    async def asked() -> list[object]:
        ring = Keyring(read)
        await ring.refresh()
        try:
            guesses = (ring.check(f"Bearer rf_unknown_{number}") for number in range(100))
            told = await asyncio.gather(*guesses, return_exceptions=True)
            return [*told, *await asyncio.gather(ring.check("Bearer rf_later_secret"), return_exceptions=True)]
        finally:
            gone_on.set()

    told = asyncio.run(asked())
    assert [getattr(one, "code", None) for one in told] == ["keys_unavailable"] * 101
    # One at the start, one for all who asked together; who asks later waits for that one where it still goes on.
    assert readings == (2 if hangs else 3)


def keys_of(served: Served) -> Casebook:
    return open_casebook(served.workspace)


def test_no_key_is_trusted_when_the_casebook_has_long_been_silent(
    inside: Make, tiny_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = inside()
    key = service.key("system")
    path = "/v1/scores/patient/P1"
    assert service.ask(("GET", path, key), snapshot=tiny_snapshot)[0].status_code == 200
    monkeypatch.setattr("ringfinder_api.access.keyring.TRUSTED_SECONDS", -1.0)
    (refused,) = service.ask(("GET", path, key), snapshot=tiny_snapshot)
    assert (refused.status_code, refused.json()["code"]) == (503, "keys_unavailable")


def test_service_does_not_start_without_its_casebook(inside: Make) -> None:
    def silent() -> tuple[keys.Key, ...]:
        raise StoreError("the casebook's database does not answer")

    service = inside().service
    broken = Service(service.workspace, silent)

    async def start() -> None:
        async with broken.going():
            raise AssertionError("it started")

    with pytest.raises(StoreError):
        asyncio.run(start())


def test_who_asks_too_often_is_told_when_to_come_again(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1.0, burst=2.0)
    often, other = service.key("system"), service.key("system")
    path = "/v1/scores/patient/P1"
    asked = [("GET", path, often)] * 3 + [("GET", path, other), ("POST", "/v1/scores:batch", other)]
    answers = service.ask(*asked, snapshot=tiny_snapshot)
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 429]
    assert answers[2].json()["code"] == "too_many"
    assert answers[2].headers["retry-after"] == "1"
    assert answers[4].headers["retry-after"] == "19"


def test_allowance_comes_back_with_time_and_never_exceeds_its_burst() -> None:
    allowance = Allowance(rate=2.0, burst=4.0)
    assert [allowance.take("k", 1, 0.0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert [allowance.take("k", 1, 1.0) for _ in range(3)] == [0, 0, 1]
    assert [allowance.take("k", 1, 1000.0) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert allowance.take("other", 4, 0.0) == 0


def test_key_that_expires_stops_at_that_moment(inside: Make) -> None:
    service = inside()
    key, _ = keys.create(service.book, "short", ["system"], None, 1)
    assert key.expires_at is not None
    assert key.works(datetime.now(UTC))
    assert not key.works(key.expires_at)
