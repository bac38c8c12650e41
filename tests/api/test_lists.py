"""Lists over HTTP that are asked for by their route alone: looks, self-checks, and who saw personal values in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ringfinder.casebook import audit, screening, self_checks
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.self_check_list import Wanted, page
from ringfinder.casebook.self_checks import Answer
from ringfinder.casebook.tables_of_screening import CheckRow
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]
ACTOR = "user u1"


@pytest.fixture
def service(inside: Make) -> Inside:
    return inside(rate=1e6, burst=1e6)


def got(service: Inside, path: str, *roles: str, districts: tuple[str, ...] | None = None, status: int = 200) -> Any:
    (answer,) = service.ask(("GET", path, service.key(*roles, districts=districts)))
    assert answer.status_code == status, answer.text
    return answer.json()


def sent(service: Inside, facility: str, district: str, due: date) -> str:
    """A self-check that is due on that day."""
    rules: Rules = service.service.rules
    check_id = self_checks.send(service.book, facility, district, ["beds", "cards"], rules, ACTOR).check_id
    with service.book.session() as session:
        row = session.get_one(CheckRow, check_id)
        row.due_on = row.sent_on = due
    return check_id


def test_self_checks_are_listed_soonest_due_first_and_paged(service: Inside) -> None:
    rules, today = service.service.rules, service.service.rules.today()
    days = (today - timedelta(days=3), today, today + timedelta(days=4), today - timedelta(days=9))
    late, due, later, answered = (sent(service, f"F{n}", ("东城", "西城")[n % 2], day) for n, day in enumerate(days))
    self_checks.answer(
        service.book, answered, 1, [Answer(Decimal("70.00"), ""), Answer(Decimal("5.50"), "")], rules, ACTOR
    )
    self_checks.book_return(service.book, answered, 2, Decimal("20.25"), today, "R1", rules, ACTOR)

    def ids(query: str = "", **more: Any) -> list[str]:
        return [
            one["check_id"] for one in got(service, f"/v1/self-checks{query}", "investigator", **more)["self_checks"]
        ]

    everything = [answered, late, due, later]
    assert ids() == everything
    assert ids("?late=true") == [late]
    assert ids("?state=answered") == [answered]
    assert ids("?district=东城") == [late, later]
    assert ids("?facility_id=F1") == [due]
    assert ids(districts=("西城",)) == [answered, due]
    found, pages = got(service, "/v1/self-checks?limit=3", "investigator"), []
    pages.append([one["check_id"] for one in found["self_checks"]])
    rest = got(service, f"/v1/self-checks?limit=3&cursor={found['next_cursor']}", "investigator")
    pages.append([one["check_id"] for one in rest["self_checks"]])
    assert (pages, found["total"], rest["total"], rest["next_cursor"]) == ([everything[:3], everything[3:]], 4, 4, None)
    first = found["self_checks"][0]
    assert (first["amount"], first["returned"], first["late"], first["state"]) == ("75.50", "20.25", False, "answered")
    assert [one["late"] for one in found["self_checks"]] == [False, True, False]
    assert page(service.book, Wanted(), None, 9)[2] is None
    assert got(service, "/v1/self-checks?cursor=x", "investigator", status=422)["code"] == "bad_cursor"


def test_looks_are_listed_the_one_planned_soonest_first_and_paged(service: Inside) -> None:
    rules, today = service.service.rules, service.service.rules.today()
    planned = [
        screening.plan(
            service.book, f"F{n}", ("东城", "西城")[n % 2], today + timedelta(days=days), rules, ACTOR
        ).look_id
        for n, days in enumerate((5, 1, 3))
    ]
    screening.take(service.book, planned[2], 1, today, "found", "empty beds", rules, ACTOR)
    order = [planned[1], planned[2], planned[0]]

    def ids(query: str = "", **more: Any) -> list[str]:
        return [one["look_id"] for one in got(service, f"/v1/looks{query}", "investigator", **more)["looks"]]

    assert ids() == order
    assert ids("?state=planned") == [planned[1], planned[0]]
    assert ids("?facility_id=F2") == ids("?state=taken") == [planned[2]]
    assert ids("?district=东城") == [planned[2], planned[0]]
    assert ids(districts=("西城",)) == [planned[1]]
    first = got(service, "/v1/looks?limit=2", "investigator")
    rest = got(service, f"/v1/looks?limit=2&cursor={first['next_cursor']}", "investigator")
    assert [one["look_id"] for one in (*first["looks"], *rest["looks"])] == order
    assert (first["total"], rest["total"], rest["next_cursor"]) == (3, 3, None)
    assert (first["looks"][1]["outcome"], first["looks"][1]["note"]) == ("found", "empty beds")
    assert got(service, "/v1/looks?cursor=x", "investigator", status=422)["code"] == "bad_cursor"


def test_who_saw_personal_values_in_full_is_told_the_newest_first(service: Inside) -> None:
    audit.record(service.book, "user u1", "tip.identity_read", "T1", {"why": "to answer"})
    audit.record(service.book, "user u2", "case.changed", "C1", {})
    audit.record(service.book, "command line, uid 7", "unmasked", "R1", {"command": "show"})
    found = got(service, "/v1/unmaskings?limit=1", "admin")
    (one,) = found["unmaskings"]
    assert (one["actor"], one["action"], one["subject"], one["why"]) == (
        "command line, uid 7",
        "unmasked",
        "R1",
        "show",
    )
    rest = got(service, f"/v1/unmaskings?limit=1&cursor={found['next_cursor']}", "supervisor")
    (other,) = rest["unmaskings"]
    assert (other["actor"], other["subject"], other["why"]) == ("user u1", "T1", "to answer")
    assert (other["action_name"], rest["next_cursor"]) == ("read who gave a tip", None)
    assert got(service, "/v1/unmaskings", "supervisor", districts=("西城",), status=403)["code"] == "all_districts"
    assert got(service, "/v1/unmaskings", "investigator", status=403)["code"] == "forbidden"


def test_a_facility_is_told_by_its_name_where_the_run_that_is_served_has_one(
    service: Inside, tiny_snapshot: Snapshot
) -> None:
    rules = service.service.rules
    key = service.key("investigator")
    look = screening.plan(service.book, "F1", "", rules.today() + timedelta(days=1), rules, ACTOR).look_id
    check = sent(service, "F1", "", rules.today())
    gone = sent(service, "F9", "", rules.today())
    paths = (
        "/v1/screening",
        "/v1/looks",
        f"/v1/looks/{look}",
        "/v1/self-checks",
        *(f"/v1/self-checks/{one}" for one in (check, gone)),
    )
    before = [answer.json() for answer in service.ask(*(("GET", path, key) for path in paths[1:]))]
    assert [before[0]["looks"][0]["facility_name"], before[3]["facility_name"]] == [None, None]
    asked = service.ask(*(("GET", path, key) for path in paths), snapshot=tiny_snapshot)
    coverage, looks, one_look, checks, one_check, other = (answer.json() for answer in asked)
    listed = [*coverage["following"], *looks["looks"], *checks["self_checks"]]
    assert {(one["facility_id"], one["facility_name"]) for one in listed} == {
        ("F1", "第一药店"),
        ("F2", None),
        ("F9", None),
    }
    assert (one_look["facility_name"], one_check["facility_name"], other["facility_name"]) == (
        "第一药店",
        "第一药店",
        None,
    )


def test_a_facility_is_found_by_its_name_or_id_within_the_districts_of_the_key(
    service: Inside, tiny_snapshot: Snapshot
) -> None:
    run = replace(
        tiny_snapshot,
        facilities={"F1": "东城", "F12": "西城", "G1": "东城", "G2": "东城"},
        names={"F1": "第一药店", "F12": "城北药店", "G1": "药店F1", "G2": "F1院"},
    )

    def found(text: str, *districts: str, **more: object) -> tuple[list[str], int]:
        key = service.key("tip_officer", districts=districts or None)
        (answer,) = service.ask(("POST", "/v1/facilities:search", key), snapshot=run, json={"text": text, **more})
        told = answer.json()
        return [one["facility_id"] for one in told["facilities"]], told["total"]

    assert found(" f1 ") == (["F1", "G2", "F12", "G1"], 4)
    assert found("药店", "西城") == (["F12"], 1)
    assert found("药店", "东城", limit=1) == (["G1"], 2)
    assert found("", "东城") == (["F1", "G1", "G2"], 3)
    assert found("nowhere") == ([], 0)
