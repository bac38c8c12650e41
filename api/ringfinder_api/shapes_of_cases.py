"""What requests and answers about cases look like (see `shapes`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ringfinder.casebook.case_states import CaseState, Origin, Priority, Resolution
from ringfinder.casebook.linked_rings import Became
from ringfinder.casebook.suppressing import PERCENT
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_people import CALLED

SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
ANY_TEXT = r"^[^\x00]*$"
CASE_ID = r"^[!-~]*$"
Title = Annotated[str, about("cases.title", min_length=1, max_length=200, pattern=CALLED)]
Summary = Annotated[str, about("cases.summary", max_length=10_000, pattern=ANY_TEXT)]
Campaign = Annotated[str | None, about("cases.campaign", min_length=1, max_length=100, pattern=CALLED)]
District = Annotated[str, about("district", min_length=1, max_length=100, pattern=CALLED)]
DueOn = Annotated[date | None, about("cases.due_on")]


class CaseRequest(Model):
    """A new case."""

    title: Title
    summary: Summary = ""
    ring_id: Annotated[str | None, about("cases.from_ring", min_length=1, max_length=200, pattern=CALLED)] = None
    tip_id: Annotated[str | None, about("cases.from_tip", min_length=1, max_length=100, pattern=CASE_ID)] = None
    districts: Annotated[list[District] | None, about("cases.districts_or_rings", min_length=1, max_length=100)] = None
    priority: Annotated[Priority, about("cases.priority")] = "normal"
    due_on: DueOn = None
    campaign: Campaign = None


class CaseChange(Model):
    """What is to be other than it is; what is left out stays."""

    title: Title = ""
    summary: Summary = ""
    districts: Annotated[list[District], about("cases.districts", min_length=1, max_length=100, default_factory=list)]
    priority: Annotated[Priority, about("cases.priority")] = "normal"
    due_on: DueOn = None
    campaign: Campaign = None


class Assignment(Model):
    """To whom a case is given."""

    assignee: Annotated[str | None, about("cases.assignee_or_me", min_length=1, max_length=16, pattern=CASE_ID)] = None


class CaseClosing(Model):
    """With which resolution a case is closed."""

    resolution: Annotated[Resolution, about("cases.resolution")]
    reason: Annotated[str, about("cases.reason", max_length=10_000, pattern=ANY_TEXT)] = ""
    duplicate_of: Annotated[str | None, about("cases.duplicate_of", min_length=1, max_length=20, pattern=CASE_ID)] = (
        None
    )
    suppress: Annotated[bool, about("cases.suppress")] = False
    suppress_percent: Annotated[int, about("cases.suppress_percent", ge=0, le=1000)] = PERCENT


class RingLink(Model):
    """A ring for a case."""

    ring_id: Annotated[str, about("ring_id", min_length=1, max_length=200, pattern=CALLED)]


class CaseSummary(Model):
    """A case in a list."""

    case_id: Annotated[str, about("cases.case_id")]
    version: Annotated[int, about("cases.version", ge=1)]
    state: Annotated[CaseState, about("cases.state")]
    state_name: Annotated[str, about("cases.state_name")]
    title: Annotated[str, about("cases.title")]
    origin: Annotated[Origin, about("cases.origin")]
    origin_id: Annotated[str | None, about("cases.origin_id")]
    districts: Annotated[list[str], about("cases.districts")]
    priority: Annotated[Priority, about("cases.priority")]
    assignee: Annotated[str | None, about("cases.assignee")]
    due_on: Annotated[str | None, about("cases.due_on")]
    campaign: Annotated[str | None, about("cases.campaign")]
    resolution: Annotated[Resolution | None, about("cases.resolution")]
    created_at: Annotated[str, about("cases.created_at")]
    created_by: Annotated[str, about("cases.by")]
    updated_at: Annotated[str, about("cases.updated_at")]
    closed_at: Annotated[str | None, about("cases.closed_at")]
    erased_on: Annotated[str | None, about("tips.erased_on")]


class CaseOfRing(Model):
    """The case of a ring in a list."""

    case_id: Annotated[str, about("cases.case_id")]
    state: Annotated[CaseState, about("cases.state")]
    state_name: Annotated[str, about("cases.state_name")]
    resolution: Annotated[Resolution | None, about("cases.resolution")]
    assignee: Annotated[str | None, about("cases.assignee")]


class RingNow(Model):
    """A ring of the run that is served which holds people of a linked one."""

    ring_id: Annotated[str, about("ring_id")]
    shared: Annotated[int, about("cases.shared", ge=0)]


class CaseRing(Model):
    """A ring of a case, as it was when it was linked, and what became of it."""

    ring_id: Annotated[str, about("ring_id")]
    run_id: Annotated[str, about("cases.linked_run")]
    kind: Annotated[str, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    patients: Annotated[int, about("cases.patients_then", ge=0)]
    fund_amount: Annotated[Money, about("cases.fund_then")]
    linked_at: Annotated[str, about("cases.at")]
    linked_by: Annotated[str, about("cases.by")]
    became: Annotated[Became | None, about("cases.became")]
    became_name: Annotated[str | None, about("cases.became_name")]
    now: Annotated[list[RingNow], about("cases.now")]


class CaseDetail(CaseSummary):
    """A case in full."""

    summary: Annotated[str, about("cases.summary")]
    due_basis: Annotated[str | None, about("cases.due_basis")]
    due_provisional: Annotated[bool, about("cases.due_provisional")]
    reason: Annotated[str | None, about("cases.reason")]
    duplicate_of: Annotated[str | None, about("cases.duplicate_of")]
    possible: Annotated[list[str], about("cases.possible")]
    rings: Annotated[list[CaseRing], about("cases.rings")]


class CaseList(Model):
    """A page of cases."""

    cases: Annotated[list[CaseSummary], about("cases.cases")]
    total: Annotated[int, about("cases.total", ge=0)]
    next_cursor: Annotated[str | None, about("next_cursor")]


class NoteRequest(Model):
    """What is to be written down."""

    text: Annotated[str, about("cases.note", min_length=1, max_length=10_000, pattern=SOME_TEXT)]


class NoteDetail(Model):
    """A note."""

    number: Annotated[int, about("cases.number", ge=1)]
    at: Annotated[str, about("cases.at")]
    by: Annotated[str, about("cases.by")]
    text: Annotated[str, about("cases.note")]


class NoteList(Model):
    """All notes of a case, the oldest first."""

    notes: Annotated[list[NoteDetail], about("cases.notes")]


class FileDetail(Model):
    """A file of a case."""

    number: Annotated[int, about("cases.number", ge=1)]
    name: Annotated[str, about("cases.file_name")]
    media_type: Annotated[str, about("cases.media_type")]
    size: Annotated[int, about("cases.size", ge=0)]
    sha256: Annotated[str, about("cases.sha256")]
    at: Annotated[str, about("cases.at")]
    by: Annotated[str, about("cases.by")]


class FileList(Model):
    """All files of a case, the oldest first."""

    files: Annotated[list[FileDetail], about("cases.files")]


class ColleagueDetail(Model):
    """Somebody, or a system by its key, who works on cases."""

    caller_id: Annotated[str, about("cases.by")]
    name: Annotated[str, about("cases.colleague_name")]
    works: Annotated[bool, about("cases.works")]
    decides: Annotated[bool, about("cases.decides")]
    districts: Annotated[list[str] | None, about("cases.colleague_districts")]


class ColleagueList(Model):
    """Everybody who works on cases, by name."""

    colleagues: Annotated[list[ColleagueDetail], about("cases.colleagues")]


class FieldChanged(Model):
    """A field of a case before and after."""

    field: Annotated[str, about("cases.field_name")]
    before: Annotated[str | None, about("cases.before")]
    after: Annotated[str | None, about("cases.after")]


class HappenedDetail(Model):
    """One thing that was done in a case."""

    number: Annotated[int, about("cases.entry", ge=1)]
    at: Annotated[str, about("cases.at")]
    by: Annotated[str, about("cases.by")]
    action: Annotated[str, about("cases.action")]
    fields: Annotated[list[FieldChanged], about("cases.fields")]


class CaseHistory(Model):
    """All that was done in a case, the latest first."""

    history: Annotated[list[HappenedDetail], about("cases.history")]
