"""Decisions on both databases: what must come before them, what they may be, what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ringfinder.casebook import audit, cases, decisions, inquiry
from ringfinder.casebook.case_lists import CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_record import closing, lacking, record_of
from ringfinder.casebook.cases import Case
from ringfinder.casebook.changes import altered_texts
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Hearing, Violation, parts_of
from ringfinder.casebook.suppressing import Closing, close
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ViolationRow
from ringfinder.casebook.who import Who
from ringfinder.errors import Refused
from tests.casebook.people_of_cases import EAST, WEST, draft, person

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = date(2026, 5, 4)
FRAUD = Violation("F1", "fictitious_services", Decimal("10000.00"), DAY)
HEARD = Hearing(
    "facility", "F1", "written", date(2026, 5, 5), date(2026, 5, 12), "we treated them", "no books were shown"
)


@dataclass
class Office:
    """A case under inquiry and the people around it. `do`: a step against the version that stands."""

    book: Casebook
    boss: Who
    inspector: Who
    west: Who
    case: Case

    def do(self, step: Callable[..., Case], *arguments: Any, who: Who | None = None, **more: Any) -> Case:
        self.case = step(self.book, who or self.boss, self.case.case_id, self.case.version, *arguments, **more, now=NOW)
        return self.case

    def refusal(self, step: Callable[..., Case], *arguments: Any, who: Who | None = None, **more: Any) -> str:
        before = self.now()
        with pytest.raises(Refused) as told:
            self.do(step, *arguments, who=who, **more)
        assert self.now() == before, "what is refused changes nothing"
        return told.value.code

    def now(self) -> tuple[Any, ...]:
        with self.book.session() as session:
            tables = (ViolationRow, HearingRow, CheckRow, DecisionRow)
            parts = [
                {name: value for name, value in vars(row).items() if name != "_sa_instance_state"}
                for table in tables
                for row in parts_of(session, table, self.case.case_id)
            ]
            return cases.case_of(session, cases.visible(session, self.boss, self.case.case_id)), parts

    def decision(self, number: int = 1) -> dict[str, Any]:
        return next(one for one in self.now()[1] if "kind" in one and one["number"] == number)

    def agree(self) -> None:
        self.do(inquiry.ask_check, WEST, "is the ward real?")
        self.do(inquiry.answer_check, 1, True, "no, it is empty", who=self.west)


@pytest.fixture
def office(casebook: Casebook) -> Office:
    boss = person(casebook, "boss", "supervisor")
    inspector, west = person(casebook, "i", "investigator", EAST), person(casebook, "w", "investigator", WEST)
    made = cases.create(casebook, boss, draft(), NOW)
    one = Office(casebook, boss, inspector, west, made)
    one.do(cases.assign, inspector.caller_id)
    one.do(cases.begin, who=inspector)
    one.do(inquiry.establish, FRAUD, who=inspector)
    return one


def test_fine_and_bar_after_hearing_and_cross_check(office: Office) -> None:
    office.do(inquiry.hear, HEARD, who=office.inspector)
    assert office.case.state == "heard"
    office.do(decisions.propose, Proposal(1, "fine", Decimal("30000.00")), who=office.inspector)
    office.do(decisions.propose, Proposal(1, "end_agreement"), who=office.inspector)
    office.agree()
    office.do(decisions.issue, 1, date(2026, 5, 18), rights_told=True)
    office.do(decisions.issue, 2, date(2026, 5, 18), date(2026, 6, 1), rights_told=True)
    assert office.case.state == "decided"
    fine, bar = office.decision(1), office.decision(2)
    assert (fine["state"], fine["basis"], fine["amount"], fine["free_on"]) == (
        "in_force",
        "40",
        Decimal("30000.00"),
        None,
    )
    assert (bar["basis"], bar["begins_on"], bar["free_on"]) == ("40", date(2026, 6, 1), date(2029, 6, 1))
    office.do(decisions.receive, 1, Decimal("10000.00"), date(2026, 5, 19))
    assert office.decision(1)["state"] == "in_force"
    assert office.refusal(decisions.receive, 1, Decimal("20000.01"), date(2026, 5, 19)) == "amount_out_of_range"
    assert office.refusal(decisions.receive, 1, Decimal("1.00"), date(2026, 5, 17)) == "in_the_future"
    office.do(decisions.receive, 1, Decimal("20000.00"), date(2026, 5, 20))
    assert office.decision(1)["state"] == "carried_out"
    office.do(decisions.carry_out, 2)
    office.do(close, Closing("confirmed"))
    assert office.case.state == "closed"
    entries = [one for one in audit.latest(office.book, 99) if one.action.startswith("decision.")]
    assert [one.action.partition(".")[2] for one in reversed(entries)] == [
        *("proposed", "proposed", "issue", "issue", "received", "received", "carry_out"),
    ]
    issued = json.loads(entries[3].details)["changed"]
    assert issued["state"] == ["proposed", "in_force"]
    assert issued["free_on"] == [None, "2029-06-01"]
    assert not any("treated" in one.details or "F1" in one.details for one in audit.latest(office.book, 99))
    assert (altered_texts(office.book), audit.verify(office.book).broken) == ((), None)


def test_nothing_weighs_on_who_was_not_heard(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "return_money", Decimal("10000.00")), who=office.inspector)
    told = {"rights_told": True}
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18), **told) == "not_heard"
    office.do(inquiry.establish, replace(FRAUD, subject_id="F2"))
    other = Hearing("facility", "F2", "written", DAY, DAY, "not us")
    office.do(inquiry.hear, other)
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18), **told) == "not_heard"
    office.do(inquiry.hear, HEARD)
    assert office.refusal(decisions.issue, 1, date(2026, 5, 11), **told) == "not_heard"
    assert office.refusal(decisions.issue, 1, date(2026, 5, 12)) == "rights_not_told"
    assert office.do(decisions.issue, 1, date(2026, 5, 12), **told).state == "decided"


def test_nobody_is_heard_before_what_was_found_is_established(office: Office) -> None:
    early = replace(HEARD, told_on=date(2026, 5, 3))
    for hearing in (early, replace(HEARD, subject_id="F2"), replace(HEARD, subject="person")):
        assert office.refusal(inquiry.hear, hearing) == "heard_before_found"
    office.do(inquiry.remove, 1)
    assert office.refusal(inquiry.hear, HEARD) == "heard_before_found"


def test_violation_that_is_found_after_the_hearing_needs_one_of_its_own(office: Office) -> None:
    office.do(inquiry.hear, HEARD)
    later = date(2026, 5, 6)
    office.do(inquiry.establish, replace(FRAUD, behaviour="forged_documents", established_on=later))
    for violation in (1, 2):
        office.do(decisions.propose, Proposal(violation, "return_money", Decimal("10000.00")))
    record = record_of(office.book, office.boss, office.case.case_id)
    assert [lacking(record, one) for one in record.decisions] == [(), ("hearing",)]
    office.do(decisions.issue, 1, date(2026, 5, 18), rights_told=True)
    assert office.refusal(decisions.issue, 2, date(2026, 5, 18), rights_told=True) == "not_heard"
    office.do(inquiry.hear, replace(HEARD, told_on=later))
    assert office.do(decisions.issue, 2, date(2026, 5, 18), rights_told=True).state == "decided"


def test_what_the_law_lets_happen_at_once_needs_no_hearing(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "suspend", provisional=True, reason="refuses to show its books"))
    office.do(decisions.propose, Proposal(1, "refuse_payment", Decimal("0.01")))
    office.do(decisions.propose, Proposal(1, "police"))
    for number in (1, 2, 3):
        office.do(decisions.issue, number, date(2026, 5, 18))
    assert [office.decision(n)["basis"] for n in (1, 2, 3)] == ["30", "15", "48"]
    assert office.decision(1)["free_on"] is None


def test_waived_hearing_has_no_statement_and_others_have_one(office: Office) -> None:
    assert office.refusal(inquiry.hear, Hearing("facility", "F1", "waived", DAY, DAY, "words")) == "statement_or_waived"
    assert office.refusal(inquiry.hear, Hearing("facility", "F1", "oral", DAY, DAY, " ")) == "statement_or_waived"
    early = Hearing("facility", "F1", "waived", date(2026, 5, 5), DAY)
    assert office.refusal(inquiry.hear, early) == "heard_before_told"
    late = Hearing("facility", "F1", "waived", DAY, date(2026, 6, 1))
    assert office.refusal(inquiry.hear, late) == "in_the_future"
    assert office.do(inquiry.hear, Hearing("facility", "F1", "waived", DAY, DAY)).state == "heard"


def test_cross_check_is_another_districts_and_nobodys_who_takes_part(office: Office) -> None:
    office.do(inquiry.hear, HEARD)
    office.do(decisions.propose, Proposal(1, "licence_referral"), who=office.inspector)
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18)) == "not_checked"
    assert office.refusal(inquiry.ask_check, EAST, "?") == "own_district"
    with pytest.raises(Refused, match="no such case"):
        cases.find(office.book, office.west, office.case.case_id)
    office.do(inquiry.ask_check, WEST, "is the ward real?", who=office.inspector)
    assert cases.find(office.book, office.west, office.case.case_id) == office.case
    assert listed(office.book, office.west, CasesWanted(), "updated", None, 9).total == 1
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18)) == "not_checked"
    assert office.refusal(inquiry.answer_check, 1, True, "yes", who=office.inspector) == "not_that_district"
    assert office.refusal(inquiry.answer_check, 2, True, "yes", who=office.west) == "unknown_part"
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18), who=office.west) == "not_supervisor"
    assert office.refusal(cases.change, {"title": "x"}, who=office.west) == "not_assignee"
    theirs = person(office.book, "west boss", "supervisor", WEST)
    for step, arguments in (
        (cases.change, ({"districts": (WEST,)},)),
        (inquiry.establish, (FRAUD,)),
        (decisions.propose, (Proposal(1, "police"),)),
        (decisions.issue, (1, date(2026, 5, 18))),
        (decisions.withdraw, (1, "not theirs")),
        (close, (Closing("handed_over", "not theirs"),)),
    ):
        assert office.refusal(step, *arguments, who=theirs) == "not_assignee"
    assert office.refusal(cases.assign, office.boss.caller_id, who=theirs) == "not_supervisor"
    office.do(inquiry.answer_check, 1, False, "it is full of people", who=office.west)
    assert office.refusal(inquiry.answer_check, 1, True, "yes", who=office.west) == "answered_already"
    assert office.refusal(decisions.issue, 1, date(2026, 5, 18)) == "not_checked"
    office.do(inquiry.ask_check, "north", "and now?")
    assert office.refusal(inquiry.answer_check, 2, True, "yes") == "takes_part"
    other = person(office.book, "other boss", "supervisor")
    office.do(inquiry.answer_check, 2, True, "agreed", who=other)
    assert office.do(decisions.issue, 1, date(2026, 5, 18)).state == "decided"


def test_who_established_or_heard_answers_no_cross_check(office: Office) -> None:
    finder, hearer = (person(office.book, name, "supervisor") for name in ("finder", "hearer"))
    office.do(inquiry.establish, replace(FRAUD, text="more of it"), who=finder)
    office.do(inquiry.hear, HEARD, who=hearer)
    office.do(inquiry.ask_check, WEST, "is the ward real?")
    for who in (finder, hearer):
        assert office.refusal(inquiry.answer_check, 1, True, "no", who=who) == "takes_part"
    office.do(inquiry.answer_check, 1, True, "no", who=office.west)


@pytest.mark.parametrize(
    ("proposal", "code"),
    [
        (Proposal(1, "fine", Decimal("19999.99")), "amount_out_of_range"),
        (Proposal(1, "fine", Decimal("50000.01")), "amount_out_of_range"),
        (Proposal(1, "fine"), "amount_or_none"),
        (Proposal(1, "return_money", Decimal("10000.01")), "amount_out_of_range"),
        (Proposal(1, "suspend", months=13), "months_out_of_range"),
        (Proposal(1, "suspend"), "months_or_none"),
        (Proposal(1, "warn"), "no_basis"),
        (Proposal(1, "fine", Decimal("20000.00"), provisional=True), "no_basis"),
        (Proposal(2, "police"), "unknown_part"),
    ],
)
def test_proposal_outside_the_law_is_refused(office: Office, proposal: Proposal, code: str) -> None:
    assert office.refusal(decisions.propose, proposal) == code


def test_nobody_is_fined_or_barred_twice_for_the_same(office: Office) -> None:
    office.do(inquiry.establish, FRAUD)
    fine, bar = Proposal(1, "fine", Decimal("20000.00")), Proposal(1, "end_agreement")
    for number, proposal in enumerate((fine, bar), 1):
        office.do(decisions.propose, proposal)
        assert office.refusal(decisions.propose, proposal) == "decision_stands"
        office.do(decisions.propose, replace(proposal, violation=2))
        office.do(decisions.withdraw, 2 * number, "another violation, decided apart")
    office.do(decisions.withdraw, 1, "too little")
    office.do(decisions.propose, replace(fine, amount=Decimal("30000.00")))
    provisional = Proposal(1, "suspend", provisional=True)
    office.do(decisions.propose, provisional)
    office.do(decisions.propose, Proposal(1, "suspend", months=6))
    assert office.refusal(decisions.propose, provisional) == "decision_stands"


def test_parts_of_a_loss_together_are_not_more_than_it(office: Office) -> None:
    kinds = ("return_money", "refuse_payment")
    office.do(decisions.propose, Proposal(1, "return_money", Decimal("6000.00")))
    for kind in kinds:
        assert office.refusal(decisions.propose, Proposal(1, kind, Decimal("4000.01"))) == "amount_out_of_range"
    office.do(decisions.propose, Proposal(1, "refuse_payment", Decimal("3000.00")))
    office.do(decisions.propose, Proposal(1, "return_money", Decimal("1000.00")))
    for kind in kinds:
        assert office.refusal(decisions.propose, Proposal(1, kind, Decimal("0.01"))) == "decision_stands"
    office.do(decisions.withdraw, 1, "not paid out")
    office.do(decisions.propose, Proposal(1, "refuse_payment", Decimal("5999.99")))


def test_violation_that_did_not_stand_is_removed_unless_something_is_decided_on_it(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "police"))
    assert office.refusal(inquiry.remove, 1) == "decision_stands"
    office.do(decisions.withdraw, 1, "wrong ward", who=office.inspector)
    office.do(inquiry.remove, 1)
    assert office.refusal(decisions.propose, Proposal(1, "police")) == "unknown_part"
    assert office.refusal(inquiry.remove, 1) == "unknown_part"
    future = Violation("F1", "other_fraud", Decimal("1.00"), date(2026, 6, 1))
    assert office.refusal(inquiry.establish, future) == "in_the_future"


def test_case_is_closed_as_its_decisions_allow(office: Office) -> None:
    assert office.refusal(close, Closing("confirmed")) == "no_decision"
    office.do(decisions.propose, Proposal(1, "police"))
    assert office.refusal(close, Closing("false_positive", "a mistake")) == "decision_open"
    office.do(decisions.issue, 1, date(2026, 5, 18))
    assert office.refusal(close, Closing("false_positive", "a mistake")) == "decision_stands"
    office.do(decisions.revoke, 1, "the appeal was right")
    revoked = office.decision(1)
    assert (revoked["state"], revoked["ended_reason"]) == ("revoked", "the appeal was right")
    assert office.refusal(decisions.revoke, 1, "again") == "step_refused"
    assert office.refusal(close, Closing("confirmed")) == "no_decision"
    assert office.do(close, Closing("false_positive", "a mistake")).state == "closed"
    assert office.refusal(decisions.propose, Proposal(1, "police")) == "step_refused"


def test_suspension_during_the_inquiry_confirms_nothing_and_ends_with_it(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "suspend", provisional=True, reason="refuses to show its books"))
    office.do(decisions.issue, 1, date(2026, 5, 18))
    record = record_of(office.book, office.boss, office.case.case_id)
    assert closing(record) == ("handed_over",)
    assert office.refusal(close, Closing("confirmed")) == "no_decision"
    assert office.refusal(close, Closing("insufficient_evidence", "no books")) == "decision_stands"
    office.do(decisions.propose, Proposal(1, "police"))
    office.do(decisions.issue, 2, date(2026, 5, 18))
    assert closing(record_of(office.book, office.boss, office.case.case_id)) == ("confirmed", "handed_over")
    office.do(close, Closing("confirmed"))
    during, police = office.decision(1), office.decision(2)
    assert (during["state"], during["free_on"]) == ("carried_out", date(2026, 5, 20))
    assert (police["state"], police["free_on"]) == ("in_force", None)
    ended = next(one for one in audit.latest(office.book, 9) if one.action == "decision.ended")
    assert json.loads(ended.details)["changed"] == {
        "free_on": [None, "2026-05-20"],
        "state": ["in_force", "carried_out"],
    }


def test_suspension_during_the_inquiry_goes_on_where_the_case_is_handed_over(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "suspend", provisional=True))
    office.do(decisions.issue, 1, date(2026, 5, 18))
    office.do(close, Closing("handed_over", "the county next door inquires on"))
    assert (office.decision(1)["state"], office.decision(1)["free_on"]) == ("in_force", None)


def test_steps_that_are_not_this_persons_or_not_possible(office: Office) -> None:
    office.do(decisions.propose, Proposal(1, "police"), who=office.inspector)
    assert office.refusal(decisions.issue, 1, DAY, who=office.inspector) == "not_supervisor"
    assert office.refusal(decisions.issue, 1, date(2026, 6, 1)) == "in_the_future"
    assert office.refusal(decisions.issue, 1, date(2026, 5, 3)) == "in_the_future"
    assert office.refusal(decisions.issue, 1, date.min) == "in_the_future"
    for begins in (date(2026, 5, 3), date(2027, 5, 5), date.max):
        assert office.refusal(decisions.issue, 1, DAY, begins) == "begins_before_decided"
    assert office.refusal(decisions.issue, 2, DAY) == "unknown_part"
    assert office.refusal(decisions.carry_out, 1) == "step_refused"
    office.do(decisions.issue, 1, DAY)
    assert office.refusal(decisions.withdraw, 1, "x") == "step_refused"
    assert office.refusal(decisions.receive, 1, Decimal("1.00"), DAY) == "amount_out_of_range"
    office.do(decisions.propose, Proposal(1, "return_money", Decimal("5.00")))
    office.do(inquiry.hear, HEARD)
    office.do(decisions.issue, 2, date(2026, 5, 18), rights_told=True)
    assert office.refusal(decisions.carry_out, 2) == "money_missing"
