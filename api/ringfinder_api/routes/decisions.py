"""Inquiries and decisions of a case: violations, hearings, cross-checks, the ladder. What the law allows `casebook.law` says."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Request, Response

from ringfinder.casebook import decisions as book
from ringfinder.casebook import inquiry
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Hearing, Violation
from ringfinder_api.described import AcceptLanguage, IdempotencyKey, IfMatch, in_path, route
from ringfinder_api.routes.cases import PATH, STEP, TAG, CaseId, step
from ringfinder_api.shapes_of_decisions import (
    CaseFile,
    CheckAnswer,
    CheckRequest,
    DecisionRequest,
    Ending,
    HearingRequest,
    Issuing,
    Receipt,
    ViolationRequest,
)

Number = Annotated[int, in_path("cases.part_number", ge=1, le=10_000)]
VIOLATIONS, HEARINGS, CHECKS = f"{PATH}/violations", f"{PATH}/hearings", f"{PATH}/checks"
DECISIONS = f"{PATH}/decisions"
LIMITS = ("no_basis", "amount_or_none", "months_or_none", "amount_out_of_range", "months_out_of_range")
UNHEARD = ("heard_before_told", "heard_before_found")
BEFORE = ("in_the_future", "begins_before_decided", "not_heard", "rights_not_told", "not_checked")


def register(app: FastAPI) -> None:
    """Add the routes."""
    one = f"{DECISIONS}/{{number}}"
    told = (
        ("add_violation", VIOLATIONS, establish, ("in_the_future",)),
        ("remove_violation", f"{VIOLATIONS}/{{number}}:remove", remove, ("unknown_part", "decision_stands")),
        ("add_hearing", HEARINGS, hear, ("in_the_future", "statement_or_waived", *UNHEARD)),
        ("ask_check", CHECKS, ask_check, ("own_district",)),
        (
            "answer_check",
            f"{CHECKS}/{{number}}:answer",
            answer_check,
            ("unknown_part", "answered_already", "not_that_district", "takes_part"),
        ),
        ("propose_decision", DECISIONS, propose, ("unknown_part", "decision_stands", *LIMITS)),
        ("issue_decision", f"{one}:issue", issue, ("unknown_part", "not_supervisor", *LIMITS, *BEFORE)),
        ("withdraw_decision", f"{one}:withdraw", withdraw, ("unknown_part",)),
        ("revoke_decision", f"{one}:revoke", revoke, ("unknown_part", "not_supervisor")),
        ("carry_out_decision", f"{one}:carry_out", carry_out, ("unknown_part", "money_missing")),
        ("receive_money", f"{one}:receive", receive, ("unknown_part", "amount_out_of_range", "in_the_future")),
    )
    for name, path, function, problems in told:
        app.api_route(**route(name, TAG, "POST", path, CaseFile, (*STEP, *problems)))(function)


async def establish(
    request: Request,
    case_id: CaseId,
    body: ViolationRequest,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    found = Violation(body.subject_id, body.behaviour, body.amount, body.established_on, body.intent, body.text)
    return await step(request, inquiry.establish, case_id, found)


async def remove(
    request: Request,
    case_id: CaseId,
    number: Number,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, inquiry.remove, case_id, number)


async def hear(
    request: Request,
    case_id: CaseId,
    body: HearingRequest,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    hearing = Hearing(
        body.subject, body.subject_id, body.form, body.told_on, body.held_on, body.statement, body.considered
    )
    return await step(request, inquiry.hear, case_id, hearing)


async def ask_check(
    request: Request,
    case_id: CaseId,
    body: CheckRequest,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, inquiry.ask_check, case_id, body.district, body.question)


async def answer_check(
    request: Request,
    case_id: CaseId,
    number: Number,
    body: CheckAnswer,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, inquiry.answer_check, case_id, number, body.agrees, body.answer)


async def propose(
    request: Request,
    case_id: CaseId,
    body: DecisionRequest,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    proposal = Proposal(body.violation, body.kind, body.amount, body.months, body.provisional, body.reason)
    return await step(request, book.propose, case_id, proposal)


async def issue(
    request: Request,
    case_id: CaseId,
    number: Number,
    body: Issuing,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.issue, case_id, number, body.decided_on, body.begins_on, body.rights_told)


async def withdraw(
    request: Request,
    case_id: CaseId,
    number: Number,
    body: Ending,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.withdraw, case_id, number, body.reason)


async def revoke(
    request: Request,
    case_id: CaseId,
    number: Number,
    body: Ending,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.revoke, case_id, number, body.reason)


async def carry_out(
    request: Request,
    case_id: CaseId,
    number: Number,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.carry_out, case_id, number)


async def receive(
    request: Request,
    case_id: CaseId,
    number: Number,
    body: Receipt,
    _language: AcceptLanguage = None,
    _seen: IfMatch = None,
    _repeat: IdempotencyKey = None,
) -> Response:
    return await step(request, book.receive, case_id, number, body.amount, body.received_on)
