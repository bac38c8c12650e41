"""People: the first admin's link, users, logins, what a browser must bear."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import tiny
from fastapi import Request

from ringfinder.casebook import attempts, audit, people
from ringfinder.casebook.database import open_casebook
from ringfinder_api.access.logins import FRESH_SECONDS, Logins
from ringfinder_api.service import Service
from ringfinder_api.snapshot import Snapshot
from ringfinder_api.welcome import POLICY, SCRIPT
from tests.api.conftest import Inside, Served, serving, until

Make = Callable[..., Inside]
PASSWORD = "seven brown bears at dawn"
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/welcome#first-([\w-]{43})")


def first_link(served: Served) -> str:
    """The secret of the printed link."""
    until(lambda: bool(LINK.search("".join(served.printed))))
    found = LINK.search("".join(served.printed))
    assert found is not None
    assert found[1] == served.url
    return found[2]


def log_in(client: httpx.Client, name: str, password: str = PASSWORD) -> None:
    """Log in, and bear the token from then on."""
    answer = client.post("/v1/session", json={"name": name, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = answer.json()["csrf_token"]


def test_from_an_empty_machine_to_a_second_person_who_sees_rings_whichever_process_answers(tmp_path: Path) -> None:
    tiny.publish_run(tmp_path, graph=True)
    with serving(tmp_path, "--workers", "2") as service:
        secret = first_link(service)
        assert secret not in "".join(service.log)
        with service.client() as admin, service.client() as other:
            body = {"invitation": secret, "name": "Boss", "password": PASSWORD}
            assert admin.post("/v1/invitations:accept", json=body | {"password": "short"}).status_code == 422
            assert admin.post("/v1/invitations:accept", json=body).json() == {"status": "ok"}
            assert admin.post("/v1/invitations:accept", json=body).json()["code"] == "bad_invitation"
            assert admin.get("/v1/users").json()["code"] == "no_key"
            log_in(admin, "boss")
            wanted = {"name": "Wang Li", "roles": ["analyst"], "districts": ["西城"]}
            repeat = {"idempotency-key": "once"}
            made = admin.post("/v1/users", json=wanted, headers=repeat)
            assert (made.status_code, made.json()["ready"]) == (201, False)
            assert admin.post("/v1/users", json=wanted, headers=repeat).json() == made.json()
            assert admin.post("/v1/users", json=wanted).json()["code"] == "name_taken"
            user = f"/v1/users/{made.json()['user_id']}"
            assert admin.post(f"{user}:invite", headers={"idempotency-key": "link"}).status_code == 200
            link = admin.post(f"{user}:invite", headers={"idempotency-key": "link"}).json()
            assert link["invitation"].encode() not in b"".join(
                one.read_bytes() for one in tmp_path.glob("casebook.db*")
            )
            assert link["path"] == f"/welcome#{link['invitation']}"
            accepted = {"invitation": link["invitation"], "password": PASSWORD}
            assert other.post("/v1/invitations:accept", json=accepted).status_code == 200
            log_in(other, "wang li")
            until(lambda: other.get("/v1/rings").status_code == 200)
            assert other.get("/v1/rings").json()["total"] == 1
            assert other.get("/v1/users").json()["code"] == "forbidden"
            assert admin.get("/v1/rings").json()["code"] == "forbidden"
            admin.post(f"{user}:change", json={"roles": ["analyst"], "districts": ["elsewhere"]})
            until(lambda: other.get("/v1/rings").json()["total"] == 0, seconds=10)
            assert admin.post(f"{user}:disable").json()["disabled_at"] is not None
            until(lambda: other.get("/v1/rings").json().get("code") == "no_session", seconds=10)
            assert admin.post(f"{user}:enable").json()["disabled_at"] is None
            log_in(other, "wang li")
            assert admin.post("/v1/session:end").status_code == 200
            until(lambda: admin.get("/v1/session").json()["code"] == "no_key", seconds=10)
    said = "".join(service.log)
    for private in (PASSWORD, "boss", "Wang", secret, link["invitation"]):
        assert private not in said
    with open_casebook(tmp_path) as book:
        assert audit.verify(book).broken is None
        assert people.invite_first(book) is None
        actors = {entry.actor.split()[0] for entry in audit.latest(book, 100)}
    assert actors == {"user"}


def test_cookie_is_out_of_reach_of_scripts_and_other_places(inside: Make) -> None:
    service = inside()
    _ready(service, "boss")
    (answer,) = service.ask(("POST", "/v1/session", None), json={"name": "boss", "password": PASSWORD})
    (cookie,) = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    behind_tls = Service(service.service.workspace, service.service.read_keys, book=service.book, secure=True)
    response = httpx.Response(200)
    given: list[str] = []
    response.set_cookie = lambda name, value, **rules: given.append(f"{name} {rules['secure']}")  # type: ignore[attr-defined]
    behind_tls.logins.give(response, "x")  # type: ignore[arg-type]
    assert given == ["__Host-ringfinder True"]


def _ready(service: Inside, name: str) -> None:
    secret = people.invite_first(service.book)
    assert secret is not None
    assert not isinstance(people.accept(service.book, secret, name, PASSWORD), str)


def test_wrong_name_and_wrong_password_look_alike_and_many_have_to_wait(inside: Make) -> None:
    service = inside()
    _ready(service, "boss")
    told = []
    for body in ({"name": "boss", "password": "wrong"}, {"name": "nobody", "password": PASSWORD}):
        (answer,) = service.ask(("POST", "/v1/session", None), json=body)
        told.append((answer.status_code, answer.json() | {"request_id": ""}))
    assert told[0] == told[1]
    assert told[0][0] == 401
    for _ in range(attempts.FREE):
        attempts.begin(service.book, "boss")
    (answer,) = service.ask(("POST", "/v1/session", None), json={"name": "boss", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer.headers["retry-after"]) > 0


def test_strangers_together_may_not_keep_the_processor_busy(inside: Make) -> None:
    service = inside(rate=1.0, burst=400.0)
    asked = [("POST", "/v1/session", None)] * 3
    answers = service.ask(*asked, json={"name": "nobody", "password": PASSWORD})
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_password_is_changed_by_who_knows_it(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    _ready(service, "boss")
    (answer,) = service.ask(("POST", "/v1/session", None), json={"name": "boss", "password": PASSWORD})
    who = service.of_answer(answer)
    path = "/v1/session:password"
    bodies = {
        "wrong_login": {"old": "wrong", "new": "eight brown bears at dusk"},
        "weak_password": {"old": PASSWORD, "new": "short"},
    }
    for code, body in bodies.items():
        (refused,) = service.ask(("POST", path, who), json=body)
        assert refused.json()["code"] == code
    (changed,) = service.ask(("POST", path, who), json={"old": PASSWORD, "new": "eight brown bears at dusk"})
    assert changed.json() == {"status": "ok"}
    (still,) = service.ask(("GET", "/v1/session", who))
    assert still.json()["name"] == "boss"


def test_last_admin_stays(inside: Make) -> None:
    service = inside()
    _ready(service, "boss")
    (admin,) = people.all_people(service.book)
    key = service.key("admin")
    answers = service.ask(
        ("POST", f"/v1/users/{admin.user_id}:disable", key), ("POST", "/v1/users/u0:disable", key)
    ) + service.ask(("POST", f"/v1/users/{admin.user_id}:change", key), json={"roles": ["viewer"]})
    assert [answer.json()["code"] for answer in answers] == ["last_admin", "unknown_user", "last_admin"]
    (refused,) = service.ask(("POST", "/v1/users", key), json={"name": "x", "roles": ["system"]})
    assert refused.json()["code"] == "invalid"


@pytest.mark.parametrize("name", ["a\0b", "\n", " \t", "\u3000", ""])
def test_name_that_no_database_keeps_or_nobody_sees_is_refused(inside: Make, name: str) -> None:
    service = inside()
    (login,) = service.ask(("POST", "/v1/session", None), json={"name": name, "password": PASSWORD})
    (made,) = service.ask(("POST", "/v1/users", service.key("admin")), json={"name": name, "roles": ["viewer"]})
    assert [login.json()["code"], made.json()["code"]] == ["invalid", "invalid"]


def test_session_is_believed_for_a_second_and_then_asked_for_again() -> None:
    assert FRESH_SECONDS <= 1.0
    asked = []

    def find(secret: str) -> None:
        asked.append(secret)

    logins = Logins(find, secure=False)
    scope = {"type": "http", "method": "GET", "headers": [], "path": "/"}
    for _ in range(2):
        with pytest.raises(Exception, match="no_session"):
            asyncio.run(logins.check(Request(scope), "x"))
    assert asked == ["x", "x"]


def test_page_may_run_its_own_script_and_nothing_else(inside: Make) -> None:
    service = inside()
    zh, en = service.ask(("GET", "/welcome", None), headers_of={"accept-language": "zh"}) + service.ask(
        ("GET", "/welcome", None)
    )
    for answer, lang in ((zh, "zh"), (en, "en")):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers.get_list("content-security-policy") == [POLICY]
        assert f'<html lang="{lang}">' in answer.text
        assert answer.text.count("<script>") == 1
        assert f"<script>{SCRIPT}</script>" in answer.text
        assert "oidc" not in answer.text
    assert "unsafe" not in POLICY
