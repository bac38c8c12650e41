"""Who gave a tip: sealed apart from it, opened for the tip officer alone, and never without an entry in the audit trail.

A reporter may stay unknown and still be answered and rewarded: who records the tip hands out a receipt, a random code of which only
the SHA-256 is kept, and whoever shows it is the one. Texts of the tip that hold a name, number or address of its reporter are
refused, since others read them, whatever stands between the digits; so is the reporter among those whom the tip names.

Without the key of a sealed identity it cannot be read, and nothing else is lost: `seal_state` counts what can and cannot be opened.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ringfinder.casebook import people
from ringfinder.casebook.audit import append
from ringfinder.casebook.changes import at_version, writing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.pinyin import plain
from ringfinder.casebook.refusals import refused
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.sealing import Sealed, SealKeys
from ringfinder.casebook.tables_of_tips import TipIdentityRow, TipRow
from ringfinder.casebook.tip_rows import changed, state_of, tip_of
from ringfinder.casebook.tip_states import Named, Tip

RECEIPT_BYTES = 10
SHORTEST_NAME = 2  # signs of a value that is looked for in texts: what is shorter stands there by chance
SHORTEST = 5
AT_ONCE = 500  # identities that are sealed anew in one transaction


@dataclass(frozen=True)
class Reporter:
    """Who gave a tip, and how to reach that person; `insider`: works at the facility that it is about."""

    name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    address: str | None = None
    account: str | None = None
    insider: bool = False

    def values(self) -> tuple[str, ...]:
        """Everything that would tell who it is."""
        least = ((self.name, SHORTEST_NAME), *((one, SHORTEST) for one in self._numbers()))
        return tuple(value for value, length in least if value is not None and len(plain(value)) >= length)

    def numbers(self) -> tuple[str, ...]:
        """The numbers and the address without what may stand between their signs: 139-1234-5678 is 13912345678."""
        found = (_bare(value) for value in self._numbers() if value is not None)
        return tuple(value for value in found if len(value) >= SHORTEST)

    def _numbers(self) -> tuple[str | None, ...]:
        return self.phone, self.id_number, self.address, self.account


@dataclass(frozen=True)
class SealState:
    """How many identities can be opened with the keys that are there. `missing`: how many by the id of a key that is not."""

    open: int
    missing: Mapping[str, int]


def identify(
    casebook: Casebook, tip_id: str, version: int, reporter: Reporter, keys: SealKeys, rules: Rules, actor: str
) -> Tip | None:
    """Write down who gave a tip; twice replaces it. None where there is no such tip."""
    if keys.first is None:
        raise refused("no_tip_key")
    if not any((reporter.name, reporter.phone, reporter.id_number, reporter.address, reporter.account)):
        raise refused("nobody_named")
    with writing(casebook) as session:
        row = at_version(session, TipRow, tip_id, version)
        if row is None:
            return None
        if _tells((row.summary, row.told), tip_of(session, row).said.entities, reporter):
            raise refused("reporter_in_text")
        sealed = keys.seal(json.dumps(asdict(reporter), ensure_ascii=False).encode(), _bound(tip_id))
        session.merge(TipIdentityRow(tip_id=tip_id, key_id=sealed.key_id, content=sealed.content))
        before = state_of(row)
        row.named = True
        return changed(session, row, before, rules, actor, "tip.identified")


def read(casebook: Casebook, tip_id: str, keys: SealKeys, actor: str, why: str) -> Reporter | None:
    """Who gave a tip; recorded before it is opened. None where nobody is known."""
    with writing(casebook) as session:
        row = session.get(TipIdentityRow, tip_id)
        if row is None:
            return None
        sealed = Sealed(row.key_id, row.content)
        append(session, actor, "tip.identity_read", tip_id, {"why": why})
    return _opened(tip_id, sealed, keys)


def check_texts(
    casebook: Casebook, tip_id: str, texts: Iterable[str | None], keys: SealKeys, named: Iterable[Named] = ()
) -> None:
    """Refused where a text that others will read, or somebody whom the tip will name, tells who gave it; not looked at where the key
    is not there.
    """
    with casebook.session() as session:
        row = session.get(TipIdentityRow, tip_id)
        sealed = None if row is None else Sealed(row.key_id, row.content)
    if sealed is not None and sealed.key_id in keys.ids and _tells(texts, named, _opened(tip_id, sealed, keys)):
        raise refused("reporter_in_text")


def give_receipt(casebook: Casebook, tip_id: str, actor: str) -> str | None:
    """A code for who gave the tip, shown once; an older one ends. None where there is no such tip."""
    code = secrets.token_hex(RECEIPT_BYTES)
    with writing(casebook) as session:
        row = session.get(TipRow, tip_id)
        if row is None:
            return None
        row.receipt = digest_of(code)
        append(session, actor, "tip.receipt_given", tip_id, {})
    return code


def by_receipt(casebook: Casebook, code: str) -> Tip | None:
    """The tip whose receipt somebody shows."""
    with casebook.session() as session:
        row = session.scalar(select(TipRow).where(TipRow.receipt == digest_of(code)))
        return None if row is None else tip_of(session, row)


def seal_state(casebook: Casebook, keys: SealKeys) -> SealState:
    """What can be opened with these keys, without opening it."""
    wanted = select(TipIdentityRow.key_id, func.count()).group_by(TipIdentityRow.key_id)
    with casebook.session() as session:
        counts = {row[0]: int(row[1]) for row in session.execute(wanted)}
    missing = {key_id: count for key_id, count in sorted(counts.items()) if key_id not in keys.ids}
    return SealState(sum(counts.values()) - sum(missing.values()), missing)


def seal_anew(casebook: Casebook, keys: SealKeys, actor: str) -> int:
    """Seal with the first key what another one sealed; how many. What cannot be opened stays as it is."""
    if keys.first is None:
        raise refused("no_tip_key")
    old = keys.ids - {keys.first}
    wanted = select(TipIdentityRow).where(TipIdentityRow.key_id.in_(old)).order_by(TipIdentityRow.tip_id)
    done = 0
    while True:
        with writing(casebook) as session:
            rows = session.scalars(wanted.limit(AT_ONCE)).all()
            for row in rows:
                value = keys.open(Sealed(row.key_id, row.content), _bound(row.tip_id))
                anew = keys.seal(value, _bound(row.tip_id))
                new = {"key_id": anew.key_id, "content": anew.content}
                session.execute(update(TipIdentityRow).where(TipIdentityRow.tip_id == row.tip_id).values(**new))
            if rows:
                append(session, actor, "tip.identities_sealed_anew", keys.first, {"count": len(rows)})
        done += len(rows)
        if len(rows) < AT_ONCE:
            return done


def digest_of(code: str) -> str:
    """SHA-256 of a receipt, hexadecimal; spaces and capitals do not matter."""
    return people.digest_of(plain(code))


def forget(session: Session, tip_id: str) -> bool:
    """Erase who gave a tip, within a transaction; False where nobody was known."""
    row = session.get(TipIdentityRow, tip_id)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def _opened(tip_id: str, sealed: Sealed, keys: SealKeys) -> Reporter:
    if sealed.key_id not in keys.ids:
        raise refused("tip_key_missing", key_id=sealed.key_id)
    return Reporter(**json.loads(keys.open(sealed, _bound(tip_id))))


def _tells(texts: Iterable[str | None], named: Iterable[Named], reporter: Reporter) -> bool:
    read = [plain(text) for text in texts if text]
    bare, numbers = [_bare(text) for text in read], reporter.numbers()
    return (
        any(plain(value) in text for value in reporter.values() for text in read)
        or any(number in text for number in numbers for text in bare)
        or any(
            (one.name is not None and plain(one.name) == plain(reporter.name or ""))
            or (one.entity_id is not None and _bare(one.entity_id) in numbers)
            for one in named
        )
    )


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, plain(text)))


def _bound(tip_id: str) -> str:
    return f"tip_identities/{tip_id}/content"
