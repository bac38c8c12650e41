"""People who use the service: who there is, what each may see, how each signs in.

    create    an admin names somebody; roles and districts are those of a key
    invite    a one-time link, by which that person, and nobody else, sets the password
    accept    the link is used: the password is set, the sessions under an older one end
    change    other roles or districts; disable, enable: all take effect within a second

The first admin makes oneself, by a link that `ringfinder serve` prints while there is nobody. There is always an admin of all
districts left who may log in: one of some may not make another. Each of these steps stands in the audit trail, in the same
transaction; a name never does, only the user's id.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ringfinder.casebook import passwords
from ringfinder.casebook.audit import alone, append
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.keys import ROLES
from ringfinder.casebook.tables import InvitationRow, SessionRow, UserRow

SignsIn = Literal["password", "oidc"]
Refusal = Literal["unknown_user", "name_taken", "last_admin", "signs_in_elsewhere", "bad_invitation"]
ROLES_OF_PEOPLE = tuple(role for role in ROLES if role != "system")
INVITED = timedelta(hours=72)
FIRST_INVITED = timedelta(hours=1)
SECRET_BYTES = 32
MOST_NAME = 200


@dataclass(frozen=True)
class User:
    """Somebody. `districts` None: all; `ready`: may log in, having set a password or being known to the provider by name."""

    user_id: str
    name: str
    roles: frozenset[str]
    districts: frozenset[str] | None
    signs_in: SignsIn
    ready: bool
    created_at: datetime
    disabled_at: datetime | None


Outcome: TypeAlias = User | Refusal


def one_form(name: str) -> str:
    """A name as it is kept and compared: one form of each sign, no capitals, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def create(
    casebook: Casebook,
    name: str,
    roles: Collection[str],
    districts: Collection[str] | None,
    signs_in: SignsIn,
    actor: str,
) -> Outcome:
    """Somebody new, who cannot log in before being invited, or before the provider knows that name."""
    with casebook.session() as session:
        alone(session)
        if session.scalar(select(UserRow.user_id).where(UserRow.name == one_form(name))) is not None:
            return "name_taken"
        row = _add(session, one_form(name), roles, districts, signs_in)
        append(session, actor, "user.created", row.user_id, _rights(row) | {"signs_in": signs_in})
        return user_of(row)


def all_people(casebook: Casebook) -> tuple[User, ...]:
    """Everybody, the oldest first, also who is disabled."""
    with casebook.session() as session:
        return tuple(
            user_of(row) for row in session.scalars(select(UserRow).order_by(UserRow.created_at, UserRow.name))
        )


def change(
    casebook: Casebook, user_id: str, roles: Collection[str], districts: Collection[str] | None, actor: str
) -> Outcome:
    """Other roles and districts."""
    with casebook.session() as session:
        alone(session)
        row = session.get(UserRow, user_id)
        if row is None:
            return "unknown_user"
        if ("admin" not in roles or districts is not None) and _is_last_admin(session, row):
            return "last_admin"
        row.roles, row.districts = sorted(set(roles)), None if districts is None else sorted(set(districts))
        append(session, actor, "user.changed", user_id, _rights(row))
        return user_of(row)


def disable(casebook: Casebook, user_id: str, actor: str) -> Outcome:
    """No login any more; the sessions end, and so do invitations. Twice changes nothing."""
    with casebook.session() as session:
        alone(session)
        row = session.get(UserRow, user_id)
        if row is None:
            return "unknown_user"
        if _is_last_admin(session, row):
            return "last_admin"
        if row.disabled_at is None:
            row.disabled_at = datetime.now(UTC)
            _end(session, user_id)
            append(session, actor, "user.disabled", user_id, {})
        return user_of(row)


def enable(casebook: Casebook, user_id: str, actor: str) -> Outcome:
    """May log in again."""
    with casebook.session() as session:
        alone(session)
        row = session.get(UserRow, user_id)
        if row is None:
            return "unknown_user"
        if row.disabled_at is not None:
            row.disabled_at = None
            append(session, actor, "user.enabled", user_id, {})
        return user_of(row)


def invite(casebook: Casebook, user_id: str, actor: str) -> str | tuple[Refusal]:
    """The secret of a new link for somebody; an older one ends. A refusal comes in a tuple, since both are texts."""
    with casebook.session() as session:
        alone(session)
        row = session.get(UserRow, user_id)
        if row is None or row.disabled_at is not None:
            return ("unknown_user",)
        if row.signs_in != "password":
            return ("signs_in_elsewhere",)
        secret = _invited(session, user_id, INVITED)
        append(session, actor, "user.invited", user_id, {})
        return secret


def invite_first(casebook: Casebook) -> str | None:
    """The secret of the first admin's link; None where there is somebody already. Links that were printed before end."""
    with casebook.session() as session:
        alone(session)
        if _anybody(session):
            return None
        return _invited(session, None, FIRST_INVITED)


def accept(casebook: Casebook, secret: str, name: str | None, password: str) -> Outcome | Literal["weak_password"]:
    """The link is used. `name`: of the first admin, who has none yet; others have theirs."""
    invitation = InvitationRow.digest == digest_of(secret)
    with casebook.session() as session:
        found = session.scalar(select(InvitationRow).where(invitation, InvitationRow.expires_at > datetime.now(UTC)))
        if found is None:
            return "bad_invitation"
        called = one_form(name or "") if found.user_id is None else session.get_one(UserRow, found.user_id).name
    if not called or not passwords.is_good(password, called):
        return "weak_password" if called else "bad_invitation"
    kept = passwords.hash_of(password)  # takes long: nobody waits for it in the database
    with casebook.session() as session:
        alone(session)
        found = session.scalar(select(InvitationRow).where(invitation))
        if found is None:  # somebody else used it meanwhile
            return "bad_invitation"
        if found.user_id is None:
            if _anybody(session):
                return "bad_invitation"
            row = _add(session, called, ["admin"], None, "password")
        else:
            row = session.get_one(UserRow, found.user_id)
        row.password = kept
        _end(session, found.user_id)
        append(session, f"user {row.user_id}", "user.accepted", row.user_id, {"first": found.user_id is None})
        return user_of(row)


def digest_of(secret: str) -> str:
    """SHA-256 of a link's or session's secret, or of a name that was tried, hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def user_of(row: UserRow) -> User:
    """A row as it is handed on: without its password."""
    districts = None if row.districts is None else frozenset(row.districts)
    ready = row.signs_in == "oidc" or row.password is not None
    signs_in: SignsIn = "oidc" if row.signs_in == "oidc" else "password"
    return User(
        row.user_id, row.name, frozenset(row.roles), districts, signs_in, ready, row.created_at, row.disabled_at
    )


def _add(
    session: Session, name: str, roles: Collection[str], districts: Collection[str] | None, signs_in: SignsIn
) -> UserRow:
    row = UserRow(
        user_id=f"u{secrets.token_hex(6)}",  # no key's id begins with u: one column of the trail holds both
        name=name,
        roles=sorted(set(roles)),
        districts=None if districts is None else sorted(set(districts)),
        signs_in=signs_in,
        password=None,
        subject=None,
        created_at=datetime.now(UTC),
        disabled_at=None,
    )
    session.add(row)
    session.flush()
    return row


def _anybody(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(UserRow)))


def _invited(session: Session, user_id: str | None, lasts: timedelta) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    _forget_invitations(session, user_id)
    session.add(InvitationRow(digest=digest_of(secret), user_id=user_id, expires_at=datetime.now(UTC) + lasts))
    session.flush()
    return secret


def _end(session: Session, user_id: str | None) -> None:
    """End sessions and invitations."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    _forget_invitations(session, user_id)


def _forget_invitations(session: Session, user_id: str | None) -> None:
    whose = InvitationRow.user_id.is_(None) if user_id is None else InvitationRow.user_id == user_id
    session.execute(delete(InvitationRow).where(whose))


def _is_last_admin(session: Session, row: UserRow) -> bool:
    """Whether nobody else who may log in is admin."""
    if not _keeps(row):
        return False
    others = session.scalars(select(UserRow).where(UserRow.user_id != row.user_id))
    return not any(_keeps(other) for other in others)


def _keeps(row: UserRow) -> bool:
    return "admin" in row.roles and row.districts is None and user_of(row).ready and row.disabled_at is None


def _rights(row: UserRow) -> dict[str, object]:
    return {"roles": row.roles, "districts": row.districts}
