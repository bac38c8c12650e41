"""Personal data are kept as long as the rules say (`[keeping]`), counted from the end of a matter, and then forgotten.

    who gave a tip     so long after it was closed, unless its reward is not paid yet
    what a tip said    text, answer and whom it names: so long after it was closed
    the watch list     who was watched and why: so long after the entry ended

What stays is what statistics need: that there was a tip, its channel, district, days, outcome and reward. The trail holds no such
text; what texts were before and after a change is erased with them, and the chain stays whole (see `changes`). SQLite writes zeros
over what is deleted, and the log beside it is emptied. Backups that were taken before keep what they had: drop them by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ringfinder.casebook import reporters, watching
from ringfinder.casebook.audit import append
from ringfinder.casebook.changes import erase_texts, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.rules import Rules, months_after
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipIdentityRow, TipRewardRow, TipRow
from ringfinder.casebook.tables_of_watch import WatchRow


@dataclass(frozen=True)
class Forgotten:
    """How many of each were forgotten."""

    identities: int
    tips: int
    watched: int


def forget(casebook: Casebook, rules: Rules, today: date, actor: str) -> Forgotten:
    """Forget what is due on that day; done twice, the second time does nothing."""
    watching.expire(casebook, today, actor)
    keeping = rules.keeping
    with writing(casebook) as session:
        done = Forgotten(
            _identities(session, keeping.identities, today, actor),
            _tips(session, keeping.tips, today, actor),
            _watched(session, keeping.watch, today, actor),
        )
    casebook.empty_log()
    return done


def _identities(session: Session, months: int, today: date, actor: str) -> int:
    unpaid = select(TipRewardRow.tip_id).where(TipRewardRow.paid_on.is_(None))
    wanted = select(TipRow).join(TipIdentityRow, TipIdentityRow.tip_id == TipRow.tip_id)
    rows = session.scalars(wanted.where(TipRow.closed_on.is_not(None), TipRow.tip_id.not_in(unpaid))).all()
    due = [row for row in rows if _over(row.closed_on, months, today)]
    for row in due:
        reporters.forget(session, row.tip_id)
        row.version += 1
        append(session, actor, "tip.identity_erased", row.tip_id, {"version": row.version})
    return len(due)


def _tips(session: Session, months: int, today: date, actor: str) -> int:
    wanted = select(TipRow).where(TipRow.closed_on.is_not(None), TipRow.erased_on.is_(None))
    due = [row for row in session.scalars(wanted) if _over(row.closed_on, months, today)]
    for row in due:
        row.summary, row.told, row.found_by, row.receipt, row.erased_on = "", None, "", None, today
        row.version += 1
        session.execute(delete(TipEntityRow).where(TipEntityRow.tip_id == row.tip_id))
        reporters.forget(session, row.tip_id)
        erase_texts(session, row.tip_id)
        append(session, actor, "tip.erased", row.tip_id, {"version": row.version})
    return len(due)


def _watched(session: Session, months: int, today: date, actor: str) -> int:
    wanted = select(WatchRow).where(WatchRow.ended_on.is_not(None), WatchRow.erased_on.is_(None))
    due = [row for row in session.scalars(wanted) if _over(row.ended_on, months, today)]
    for row in due:
        row.entity_id, row.name, row.reason, row.end_reason, row.found_by = "", None, "", None, ""
        row.erased_on = today
        row.version += 1
        erase_texts(session, row.watch_id)
        append(session, actor, "watch.erased", row.watch_id, {})
    return len(due)


def _over(ended: date | None, months: int, today: date) -> bool:
    return ended is not None and months_after(ended, months) <= today
