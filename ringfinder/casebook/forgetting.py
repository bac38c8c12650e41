"""Personal data are kept as long as the rules say (`[keeping]`), counted from the end of a matter, and then forgotten.

    identities   who gave a tip: after it was closed, unless its reward is not paid yet
    tips         what a tip said: after it was closed
    watch        who was watched and why: after the entry ended
    cases        a case without a decision that stands: after it was closed
    decided      a case with one: after it was closed, unless a decision is in force that nobody carried out, or a suspension or bar
                 holds still
    looks        what was noted at a look: after it was taken or dropped
    checks       what a facility remarked: after it answered, or should have, unless it owes what it said

`due` tells of what `forget` would forget and changes nothing (`erasing` has how). The trail holds no such text; what texts were
before and after a change is erased with them, and the chain stays whole (see `changes`). That something was forgotten, and by which
rule, stands in the trail, without what it was. SQLite writes zeros over what is deleted, and the log beside it is emptied; of
PostgreSQL the tables are written anew, and its log is its own. Backups that were taken before keep what they had: drop them by the
same rule, or restore them and let this run again. Blind spot: who read whose data (`audit_reads`) is kept, by ids, as the trail is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from ringfinder.casebook import erasing, watching
from ringfinder.casebook.audit import append
from ringfinder.casebook.case_states import STANDING
from ringfinder.casebook.changes import writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.rules import Keep, Rules, months_after
from ringfinder.casebook.tables_of_cases import CaseRow
from ringfinder.casebook.tables_of_decisions import DecisionRow
from ringfinder.casebook.tables_of_screening import CheckRow, LookRow, ReturnRow
from ringfinder.casebook.tables_of_tips import TipIdentityRow, TipRewardRow, TipRow
from ringfinder.casebook.tables_of_watch import WatchRow

Ended = list[tuple[str, date]]  # matters that ended, by id, with the day


@dataclass(frozen=True)
class Due:
    """What is due by one rule: the matters by id, those that ended first before others, and the day on which the first one ended."""

    keep: Keep
    ids: tuple[str, ...]
    since: date | None


def due(casebook: Casebook, rules: Rules, today: date) -> dict[str, Due]:
    """What is due on that day, by rule, in their order; nothing is changed."""
    with casebook.session() as session:
        return _due(session, rules, today)


def forget(casebook: Casebook, rules: Rules, today: date, actor: str) -> dict[str, Due]:
    """Forget what is due on that day; what that was, by rule. Done twice, the second time does nothing."""
    watching.expire(casebook, today, actor)
    with writing(casebook) as session:
        found = _due(session, rules, today)
        for name, one in found.items():
            action, erase = ERASED[name]
            for subject in one.ids:
                version = erase(session, subject, today)
                append(session, actor, action, subject, {"version": version, "rule": name, "months": one.keep.months})
    if any(one.ids for one in found.values()):
        casebook.write_over(erasing.TABLES)
    return found


def _due(session: Session, rules: Rules, today: date) -> dict[str, Due]:
    found = {}
    for name, ended in ENDED.items():
        keep: Keep = getattr(rules.keeping, name)
        over = sorted(
            ((day, subject) for subject, day in ended(session, rules, today) if months_after(day, keep.months) <= today)
        )
        found[name] = Due(keep, tuple(subject for _, subject in over), over[0][0] if over else None)
    return found


def _identities(session: Session, rules: Rules, today: date) -> Ended:
    unpaid = select(TipRewardRow.tip_id).where(TipRewardRow.paid_on.is_(None))
    sealed = select(TipIdentityRow.tip_id)
    return _days(session, TipRow.tip_id, TipRow.closed_on, TipRow.tip_id.in_(sealed), TipRow.tip_id.not_in(unpaid))


def _tips(session: Session, rules: Rules, today: date) -> Ended:
    return _days(session, TipRow.tip_id, TipRow.closed_on, TipRow.erased_on.is_(None))


def _watched(session: Session, rules: Rules, today: date) -> Ended:
    """Also what is over and was not written down as that."""
    unwritten = and_(WatchRow.state == "active", WatchRow.ends_on < today)
    written = _days(session, WatchRow.watch_id, WatchRow.ended_on, WatchRow.erased_on.is_(None))
    return written + _days(session, WatchRow.watch_id, WatchRow.ends_on, unwritten)


def _cases(session: Session, rules: Rules, today: date) -> Ended:
    return _closed(session, rules, CaseRow.case_id.not_in(_standing()))


def _decided(session: Session, rules: Rules, today: date) -> Ended:
    held = or_(
        DecisionRow.state == "in_force", and_(DecisionRow.state.in_(sorted(STANDING)), DecisionRow.free_on > today)
    )
    still = select(DecisionRow.case_id).where(held)
    return _closed(session, rules, CaseRow.case_id.in_(_standing()), CaseRow.case_id.not_in(still))


def _looks(session: Session, rules: Rules, today: date) -> Ended:
    day = func.coalesce(LookRow.looked_on, LookRow.planned_on, type_=LookRow.planned_on.type)
    return _days(session, LookRow.look_id, day, LookRow.erased_on.is_(None), LookRow.state != "planned")


def _checks(session: Session, rules: Rules, today: date) -> Ended:
    day = func.coalesce(CheckRow.answered_on, CheckRow.due_on, type_=CheckRow.due_on.type)
    came = select(func.coalesce(func.sum(ReturnRow.amount), 0)).where(ReturnRow.check_id == CheckRow.check_id)
    owes = and_(CheckRow.amount.is_not(None), CheckRow.amount > came.scalar_subquery())
    settled = or_(CheckRow.state == "closed", ~owes)
    return _days(session, CheckRow.check_id, day, CheckRow.erased_on.is_(None), settled, day < today)


def _standing() -> ColumnElement[str]:
    return select(DecisionRow.case_id).where(DecisionRow.state.in_(sorted(STANDING))).scalar_subquery()


def _closed(session: Session, rules: Rules, *which: ColumnElement[bool]) -> Ended:
    wanted = select(CaseRow.case_id, CaseRow.closed_at).where(
        CaseRow.state == "closed", CaseRow.erased_on.is_(None), *which
    )
    return [(case_id, rules.day_of(at)) for case_id, at in session.execute(wanted) if at is not None]


def _days(session: Session, subject: Any, ended: Any, *which: ColumnElement[bool]) -> Ended:
    """Matters by the columns of their id and of the day on which they ended."""
    return [(one, day) for one, day in session.execute(select(subject, ended).where(ended.is_not(None), *which))]


ENDED: Mapping[str, Callable[[Session, Rules, date], Ended]] = {
    "identities": _identities,
    "tips": _tips,
    "watch": _watched,
    "cases": _cases,
    "decided": _decided,
    "looks": _looks,
    "checks": _checks,
}
ERASED: Mapping[str, tuple[str, Callable[[Session, str, date], int]]] = {
    "identities": ("tip.identity_erased", erasing.identity),
    "tips": ("tip.erased", erasing.tip),
    "watch": ("watch.erased", erasing.watched),
    "cases": ("case.erased", erasing.case),
    "decided": ("case.erased", erasing.case),
    "looks": ("look.erased", erasing.look),
    "checks": ("self_check.erased", erasing.self_check),
}
