"""A case system that means harm, or is only written badly: odd bodies, headers, addresses, repeats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
JSON = "application/json"
CASE: dict[str, Any] = {"title": "x", "districts": ["西城"]}
FOUND = {"subject_id": "F1", "behaviour": "other_fraud", "amount": "1.00", "established_on": "2026-05-04"}


@pytest.fixture
def service(inside: Make) -> Inside:
    return inside(rate=1e6, burst=1e6)


@pytest.fixture
def boss(service: Inside) -> str:
    return service.key("supervisor")


def told(answer: httpx.Response) -> tuple[int, str | None]:
    """Status and code; every refusal is a problem document."""
    if answer.status_code < 400:
        return answer.status_code, None
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def dumped(**other: Any) -> bytes:
    return json.dumps(CASE | other, ensure_ascii=False).encode()


DEEP = b'{"title":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
LONG = b'{"title":"x","districts":["x"],"due_on":' + b"9" * 5000 + b"}"
BODIES: list[tuple[str, bytes, str, int, str | None]] = [
    ("utf-16", dumped().decode().encode("utf-16"), JSON, 201, None),
    ("byte order mark", b"\xef\xbb\xbf" + dumped(), JSON, 201, None),
    ("latin-1", '{"title":"é","districts":["x"]}'.encode("latin-1"), JSON, 400, "bad_request"),
    ("nul", dumped(title="a\0b"), JSON, 422, "invalid"),
    ("half a sign", b'{"title":"\\ud800","districts":["x"]}', JSON, 422, "invalid"),
    ("half a sign in a district", b'{"title":"x","districts":["\\udfff"]}', JSON, 422, "invalid"),
    ("deep", DEEP, JSON, 400, "bad_request"),
    ("long number", LONG, JSON, 400, "bad_request"),
    ("two documents", dumped() + dumped(), JSON, 400, "bad_request"),
    ("a list", b"[]", JSON, 422, "invalid"),
    ("a text", b'"x"', JSON, 422, "invalid"),
    ("null", b"null", JSON, 422, "invalid"),
    ("nothing", b"", JSON, 422, "invalid"),
    ("a form", b"title=x&districts=y", "application/x-www-form-urlencoded", 422, "invalid"),
    ("no type", dumped(), "", 422, "invalid"),
    ("another type", dumped(), "text/plain", 422, "invalid"),
    ("another field", dumped(state="closed"), JSON, 422, "invalid"),
    ("an owner", dumped(created_by="somebody else"), JSON, 422, "invalid"),
    ("a prototype", b'{"__proto__":{"title":"x"},"title":"x","districts":["x"]}', JSON, 422, "invalid"),
    ("one text for a list", dumped(districts="西城"), JSON, 422, "invalid"),
    ("an empty district", dumped(districts=[""]), JSON, 422, "invalid"),
    ("nobody's district", dumped(districts=["\u3000"]), JSON, 422, "invalid"),
    ("too many districts", dumped(districts=[str(n) for n in range(101)]), JSON, 422, "invalid"),
    ("a long title", dumped(title="x" * 201), JSON, 422, "invalid"),
    ("turned letters", dumped(title="a\u202eb"), JSON, 422, "invalid"),
    ("a day as seconds", dumped(due_on=0), JSON, 422, "invalid"),
    ("a day as text of seconds", dumped(due_on="86400"), JSON, 422, "invalid"),
    ("a day with its hour", dumped(due_on="2026-05-04T00:00:00Z"), JSON, 422, "invalid"),
    ("no day", dumped(due_on="2026-02-30"), JSON, 422, "invalid"),
    ("a week", dumped(due_on="2026-W10-1"), JSON, 422, "invalid"),
    ("ring and tip", dumped(ring_id="R;1", tip_id="T0"), JSON, 422, "invalid"),
]


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"), [one[1:] for one in BODIES], ids=[one[0] for one in BODIES]
)
def test_odd_body_makes_a_case_or_a_problem(
    service: Inside, boss: str, tiny_snapshot: Snapshot, body: bytes, kind: str, status: int, code: str | None
) -> None:
    asked = ("POST", "/v1/cases", boss)
    (answer,) = service.ask(
        asked, snapshot=tiny_snapshot, content=body, headers_of={"content-type": kind} if kind else {}
    )
    assert told(answer) == (status, code)


@pytest.mark.parametrize(
    "amount", ["1_000", "１０００", "١٠٠٠", "1e3", "+5", " 5", "5.", ".5", "0x10", "1,000", True, [1], {}, float("inf")]
)
def test_amount_that_is_not_written_plainly_is_no_amount(service: Inside, boss: str, amount: object) -> None:
    body = json.dumps(FOUND | {"amount": amount}).encode()
    headers = {"content-type": JSON, "if-match": '"1"'}
    (answer,) = service.ask(("POST", "/v1/cases/C2026-000001/violations", boss), content=body, headers_of=headers)
    assert told(answer) == (422, "invalid")
    assert "body.amount" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/cases/C1:close", {"resolution": "confirmed", "suppress": "yes"}, "suppress"),
        ("/v1/cases/C1:close", {"resolution": "confirmed", "suppress": 1}, "suppress"),
        ("/v1/cases/C1:close", {"resolution": "confirmed", "suppress_percent": "1_0"}, "suppress_percent"),
        ("/v1/cases/C1:close", {"resolution": "confirmed", "suppress_percent": True}, "suppress_percent"),
        ("/v1/cases/C1/decisions", {"violation": "1", "kind": "police"}, "violation"),
        ("/v1/cases/C1/decisions", {"violation": 1, "kind": "suspend", "months": "1_2"}, "months"),
        ("/v1/cases/C1/decisions/1:issue", {"decided_on": "2026-05-04", "rights_told": "t"}, "rights_told"),
        ("/v1/cases/C1/checks/1:answer", {"agrees": "on", "answer": "x"}, "agrees"),
        ("/v1/tips:search", {"limit": "1_0"}, "limit"),
    ],
)
def test_number_and_truth_are_those_of_json(service: Inside, path: str, body: dict[str, Any], field: str) -> None:
    asked = ("POST", path, service.key("supervisor", "tip_officer"))
    (answer,) = service.ask(asked, json=body, headers_of={"if-match": '"1"'})
    assert told(answer) == (422, "invalid")
    assert f"body.{field}" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/v1/cases?distrct=x", "query...."),
        ("/v1/cases?state=new&limit=1_0", "query.limit"),
        ("/v1/cases?limit=%EF%BC%91", "query.limit"),
        ("/v1/cases?limit=1&limit=x", "query.limit"),
        ("/v1/rings?alerts=true", "query...."),
        ("/v1/rings?since=0", "query.since"),
        ("/v1/rings?since=20260504", "query.since"),
        ("/v1/rings?least_fund=1_000", "query.least_fund"),
        ("/v1/rings?most_fund=1e3", "query.most_fund"),
        ("/v1/reports/statistics?first=86400", "query.first"),
        ("/v1/scores/patient/P1?district=x", "query...."),
        ("/v1/cases/C1/files/1_0", "path.number"),
        ("/v1/cases/C1/files/%EF%BC%91", "path.number"),
    ],
)
def test_parameter_that_is_misspelt_or_no_plain_number_is_refused(
    service: Inside, tiny_snapshot: Snapshot, path: str, named: str
) -> None:
    (answer,) = service.ask(("GET", path, service.key("supervisor")), snapshot=tiny_snapshot)
    assert told(answer) == (422, "invalid")
    assert named in answer.json()["detail"]


@pytest.mark.parametrize("etag", ["0", '"01x"', '"1","1"', '"1"\t"2"', '"1" ', "'1'", '"1-"', '"-1"', '"1e0"', '"９"'])
def test_version_that_nobody_was_told_is_none(service: Inside, boss: str, tiny_snapshot: Snapshot, etag: str) -> None:
    (made,) = service.ask(("POST", "/v1/cases", boss), json=CASE, snapshot=tiny_snapshot)
    path = f"{made.headers['location']}:change"
    (answer,) = service.ask(("POST", path, boss), json={"title": "y"}, headers_of={"if-match": etag.encode("utf-8")})  # type: ignore[dict-item]
    expected = (200, None) if etag.strip() == '"1"' else (428, "version_needed")
    assert told(answer) == expected


def test_header_that_would_be_somebody_else_is_not_heard(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    viewer = service.key("viewer")
    for headers in (
        {"x-http-method-override": "DELETE"},
        {"x-original-url": "/v1/users"},
        {"x-forwarded-user": "admin", "x-remote-user": "admin"},
        {"x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1"},
        {"cookie": f"ringfinder={boss}; __Host-ringfinder={boss}"},
    ):
        (answer,) = service.ask(("GET", "/v1/cases", viewer), snapshot=tiny_snapshot, headers_of=headers)
        assert told(answer) == (403, "forbidden")
        (answer,) = service.ask(("GET", "/v1/cases", None), snapshot=tiny_snapshot, headers_of=headers)
        assert told(answer)[0] == 401
    for given in (f"Basic {boss}", f"Bearer {boss} x", f"Bearer  {viewer},{boss}", f"bearer{boss}", f"Bearer {boss}\0"):
        (answer,) = service.ask(("GET", "/v1/cases", None), headers_of={"authorization": given})
        assert told(answer)[0] == 401, given


def test_language_of_a_hundred_thousand_signs_is_none(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    for given in ("zh" * 50_000, "zh;q=" + "9" * 50_000, ",".join(["zh;q=0.1"] * 10_000), "zh;q=nan", "*"):
        (answer,) = service.ask(
            ("GET", "/v1/cases", boss), snapshot=tiny_snapshot, headers_of={"accept-language": given}
        )
        assert answer.status_code == 200
        assert answer.headers["content-language"] in ("en", "zh")


@pytest.mark.parametrize(
    "name",
    [
        "信\u202efdp.txt",
        "a\u200b.txt",
        "a\u2066b.txt",
        ".txt",
        "a.txt.",
        "a..",
        "CON.txt\n",
        "a\0.txt",
        "a/b.txt",
        "x.TXT.exe",
    ],
)
def test_file_that_does_not_look_like_its_name_is_refused(
    service: Inside, boss: str, tiny_snapshot: Snapshot, name: str
) -> None:
    (made,) = service.ask(("POST", "/v1/cases", boss), json=CASE, snapshot=tiny_snapshot)
    path = f"{made.headers['location']}/files"
    (answer,) = service.ask(("POST", path, boss), params={"name": name}, content=b"x")
    assert told(answer)[0] == 422, told(answer)


def once(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def test_key_of_a_repeat_is_its_callers_and_its_questions(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    other = service.key("supervisor")
    first, theirs = (
        service.ask(("POST", "/v1/cases", who), json=CASE, headers_of=once("k"), snapshot=tiny_snapshot)[0]
        for who in (boss, other)
    )
    assert first.json()["case_id"] != theirs.json()["case_id"]
    path = first.headers["location"]
    for method, where, body in (
        ("POST", "/v1/cases", CASE | {"title": "y"}),
        ("POST", "/v1/cases", CASE | {"priority": "normal"}),
        ("POST", f"{path}/notes", {"text": "x"}),
        ("POST", f"{path}:assign", {}),
    ):
        asked = service.ask((method, where, boss), json=body, headers_of=once("k") | {"if-match": '"1"'})
        assert told(asked[0]) == (422, "repeat_differs")


def test_of_many_who_send_the_same_at_once_one_does_it(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    async def many() -> list[httpx.Response]:
        await service.service.keyring.refresh()
        service.service.run._show(tiny_snapshot)
        transport = httpx.ASGITransport(service.app, raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {boss}"} | once("same")
        async with httpx.AsyncClient(transport=transport, base_url="http://inside", headers=headers) as client:
            return list(await asyncio.gather(*(client.post("/v1/cases", json=CASE) for _ in range(12))))

    answers = asyncio.run(many())
    assert {told(one) for one in answers} <= {(201, None), (409, "repeat_goes_on")}
    assert len({one.json()["case_id"] for one in answers if one.status_code == 201}) == 1
    assert service.ask(("GET", "/v1/cases", boss))[0].json()["total"] == 1


def form(content: bytes, boundary: str = "b", name: str = "list.xlsx") -> tuple[bytes, dict[str, str]]:
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {"content-type": f"multipart/form-data; boundary={boundary}"}


def test_form_that_is_sent_again_is_told_by_its_parts(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    facility = next(iter(tiny_snapshot.facilities))
    lists = {"facility_id": facility, "items": ["x"]}
    (made,) = service.ask(("POST", "/v1/self-checks", boss), json=lists, snapshot=tiny_snapshot)
    path = made.headers["location"]
    (sheet,) = service.ask(("GET", f"{path}/list.xlsx", boss), snapshot=tiny_snapshot)

    def sent(content: bytes, boundary: str = "b", name: str = "list.xlsx") -> httpx.Response:
        body, headers = form(content, boundary, name)
        asked = ("POST", f"{path}:upload", boss)
        headers |= once("k") | {"if-match": '"1"'}
        return service.ask(asked, content=body, headers_of=headers, snapshot=tiny_snapshot)[0]

    first = sent(sheet.content)
    assert told(first) == (200, None), first.text
    again = sent(sheet.content, "another-boundary-of-another-length")
    assert (again.status_code, again.content, again.headers["idempotency-replayed"]) == (200, first.content, "true")
    changed = bytearray(sheet.content)
    changed[-1] ^= 1
    for content, name in (
        (bytes(changed), "list.xlsx"),
        (sheet.content, "lisu.xlsx"),
        (sheet.content[:-1], "list.xlsx1"),
    ):
        assert told(sent(content, name=name)) == (422, "repeat_differs")
    body, headers = form(sheet.content)
    for broken in (body[:-4], body[10:], b""):
        asked = ("POST", f"{path}:upload", boss)
        (answer,) = service.ask(asked, content=broken, headers_of=headers | once("k"), snapshot=tiny_snapshot)
        assert told(answer) == (422, "repeat_differs")


def test_body_of_unsaid_length_is_compared_too(service: Inside, boss: str, tiny_snapshot: Snapshot) -> None:
    (made,) = service.ask(("POST", "/v1/cases", boss), json=CASE, snapshot=tiny_snapshot)
    path = f"{made.headers['location']}/files?name=a.txt"

    def sent(*pieces: bytes) -> httpx.Response:
        async def body() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece

        return service.ask(("POST", path, boss), content=body(), headers_of=once("k"), snapshot=tiny_snapshot)[0]

    first = sent(b"fi", b"rst")
    assert told(first) == (201, None)
    assert sent(b"first").content == first.content
    assert told(sent(b"other")) == (422, "repeat_differs")
    assert told(sent()) == (422, "repeat_differs")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/cases/C2026-000001%0A",
        "/v1/cases/%2e%2e%2fusers",
        "/v1/cases/C2026-000001%00",
        "/v1/cases/C2026-000001/",
        "/v1/cases//C2026-000001",
        "/v1//cases/C2026-000001",
        "/V1/cases/C2026-000001",
        "/v1/cases/c2026-000001",
        "/v1/cases/C2026-1",
        "/v1/cases/Ｃ2026-000001",
        "/v1/cases/C2026-000001;a=b",
        "/v1/cases/C2026-000001:close:close",
    ],
)
def test_case_is_found_by_its_own_id_alone(service: Inside, boss: str, tiny_snapshot: Snapshot, path: str) -> None:
    service.ask(("POST", "/v1/cases", boss), json=CASE, snapshot=tiny_snapshot)
    (answer,) = service.ask(("GET", path, boss), snapshot=tiny_snapshot)
    assert told(answer)[0] in (404, 405, 422)
