"""What answers about rings look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal

from ringfinder.model import EntityType, Kind, Side
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_cases import CaseOfRing

Change = Literal["new", "grown", "shrunk", "same"]


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
    patients_before: Annotated[int | None, about("patients_before")]
    change: Annotated[Change | None, about("ring_change")]
    claims: Annotated[int, about("claims", ge=0)]
    total_amount: Annotated[Money, about("total_amount")]
    fund_amount: Annotated[Money, about("fund_amount")]
    first_time: Annotated[str, about("first_time")]
    last_time: Annotated[str, about("last_time")]
    districts: Annotated[list[str], about("districts")]
    reason: Annotated[str, about("reason")]
    places: Annotated[dict[str, str], about("reason_places")]
    suppressed: Annotated[bool, about("cases.suppressed")]


class RingListed(RingSummary):
    """A ring in a list, with the tips that speak of it and its case."""

    tips: Annotated[int | None, about("tips.of_ring", ge=0)]
    case: Annotated[CaseOfRing | None, about("cases.case_of_ring")]


class RingList(Model):
    """A page of rings."""

    run_id: Annotated[str, about("run_id")]
    rings: Annotated[list[RingListed], about("rings")]
    total: Annotated[int, about("total", ge=0)]
    next_cursor: Annotated[str | None, about("next_cursor")]


class Group(Model):
    """Rings that have something in common."""

    value: Annotated[str, about("group_value")]
    rings: Annotated[int, about("rings_in", ge=0)]
    alerts: Annotated[int, about("alerts_in", ge=0)]


class RingOverview(Model):
    """All rings of the run together."""

    run_id: Annotated[str, about("run_id")]
    rings: Annotated[int, about("rings_in", ge=0)]
    alerts: Annotated[int, about("alerts_in", ge=0)]
    alert_patients: Annotated[int, about("alert_patients", ge=0)]
    alert_fund_amount: Annotated[Money, about("alert_fund_amount")]
    kinds: Annotated[list[Group], about("groups_kinds")]
    districts: Annotated[list[Group], about("groups_districts")]


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
    role: Annotated[str | None, about("role_drawn")]
    strength: Annotated[float, about("strength", ge=0, le=1)]
    x: Annotated[float, about("x")]
    y: Annotated[float, about("y")]


class GraphTie(Model):
    """What one channel says of two patients."""

    channel: Annotated[str, about("channel")]
    observed: Annotated[int, about("tie_observed", ge=0)]
    expected: Annotated[float, about("tie_expected", ge=0)]


class GraphEdge(Model):
    """What joins two members."""

    a: Annotated[str, about("edge_a")]
    b: Annotated[str, about("edge_b")]
    claims: Annotated[int | None, about("edge_claims")]
    weight: Annotated[float | None, about("edge_weight")]
    ties: Annotated[list[GraphTie], about("edge_ties")]


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


class TimelineFacility(Model):
    """A facility of a ring's claims."""

    facility_id: Annotated[str, about("facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]


class TimelineClaims(Model):
    """Claims in columns: each has as many values, and a claim is what stands at one place of all."""

    claim_id: Annotated[list[str], about("claim_ids_told")]
    member: Annotated[list[str | None], about("timeline_member")]
    others: Annotated[list[list[str]], about("timeline_others")]
    facility: Annotated[list[int], about("timeline_facility")]
    service_type: Annotated[list[str], about("service_type")]
    start: Annotated[list[str], about("claim_begins")]
    end: Annotated[list[str | None], about("claim_ends")]
    total_amount: Annotated[list[Money], about("claim_total")]
    fund_amount: Annotated[list[Money | None], about("claim_fund")]


class RingTimeline(OfRing):
    """A ring's claims in order of time."""

    facilities: Annotated[list[TimelineFacility], about("timeline_facilities")]
    claims: Annotated[TimelineClaims, about("timeline_claims")]


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
