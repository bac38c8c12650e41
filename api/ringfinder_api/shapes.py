"""What the answers look like. The answers themselves are bytes made beforehand: these classes are their description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import NaiveDatetime, WithJsonSchema

from ringfinder.model import EntityType, Kind, Side
from ringfinder_api.fields import Model, about

Money = Annotated[str, about("money", pattern=r"^-?\d+\.\d{2}$")]
MOST_IN_BATCH = 1000
# Times of claims are local to the facility: one with an offset would mean another day there.
LocalTime = Annotated[
    NaiveDatetime, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"})
]


class Problem(Model):
    """An error, as RFC 9457 has it."""

    type: Annotated[str, about("problem_type")]
    title: Annotated[str, about("problem_title")]
    status: Annotated[int, about("problem_status")]
    detail: Annotated[str, about("problem_detail")]
    code: Annotated[str, about("problem_code")]
    request_id: Annotated[str, about("request_id")]


class RingOfEntity(Model):
    """A ring that an entity is in."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    role: Annotated[str, about("role")]
    role_name: Annotated[str, about("role_name")]
    strength: Annotated[float, about("strength", ge=0, le=1)]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    q_value: Annotated[float, about("q_value", ge=0)]
    alert: Annotated[bool, about("alert")]
    reason: Annotated[str, about("reason")]


class Score(Model):
    """How sure it is that an entity is in a ring."""

    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("entity_id")]
    score: Annotated[float, about("score", ge=0, le=100)]
    q_value: Annotated[float | None, about("score_q")]
    alert: Annotated[bool, about("score_alert")]
    rings: Annotated[list[RingOfEntity], about("score_rings")]
    run_id: Annotated[str, about("run_id")]


class EntityRef(Model):
    """An entity that is asked for."""

    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("asked_id", min_length=1, max_length=200)]


class BatchRequest(Model):
    """Many entities at once."""

    entities: Annotated[list[EntityRef], about("entities", min_length=1, max_length=MOST_IN_BATCH)]


class ItemProblem(Model):
    """Why one item of a batch has no score."""

    code: Annotated[str, about("problem_code")]
    title: Annotated[str, about("problem_title")]
    detail: Annotated[str, about("problem_detail")]


class BatchItem(Model):
    """One item of a batch, in the place of its question."""

    status: Annotated[int, about("item_status")]
    score: Annotated[Score | None, about("item_score")] = None
    problem: Annotated[ItemProblem | None, about("item_problem")] = None


class BatchAnswer(Model):
    """The items in the order of the questions."""

    run_id: Annotated[str, about("run_id")]
    items: Annotated[list[BatchItem], about("items")]


class ClaimRequest(Model):
    """A claim that is not in the graph yet; ids as in the claims."""

    patient_id: Annotated[str, about("claim_patient", min_length=1, max_length=200)]
    facility_id: Annotated[str, about("claim_facility", min_length=1, max_length=200)]
    start_time: Annotated[LocalTime, about("claim_start")]
    card_id: Annotated[str | None, about("claim_card", max_length=200)] = None
    doctor_id: Annotated[str | None, about("claim_doctor", max_length=200)] = None
    recruiter_id: Annotated[str | None, about("claim_recruiter", max_length=200)] = None
    payee_account: Annotated[str | None, about("claim_account", max_length=200)] = None
    operator_id: Annotated[str | None, about("claim_operator", max_length=200)] = None
    terminal_id: Annotated[str | None, about("claim_terminal", max_length=200)] = None
    invoice_number: Annotated[str | None, about("claim_invoice", max_length=200)] = None


class ClaimEntity(Model):
    """One of those whom a claim names."""

    status: Annotated[int, about("item_status")]
    entity_type: Annotated[EntityType, about("entity_type")]
    score: Annotated[Score | None, about("item_score")] = None


class ClaimTie(Model):
    """One thing that would tie a claim to a ring."""

    tie: Annotated[Literal["member", "same_day", "same_invoice"], about("tie")]
    entity_type: Annotated[EntityType | None, about("tie_entity")]
    role: Annotated[str | None, about("role")]
    sentence: Annotated[str, about("tie_sentence")]
    claim_ids: Annotated[list[str], about("tie_claims")]


class RingOfClaim(Model):
    """A ring that something ties the claim to."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    q_value: Annotated[float, about("q_value", ge=0)]
    alert: Annotated[bool, about("alert")]
    belongs: Annotated[bool, about("belongs")]
    reason: Annotated[str, about("reason")]
    ties: Annotated[list[ClaimTie], about("ties")]


class ClaimScore(Model):
    """Who in a claim is in a ring, and what would tie it to one."""

    run_id: Annotated[str, about("run_id")]
    score: Annotated[float, about("claim_score", ge=0, le=100)]
    entities: Annotated[list[ClaimEntity], about("claim_entities")]
    rings: Annotated[list[RingOfClaim], about("claim_rings")]


class RingSummary(Model):
    """A ring in a list."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    q_value: Annotated[float, about("q_value", ge=0)]
    sureness: Annotated[str, about("sureness")]
    coordination: Annotated[float, about("coordination")]
    harm: Annotated[float, about("harm")]
    alert: Annotated[bool, about("alert")]
    patients: Annotated[int, about("patients", ge=0)]
    claims: Annotated[int, about("claims", ge=0)]
    total_amount: Annotated[Money, about("total_amount")]
    fund_amount: Annotated[Money, about("fund_amount")]
    first_time: Annotated[str, about("first_time")]
    last_time: Annotated[str, about("last_time")]
    districts: Annotated[list[str], about("districts")]
    reason: Annotated[str, about("reason")]


class RingList(Model):
    """A page of rings."""

    run_id: Annotated[str, about("run_id")]
    rings: Annotated[list[RingSummary], about("rings")]
    total: Annotated[int, about("total", ge=0)]
    next_cursor: Annotated[str | None, about("next_cursor")]


class RingMember(Model):
    """A member of a ring."""

    member: Annotated[str, about("member")]
    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("entity_id")]
    name: Annotated[str | None, about("name")]
    role: Annotated[str, about("role")]
    role_name: Annotated[str, about("role_name")]
    strength: Annotated[float, about("strength", ge=0, le=1)]
    claims: Annotated[int, about("member_claims", ge=0)]


class RingDetail(RingSummary):
    """A ring with its members."""

    run_id: Annotated[str, about("run_id")]
    members: Annotated[list[RingMember], about("members")]


class GraphNode(Model):
    """A member with its place in the picture."""

    member: Annotated[str, about("member")]
    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("entity_id")]
    name: Annotated[str | None, about("name")]
    role: Annotated[str, about("role")]
    strength: Annotated[float, about("strength", ge=0, le=1)]
    x: Annotated[float | None, about("x")]
    y: Annotated[float | None, about("y")]


class GraphEdge(Model):
    """What joins two members."""

    a: Annotated[str, about("edge_a")]
    b: Annotated[str, about("edge_b")]
    claims: Annotated[int | None, about("edge_claims")]
    weight: Annotated[float | None, about("edge_weight")]
    channels: Annotated[list[str], about("edge_channels")]


class OfRing(Model):
    """What is told of one ring, as one run found it."""

    ring_id: Annotated[str, about("ring_id")]
    run_id: Annotated[str, about("run_id")]


class QueryOfRing(Model):
    """A named query about one ring."""

    name: Annotated[str, about("query_name")]
    title: Annotated[str, about("query_title")]
    statement: Annotated[str, about("statement")]
    parameters: Annotated[dict[str, str], about("given")]


class RingCypher(OfRing):
    """The named queries about a ring."""

    queries: Annotated[list[QueryOfRing], about("queries")]


class RingGraph(OfRing):
    """A ring as a graph."""

    nodes: Annotated[list[GraphNode], about("nodes")]
    edges: Annotated[list[GraphEdge], about("edges")]


class TimelineClaim(Model):
    """A claim of a ring in time."""

    claim_id: Annotated[str, about("claim_id")]
    member: Annotated[str | None, about("timeline_member")]
    facility_id: Annotated[str, about("facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    service_type: Annotated[str, about("service_type")]
    start: Annotated[str, about("claim_begins")]
    end: Annotated[str, about("claim_ends")]


class RingTimeline(OfRing):
    """A ring's claims in order of time."""

    claims: Annotated[list[TimelineClaim], about("timeline_claims")]


class EvidenceItem(Model):
    """A sentence of evidence."""

    channel: Annotated[str, about("channel")]
    channel_name: Annotated[str, about("channel_name")]
    side: Annotated[Side, about("side")]
    sentence: Annotated[str, about("sentence")]
    observed: Annotated[float | None, about("observed")]
    expected: Annotated[float | None, about("expected")]
    claim_ids: Annotated[list[str], about("claim_ids")]


class RingEvidence(OfRing):
    """All evidence of a ring, the main reason first."""

    evidence: Annotated[list[EvidenceItem], about("evidence")]


class HistoryItem(Model):
    """A ring as one run found it."""

    run_id: Annotated[str, about("run_id")]
    started: Annotated[str | None, about("started")]
    kind: Annotated[Kind, about("kind")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    q_value: Annotated[float, about("q_value", ge=0)]
    alert: Annotated[bool, about("alert")]
    patients: Annotated[int, about("patients", ge=0)]
    claims: Annotated[int, about("claims", ge=0)]
    fund_amount: Annotated[Money, about("fund_amount")]


class RingHistory(OfRing):
    """A ring over the runs that found it, the newest first."""

    history: Annotated[list[HistoryItem], about("history")]


class RunSummary(Model):
    """A run in a list."""

    run_id: Annotated[str, about("run_id")]
    started: Annotated[str | None, about("started")]
    claims: Annotated[int | None, about("run_claims")]
    rings: Annotated[int | None, about("run_rings")]
    alerts: Annotated[int | None, about("run_alerts")]
    seconds: Annotated[float, about("seconds")]
    current: Annotated[bool, about("current")]
    pinned: Annotated[bool, about("pinned")]
    served: Annotated[bool, about("served")]


class RunList(Model):
    """All runs, the newest first."""

    runs: Annotated[list[RunSummary], about("runs")]


class RunChannel(Model):
    """Whether a channel ran."""

    channel: Annotated[str, about("channel")]
    on: Annotated[bool, about("channel_on")]
    why: Annotated[str | None, about("channel_why")]


class RunDetail(RunSummary):
    """A run with how it was made."""

    rejected: Annotated[int | None, about("rejected")]
    tables: Annotated[dict[str, int], about("tables")]
    settings: Annotated[dict[str, dict[str, Any]], about("settings")]
    channels: Annotated[list[RunChannel], about("channels")]


class RingChange(Model):
    """What became of a ring between two runs."""

    ring_id: Annotated[str, about("ring_id")]
    change: Annotated[Literal["new", "gone", "grown", "shrunk", "changed", "score"], about("change")]
    kind: Annotated[Kind, about("kind")]
    patients_before: Annotated[int | None, about("patients_before")]
    patients_after: Annotated[int | None, about("patients_after")]
    score_before: Annotated[float | None, about("score_before")]
    score_after: Annotated[float | None, about("score_after")]


class Comparison(Model):
    """Two runs side by side."""

    before: Annotated[str, about("before")]
    after: Annotated[str, about("after")]
    changes: Annotated[list[RingChange], about("changes")]


class QueryField(Model):
    """A parameter or a column of a named query."""

    name: Annotated[str, about("field_name")]
    type: Annotated[str, about("field_type")]
    default: Annotated[str | None, about("field_default")] = None
    meaning: Annotated[str, about("field_meaning")]


class QuerySummary(Model):
    """A named query."""

    name: Annotated[str, about("query_name")]
    title: Annotated[str, about("query_title")]
    purpose: Annotated[str, about("query_purpose")]
    kinds: Annotated[list[Kind], about("query_kinds")]
    parameters: Annotated[list[QueryField], about("parameters")]
    columns: Annotated[list[QueryField], about("columns")]


class QueryDetail(QuerySummary):
    """A named query with its Cypher."""

    statement: Annotated[str, about("statement")]


class QueryList(Model):
    """The library of named queries."""

    queries: Annotated[list[QuerySummary], about("queries")]


Value = str | bool | int | float | list[str]


class QueryRequest(Model):
    """A named query to be run."""

    parameters: Annotated[dict[str, Value], about("given", max_length=50, default_factory=dict)]
    limit: Annotated[int, about("limit_rows", ge=1, le=10_000)] = 1000
    seconds: Annotated[float, about("query_seconds", ge=0.1, le=60)] = 20.0


class CypherRequest(QueryRequest):
    """A person's own query."""

    statement: Annotated[str, about("statement_free", min_length=1, max_length=10_000)]


class CypherAnswer(Model):
    """The rows of a person's own query, personal values masked."""

    run_id: Annotated[str, about("run_id")]
    columns: Annotated[list[str], about("answer_columns")]
    rows: Annotated[list[list[Any]], about("rows")]
    cut: Annotated[bool, about("cut")]


class QueryAnswer(Model):
    """The rows of a query, personal values masked."""

    run_id: Annotated[str, about("run_id")]
    query: Annotated[str, about("query_name")]
    columns: Annotated[list[str], about("answer_columns")]
    rows: Annotated[list[list[Any]], about("rows")]
    cut: Annotated[bool, about("cut")]


class Health(Model):
    """The process lives."""

    status: Annotated[Literal["ok"], about("status")]


class Ready(Model):
    """The service answers from this run."""

    status: Annotated[Literal["ready"], about("status")]
    run_id: Annotated[str, about("run_id")]
    loading: Annotated[bool, about("loading")]
