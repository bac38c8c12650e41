"""What requests and answers about inquiries and decisions look like (see `shapes`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from ringfinder.casebook.case_record import Lack
from ringfinder.casebook.case_states import DecisionState, HearingForm, Resolution
from ringfinder.casebook.law import BehaviourName, DecisionKind, Subject
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_cases import ANY_TEXT, SOME_TEXT, CaseDetail, District
from ringfinder_api.shapes_of_people import CALLED

MOST = Decimal("999999999999.99")
Text = Annotated[str, about("cases.text", max_length=10_000, pattern=ANY_TEXT)]
Reason = Annotated[str, about("cases.why", min_length=1, max_length=10_000, pattern=SOME_TEXT)]
SubjectId = Annotated[str, about("cases.subject_id", min_length=1, max_length=200, pattern=CALLED)]
Amount = Annotated[Decimal, about("cases.amount", ge=0, le=MOST, decimal_places=2, max_digits=14)]


class ViolationRequest(Model):
    """What somebody did."""

    subject_id: SubjectId
    behaviour: Annotated[BehaviourName, about("cases.behaviour")]
    amount: Annotated[Decimal, about("cases.loss", ge=0, le=MOST, decimal_places=2, max_digits=14)]
    established_on: Annotated[date, about("cases.established_on")]
    intent: Annotated[bool, about("cases.intent")] = False
    text: Text = ""


class HearingRequest(Model):
    """What somebody said."""

    subject: Annotated[Subject, about("cases.subject")]
    subject_id: SubjectId
    form: Annotated[HearingForm, about("cases.form")]
    told_on: Annotated[date, about("cases.told_on")]
    held_on: Annotated[date, about("cases.held_on")]
    statement: Annotated[str, about("cases.statement", max_length=10_000, pattern=ANY_TEXT)] = ""
    considered: Annotated[str, about("cases.considered", max_length=10_000, pattern=ANY_TEXT)] = ""


class CheckRequest(Model):
    """What another district is asked."""

    district: District
    question: Annotated[str, about("cases.question", min_length=1, max_length=10_000, pattern=SOME_TEXT)]


class CheckAnswer(Model):
    """What it says."""

    agrees: Annotated[bool, about("cases.agrees")]
    answer: Annotated[str, about("cases.answer", min_length=1, max_length=10_000, pattern=SOME_TEXT)]


class DecisionRequest(Model):
    """What is to be decided."""

    violation: Annotated[int, about("cases.on_violation", ge=1, le=10_000)]
    kind: Annotated[DecisionKind, about("cases.decision_kind")]
    amount: Annotated[Decimal | None, about("cases.amount", ge=0, le=MOST, decimal_places=2, max_digits=14)] = None
    months: Annotated[int | None, about("cases.months", ge=1, le=120)] = None
    provisional: Annotated[bool, about("cases.provisional")] = False
    reason: Text = ""


class Issuing(Model):
    """A decision comes into force."""

    decided_on: Annotated[date, about("cases.decided_on")]
    begins_on: Annotated[date | None, about("cases.begins_on")] = None
    rights_told: Annotated[bool, about("cases.rights_told")] = False


class Ending(Model):
    """A decision or proposal ends."""

    reason: Reason


class Receipt(Model):
    """Money that came in."""

    amount: Amount
    received_on: Annotated[date, about("cases.received_on")]


class Rung(Model):
    """A decision that the law allows on a violation."""

    kind: Annotated[DecisionKind, about("cases.decision_kind")]
    kind_name: Annotated[str, about("cases.decision_kind_name")]
    provisional: Annotated[bool, about("cases.provisional")]
    basis_name: Annotated[str, about("cases.basis_name")]
    least: Annotated[Money | None, about("cases.least")]
    most: Annotated[Money | None, about("cases.most")]
    fewest: Annotated[int | None, about("cases.fewest")]
    longest: Annotated[int | None, about("cases.longest")]
    heard_first: Annotated[bool, about("cases.heard_first")]
    checked_first: Annotated[bool, about("cases.checked_first")]


class ViolationDetail(Model):
    """A violation of a case."""

    number: Annotated[int, about("cases.number", ge=1)]
    subject: Annotated[Subject, about("cases.subject")]
    subject_id: Annotated[str, about("cases.subject_id")]
    subject_name: Annotated[str | None, about("cases.subject_name")]
    behaviour: Annotated[BehaviourName, about("cases.behaviour")]
    behaviour_name: Annotated[str, about("cases.behaviour_name")]
    article: Annotated[str, about("cases.article")]
    article_name: Annotated[str, about("cases.article_name")]
    intent: Annotated[bool, about("cases.intent")]
    amount: Annotated[Money, about("cases.loss")]
    established_on: Annotated[str, about("cases.established_on")]
    text: Annotated[str, about("cases.text")]
    stands: Annotated[bool, about("cases.stands")]
    ladder: Annotated[list[Rung], about("cases.ladder")]
    open: Annotated[list[Rung], about("cases.open")]


class HearingDetail(Model):
    """That somebody was heard."""

    number: Annotated[int, about("cases.number", ge=1)]
    subject: Annotated[Subject, about("cases.subject")]
    subject_id: Annotated[str, about("cases.subject_id")]
    subject_name: Annotated[str | None, about("cases.subject_name")]
    form: Annotated[HearingForm, about("cases.form")]
    told_on: Annotated[str, about("cases.told_on")]
    held_on: Annotated[str, about("cases.held_on")]
    statement: Annotated[str, about("cases.statement")]
    considered: Annotated[str, about("cases.considered")]


class CheckDetail(Model):
    """A cross-check."""

    number: Annotated[int, about("cases.number", ge=1)]
    district: Annotated[str, about("cases.asked_district")]
    question: Annotated[str, about("cases.question")]
    asked_at: Annotated[str, about("cases.at")]
    asked_by: Annotated[str, about("cases.by")]
    agrees: Annotated[bool | None, about("cases.agrees")]
    answer: Annotated[str | None, about("cases.answer")]
    answered_at: Annotated[str | None, about("cases.at")]
    answered_by: Annotated[str | None, about("cases.by")]


class DecisionDetail(Model):
    """A decision."""

    number: Annotated[int, about("cases.number", ge=1)]
    violation: Annotated[int, about("cases.on_violation", ge=1)]
    kind: Annotated[DecisionKind, about("cases.decision_kind")]
    kind_name: Annotated[str, about("cases.decision_kind_name")]
    state: Annotated[DecisionState, about("cases.decision_state")]
    state_name: Annotated[str, about("cases.decision_state_name")]
    possible: Annotated[list[str], about("cases.possible")]
    lacks: Annotated[list[Lack], about("cases.lacks")]
    basis: Annotated[str, about("cases.basis")]
    basis_name: Annotated[str, about("cases.basis_name")]
    amount: Annotated[Money | None, about("cases.amount")]
    received: Annotated[Money, about("cases.received")]
    months: Annotated[int | None, about("cases.months")]
    provisional: Annotated[bool, about("cases.provisional")]
    reason: Annotated[str, about("cases.text")]
    proposed_by: Annotated[str, about("cases.by")]
    decided_on: Annotated[str | None, about("cases.decided_on")]
    decided_by: Annotated[str | None, about("cases.by")]
    begins_on: Annotated[str | None, about("cases.begins_on")]
    free_on: Annotated[str | None, about("cases.free_on")]
    ended_on: Annotated[str | None, about("cases.ended_on")]
    ended_reason: Annotated[str | None, about("cases.why")]


class CaseFile(CaseDetail):
    """A case with all that was established and decided in it."""

    resolutions: Annotated[list[Resolution], about("cases.resolutions")]
    violations: Annotated[list[ViolationDetail], about("cases.violations")]
    hearings: Annotated[list[HearingDetail], about("cases.hearings")]
    checks: Annotated[list[CheckDetail], about("cases.checks")]
    decisions: Annotated[list[DecisionDetail], about("cases.decisions")]
