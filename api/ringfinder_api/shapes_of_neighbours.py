"""What answers about those who are around a ring, or like one of its members, look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal

from ringfinder.model import EntityType
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_rings import GraphTie, OfRing


class AroundNode(Model):
    """Somebody or something beyond the ring."""

    member: Annotated[str, about("neighbours.member")]
    of: Annotated[str, about("neighbours.of")]
    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("entity_id")]
    name: Annotated[str | None, about("name")]
    rings: Annotated[list[str], about("neighbours.rings")]


class AroundEdge(Model):
    """What joins two of whom at least one is beyond the ring."""

    a: Annotated[str, about("edge_a")]
    b: Annotated[str, about("edge_b")]
    claims: Annotated[int | None, about("neighbours.edge_claims")]
    weight: Annotated[float | None, about("edge_weight")]
    ties: Annotated[list[GraphTie], about("edge_ties")]


class RingAround(OfRing):
    """Who and what is around members of a ring."""

    nodes: Annotated[list[AroundNode], about("neighbours.nodes")]
    edges: Annotated[list[AroundEdge], about("edges")]
    left: Annotated[dict[str, int], about("neighbours.left")]


class Times(Model):
    """What claims name, how often, and for how much."""

    value: Annotated[str, about("neighbours.value")]
    name: Annotated[str | None, about("neighbours.value_name")]
    claims: Annotated[int, about("neighbours.value_claims", ge=1)]
    total_amount: Annotated[Money, about("neighbours.value_amount")]


class Life(Model):
    """What somebody's claims say."""

    entity_id: Annotated[str, about("entity_id")]
    name: Annotated[str | None, about("name")]
    age: Annotated[str | None, about("neighbours.age")]
    district: Annotated[str | None, about("neighbours.district")]
    claims: Annotated[int, about("neighbours.claims", ge=0)]
    days: Annotated[int, about("neighbours.days", ge=0)]
    total_amount: Annotated[Money, about("neighbours.total_amount")]
    fund_amount: Annotated[Money | None, about("neighbours.fund_amount")]
    first_time: Annotated[str, about("neighbours.first_time")]
    last_time: Annotated[str, about("neighbours.last_time")]
    kinds: Annotated[list[Times], about("neighbours.kinds")]
    places: Annotated[list[Times], about("neighbours.places")]
    places_in_all: Annotated[int, about("neighbours.places_in_all", ge=0)]
    medicines: Annotated[list[Times], about("neighbours.medicines")]
    medicines_in_all: Annotated[int, about("neighbours.medicines_in_all", ge=0)]
    illnesses: Annotated[list[Times], about("neighbours.illnesses")]
    whole: Annotated[bool, about("neighbours.whole")]


class PeerSign(Model):
    """How far one sign agrees."""

    sign: Annotated[Literal["age", "district", "claims", "illnesses"], about("neighbours.sign")]
    agreement: Annotated[float, about("neighbours.agreement", ge=0, le=1)]
    says: Annotated[str, about("neighbours.says")]


class Peer(Model):
    """Somebody in no ring who is like the member."""

    likeness: Annotated[float, about("neighbours.likeness", ge=0, le=1)]
    signs: Annotated[list[PeerSign], about("neighbours.signs")]
    life: Annotated[Life, about("neighbours.life")]


class RingPeers(OfRing):
    """A member of a ring beside people like it who are in no ring."""

    member: Annotated[str, about("member")]
    life: Annotated[Life, about("neighbours.life")]
    peers: Annotated[list[Peer], about("neighbours.peers")]
    compared: Annotated[int, about("neighbours.compared", ge=0)]
