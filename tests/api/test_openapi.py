from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ringfinder.model import ENTITY_TYPES, KINDS
from ringfinder.report.results import Results
from ringfinder.workspace import StoredRun
from ringfinder_api import shapes_of_rings
from ringfinder_api.access.rules import RULES
from ringfinder_api.openapi import FILE, made, text
from tests.api.conftest import PATIENCE, SOAK, Served, until

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CONVERTED = {
    "/v1/scores/{entity_type}/{entity_id}": "/v1/scores/{entity_type}/{entity_id:path}",
    "/app/{path}": "/app/{path:path}",
}
# Of runs there is one; logins are asked for where that is tested, and so is what changes something.
ELSEWHERE = {
    "/",
    "/app",
    "/v1/runs:compare",
    "/v1/session",
    "/v1/invitations:accept",
    "/v1/users/{user_id}:invite",
    "/v1/oidc:login",
    "/v1/oidc:callback",
}
EVERYTHING = {"analyst", "supervisor", "admin", "system"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_committed_file_is_what_the_application_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(made()), "run `python -m ringfinder_api.openapi`"


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in made()["components"]["schemas"].items():
        for field, rules in schema["properties"].items():
            yield f"{name}.{field}", rules


def test_every_field_has_an_english_description_and_a_chinese_title() -> None:
    found = dict(fields())
    assert len(found) > 150
    assert [name for name, rules in found.items() if not CHINESE.search(rules.get("title", ""))] == []
    told = {name: rules.get("description", "") for name, rules in found.items()}
    assert [name for name, words in told.items() if not words or CHINESE.search(words)] == []


def test_every_parameter_is_described() -> None:
    operations = [operation for path in made()["paths"].values() for operation in path.values()]
    parameters = [parameter for operation in operations for parameter in operation.get("parameters", ())]
    assert {parameter["name"] for parameter in parameters if not parameter.get("description")} == set()
    assert {parameter["in"] for parameter in parameters} == {"path", "query", "header"}


def test_every_error_of_a_route_is_a_problem_document() -> None:
    for path in made()["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_kinds_and_entity_types_are_those_of_the_engine() -> None:
    assert shapes_of_rings.Kind.__args__ == KINDS  # type: ignore[attr-defined]
    assert shapes_of_rings.EntityType.__args__ == ENTITY_TYPES  # type: ignore[attr-defined]


def test_service_hands_out_that_file(served: Served) -> None:
    with served.client() as client:
        assert client.get("/openapi.json").json() == json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def everything(served: Served) -> str:
    """A key that may do everything but read who gave a tip."""
    return served.key(*sorted(EVERYTHING))


schema = schemathesis.openapi.from_dict(made())


@schema.parametrize()
@settings(max_examples=300 if SOAK else 15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_the_description_allows_is_answered_as_it_says(case: Any, served: Served, everything: str) -> None:
    case.call_and_validate(
        base_url=served.url, headers={"authorization": f"Bearer {everything}"}, checks=CHECKS, timeout=PATIENCE
    )


def test_answers_about_what_is_there_are_as_described(
    served: Served, everything: str, results: Results, stored: StoredRun
) -> None:
    ring = results.rings[0].ring_id
    headers = {"authorization": f"Bearer {everything}"}
    with served.client(everything) as client:
        job = client.post("/v1/jobs:upload", files={"files": ("claims.csv", b"no claims")}).json()
        until(lambda: client.get(f"/v1/jobs/{job['job_id']}").json()["state"] == "failed")
        hook = client.post("/v1/webhooks", json={"url": "https://8.8.8.8/nothing-is-sent"}).json()
        opened = client.post("/v1/cases", json={"title": "x", "ring_id": ring}).json()
        client.post(f"/v1/cases/{opened['case_id']}:assign", json={}, headers={"if-match": '"1"'})
        client.post(f"/v1/cases/{opened['case_id']}/notes", json={"text": "x"})
        client.post(f"/v1/cases/{opened['case_id']}/files", params={"name": "x.txt"}, content=b"x")
        watched = {"entity_type": "patient", "entity_id": "P00001", "name": "x", "district": "x", "reason": "x"}
        today = datetime.now(UTC).date()
        days = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=30)).isoformat()}
        entry = client.post("/v1/watch", json=watched | days).json()
        facility = next(one.entity_id for one in results.members_of(ring) if one.entity_type == "facility")
        look = client.post("/v1/looks", json={"facility_id": facility, "planned_on": days["ends_on"]}).json()
        check = client.post("/v1/self-checks", json={"facility_id": facility, "items": ["x"]}).json()
    with served.client(served.key("tip_officer")) as client:
        told = {"channel": "letter", "district": "x", "received_on": "2026-03-02", "summary": "x"}
        tip = client.post("/v1/tips", json=told).json()
    made_now = {"tip_id": tip["tip_id"], "watch_id": entry["watch_id"]}
    made_now |= {"look_id": look["look_id"], "check_id": check["check_id"]}
    real: dict[str, Any] = made_now | {"case_id": opened["case_id"], "number": 1, "report": "weekly"}
    real |= {"job_id": job["job_id"], "webhook_id": hook["webhook_id"]}
    real |= {"ring_id": ring, "run_id": stored.run_id, "folder": "result", "query": "rings"}
    real |= {"path": "rings", "entity_type": "patient", "entity_id": results.members_of(ring)[0].entity_id}
    bodies = {
        "/v1/scores:batch": {"entities": [{"entity_type": "patient", "entity_id": one} for one in ("P00001", "?")]},
        "/v1/scores:claim": {
            "patient_id": real["entity_id"],
            "facility_id": "H0024",
            "start_time": "2024-03-01T09:00:00",
        },
        "/v1/queries/{folder}/{query}:run": {"limit": 5},
        "/v1/search": {"text": real["entity_id"]},
        "/v1/claims:look": {"files": [{"name": "claims.csv", "begins": "Y2xhaW1faWQ="}]},
        "/v1/facilities:search": {"text": facility},
        "/v1/tips:search": {},
        "/v1/watch:search": {},
        "/v1/cypher": {"statement": "MATCH (r:Ring) RETURN r.ring_id, r.score ORDER BY r.ring_id", "limit": 5},
        "/v1/runs/{run_id}:rescore": {"alert_q": 0.01},
        "/v1/cases/{case_id}:unmask": {"ring_id": ring, "run_id": stored.run_id, "members": ["m1"], "why": "x"},
    }
    queries = {"/v1/rings/{ring_id}/around": {"of": ["m1"]}, "/v1/rings/{ring_id}/peers": {"of": "m1"}}
    asked = []
    for path, operations in made()["paths"].items():
        for method in operations:
            rule = RULES[method.upper(), CONVERTED.get(path, path)]
            mine = rule.roles is None or EVERYTHING & rule.roles
            if rule.changes or rule.people or path in ELSEWHERE or not mine:
                continue
            given = {name: value for name, value in real.items() if f"{{{name}}}" in path}
            case = schema[path][method.upper()].Case(path_parameters=given, query=queries.get(path, {}))
            if path in bodies:
                case.body, case.media_type = bodies[path], "application/json"
            answer = case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS, timeout=PATIENCE)
            asked.append((path, answer.status_code))
    assert len(asked) == 64
    assert [one for one in asked if one[1] != 200] == []
