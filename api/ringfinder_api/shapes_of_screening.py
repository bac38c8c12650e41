"""What requests and answers about screening and self-checks look like (see `shapes`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ringfinder.casebook.columns import MOST_MONEY
from ringfinder.casebook.screening import Outcome
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_people import CALLED
from ringfinder_api.shapes_of_tips import MOST_TEXT, PROSE

FacilityId = Annotated[str, about("screening.facility_id", min_length=1, max_length=200, pattern=CALLED)]
Amount = Annotated[Decimal, about("screening.amount", ge=0, le=MOST_MONEY, decimal_places=2)]


class FacilitySearch(Model):
    """Which facility is meant."""

    text: Annotated[str, about("screening.facility_text", max_length=200, pattern=r"^[^\x00]*$")] = ""
    limit: Annotated[int, about("screening.facility_limit", ge=1, le=100)] = 20


class FoundFacility(Model):
    """A facility."""

    facility_id: Annotated[str, about("screening.facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("screening.district")]


class FoundFacilities(Model):
    """Those that may be meant."""

    run_id: Annotated[str, about("run_id")]
    facilities: Annotated[list[FoundFacility], about("screening.found_facilities")]
    total: Annotated[int, about("screening.total", ge=0)]


class PlanRequest(Model):
    """A look that is planned."""

    facility_id: FacilityId
    planned_on: Annotated[date, about("screening.planned_on")]


class TakeRequest(Model):
    """A look that was taken."""

    looked_on: Annotated[date, about("screening.looked_on")]
    outcome: Annotated[Outcome, about("screening.outcome")]
    note: Annotated[str | None, about("screening.note", min_length=1, max_length=MOST_TEXT, pattern=PROSE)] = None


LookState = Literal["planned", "taken", "dropped"]


class LookDetail(Model):
    """A look at a facility."""

    look_id: Annotated[str, about("screening.look_id")]
    version: Annotated[int, about("tips.version")]
    state: Annotated[LookState, about("screening.look_state")]
    facility_id: Annotated[str, about("screening.facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("screening.district")]
    planned_on: Annotated[date, about("screening.planned_on")]
    looked_on: Annotated[date | None, about("screening.looked_on")]
    outcome: Annotated[Outcome | None, about("screening.outcome")]
    note: Annotated[str | None, about("screening.note")]


class LookList(Model):
    """A page of looks, the one planned soonest first."""

    looks: Annotated[list[LookDetail], about("screening.looks")]
    total: Annotated[int, about("screening.total", ge=0)]
    next_cursor: Annotated[str | None, about("next_cursor")]


class ProposedFacility(Model):
    """A facility that should be looked at next."""

    facility_id: Annotated[str, about("screening.facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("screening.district")]
    alerts: Annotated[int, about("screening.alerts", ge=0)]
    score: Annotated[float, about("screening.best_score", ge=0, le=100)]
    last: Annotated[date | None, about("screening.last")]


class CoverageDetail(Model):
    """How much of the facilities was looked at."""

    run_id: Annotated[str, about("run_id")]
    every_months: Annotated[int, about("screening.every_months")]
    facilities: Annotated[int, about("screening.facilities", ge=0)]
    looked_at: Annotated[int, about("screening.looked_at", ge=0)]
    planned: Annotated[int, about("screening.planned", ge=0)]
    neither: Annotated[int, about("screening.neither", ge=0)]
    following: Annotated[list[ProposedFacility], about("screening.following")]


CheckState = Literal["sent", "answered", "closed"]


class SendRequest(Model):
    """A list that is sent to a facility."""

    facility_id: FacilityId
    items: Annotated[
        list[Annotated[str, about("screening.item", min_length=1, max_length=500, pattern=CALLED)]],
        about("screening.items", min_length=1, max_length=200),
    ]


class CheckAnswer(Model):
    """What a facility says of one item."""

    amount: Amount
    remark: Annotated[str, about("screening.remark", max_length=500, pattern=r"^[^\x00-\x1f]*$")] = ""


class AnswersRequest(Model):
    """What a facility answered, item by item."""

    answers: Annotated[list[CheckAnswer], about("screening.answers", min_length=1, max_length=200)]


class ReturnRequest(Model):
    """Money that came back."""

    amount: Amount
    paid_on: Annotated[date, about("screening.paid_on")]
    reference: Annotated[str, about("screening.reference", min_length=1, max_length=100, pattern=CALLED)]


class ToldAnswer(Model):
    """What a facility said of one item."""

    amount: Annotated[Money, about("screening.amount")]
    remark: Annotated[str, about("screening.remark")]


class CheckSummary(Model):
    """A self-check in a list."""

    check_id: Annotated[str, about("screening.check_id")]
    version: Annotated[int, about("tips.version")]
    state: Annotated[CheckState, about("screening.check_state")]
    facility_id: Annotated[str, about("screening.facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("screening.district")]
    sent_on: Annotated[date, about("screening.sent_on")]
    due_on: Annotated[date, about("screening.due_on")]
    late: Annotated[bool, about("screening.late")]
    answered_on: Annotated[date | None, about("screening.answered_on")]
    amount: Annotated[Money | None, about("screening.said_amount")]
    returned: Annotated[Money, about("screening.returned")]


class CheckList(Model):
    """A page of self-checks, soonest due first."""

    self_checks: Annotated[list[CheckSummary], about("screening.self_checks")]
    total: Annotated[int, about("screening.total", ge=0)]
    next_cursor: Annotated[str | None, about("next_cursor")]


class CheckDetail(Model):
    """A self-check."""

    check_id: Annotated[str, about("screening.check_id")]
    version: Annotated[int, about("tips.version")]
    state: Annotated[CheckState, about("screening.check_state")]
    facility_id: Annotated[str, about("screening.facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("screening.district")]
    items: Annotated[list[str], about("screening.items")]
    sent_on: Annotated[date, about("screening.sent_on")]
    due_on: Annotated[date, about("screening.due_on")]
    answered_on: Annotated[date | None, about("screening.answered_on")]
    answers: Annotated[list[ToldAnswer] | None, about("screening.answers")]
    amount: Annotated[Money | None, about("screening.said_amount")]
    returned: Annotated[Money, about("screening.returned")]
