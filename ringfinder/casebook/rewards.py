"""Rewards for tips that proved true: computed by the rules, booked by a supervisor, paid by the tip officer.

One tip has one reward. What was booked is paid only while the tip is held true: one that was opened again waits for its new outcome.
Who books it sees the amount that was found, not who gets it; who pays it sees who gets it: a reporter that is known, or whoever shows
the tip's receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ringfinder.casebook.changes import at_version, record_change, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.reporters import digest_of
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tables_of_tips import TipRewardRow, TipRow
from ringfinder.casebook.tip_rows import tip_of
from ringfinder.casebook.tip_states import TRUE, Tip


@dataclass(frozen=True)
class Worth:
    """How much a tip helped: `level` of the rules, the amount that was `found`, whether an `insider` gave it."""

    level: int
    found: Decimal
    insider: bool


@dataclass(frozen=True)
class Payment:
    """Paid `on` a day, under a `reference`; `receipt`: what an anonymous reporter showed."""

    on: date
    reference: str
    receipt: str | None


def book(casebook: Casebook, tip_id: str, version: int, worth: Worth, rules: Rules, actor: str) -> Tip | None:
    """Compute and book the reward of a tip that proved true; None where there is no such tip."""
    if worth.level not in rules.reward.levels:
        raise refused("unknown_level", levels=", ".join(str(level) for level in sorted(rules.reward.levels)))
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        if row.outcome not in TRUE:
            raise refused("no_reward")
        if session.get(TipRewardRow, tip_id) is not None:
            raise refused("reward_booked")
        amount = rules.reward.amount(worth.level, worth.found, worth.insider)
        session.add(
            TipRewardRow(
                tip_id=tip_id,
                level=worth.level,
                found=worth.found,
                insider=worth.insider,
                amount=amount,
                booked_on=rules.today(),
                booked_by=actor,
            )
        )
        row.version += 1
        session.flush()
        told = vars(worth) | {"amount": amount}
        record_change(session, actor, "tip.reward_booked", tip_id, {}, told, version=row.version)
        return tip_of(session, row)


def pay(casebook: Casebook, tip_id: str, version: int, payment: Payment, rules: Rules, actor: str) -> Tip | None:
    """Write down that it was paid; None where there is no such tip."""
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        reward = session.get(TipRewardRow, tip_id)
        if reward is None or reward.paid_on is not None or row.outcome not in TRUE:
            raise refused("nothing_to_pay")
        if payment.on > rules.today() or payment.on < reward.booked_on:
            raise refused("bad_day")
        if not row.named and (payment.receipt is None or digest_of(payment.receipt) != row.receipt):
            raise refused("receipt_needed")
        reward.paid_on, reward.paid_by, reward.reference = payment.on, actor, payment.reference
        row.version += 1
        session.flush()
        before, paid = {"paid_on": None, "amount": reward.amount}, {"paid_on": payment.on, "amount": reward.amount}
        record_change(session, actor, "tip.reward_paid", tip_id, before, paid, version=row.version)
        return tip_of(session, row)
