"""Who and what stands behind the ids: names, personal values and claims, from the canonical tables of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.report.masks import mask_account, mask_id, mask_name, mask_number, mask_sentence
from ringfinder.tables import BY_NAME

if TYPE_CHECKING:
    import duckdb

NAMED = {"patient": "patients", "doctor": "doctors", "facility": "facilities", "recruiter": "recruiters"}
COLUMN_OF = {
    "patient": "patient_id",
    "card": "card_id",
    "doctor": "doctor_id",
    "facility": "facility_id",
    "recruiter": "recruiter_id",
    "account": "payee_account",
    "operator": "operator_id",
    "terminal": "terminal_id",
}
NUMBERS = ("phone", "contact_phone", "id_number")
ACCOUNTS = ("bank_account",)


@dataclass(frozen=True)
class ClaimLine:
    """A claim as the pictures need it; `entities` maps an entity type to its id where the claim names one."""

    claim_id: str
    patient_id: str
    facility_id: str
    service_type: str
    start: datetime
    end: datetime
    entities: Mapping[str, str]


@dataclass(frozen=True)
class Secrets:
    """Personal values that a sentence must not show, and ids of claims and places that it may, whatever they look like."""

    names: frozenset[str]
    numbers: frozenset[str]
    accounts: frozenset[str]
    shown: frozenset[str]

    def hide(self, sentence: str) -> str:
        """`sentence` without the personal values."""
        return mask_sentence(sentence, self.names, self.numbers, self.accounts, self.shown)


class Register:
    """Looks things up in the Parquet tables of `folder`; with `unmask` it shows them in full.

    What was looked up once is kept: whoever needs many small answers asks for all of them together first.
    """

    def __init__(self, folder: Path, unmask: bool = False) -> None:
        self.folder = folder
        self.unmask = unmask
        self._kept: dict[tuple[str, str, str], dict[str, list[tuple[Any, ...]]]] = {}
        self._db: duckdb.DuckDBPyConnection | None = None

    def _rows(self, table: str, wanted: str, key: str, ids: Iterable[str], order: str = "") -> list[tuple[Any, ...]]:
        """The columns `wanted` of the rows whose `key` is among `ids`, by id and then by `order`."""
        listed = sorted(set(ids))
        kept = self._kept.setdefault((table, wanted, key), {})
        missing = [one for one in listed if one not in kept]
        path = self.folder / f"{table}.parquet"
        if missing and path.exists():
            if self._db is None:
                import duckdb  # noqa: PLC0415 - costs a quarter of a second at start-up

                self._db = duckdb.connect(config={"threads": 2})
            kept.update({one: [] for one in missing})
            sql = f"SELECT {key}, {wanted} FROM read_parquet($path) WHERE {key} IN (SELECT unnest($ids))"
            for one, *row in self._db.execute(f"{sql} {order}", {"path": str(path), "ids": missing}).fetchall():
                kept[one].append(tuple(row))
        return [row for one in listed for row in kept.get(one, ())]

    def names(self, entity_type: str, ids: Iterable[str]) -> dict[str, str]:
        """Names by id, masked unless told otherwise; a place's name is no secret. Ids without a name are left out."""
        table = NAMED.get(entity_type)
        if table is None:
            return {}
        key = BY_NAME[table].key
        hidden = not self.unmask and BY_NAME[table].column("name").personal
        rows = self._rows(table, f"{key}, name", key, ids)
        return {entity_id: mask_name(name) if hidden else name for entity_id, name in rows if name}

    def shown(self, entity_type: str, entity_id: str) -> str:
        """An id as it may be shown."""
        return entity_id if self.unmask else mask_id(entity_type, entity_id)

    def set_aside(self, column: str, value: str) -> str:
        """A value that identifies nobody, as it may be shown: it may still be somebody's phone or account."""
        if self.unmask:
            return value
        if column in MASKS or column in ACCOUNTS:
            return MASKS.get(column, mask_account)(value)
        return mask_id(next((kind for kind, key in COLUMN_OF.items() if key == column), ""), value)

    def knows(self, entity_type: str, entity_id: str) -> bool:
        """Whether the claims or their tables name this entity."""
        return bool(self.known(entity_type, [entity_id]))

    def known(self, entity_type: str, ids: Iterable[str]) -> set[str]:
        """Those of these ids that the claims or their tables name."""
        tables = [("claims", COLUMN_OF[entity_type])]
        if entity_type in NAMED:
            tables.append((NAMED[entity_type], COLUMN_OF[entity_type]))
        if entity_type == "card":
            tables.append(("cards", "card_id"))
        if entity_type == "account":
            tables += [("patients", column) for column in ACCOUNTS]
        return {
            one
            for table, column in tables
            for (one,) in self._rows(table, f"any_value({column})", column, ids, f"GROUP BY {column}")
        }

    def claims(self, claim_ids: Iterable[str]) -> dict[str, ClaimLine]:
        """Claims by id."""
        return {line.claim_id: line for line in self._lines("claim_id", claim_ids)}

    def life(self, patient_ids: Iterable[str]) -> Sequence[ClaimLine]:
        """Every claim of these patients, by patient and time."""
        return self._lines("patient_id", patient_ids)

    def _lines(self, key: str, ids: Iterable[str]) -> list[ClaimLine]:
        wanted = ", ".join(COLUMN_OF.values())
        rows = self._rows(
            "claims",
            f"claim_id, service_type, start_time, coalesce(end_time, start_time), {wanted}",
            key,
            ids,
            "ORDER BY start_time, claim_id",
        )
        lines = []
        for claim_id, service, start, end, *entities in rows:
            named = {kind: value for kind, value in zip(COLUMN_OF, entities, strict=True) if value is not None}
            lines.append(ClaimLine(claim_id, named["patient"], named["facility"], service, start, end, named))
        return lines

    def secrets(
        self, patients: Iterable[str], claims: Iterable[ClaimLine], accounts: Iterable[str] = ()
    ) -> Secrets | None:
        """Personal values of these patients and of the agents, doctors and payees on these claims; None shows all."""
        if self.unmask:
            return None
        lines = list(claims)
        names: set[str] = set()
        numbers: set[str] = set()
        hidden = set(accounts) | {line.entities["account"] for line in lines if "account" in line.entities}
        people = {
            "patients": set(patients) | {line.patient_id for line in lines},
            "recruiters": {line.entities["recruiter"] for line in lines if "recruiter" in line.entities},
            "doctors": {line.entities["doctor"] for line in lines if "doctor" in line.entities},
        }
        for table, ids in people.items():
            columns = [c for c in ("name", *NUMBERS, *ACCOUNTS) if c in BY_NAME[table].column_names]
            for row in self._rows(table, ", ".join(columns), BY_NAME[table].key, ids):
                for column, value in zip(columns, row, strict=True):
                    if value is not None:
                        (names if column == "name" else numbers if column in NUMBERS else hidden).add(value)
        shown = frozenset(line.claim_id for line in lines) | {
            line.facility_id for line in lines if mask_id("facility", line.facility_id) == line.facility_id
        }
        return Secrets(frozenset(names), frozenset(numbers), frozenset(hidden), shown)

    def masked(self, value: Any) -> Any:
        """A value that a free query gave, with personal values in it masked.

        A query may rename a column, so that only the values themselves can tell: texts that stand in a personal column
        of the tables are masked, and whatever looks like an identity number, a phone or a bank card, unless it is the
        id of a claim or a place.
        """
        if self.unmask:
            return value
        texts: set[str] = set()
        _walk(value, texts.add)
        known = {text: mask_id("", text) for text in texts} | self._impersonal(texts) | self._personal(texts)
        return _replaced(value, lambda text: known[text])

    def _impersonal(self, texts: Iterable[str]) -> dict[str, str]:
        """Those texts that only look personal and are ids of claims or places, as they are shown."""
        doubtful = [text for text in texts if mask_id("", text) != text]
        if not doubtful:
            return {}
        claims = self._rows("claims", "claim_id", "claim_id", doubtful)
        places = self._rows("claims", "any_value(facility_id)", "facility_id", doubtful, "GROUP BY facility_id")
        return {text: text for (text,) in claims} | {text: mask_id("facility", text) for (text,) in places}

    def _personal(self, texts: Iterable[str]) -> dict[str, str]:
        """Those texts that stand in a personal column, masked as that column is; agents' ids as agents' ids are."""
        named = self._rows("claims", "any_value(recruiter_id)", "recruiter_id", texts, "GROUP BY recruiter_id")
        known = {agent: mask_id("recruiter", agent) for (agent,) in named}
        for table in BY_NAME.values():
            for column in table.columns:
                if column.personal and column.type in {"id", "text"}:
                    mask = MASKS.get(column.name, mask_account)
                    rows = self._rows(
                        table.name, f"any_value({column.name})", column.name, texts, f"GROUP BY {column.name}"
                    )
                    known |= {found: mask(found) for (found,) in rows}
        return known


MASKS = {"name": mask_name, "address": mask_name} | dict.fromkeys(NUMBERS, mask_number)


def _walk(value: Any, visit: Callable[[str], object]) -> None:
    """Call `visit` for every text in a nested value."""
    if isinstance(value, str):
        visit(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            _walk(item, visit)
    elif isinstance(value, list | tuple):
        for item in value:
            _walk(item, visit)


def _replaced(value: Any, change: Callable[[str], str]) -> Any:
    """A nested value with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, change) for item in value]
    return value


def hide(sentence: str, secrets: Secrets | None) -> str:
    """`sentence` without the personal values; all of it where nothing is secret."""
    return sentence if secrets is None else secrets.hide(sentence)
