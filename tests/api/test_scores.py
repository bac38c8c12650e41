from __future__ import annotations

import json
import random
from collections import defaultdict

import httpx
import tiny

from ringfinder.report.results import Results
from ringfinder.words import say
from ringfinder_api.claim_ties import score_claim
from ringfinder_api.shapes_of_scores import ClaimRequest
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Served


def test_each_member_has_the_score_of_its_surest_ring(analyst: httpx.Client, results: Results) -> None:
    rings = {ring.ring_id: ring for ring in results.rings}
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for m in results.members:
        wanted[m.entity_type, m.entity_id].add(m.ring_id)
    asked = sorted(wanted)
    questions = [{"entity_type": kind, "entity_id": entity} for kind, entity in asked]
    items = analyst.post("/v1/scores:batch", json={"entities": questions}).json()["items"]
    assert len(items) == len(asked) > 900
    for node, item in zip(asked, items, strict=True):
        best = max((rings[ring_id] for ring_id in wanted[node]), key=lambda ring: ring.score)
        score = item["score"]
        assert item["status"] == 200
        assert {ring["ring_id"] for ring in score["rings"]} == wanted[node]
        assert (score["score"], score["q_value"]) == (best.score, best.q_value)
        assert score["alert"] == any(rings[ring_id].alert for ring_id in wanted[node])


def test_batch_says_what_single_questions_say(analyst: httpx.Client, results: Results) -> None:
    some = random.Random(1).sample([m for m in results.members if m.entity_type != "account"], 20)
    questions = [{"entity_type": m.entity_type, "entity_id": m.entity_id} for m in some]
    items = analyst.post("/v1/scores:batch", json={"entities": questions}).json()["items"]
    single = [analyst.get(f"/v1/scores/{m.entity_type}/{m.entity_id}").json() for m in some]
    assert [item["score"] for item in items] == single


def test_known_entity_in_no_ring_has_score_0_and_an_unknown_one_is_told_as_such(
    analyst: httpx.Client, results: Results
) -> None:
    in_rings = {m.entity_id for m in results.members if m.entity_type == "patient"}
    assert "P00001" not in in_rings
    known = analyst.get("/v1/scores/patient/P00001")
    assert (known.status_code, known.json()["score"], known.json()["rings"]) == (200, 0, [])
    unknown = analyst.get("/v1/scores/patient/P99999999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_entity")
    other_type = analyst.get("/v1/scores/doctor/P00001")
    assert other_type.status_code == 404
    entities = [{"entity_type": "patient", "entity_id": one} for one in ("P99999999", "P00001")]
    items = analyst.post("/v1/scores:batch", json={"entities": entities}).json()["items"]
    assert [item["status"] for item in items] == [404, 200]
    assert items[0]["problem"]["detail"] == unknown.json()["detail"]


def test_reason_comes_in_the_callers_language(served: Served, analyst: httpx.Client, results: Results) -> None:
    ring = results.rings[0]
    patient = next(m for m in results.members if m.ring_id == ring.ring_id and m.entity_type == "patient")
    path = f"/v1/scores/patient/{patient.entity_id}"

    def reason(header: str) -> str:
        found = analyst.get(path, headers={"accept-language": header}).json()["rings"]
        return next(one["reason"] for one in found if one["ring_id"] == ring.ring_id)

    assert reason("zh-CN,zh;q=0.9,en;q=0.8") == ring.reason_zh
    assert reason("fr,en;q=0.5,zh;q=0.2") == ring.reason_en
    assert reason("de") == ring.reason_en


def test_batch_takes_a_thousand_and_no_more(analyst: httpx.Client) -> None:
    one = {"entity_type": "patient", "entity_id": "P00001"}
    assert len(analyst.post("/v1/scores:batch", json={"entities": [one] * 1000}).json()["items"]) == 1000
    for wrong in ([one] * 1001, [], [{**one, "entity_type": "ghost"}], [{**one, "more": 1}]):
        refused = analyst.post("/v1/scores:batch", json={"entities": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_answers_carry_no_personal_value(tiny_snapshot: Snapshot) -> None:
    answers = [text for texts in tiny_snapshot.whole.values() for text in texts.values()]
    for ring in tiny_snapshot.rings.values():
        answers += [ring.graph, ring.timeline, ring.history]
        answers += [text for texts in (ring.summary, ring.detail, ring.evidence, ring.head) for text in texts.values()]
    said = b"".join(answers).decode()
    assert [secret for secret in tiny.SECRETS if secret in said] == []
    assert "王**" in said
    account = tiny_snapshot.score("account", tiny.PAYEE, "en", None)
    assert account is not None
    assert b'"entity_id":"****2222","score":97.13' in account


def test_key_of_a_district_sees_only_rings_that_touch_it(tiny_snapshot: Snapshot) -> None:
    def rings(*districts: str) -> bytes:
        found = tiny_snapshot.score("patient", "P1", "en", frozenset(districts))
        assert found is not None
        return found

    assert b'"score":97.13' in rings("西城", "elsewhere")
    assert b'"score":97.13' in rings("东;城")
    elsewhere = tiny_snapshot.score("patient", "P1", "en", frozenset({"elsewhere"}))
    nobody = tiny_snapshot.score("patient", "P4", "en", frozenset({"elsewhere"}))
    assert elsewhere is not None
    assert nobody is not None
    assert elsewhere.replace(b"P1", b"P4") == nobody


def claim(analyst: httpx.Client, **given: str) -> dict[str, list[dict[str, object]]]:
    body = {"patient_id": "nobody", "facility_id": "nowhere", "start_time": "2030-01-01T10:00:00"} | given
    answer: dict[str, list[dict[str, object]]] = analyst.post("/v1/scores:claim", json=body).json()
    return answer


def test_claim_of_a_member_belongs_to_its_ring(analyst: httpx.Client, results: Results) -> None:
    ring = results.rings[0]
    member = next(m for m in results.members if m.ring_id == ring.ring_id and m.entity_type == "patient")
    answer = claim(analyst, patient_id=member.entity_id)
    assert answer["score"] == ring.score
    assert [one["status"] for one in answer["entities"]] == [200, 404]
    first = answer["rings"][0]
    assert (first["ring_id"], first["belongs"]) == (ring.ring_id, True)
    role = say(f"kinds.role_{member.role}", "en")
    sentence = say("api.tie_member", "en", entity="patient", role=role)
    assert first["ties"] == [
        {"tie": "member", "entity_type": "patient", "role": member.role, "sentence": sentence, "claim_ids": []}
    ]


def test_claim_at_a_place_of_a_ring_is_tied_and_does_not_belong(analyst: httpx.Client, results: Results) -> None:
    ring = results.rings[0]
    timeline = analyst.get(f"/v1/rings/{ring.ring_id}/timeline").json()
    claims, facilities = timeline["claims"], [one["facility_id"] for one in timeline["facilities"]]
    place, start = facilities[claims["facility"][0]], claims["start"][0]
    answer = claim(analyst, facility_id=place, start_time=start)
    assert answer["score"] == 0
    (tied,) = [one for one in answer["rings"] if one["ring_id"] == ring.ring_id]
    assert tied["belongs"] is False
    (same_day,) = [tie for tie in tied["ties"] if tie["tie"] == "same_day"]
    columns = (claims["claim_id"], claims["facility"], claims["start"])
    there = [
        one for one, at, began in zip(*columns, strict=True) if (facilities[at], began[:10]) == (place, start[:10])
    ]
    assert sorted(same_day["claim_ids"]) == sorted(there)


def test_claim_with_two_hubs_of_a_ring_belongs_and_its_invoice_is_known(tiny_snapshot: Snapshot) -> None:
    def scored(**given: str) -> dict[str, object]:
        body = {"patient_id": "new", "facility_id": "F1", "start_time": "2030-01-01T10:00:00", **given}
        answer: dict[str, object] = json.loads(
            score_claim(tiny_snapshot, ClaimRequest.model_validate(body), "en", None)
        )
        return answer

    assert scored()["score"] == 0
    assert scored(recruiter_id="R1")["score"] == 97.13
    assert scored(payee_account=tiny.PAYEE)["score"] == 97.13
    assert tiny.PAYEE not in json.dumps(scored(payee_account=tiny.PAYEE))
