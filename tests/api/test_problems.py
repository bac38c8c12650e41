"""Whatever goes wrong, the answer is a problem document, and it does not repeat what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfinder.words import LANGUAGES, say
from ringfinder_api import problems
from ringfinder_api.problems import STATUS, room_of
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import SOAK, Inside, Served

Make = Callable[..., Inside]
SHAPE = {"type", "title", "status", "detail", "code", "request_id"}


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    content = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(content) == SHAPE
    assert (answer.status_code, content["status"], content["code"]) == (status, status, code)
    assert content["type"] == f"urn:ringfinder:problem:{code}"
    assert content["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("code", sorted(STATUS))
def test_every_code_has_its_words(code: str) -> None:
    titles = {lang: say(f"{room_of(code)}.problem_{code}_title", lang) for lang in LANGUAGES}
    assert titles["zh"] != titles["en"]


def test_errors_of_the_framework_are_problems_too(analyst: httpx.Client) -> None:
    assert_problem(analyst.get("/nothing"), 404, "not_found")
    assert_problem(analyst.put("/v1/rings"), 405, "method_not_allowed")
    assert analyst.put("/v1/rings").headers["allow"] == "GET"
    json_header = {"content-type": "application/json"}
    assert_problem(analyst.post("/v1/scores:batch", content=b"{", headers=json_header), 400, "bad_request")
    assert_problem(analyst.post("/v1/scores:batch", content=b'"\xff"', headers=json_header), 400, "bad_request")
    assert_problem(analyst.post("/v1/scores:batch", content=b"[" * 100_000, headers=json_header), 400, "bad_request")
    assert_problem(
        analyst.post("/v1/scores:batch", content=b"x", headers={"content-type": "text/plain"}), 422, "invalid"
    )
    assert_problem(analyst.get("/v1/rings?limit=0"), 422, "invalid")
    assert_problem(analyst.get("/v1/scores/ghost/G1"), 422, "invalid")
    assert_problem(analyst.get("/v1/scores/patient/"), 422, "invalid")


@pytest.mark.parametrize("declared", [True, False])
def test_body_that_is_too_large_is_refused_whether_or_not_it_says_so(analyst: httpx.Client, declared: bool) -> None:
    large = b" " * (1024 * 1024 + 1)
    content = large if declared else iter([large[:1000], large[1000:]])
    answer = analyst.post("/v1/scores:batch", content=content, headers={"content-type": "application/json"})
    assert_problem(answer, 413, "too_large")


def test_problem_names_the_field_and_not_its_value(analyst: httpx.Client) -> None:
    secret = "110101195001011234"
    body = {"entities": [{"entity_type": secret, "entity_id": 5}]}
    answer = analyst.post("/v1/scores:batch", json=body, headers={"accept-language": "zh"})
    assert_problem(answer, 422, "invalid")
    assert "body.entities.0.entity_type, body.entities.0.entity_id" in answer.json()["detail"]
    assert answer.headers["content-language"] == "zh"
    assert secret not in answer.text
    assert secret not in analyst.get(f"/v1/scores/patient/{secret}").text
    assert secret not in analyst.get("/v1/rings", params={"since": secret}).text
    unknown = analyst.post("/v1/scores:batch", json={"entities": [], secret: 1})
    assert unknown.status_code == 422
    assert "body...." in unknown.json()["detail"]
    assert secret not in unknown.text


def test_what_fails_inside_is_told_without_its_message(
    inside: Make, tiny_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> bytes:
        raise ValueError("somebody's name")

    service = inside()
    key = service.key("analyst")
    monkeypatch.setattr("ringfinder_api.routes.rings.page", fails)
    monkeypatch.setattr(Snapshot, "score", fails)
    for path in ("/v1/rings", "/v1/scores/patient/P1"):
        (answer,) = service.ask(("GET", path, key), snapshot=tiny_snapshot)
        assert_problem(answer, 500, "internal")
        assert "somebody" not in answer.text
    told = [record for record in caplog.records if record.message == "request failed"]
    assert len(told) == 2
    assert all(record.scene[-1] == "ValueError" for record in told)  # type: ignore[attr-defined]
    assert "somebody" not in caplog.text + json.dumps([record.__dict__ for record in told], default=str)


@settings(
    max_examples=10_000 if SOAK else 150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: json.dumps({"entities": text}).encode()))
)
def test_broken_bodies_are_refused(analyst: httpx.Client, body: bytes) -> None:
    for path in ("/v1/scores:batch", "/v1/scores:claim"):
        answer = analyst.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        assert set(answer.json()) == SHAPE


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"' + "x" * 201 + '"', "null", "{}", "1e999", '"\\u0000"'],
)  # fmt: skip
def test_odd_ids_are_refused_or_unknown(analyst: httpx.Client, text: str) -> None:
    body = f'{{"entities":[{{"entity_type":"patient","entity_id":{text}}}]}}'
    answer = analyst.post("/v1/scores:batch", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422 or answer.json()["items"][0]["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/v1/runs/..%2f..%2fcasebook.db",
        "/v1/runs/%2e%2e",
        "/v1/rings/..%2F..%2Fcurrent/export.html",
        "/v1/queries/..%2f..%2fREADME/x",
        "/v1/queries/hunt/..%2f..%2f..%2fpyproject",
        "/v1/scores/patient/..%2f..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/v1/runs:compare?before=../../etc&after=..",
    ],
)
def test_path_leads_nowhere_but_to_a_route(served: Served, analyst: httpx.Client, path: str) -> None:
    answer = analyst.get(httpx.URL(served.url).copy_with(raw_path=path.encode()))
    assert answer.status_code == 404
    assert set(answer.json()) == SHAPE


def test_request_id_of_the_caller_is_kept_where_it_is_harmless(analyst: httpx.Client) -> None:
    assert analyst.get("/healthz", headers={"x-request-id": "case-4711"}).headers["x-request-id"] == "case-4711"
    made = analyst.get("/healthz", headers={"x-request-id": "a b;<x>"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", made)


def test_problem_document_of_each_language_is_json_with_the_same_code() -> None:
    for lang in LANGUAGES:
        content = json.loads(problems.response(problems.Problem("too_slow", seconds=2), lang, "r").body)
        assert (content["code"], content["request_id"]) == ("too_slow", "r")
