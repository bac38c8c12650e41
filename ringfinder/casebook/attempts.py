"""How often a password may be tried: `FREE` times at once, then after a wait that doubles, up to `LONGEST`.

    begin     before the password is looked at: so that a hundred at the same moment count as a hundred
    clear     it was right
    touch     nobody has that name: so that the time does not tell it, the database writes as it does of somebody who was refused

Counted by name, whether or not there is such a user, and for all processes together. Blind spot: a stranger can make somebody
wait by trying that name; the waits end, and sessions that are open are not touched.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update

from ringfinder.casebook.audit import alone
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.people import digest_of
from ringfinder.casebook.tables import AttemptRow

FREE = 5
LONGEST = timedelta(minutes=15)
KEPT = timedelta(days=1)


def begin(casebook: Casebook, name: str, now: datetime | None = None) -> int:
    """0 where the attempt may be made, and is counted; else the whole seconds after which it may."""
    now = now or datetime.now(UTC)
    digest = digest_of(name)
    with casebook.session() as session:
        alone(session)
        session.execute(delete(AttemptRow).where(AttemptRow.at < now - KEPT))
        row = session.get(AttemptRow, digest)
        if row is None:
            session.add(AttemptRow(name_digest=digest, times=1, at=now))
            return 0
        left = row.at + wait_after(row.times) - now
        if left > timedelta(0):
            return math.ceil(left.total_seconds())
        row.times, row.at = row.times + 1, now
        return 0


def clear(casebook: Casebook, name: str) -> None:
    """It was right: the next ones are free again."""
    with casebook.session() as session:
        session.execute(delete(AttemptRow).where(AttemptRow.name_digest == digest_of(name)))


def touch(casebook: Casebook, name: str) -> None:
    """Write what stands there already. Strangers' names would fill the audit trail, and no writing at all is quicker."""
    with casebook.session() as session:
        alone(session)
        kept = AttemptRow.name_digest == digest_of(name)
        session.execute(update(AttemptRow).where(kept).values(times=AttemptRow.times))


def wait_after(times: int) -> timedelta:
    """How long to wait after so many attempts."""
    if times < FREE:
        return timedelta(0)
    return min(LONGEST, timedelta(seconds=2 ** min(times - FREE, 20)))
