"""Who may see the names and numbers of a ring's members in full: the assignee of an open case to which that ring is linked.

The warrant is the case, so a supervisor who does not work on it has none, and it ends when the case is closed or given to somebody
else. A ring that only became of the linked one holds others besides: it has to be linked first. Before anything is shown it stands in
the audit trail: in the case (`case.unmasked`, with the reason that was given), and as a read of each entity. Both are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ringfinder.casebook.audit import Read, append, reads_in
from ringfinder.casebook.cases import visible
from ringfinder.casebook.changes import writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.tables_of_cases import CaseRingRow
from ringfinder.casebook.who import Who


@dataclass(frozen=True)
class Wanted:
    """Whom somebody wants to see in full: `members` as the ring's answers of that run name them, `nodes` who they are."""

    ring_id: str
    run_id: str
    members: tuple[str, ...]
    nodes: tuple[tuple[str, str], ...]
    why: str


def warranted(casebook: Casebook, who: Who, case_id: str, wanted: Wanted, request_id: str) -> None:
    """Record that they are shown; Refused, and nothing recorded, where the case is no warrant for it."""
    with writing(casebook) as session:
        row = visible(session, who, case_id)
        linked = session.get(CaseRingRow, (case_id, wanted.ring_id))
        if row.state == "closed" or row.assignee != who.caller_id or linked is None:
            raise refused("no_warrant")
        told = {name: getattr(wanted, name) for name in ("ring_id", "run_id", "why")}
        said = told | {"members": list(wanted.members), "request_id": request_id}
        append(session, who.actor, "case.unmasked", case_id, said)
        reads_in(session, datetime.now(UTC), _reads(who.caller_id, wanted.nodes))


def _reads(caller_id: str, nodes: Sequence[tuple[str, str]]) -> tuple[Read, ...]:
    return tuple(Read(caller_id, kind, entity_id, 1) for kind, entity_id in nodes)
