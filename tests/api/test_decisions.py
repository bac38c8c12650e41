"""A case over HTTP from inquiry to decision, with another district's word, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ringfinder.casebook.articles import article_name
from ringfinder.casebook.law import BASES, BEHAVIOURS
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside
from tests.api.test_cases import CASES, Desk

Make = Callable[..., Inside]
DAY = "2026-05-04"


def test_inquiry_hearing_cross_check_and_decisions(inside: Make, tiny_snapshot: Snapshot) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor", districts=("西城",)), tiny_snapshot)
    east = Desk(service, service.login("investigator", districts=("east",)), tiny_snapshot)
    path = f"{CASES}/{boss.post(CASES, 201, title='x', districts=['西城'])['case_id']}"
    violation = {"subject_id": "F1", "behaviour": "fictitious_services", "amount": "10000.00", "established_on": DAY}
    assert boss.post(f"{path}/violations", 409, **violation)["code"] == "step_refused"
    boss.post(f"{path}:assign")
    boss.post(f"{path}:begin")
    (found,) = boss.post(f"{path}/violations", **violation)["violations"]
    assert (found["subject"], found["subject_name"], found["article"], found["amount"], found["stands"]) == (
        "facility",
        "第一药店",
        "40(3)",
        "10000.00",
        True,
    )
    assert found["article_name"] == "Regulation on the Medical Security Fund, Art. 40(3)"
    wrong = {"violation": 1, "kind": "fine", "amount": "60000.00"}
    assert "from 20000.00 to 50000.00" in boss.post(f"{path}/decisions", 422, **wrong)["detail"]
    assert found["open"] == found["ladder"]
    assert "confirmed" not in boss.get(path)["resolutions"]
    boss.post(f"{path}/decisions", **wrong | {"amount": "30000"})
    left = boss.get(path)["violations"][0]["open"]
    assert left == [one for one in found["ladder"] if one["kind"] != "fine"]
    assert boss.get(path)["resolutions"] == []
    (proposed,) = boss.get(path)["decisions"]
    assert (proposed["amount"], proposed["state"], proposed["possible"]) == (
        "30000.00",
        "proposed",
        ["issue", "withdraw"],
    )
    assert proposed["lacks"] == ["hearing", "check"]
    fine = next(one for one in found["ladder"] if one["kind"] == "fine")
    assert (fine["least"], fine["most"], fine["heard_first"], fine["checked_first"]) == (
        "20000.00",
        "50000.00",
        True,
        True,
    )
    assert proposed["basis_name"] == "Regulation on the Medical Security Fund, Art. 40"
    boss.post(f"{path}/decisions", violation=1, kind="end_agreement")
    issuing = {"decided_on": "2026-05-20", "rights_told": True}
    assert boss.post(f"{path}/decisions/1:issue", 409, **issuing)["code"] == "not_heard"
    heard = {"subject": "facility", "subject_id": "F1", "form": "oral", "told_on": DAY, "held_on": DAY}
    assert boss.post(f"{path}/hearings", 422, **heard)["code"] == "statement_or_waived"
    assert boss.post(f"{path}/hearings", **heard, statement="we treated them")["state"] == "heard"
    assert boss.post(f"{path}/decisions/1:issue", 409, **issuing)["code"] == "not_checked"
    assert east.ask("GET", path, etag="").status_code == 404
    boss.post(f"{path}/checks", district="east", question="is the ward real?")
    assert east.get(path)["checks"][0]["agrees"] is None
    east.post(f"{path}/checks/1:answer", agrees=True, answer="it is empty")
    assert boss.post(f"{path}/decisions/1:issue", 412, **issuing)["code"] == "changed_meanwhile"
    boss.get(path)
    boss.post(f"{path}/decisions/1:issue", **issuing)
    assert [one["lacks"] for one in boss.get(path)["decisions"]] == [[], []]
    bar = boss.post(f"{path}/decisions/2:issue", **issuing, begins_on="2026-06-01")["decisions"][1]
    assert (bar["state"], bar["begins_on"], bar["free_on"]) == ("in_force", "2026-06-01", "2029-06-01")
    boss.post(f"{path}/decisions/1:receive", amount="30000.00", received_on="2026-05-21")
    fine = boss.post(f"{path}/decisions/2:carry_out")["decisions"][0]
    assert (fine["state"], fine["received"]) == ("carried_out", "30000.00")
    assert boss.get(path)["resolutions"] == ["confirmed", "handed_over"]
    closed = boss.post(f"{path}:close", resolution="confirmed")
    assert (closed["state"], closed["violations"][0]["open"]) == ("closed", [])


def test_person_is_told_by_a_masked_name_to_whoever_may_see_a_ring_of_that_person(
    inside: Make, tiny_snapshot: Snapshot
) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor"), tiny_snapshot)
    path = f"{CASES}/{boss.post(CASES, 201, title='x', districts=['elsewhere'])['case_id']}"
    boss.post(f"{path}:assign")
    boss.post(f"{path}:begin")
    for person in ("P1", "P9"):
        boss.post(
            f"{path}/violations", subject_id=person, behaviour="lent_credential", amount="1.00", established_on=DAY
        )
    boss.post(f"{path}/hearings", subject="person", subject_id="P1", form="waived", told_on=DAY, held_on=DAY)
    other = Desk(service, service.login("supervisor", districts=("elsewhere",)), tiny_snapshot)

    def told(desk: Desk) -> list[str | None]:
        case = desk.get(path)
        return [one["subject_name"] for one in (*case["violations"], *case["hearings"])]

    assert told(boss) == ["王**", None, "王**"]
    assert told(other) == [None, None, None]


@pytest.mark.parametrize("amount", ["0.001", "-1", "1e3000", "NaN", "9999999999999"])
def test_amount_that_is_none_is_refused(inside: Make, tiny_snapshot: Snapshot, amount: str) -> None:
    service = inside(rate=1e6, burst=1e6)
    boss = Desk(service, service.login("supervisor"), tiny_snapshot)
    violation = {"subject_id": "F1", "behaviour": "other_fraud", "amount": amount, "established_on": DAY}
    assert boss.post(f"{CASES}/C2026-000001/violations", 422, **violation)["code"] == "invalid"


def test_every_article_has_a_name_in_both_languages() -> None:
    articles = {one.article for one in BEHAVIOURS.values()} | {basis for by in BASES.values() for basis in by.values()}
    names = {(article, lang): article_name(article, lang) for article in articles | {"30"} for lang in ("zh", "en")}  # type: ignore[arg-type]
    assert len(set(names.values())) == len(names)
    assert names["41-1(3)", "zh"] == "《医疗保障基金使用监督管理条例》第四十一条第一款第（三）项"
    assert names["41-1(3)", "en"] == "Regulation on the Medical Security Fund, Art. 41 para. 1(3)"
