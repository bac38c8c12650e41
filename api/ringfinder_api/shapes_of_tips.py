"""What requests and answers about tips look like (see `shapes`)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from ringfinder.casebook.columns import MOST_MONEY
from ringfinder.casebook.tip_list import Sort
from ringfinder.casebook.tip_states import Channel, Outcome, Step
from ringfinder.model import EntityType, Kind
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money
from ringfinder_api.shapes_of_people import CALLED

# No control characters but line ends: PostgreSQL keeps no NUL. Something that is no space is in it.
PROSE = r"^[^\x00-\x08\x0b-\x1f]*[^\s\x00-\x1f][^\x00-\x08\x0b-\x1f]*$"
MOST_TEXT = 10_000
District = Annotated[str, about("tips.district", min_length=1, max_length=100, pattern=CALLED)]
Day = Annotated[date | None, about("tips.day")]


class NamedEntity(Model):
    """Somebody or something that a tip names."""

    entity_type: Annotated[EntityType, about("tips.entity_type")]
    entity_id: Annotated[str | None, about("tips.named_id", min_length=1, max_length=200, pattern=CALLED)] = None
    name: Annotated[str | None, about("tips.named_name", min_length=1, max_length=200, pattern=CALLED)] = None


class TipRequest(Model):
    """What a tip says, without who gave it."""

    channel: Annotated[Channel, about("tips.channel")]
    district: District
    received_on: Annotated[date, about("tips.received_on")]
    summary: Annotated[str, about("tips.summary", min_length=1, max_length=MOST_TEXT, pattern=PROSE)]
    kind: Annotated[Kind | None, about("tips.kind")] = None
    entities: Annotated[tuple[NamedEntity, ...], about("tips.entities", max_length=50)] = ()


class StepRequest(Model):
    """One step on."""

    step: Annotated[Step, about("tips.step")]
    on: Annotated[date, about("tips.on")]
    outcome: Annotated[Outcome | None, about("tips.outcome")] = None
    told: Annotated[str | None, about("tips.told", min_length=1, max_length=MOST_TEXT, pattern=PROSE)] = None


class ReporterRequest(Model):
    """Who gave a tip."""

    name: Annotated[str | None, about("tips.reporter_name", min_length=1, max_length=200, pattern=CALLED)] = None
    phone: Annotated[str | None, about("tips.reporter_phone", min_length=1, max_length=50, pattern=CALLED)] = None
    id_number: Annotated[str | None, about("tips.reporter_number", min_length=1, max_length=50, pattern=CALLED)] = None
    address: Annotated[str | None, about("tips.reporter_address", min_length=1, max_length=500, pattern=CALLED)] = None
    account: Annotated[str | None, about("tips.reporter_account", min_length=1, max_length=100, pattern=CALLED)] = None
    insider: Annotated[bool, about("tips.insider")] = False


class Reporter(Model):
    """Who gave a tip, for the tip officer."""

    tip_id: Annotated[str, about("tips.tip_id")]
    name: Annotated[str | None, about("tips.reporter_name")]
    phone: Annotated[str | None, about("tips.reporter_phone")]
    id_number: Annotated[str | None, about("tips.reporter_number")]
    address: Annotated[str | None, about("tips.reporter_address")]
    account: Annotated[str | None, about("tips.reporter_account")]
    insider: Annotated[bool, about("tips.insider")]


class WhyRequest(Model):
    """Why somebody reads who gave a tip."""

    why: Annotated[str, about("tips.why", min_length=1, max_length=200, pattern=CALLED)]


class ReceiptRequest(Model):
    """A receipt that somebody shows."""

    receipt: Annotated[str, about("tips.receipt", min_length=1, max_length=100)]


class Receipt(Model):
    """A new receipt."""

    tip_id: Annotated[str, about("tips.tip_id")]
    receipt: Annotated[str, about("tips.receipt")]


class RewardRequest(Model):
    """How much a tip helped."""

    level: Annotated[int, about("tips.level", ge=1, le=9)]
    found: Annotated[Decimal, about("tips.found", ge=0, le=MOST_MONEY, decimal_places=2)]
    insider: Annotated[bool, about("tips.insider")] = False


class PaymentRequest(Model):
    """A reward that was paid."""

    on: Annotated[date, about("tips.on")]
    reference: Annotated[str, about("tips.reference", min_length=1, max_length=40, pattern=r"^[A-Za-z0-9/-]+$")]
    receipt: Annotated[str | None, about("tips.receipt", min_length=1, max_length=100)] = None


class RewardDetail(Model):
    """What a tip was worth."""

    level: Annotated[int, about("tips.level")]
    found: Annotated[Money, about("tips.found")]
    insider: Annotated[bool, about("tips.insider")]
    amount: Annotated[Money, about("tips.amount")]
    basis: Annotated[str, about("tips.due_basis")]
    booked_on: Annotated[date, about("tips.booked_on")]
    paid_on: Annotated[date | None, about("tips.paid_on")]
    reference: Annotated[str | None, about("tips.reference")]


class TipHead(Model):
    """What a list tells of a tip, and one tip too."""

    tip_id: Annotated[str, about("tips.tip_id")]
    version: Annotated[int, about("tips.version")]
    state: Annotated[str, about("tips.state")]
    channel: Annotated[Channel, about("tips.channel")]
    district: Annotated[str, about("tips.district")]
    kind: Annotated[Kind | None, about("tips.kind")]
    named: Annotated[bool, about("tips.named")]
    received_on: Annotated[date, about("tips.received_on")]
    due_on: Annotated[date | None, about("tips.due_on")]
    due_term: Annotated[str | None, about("tips.due_term")]
    due_provisional: Annotated[bool, about("tips.due_provisional")]
    late: Annotated[bool, about("tips.late")]
    outcome: Annotated[Outcome | None, about("tips.outcome")]


class TipSummary(TipHead):
    """A tip in a list."""

    entities: Annotated[int, about("tips.named_count")]


class TipList(Model):
    """A page of tips."""

    tips: Annotated[list[TipSummary], about("tips.tips")]
    total: Annotated[int, about("tips.total", ge=0)]
    next_cursor: Annotated[str | None, about("tips.next_cursor")]


class TipDetail(TipHead):
    """A tip, without who gave it."""

    summary: Annotated[str, about("tips.summary")]
    entities: Annotated[list[NamedEntity], about("tips.entities")]
    receipt_given: Annotated[bool, about("tips.receipt_given")]
    acknowledged_on: Day
    checked_on: Day
    answered_on: Day
    closed_on: Day
    told: Annotated[str | None, about("tips.told")]
    extended: Annotated[bool, about("tips.extended")]
    due_basis: Annotated[str | None, about("tips.due_basis")]
    erased_on: Annotated[date | None, about("tips.erased_on")]
    possible: Annotated[list[str], about("tips.possible")]
    reward: Annotated[RewardDetail | None, about("tips.reward")]


class TipSearch(Model):
    """Which tips; what may be personal stands here and not in an address, since proxies log those."""

    state: Annotated[str | None, about("tips.state", max_length=20, pattern=r"^[a-z_]*$")] = None
    channel: Annotated[Channel | None, about("tips.channel")] = None
    outcome: Annotated[Outcome | None, about("tips.outcome")] = None
    district: Annotated[str | None, about("tips.district", max_length=100, pattern=CALLED)] = None
    late: Annotated[bool, about("tips.late")] = False
    text: Annotated[str | None, about("tips.search_text", min_length=1, max_length=100, pattern=CALLED)] = None
    entity_type: Annotated[EntityType | None, about("tips.entity_type")] = None
    entity_id: Annotated[str | None, about("tips.named_id", min_length=1, max_length=200, pattern=CALLED)] = None
    sort: Annotated[Sort, about("tips.sort")] = "received"
    limit: Annotated[int, about("tips.limit", ge=1, le=200)] = 50
    cursor: Annotated[str | None, about("tips.next_cursor", max_length=1000)] = None


class Seals(Model):
    """What can be read with the keys that are there."""

    key_id: Annotated[str | None, about("tips.sealed_first")]
    open: Annotated[int, about("tips.sealed_open", ge=0)]
    missing: Annotated[dict[str, int], about("tips.sealed_missing")]
