"""Reads of personal data are counted by key and entity, outside the request, and end up in the trail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from ringfinder.casebook import audit
from ringfinder.casebook.audit import Read
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.keys import split
from ringfinder.errors import StoreError
from ringfinder_api import auditing
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside, Served, until

Make = Callable[..., Inside]


def read_by(service: Inside, key: str) -> dict[tuple[str, str], int]:
    """What was counted for a key, by entity, after it was written down."""
    asyncio.run(service.service.reads.flush(service.book))
    with service.book.session() as session:
        rows = session.query(audit.AuditReadRow).filter_by(key_id=split(key)[0]).all()
        return {(row.entity_type, row.entity_id): row.reads for row in rows}


def test_each_way_to_a_person_is_counted_for_its_key(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside()
    one, other = service.key("analyst"), service.key("system")
    service.ask(
        ("GET", "/v1/scores/patient/P1", one),
        ("GET", "/v1/scores/patient/P1", one),
        ("GET", "/v1/scores/patient/P2", other),
        ("GET", "/v1/scores/patient/nobody", one),
        ("GET", "/v1/rings/R;1", one),
        ("GET", "/v1/rings/R;1/timeline", one),
        ("GET", "/v1/rings/none", one),
        ("GET", "/v1/rings", one),
        snapshot=tiny_snapshot,
    )
    entities = [{"entity_type": "patient", "entity_id": name} for name in ("P1", "P3", "P3", "nobody\0")]
    service.ask(("POST", "/v1/scores:batch", other), snapshot=tiny_snapshot, json={"entities": entities})
    claim = {"patient_id": "P4", "facility_id": "nowhere", "start_time": "2024-03-01T09:00:00", "doctor_id": "D1"}
    service.ask(("POST", "/v1/scores:claim", other), snapshot=tiny_snapshot, json=claim)
    assert read_by(service, one) == {("patient", "P1"): 2, ("ring", "R;1"): 2}
    expected = {("patient", "P1"): 1, ("patient", "P2"): 1, ("patient", "P3"): 2, ("patient", "P4"): 1}
    assert read_by(service, other) == expected | {("doctor", "D1"): 1}
    assert audit.verify(service.book).broken is None


def test_batches_are_limited_and_what_the_casebook_does_not_take_waits(
    inside: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = inside()
    reads = service.service.reads
    for number in range(audit.MOST_IN_BATCH + 1):
        reads.count("k", "patient", f"P{number:04}")

    def silent(*_: object) -> None:
        raise StoreError("the casebook's database does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(auditing, "record_reads", silent)
        asyncio.run(reads.flush(service.book))
    assert audit.latest(service.book, 10) == ()
    reads.count("k", "patient", "P0000")
    asyncio.run(reads.flush(service.book))
    assert [one.action for one in audit.latest(service.book, 10)] == ["reads", "reads"]
    assert [read for _, read in audit.reads_of(service.book, "patient", "P0000")] == [Read("k", "patient", "P0000", 2)]
    asyncio.run(reads.flush(service.book))
    assert audit.verify(service.book).entries == 2


def test_nothing_personal_is_answered_when_too_much_waits_to_be_written_down(
    inside: Make, tiny_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "MOST_WAITING", 1)
    service = inside()
    key = service.key("analyst")
    paths = ("/v1/scores/patient/P1", "/v1/scores/patient/P2", "/v1/rings/R;1", "/v1/rings")
    answers = service.ask(*(("GET", path, key) for path in paths), snapshot=tiny_snapshot)
    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].json()["code"] == "casebook_unavailable"


def test_export_or_query_without_a_record_is_not_made(
    inside: Make, tiny_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise StoreError("the casebook's database does not answer")

    service = inside()
    key = service.key("analyst")
    monkeypatch.setattr(auditing, "record", silent)
    asked = [("GET", "/v1/rings/R;1/export.html", key), ("POST", "/v1/queries/hunt/after-death:run", key)]
    for answer in service.ask(*asked, snapshot=tiny_snapshot, json={}):
        assert (answer.status_code, answer.json()["code"]) == (503, "casebook_unavailable")


def test_running_service_writes_reads_down_by_itself(served: Served) -> None:
    key = served.key("system")
    with served.client(key) as client:
        assert client.get("/v1/scores/patient/P00001").status_code == 200
    with open_casebook(served.workspace) as book:
        mine = split(key)[0]
        until(lambda: any(read.key_id == mine for _, read in audit.reads_of(book, "patient", "P00001")))
