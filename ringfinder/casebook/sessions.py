"""Who is logged in: a session is a secret of 256 random bits in a cookie, and its SHA-256 here.

    login     name and password, as often as `attempts` allows
    admit     the provider (OIDC) said who it is
    find      whose session it is; None where it ended: after `LASTS`, or `IDLE` without a request, or with its user
    end       logout

Processes share them by the casebook. When somebody was seen is written down every `TOLD_EVERY`, not with each request.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session as Transaction

from ringfinder.casebook import attempts, passwords
from ringfinder.casebook.audit import alone, append
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.people import SECRET_BYTES, User, digest_of, one_form, user_of
from ringfinder.casebook.tables import SessionRow, UserRow

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=1)
TOLD_EVERY = timedelta(minutes=5)
PasswordOutcome = Literal["changed", "wrong_login", "weak_password", "signs_in_elsewhere"]


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in. `digest`: of the secret; `ends_at`: at the latest."""

    user: User
    digest: str
    ends_at: datetime


@dataclass(frozen=True)
class Wait:
    """The password was not looked at: try again after so many seconds."""

    seconds: int


def login(casebook: Casebook, name: str, password: str) -> tuple[Session, str] | Wait | None:
    """A new session and its secret; None where name and password do not belong together, whichever is wrong."""
    called = one_form(name)
    if wait := attempts.begin(casebook, called):
        return Wait(wait)
    with casebook.session() as session:
        row = session.scalar(select(UserRow).where(UserRow.name == called))
        user_id, kept = (None, None) if row is None or row.disabled_at is not None else (row.user_id, row.password)
    if not passwords.matches(kept, password):
        if user_id is None:
            attempts.touch(casebook, called)
        else:
            with casebook.session() as session:
                append(session, "stranger", "session.refused", user_id, {})
        return None
    attempts.clear(casebook, called)
    with casebook.session() as session:
        alone(session)
        user = session.get(UserRow, user_id)
        if user is None or user.disabled_at is not None or user.password != kept:  # changed in this very moment
            return None
        return _begun(session, user)


def admit(casebook: Casebook, name: str, subject: str) -> tuple[Session, str] | None:
    """A session for whom the provider vouches for; None where no admin made that user.

    The first time the name counts, and then `subject` is kept: from then on only that counts, since names are given to others. Capitals
    apart it is the very name: who is called by signs that only look like it, at a provider that tells the two apart, is somebody else.
    """
    called = unicodedata.normalize("NFC", name).casefold()
    with casebook.session() as session:
        alone(session)
        row = session.scalar(select(UserRow).where(UserRow.subject == subject))
        if row is None:
            unbound = (UserRow.name == called, UserRow.signs_in == "oidc", UserRow.subject.is_(None))
            row = session.scalar(select(UserRow).where(*unbound))
            if row is None or row.disabled_at is not None:
                return None
            row.subject = subject
        if row.disabled_at is not None:
            return None
        return _begun(session, row)


def find(casebook: Casebook, secret: str) -> Session | None:
    """Whose session it is, where it goes on."""
    now = datetime.now(UTC)
    with casebook.session() as session:
        row = session.get(SessionRow, digest_of(secret))
        if row is None or row.created_at + LASTS <= now or row.seen_at + IDLE <= now:
            return None
        user = session.get(UserRow, row.user_id)
        if user is None or user.disabled_at is not None:
            return None
        if row.seen_at + TOLD_EVERY <= now:
            row.seen_at = now
        return Session(user_of(user), row.digest, row.created_at + LASTS)


def end(casebook: Casebook, digest: str, user_id: str) -> None:
    """Log out; twice changes nothing."""
    with casebook.session() as session:
        gone = session.execute(delete(SessionRow).where(SessionRow.digest == digest).returning(SessionRow.digest))
        if gone.first() is not None:
            append(session, f"user {user_id}", "session.ended", user_id, {})


def change_password(casebook: Casebook, session: Session, old: str, new: str) -> PasswordOutcome | Wait:
    """Another password, for whoever still knows the old one; all other sessions end."""
    user = session.user
    if user.signs_in != "password":
        return "signs_in_elsewhere"
    if not passwords.is_good(new, user.name):
        return "weak_password"
    if wait := attempts.begin(casebook, user.name):
        return Wait(wait)
    with casebook.session() as transaction:
        before = transaction.get_one(UserRow, user.user_id).password
    if not passwords.matches(before, old):
        return "wrong_login"
    attempts.clear(casebook, user.name)
    kept = passwords.hash_of(new)
    with casebook.session() as transaction:
        alone(transaction)
        row = transaction.get_one(UserRow, user.user_id)
        if row.password != before:  # changed in this very moment
            return "wrong_login"
        row.password = kept
        others = (SessionRow.user_id == user.user_id, SessionRow.digest != session.digest)
        transaction.execute(delete(SessionRow).where(*others))
        append(transaction, f"user {user.user_id}", "user.password", user.user_id, {})
    return "changed"


def _begun(session: Transaction, user: UserRow) -> tuple[Session, str]:
    now = datetime.now(UTC)
    over = or_(SessionRow.created_at < now - LASTS, SessionRow.seen_at < now - IDLE)
    session.execute(delete(SessionRow).where(over))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = SessionRow(digest=digest_of(secret), user_id=user.user_id, created_at=now, seen_at=now)
    session.add(row)
    session.flush()
    append(session, f"user {user.user_id}", "session.begun", user.user_id, {"signs_in": user.signs_in})
    return Session(user_of(user), row.digest, now + LASTS), secret
