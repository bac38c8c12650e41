"""Keys of the service: for other systems, and until there is a login for people too.

    rf_KEYID_SECRET     the secret: 256 random bits, shown once; kept is its SHA-256 (a random secret needs no slow hash)

A key has roles, and districts or all of them. It ends when it expires or is revoked. `rotate` makes a new key with the
same rights; the old one goes on for a while, so that a case system can be changed over. Each of these steps stands in the audit
trail, in the same transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from ringfinder.casebook.audit import append, command_line
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.tables import ApiKeyRow
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Listed, Sentence

ROLES = ("viewer", "analyst", "investigator", "supervisor", "tip_officer", "system", "admin")
PREFIX = "rf"
SECRET_BYTES = 32
MOST_NAME = 200


@dataclass(frozen=True)
class Key:
    """A key without its secret. `districts` None: all; `digest`: SHA-256 of the secret; times in UTC."""

    key_id: str
    name: str
    roles: frozenset[str]
    districts: frozenset[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    replaces: str | None
    digest: bytes

    def works(self, now: datetime) -> bool:
        """Whether it is neither expired nor revoked."""
        return not any(end is not None and end <= now for end in (self.expires_at, self.revoked_at))


def digest_of(secret: str) -> bytes:
    """SHA-256 of a secret, 32 bytes."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def split(text: str) -> tuple[str, str]:
    """(key id, secret) of a key as it was shown; two empty texts where it has not that form."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    return (key_id, secret) if prefix == PREFIX else ("", "")


def create(
    casebook: Casebook, name: str, roles: Collection[str], districts: Collection[str] | None, days: float | None
) -> tuple[Key, str]:
    """A new key and the text that is shown once. UsageError for a wrong name, role, district or time."""
    if not name.strip() or len(name) > MOST_NAME:
        raise UsageError(Sentence("faults_casebook.key_name", most=MOST_NAME))
    if unknown := sorted(set(roles) - set(ROLES)):
        raise UsageError(Sentence("faults_casebook.no_role", unknown=Listed(unknown), known=Listed(ROLES)))
    if not roles:
        raise UsageError(Sentence("faults_casebook.role_needed", known=Listed(ROLES)))
    if districts is not None and not all(one.strip() for one in districts):
        raise UsageError(Sentence("faults_casebook.district_needed"))
    now = datetime.now(UTC)
    expires = None if days is None else now + timedelta(days=days)
    return _add(
        casebook, name.strip(), sorted(set(roles)), None if districts is None else sorted(set(districts)), expires
    )


def all_keys(casebook: Casebook) -> tuple[Key, ...]:
    """All keys, also those that ended, the newest first."""
    with casebook.session() as session:
        rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.key_id)).all()
        return tuple(_key(row) for row in rows)


def rotate(casebook: Casebook, key_id: str, hours: float) -> tuple[Key, str]:
    """A new key with the same rights and end; the old one ends `hours` from now. UsageError unless the old one works."""
    now = datetime.now(UTC)
    with casebook.session() as session:
        row = session.get(ApiKeyRow, key_id, with_for_update=True)
        if row is None or not _key(row).works(now):
            raise UsageError(Sentence("faults_casebook.no_working_key", key_id=key_id))
        ends = now + timedelta(hours=hours)
        expires = row.expires_at
        row.expires_at = ends if expires is None else min(expires, ends)
        new, shown = _made(row.name, list(row.roles), row.districts, expires, key_id)
        session.add(new)
        session.flush()
        append(session, command_line(), "key.rotated", key_id, {"new": new.key_id, "old_ends": ends.isoformat()})
        return _key(new), shown


def revoke(casebook: Casebook, key_id: str) -> Key:
    """End a key at once; revoking twice changes nothing. UsageError for an unknown one."""
    with casebook.session() as session:
        row = session.get(ApiKeyRow, key_id, with_for_update=True)
        if row is None:
            raise UsageError(Sentence("faults_casebook.no_key", key_id=key_id))
        if row.revoked_at is None:
            row.revoked_at = datetime.now(UTC)
            session.flush()
            append(session, command_line(), "key.revoked", key_id, {})
        return _key(row)


def _add(
    casebook: Casebook, name: str, roles: list[str], districts: list[str] | None, expires: datetime | None
) -> tuple[Key, str]:
    with casebook.session() as session:
        row, shown = _made(name, roles, districts, expires, None)
        session.add(row)
        session.flush()
        rights = {"roles": roles, "districts": districts, "expires_at": expires and expires.isoformat()}
        append(session, command_line(), "key.created", row.key_id, rights)
        return _key(row), shown


def _made(
    name: str, roles: list[str], districts: list[str] | None, expires: datetime | None, replaces: str | None
) -> tuple[ApiKeyRow, str]:
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    row = ApiKeyRow(
        key_id=key_id,
        name=name,
        digest=digest_of(secret).hex(),
        roles=roles,
        districts=districts,
        created_at=datetime.now(UTC),
        expires_at=expires,
        revoked_at=None,
        replaces=replaces,
    )
    return row, f"{PREFIX}_{key_id}_{secret}"


def _key(row: ApiKeyRow) -> Key:
    return Key(
        row.key_id,
        row.name,
        frozenset(row.roles),
        None if row.districts is None else frozenset(row.districts),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.replaces,
        bytes.fromhex(row.digest),
    )
