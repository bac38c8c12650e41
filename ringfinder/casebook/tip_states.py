"""The life of a tip as data, and what is said of one: whom it names, its steps, its reward."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ringfinder.casebook.steps import Machine

Channel = Literal["phone", "web", "letter", "messaging", "visit"]
Outcome = Literal["substantiated", "partly", "unsubstantiated", "out_of_scope", "duplicate"]
Step = Literal["acknowledge", "check", "answer", "close", "reopen"]
TRUE = frozenset({"substantiated", "partly"})
MACHINE = Machine(
    "tip",
    "received",
    {
        "acknowledge": {"received": "acknowledged"},
        "check": {"received": "checked", "acknowledged": "checked"},
        "answer": {"checked": "answered"},
        "close": {"answered": "closed", "checked": "closed"},
        "reopen": {"closed": "acknowledged"},
    },
)


@dataclass(frozen=True)
class Named:
    """Somebody or something that a tip names: by id, by name, or both."""

    entity_type: str
    entity_id: str | None
    name: str | None


@dataclass(frozen=True)
class Mention:
    """An entity that a tip names by its id."""

    tip_id: str
    district: str
    entity_type: str
    entity_id: str


@dataclass(frozen=True)
class Said:
    """What a tip says. `kind`: of ring that it sounds like."""

    channel: Channel
    district: str
    received_on: date
    summary: str
    kind: str | None = None
    entities: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Done:
    """What one step wants to know. `told`: to the reporter; `outcome`: of checking."""

    step: Step
    on: date
    outcome: Outcome | None = None
    told: str | None = None


@dataclass(frozen=True)
class Reward:
    """What a tip was worth."""

    level: int
    found: Decimal
    insider: bool
    amount: Decimal
    booked_on: date
    paid_on: date | None
    reference: str | None


@dataclass(frozen=True)
class Tip:
    """A tip without who gave it. `due_term` names the rule of the deadline; `named`: an identity is kept."""

    tip_id: str
    version: int
    state: str
    said: Said
    named: bool
    receipt: bool
    acknowledged_on: date | None
    checked_on: date | None
    answered_on: date | None
    closed_on: date | None
    outcome: str | None
    told: str | None
    extended: bool
    due_on: date | None
    due_term: str | None
    due_provisional: bool
    erased_on: date | None
    possible: tuple[str, ...] = ()
    reward: Reward | None = field(default=None)
