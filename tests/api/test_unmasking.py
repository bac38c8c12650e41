"""Names and numbers in full: for the assignee of an open case that has the ring, recorded before they are shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from ringfinder.casebook import audit
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside, Login

Make = Callable[..., Inside]
NOTHING = dict.fromkeys(("name", "phone", "contact_phone", "id_number", "address", "bank_account"))


@dataclass
class Office:
    """A service on the tiny world's run, a supervisor, and an investigator who works on a case about its ring."""

    service: Inside
    snapshot: Snapshot
    boss: Login
    mine: Login
    case_id: str = ""

    def ask(self, who: Login | str, path: str, version: int | None = None, **body: Any) -> httpx.Response:
        seen = {} if version is None else {"if-match": f'"{version}"'}
        (answer,) = self.service.ask(("POST", path, who), json=body, headers_of=seen, snapshot=self.snapshot)
        return answer

    def unmask(self, who: Login | str, *members: str, **other: Any) -> httpx.Response:
        asked = {"ring_id": "R;1", "run_id": self.snapshot.run_id, "members": list(members), "why": "to hear him"}
        return self.ask(who, f"/v1/cases/{self.case_id}:unmask", **asked | other)

    def called(self, *node: str) -> str:
        """The name of an entity within the ring's answers."""
        return next(name for name, one in self.snapshot.rings["R;1"].called() if one == node)

    def actions(self) -> list[str]:
        return [one.action for one in audit.latest(self.service.book, 100)][::-1]


@pytest.fixture
def office(inside: Make, tmp_path: Path, tiny_workspace: Path, tiny_snapshot: Snapshot) -> Office:
    shutil.copytree(tiny_workspace, tmp_path / "workspace")
    service = inside(rate=1e6, burst=1e6)
    made = Office(service, tiny_snapshot, service.login("supervisor"), service.login("investigator"))
    case = made.ask(made.mine, "/v1/cases", title="after death", ring_id="R;1")
    made.case_id = case.json()["case_id"]
    assert made.ask(made.mine, f"/v1/cases/{made.case_id}:assign", 1).status_code == 200
    return made


def test_assignee_sees_members_in_full_and_the_trail_says_so_first(office: Office) -> None:
    man, agent, payee = (
        office.called(*node) for node in (("patient", "P1"), ("recruiter", "R1"), ("account", tiny.PAYEE))
    )
    answer = office.unmask(office.mine, man, agent, payee, man)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert {name: answer.json()[name] for name in ("case_id", "ring_id", "run_id")} == {
        "case_id": office.case_id,
        "ring_id": "R;1",
        "run_id": office.snapshot.run_id,
    }
    assert answer.json()["members"] == [
        {"member": man, "entity_type": "patient", "entity_id": "P1"}
        | NOTHING
        | {"name": "王小明", "phone": "13812345678", "id_number": "110101195001011234", "address": "长安路1号"},
        {"member": agent, "entity_type": "recruiter", "entity_id": "R1"}
        | NOTHING
        | {"name": "赵介绍", "phone": "13711112222"},
        {"member": payee, "entity_type": "account", "entity_id": tiny.PAYEE} | NOTHING,
    ]
    reads, entry = audit.latest(office.service.book, 2)
    details = json.loads(entry.details)
    assert (entry.action, entry.subject) == ("case.unmasked", office.case_id)
    assert {name: value for name, value in details.items() if name != "request_id"} == {
        "ring_id": "R;1",
        "run_id": office.snapshot.run_id,
        "members": [man, agent, payee],
        "why": "to hear him",
    }
    assert details["request_id"] == answer.headers["x-request-id"]
    assert (reads.action, reads.number) == ("reads", entry.number + 1)
    ((_, read),) = audit.reads_of(office.service.book, "patient", "P1")
    assert (f"user {read.key_id}", read.reads) == (entry.actor, 1)
    assert audit.verify(office.service.book).broken is None
    assert not any(secret in entry.details for secret in tiny.SECRETS)


def test_supervisor_finds_it_among_those_who_looked(office: Office) -> None:
    office.unmask(office.mine, "m1")
    (answer,) = office.service.ask(("GET", "/v1/unmaskings", office.boss))
    (entry,) = answer.json()["unmaskings"]
    assert (entry["action"], entry["subject"], entry["why"]) == ("case.unmasked", office.case_id, "to hear him")
    assert entry["action_name"] == "saw members of a ring in full, in a case"


def test_nobody_else_has_a_warrant(office: Office) -> None:
    colleague = office.service.login("investigator")
    for who in (office.boss, colleague):  # both see the case, and neither works on it
        answer = office.unmask(who, "m1")
        assert (answer.status_code, answer.json()["code"]) == (403, "no_warrant")
    abroad = office.service.login("investigator", districts=("elsewhere",))
    assert office.unmask(abroad, "m1").json()["code"] == "unknown_case"
    for role in ("viewer", "analyst", "tip_officer", "admin"):
        assert office.unmask(office.service.login(role), "m1").json()["code"] == "forbidden"
    assert "case.unmasked" not in office.actions()
    assert "reads" not in office.actions()


def test_warrant_ends_with_the_case_and_with_the_work_on_it(office: Office) -> None:
    path = f"/v1/cases/{office.case_id}"
    assert office.unmask(office.mine, "m1").status_code == 200
    assert office.ask(office.boss, f"{path}:assign", 2, assignee=None).status_code == 200
    assert office.unmask(office.mine, "m1").json()["code"] == "no_warrant"
    assert office.unmask(office.boss, "m1").status_code == 200
    closed = office.ask(office.boss, f"{path}:close", 3, resolution="handed_over", reason="to the police")
    assert closed.json()["assignee"] is not None
    assert office.unmask(office.boss, "m1").json()["code"] == "no_warrant"
    assert office.actions().count("case.unmasked") == 2


def test_ring_of_no_case_and_a_name_of_another_run_show_nobody(office: Office) -> None:
    for other, code in (
        ({"ring_id": "R0"}, "no_warrant"),
        ({"ring_id": "R9"}, "unknown_ring"),
        ({"run_id": "20200101-000000-000001"}, "another_run"),
        ({"members": ["m1", "m99"]}, "unknown_member"),
        ({"members": ["patient/P1"]}, "invalid"),
        ({"members": []}, "invalid"),
        ({"members": ["m1"] * 51}, "invalid"),
        ({"why": " "}, "invalid"),
    ):
        assert office.unmask(office.mine, "m1", **other).json()["code"] == code, other
    assert "case.unmasked" not in office.actions()


def test_what_cannot_be_recorded_is_not_shown(office: Office) -> None:
    with office.service.book.session() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit_reads BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = office.unmask(office.mine, "m1")
    assert (answer.status_code, answer.json()["code"]) == (503, "casebook_unavailable")
    assert "case.unmasked" not in office.actions()
