"""What questions and answers about scores look like: of one entity, of many, of a claim (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import NaiveDatetime, WithJsonSchema

from ringfinder.model import EntityType, Kind
from ringfinder_api.fields import Model, about

MOST_IN_BATCH = 1000
# Times of claims are local to the facility: one with an offset would mean another day there.
LocalTime = Annotated[
    NaiveDatetime, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"})
]


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


class SearchRequest(Model):
    """What somebody typed."""

    text: Annotated[str, about("search_text", min_length=2, max_length=200, pattern=r"^[^\x00]*$")]


class FoundEntity(Model):
    """Somebody or something that was meant, and the rings that the caller may see."""

    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("entity_id")]
    name: Annotated[str | None, about("name")]
    matched: Annotated[
        Literal["id", "name", "phone", "id_number", "account", "beginning", "part"], about("search_matched")
    ]
    rings: Annotated[list[RingOfEntity], about("score_rings")]


class SearchAnswer(Model):
    """What was found, the most exact first."""

    run_id: Annotated[str, about("run_id")]
    cut: Annotated[bool, about("search_cut")]
    found: Annotated[list[FoundEntity], about("search_found")]


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
