"""People log in at a provider that is really asked: Authlib's own server parts, on a port of this machine."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from ringfinder.casebook import people
from ringfinder.errors import UsageError
from ringfinder_api.access.oidc import CALLBACK, Oidc, OidcSettings, read_settings
from tests.api.conftest import Inside
from tests.api.provider import CLIENT, SECRET, Provider, key_of, running

HOME = "http://127.0.0.1:1"
PERSON = {"sub": "4711", "preferred_username": "Li.Wei"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # of the provider: it has no certificate
    with running() as one:
        one.redirect_uri, one.person = HOME + CALLBACK, PERSON
        yield one


@pytest.fixture
def service(inside: Any, provider: Provider) -> Inside:
    made: Inside = inside()
    settings = OidcSettings(provider.url, CLIENT, SECRET, HOME, "preferred_username")
    made.service.oidc = Oidc(settings, secure=False)
    return made


def come_back(
    service: Inside, *, change: dict[str, str] | None = None, cookie: str | None = None
) -> list[httpx.Response]:
    """Begin, be sent to the provider and back: the callback's answer and that of the session afterwards."""

    async def asked() -> list[httpx.Response]:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient() as browser, httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            begun = await client.get("/v1/oidc:login")
            assert begun.status_code == 302
            sent = await browser.get(begun.headers["location"])
            assert sent.status_code == 302, sent.text
            back = urlsplit(sent.headers["location"])
            assert f"{back.scheme}://{back.netloc}{back.path}" == HOME + CALLBACK
            query = {name: values[0] for name, values in parse_qs(back.query).items()} | (change or {})
            if cookie is not None:
                client.cookies.clear()
                client.cookies.set("ringfinder-oidc", cookie)
            ended = await client.get(CALLBACK, params=query)
            return [ended, await client.get("/v1/session")]

    return asyncio.run(asked())


def test_person_whom_an_admin_named_logs_in_and_is_known_by_subject_from_then_on(
    service: Inside, provider: Provider
) -> None:
    people.create(service.book, "li.wei", ["analyst"], ["西城"], "oidc", "test")
    ended, session = come_back(service)
    assert (ended.status_code, ended.headers["location"]) == (303, "/app/")
    cookies = ended.headers.get_list("set-cookie")
    (given,) = [one for one in cookies if one.startswith("ringfinder=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(given.split("; "))
    assert any(one.startswith('ringfinder-oidc=""') for one in cookies)
    known = session.json()
    assert (known["name"], known["roles"], known["districts"], known["signs_in"]) == (
        "li.wei",
        ["analyst"],
        ["西城"],
        "oidc",
    )
    provider.person = PERSON | {"preferred_username": "another name"}
    assert come_back(service)[1].json()["user_id"] == known["user_id"]
    provider.person = PERSON | {"sub": "4712"}
    ended, session = come_back(service)
    assert (ended.status_code, ended.json()["code"], session.json()["code"]) == (403, "unknown_person", "no_key")


def test_address_that_the_provider_did_not_verify_is_nobodys_name(service: Inside, provider: Provider) -> None:
    service.service.oidc = Oidc(OidcSettings(provider.url, CLIENT, SECRET, HOME, "email"), secure=False)
    people.create(service.book, "li@bureau.example", ["analyst"], None, "oidc", "test")
    told = []
    for verified in ({}, {"email_verified": False}, {"email_verified": True}, {"email_verified": False}):
        provider.person = PERSON | {"email": "li@bureau.example"} | verified
        ended, _ = come_back(service)
        told.append(ended.status_code)
    assert told == [403, 403, 303, 303]  # the subject is known from the third on


@pytest.mark.parametrize(
    "spoil",
    [
        {"aud": ["somebody else"]},
        {"iss": "https://elsewhere.example"},
        {"nonce": "another"},
        {"aud": [CLIENT, "somebody else"], "azp": "somebody else"},
        {"exp": int(time.time()) - 1000},
        {"exp": "never"},
        {"iat": int(time.time()) + 10_000},
        {"nbf": int(time.time()) + 10_000},
        {"nonce": ["another"]},
        {"sub": None},
        {"sub": ""},
        {"sub": ["4711"]},
        {"sub": "x" * 1000},
    ],
)
def test_token_that_is_not_for_us_is_refused(service: Inside, provider: Provider, spoil: dict[str, Any]) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    provider.person = {name: value for name, value in PERSON.items() if name not in spoil}
    provider.spoil = {name: value for name, value in spoil.items() if value is not None}
    ended, session = come_back(service)
    assert (ended.status_code, ended.json()["code"]) == (422, "oidc_failed")
    assert session.status_code == 401


def test_callback_that_nobody_asked_for_is_refused(service: Inside) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    for changed in ({"state": "another"}, {"code": "another"}, {"error": "access_denied"}):
        assert come_back(service, change=changed)[0].json()["code"] == "oidc_failed"
    for cookie in ("", "x", "W10=", "W" * 5000):
        assert come_back(service, cookie=cookie)[0].json()["code"] == "oidc_failed"


def test_token_signed_by_another_key_is_refused(service: Inside, provider: Provider) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    assert come_back(service)[0].status_code == 303
    provider.key = key_of("another")
    assert come_back(service)[0].json()["code"] == "oidc_failed"


def plain(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def public_pem() -> bytes:
    """What everybody may know of the provider's key."""
    pem: bytes = key_of("one").as_pem(private=False)
    return pem


FORGED: dict[str, Callable[[dict[str, Any]], str | None]] = {
    "no token": lambda claims: None,
    "no signature": lambda claims: f"{plain({'alg': 'none'})}.{plain(claims)}.",
    "no signature under a name": lambda claims: f"{plain({'alg': 'None', 'kid': 'one'})}.{plain(claims)}.",
    "a cut signature": lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, key_of("one"))[:-10],
    "signed with the public key": lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public_pem())
    ),
    "signed with the client's secret": lambda claims: jwt.encode(
        {"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(SECRET)
    ),
    "a key of its own": lambda claims: jwt.encode(
        {"alg": "RS256", "jwk": key_of("another", "own").as_dict(private=False)}, claims, key_of("another", "own")
    ),
    "an unknown key's name": lambda claims: jwt.encode(
        {"alg": "RS256", "kid": "nobody's"}, claims, key_of("another", "nobody's")
    ),
    "another algorithm": lambda claims: jwt.encode(
        {"alg": "RS512", "kid": "one"}, claims, key_of("one"), algorithms=["RS512"]
    ),
    "no text": lambda claims: "....",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=list(FORGED))
def test_token_that_somebody_else_made_is_refused(
    service: Inside, provider: Provider, forge: Callable[[dict[str, Any]], str | None]
) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    provider.forge = forge
    ended, session = come_back(service)
    assert (ended.status_code, ended.json()["code"]) == (422, "oidc_failed")
    assert session.status_code == 401
    provider.forge = None
    assert come_back(service)[0].status_code == 303


def test_provider_that_changes_its_key_is_believed(service: Inside, provider: Provider) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    assert come_back(service)[0].status_code == 303
    provider.key = key_of("two", "two")
    provider.forge = lambda claims: str(jwt.encode({"alg": "RS256", "kid": "two"}, claims, provider.key))
    assert come_back(service)[0].status_code == 303


@pytest.mark.parametrize(
    "name", ["ｌｉ．ｗｅｉ", "li.wei ", "li.we\u200bi", "li.weı", "𝐥𝐢.wei", "", None, ["li.wei"], {"a": 1}, 5, True]
)
def test_name_that_only_looks_like_somebodys_is_nobodys(service: Inside, provider: Provider, name: object) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    people.create(service.book, "none", ["analyst"], None, "oidc", "test")
    provider.person = PERSON | {"preferred_username": name}
    ended, session = come_back(service)
    assert (ended.status_code, ended.json()["code"]) == (403, "unknown_person")
    assert session.status_code == 401


def test_code_is_used_once(service: Inside) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")

    async def asked() -> list[int]:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient() as browser, httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            begun = await client.get("/v1/oidc:login")
            remembered = dict(client.cookies)
            back = (await browser.get(begun.headers["location"])).headers["location"]
            statuses = [(await client.get(back)).status_code]
            for cookies in (
                remembered,
                {},
            ):  # again, by who wrote down what the browser had; by who only saw the address
                client.cookies.clear()
                client.cookies.update(cookies)
                statuses.append((await client.get(back)).status_code)
            return statuses

    assert asyncio.run(asked()) == [303, 422, 422]


def test_provider_that_is_away_is_told_and_without_one_there_is_no_such_login(inside: Any) -> None:
    service: Inside = inside()
    assert [one.json()["code"] for one in service.ask(("GET", "/v1/oidc:login", None), ("GET", CALLBACK, None))] == [
        "no_oidc"
    ] * 2
    service.service.oidc = Oidc(OidcSettings("http://127.0.0.1:9", CLIENT, SECRET, HOME, "name"), secure=True)
    (answer,) = service.ask(("GET", "/v1/oidc:login", None))
    assert (answer.status_code, answer.json()["code"]) == (503, "oidc_unavailable")


def leave(service: Inside, provider: Provider) -> dict[str, Any]:
    """Log in, log out here, and there where one is led: what the logout said."""

    async def asked() -> dict[str, Any]:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient() as browser, httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            begun = await client.get("/v1/oidc:login")
            sent = await browser.get(begun.headers["location"])
            await client.get(sent.headers["location"])
            known = (await client.get("/v1/session")).json()
            ended = await client.post("/v1/session:end", headers={"X-CSRF-Token": known["csrf_token"]})
            assert (await client.get("/v1/session")).status_code == 401
            told: dict[str, Any] = ended.json()
            if told["elsewhere"] is not None and provider.url in told["elsewhere"]:
                left = await browser.get(told["elsewhere"])
                assert left.headers["location"].startswith(f"{HOME}/app/?state=")
            return told

    return asyncio.run(asked())


def test_who_logs_out_is_led_to_the_providers_logout_where_it_has_one(service: Inside, provider: Provider) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    provider.offers = {"end_session_endpoint": f"{provider.url}/logout"}
    told = leave(service, provider)
    (asked,) = provider.left
    assert told["status"] == "ok"
    assert asked.pop("state")
    assert asked == {"client_id": CLIENT, "post_logout_redirect_uri": f"{HOME}/app/"}


@pytest.mark.parametrize("endpoint", [None, "http://elsewhere.example/logout", "javascript:alert(1)"])
def test_provider_without_a_logout_or_with_one_that_is_not_safe_leads_nowhere(
    service: Inside, provider: Provider, endpoint: str | None
) -> None:
    people.create(service.book, "li.wei", ["analyst"], None, "oidc", "test")
    provider.offers = {} if endpoint is None else {"end_session_endpoint": endpoint}
    assert leave(service, provider) == {"status": "ok", "elsewhere": None}


def test_who_logged_in_by_a_password_is_logged_out_here_alone(service: Inside, provider: Provider) -> None:
    provider.offers = {"end_session_endpoint": f"{provider.url}/logout"}
    made = people.create(service.book, "boss", ["analyst"], None, "password", "test")
    assert not isinstance(made, str)
    link = people.invite(service.book, made.user_id, "test")
    assert isinstance(link, str)
    people.accept(service.book, link, None, "seven brown bears at dawn")

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            given = {"name": "boss", "password": "seven brown bears at dawn"}
            known = (await client.post("/v1/session", json=given)).json()
            return await client.post("/v1/session:end", headers={"X-CSRF-Token": known["csrf_token"]})

    assert asyncio.run(asked()).json() == {"status": "ok", "elsewhere": None}


@pytest.mark.parametrize(
    ("environment", "public_url", "said"),
    [
        ({"ISSUER": "https://login.example"}, "https://rings.example", "CLIENT_ID, RINGFINDER_OIDC_CLIENT_SECRET"),
        ({"ISSUER": "https://x", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, None, "--public-url"),
        ({"ISSUER": "http://login.example", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "https://x", "begins with https"),
        ({"ISSUER": "https://x", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "http://rings.example", "begins with https"),
    ],
)
def test_settings_that_are_not_whole_are_told(environment: dict[str, str], public_url: str | None, said: str) -> None:
    given = {f"RINGFINDER_OIDC_{name}": value for name, value in environment.items()}
    with pytest.raises(UsageError, match=said):
        read_settings(given, public_url)


def test_without_an_issuer_there_is_no_provider(tmp_path: Path) -> None:
    assert read_settings({}, None) is None
