"""The canonical tables: every source is mapped to these, and everything downstream reads only these.

Ids are text. Money is DECIMAL(14,2) in the fund's currency. Times are local to the facility, without offset, to the second;
midnight in a claim set that knows only days means "hour unknown". One source for readers, graph, docs and tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["id", "text", "money", "time", "date", "number"]

SQL_TYPES: dict[ColumnType, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "money": "DECIMAL(14,2)",
    "time": "TIMESTAMP",
    "date": "DATE",
    "number": "DOUBLE",
}


@dataclass(frozen=True)
class Column:
    """One column. `choices` are the only values allowed, when not empty."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True)
class Table:
    """One table; `key` is its unique column."""

    name: str
    key: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the table has none."""
        for c in self.columns:
            if c.name == name:
                return c
        raise KeyError(f"{self.name} has no column {name}")


SERVICE_TYPES = ("inpatient", "outpatient", "pharmacy")
FACILITY_KINDS = ("hospital", "clinic", "pharmacy")
SEXES = ("F", "M")

CLAIMS = Table(
    "claims",
    "claim_id",
    (
        Column("claim_id", "id", "one settled claim", required=True),
        Column("patient_id", "id", "the insured person the claim is for", required=True),
        Column("facility_id", "id", "where the care was given", required=True),
        Column("service_type", "text", "kind of care", required=True, choices=SERVICE_TYPES),
        Column("start_time", "time", "when the care, stay or purchase began", required=True),
        Column("total_amount", "money", "the whole bill; negative for a refund", required=True),
        Column("card_id", "id", "the card or credential used"),
        Column("doctor_id", "id", "who treated or prescribed"),
        Column("recruiter_id", "id", "go-between, agent or referrer named on the claim"),
        Column("operator_id", "id", "who settled the claim at the agency or the till"),
        Column("terminal_id", "id", "the till or terminal used"),
        Column("end_time", "time", "when the care or stay ended"),
        Column("settled_at", "time", "when the claim was settled"),
        Column("diagnosis_code", "text", "main diagnosis"),
        Column("fund_amount", "money", "what the fund paid of the bill"),
        Column("payee_account", "id", "the account the reimbursement went to", personal=True),
        Column("invoice_number", "id", "number of the paper invoice"),
        Column("drug_code", "text", "main medicine sold"),
        Column("refund_of", "id", "the claim that this one cancels"),
    ),
    required=True,
)
PATIENTS = Table(
    "patients",
    "patient_id",
    (
        Column("patient_id", "id", "the insured person", required=True),
        Column("name", "text", "name", personal=True),
        Column("birth_date", "date", "date of birth", personal=True),
        Column("sex", "text", "sex in the register", choices=SEXES),
        Column("id_number", "id", "national identity number", personal=True),
        Column("phone", "id", "the person's own phone", personal=True),
        Column("contact_phone", "id", "phone of the contact person", personal=True),
        Column("address", "text", "home address", personal=True),
        Column("district", "text", "district of insurance"),
        Column("bank_account", "id", "the person's own account", personal=True),
        Column("category", "text", "insurance or support category"),
        Column("death_date", "date", "date of death in the register"),
    ),
)
CARDS = Table(
    "cards",
    "card_id",
    (
        Column("card_id", "id", "the card", required=True),
        Column("patient_id", "id", "the holder"),
    ),
)
DOCTORS = Table(
    "doctors",
    "doctor_id",
    (
        Column("doctor_id", "id", "the doctor", required=True),
        Column("facility_id", "id", "where the doctor is registered"),
        Column("name", "text", "name", personal=True),
    ),
)
FACILITIES = Table(
    "facilities",
    "facility_id",
    (
        Column("facility_id", "id", "hospital, clinic or pharmacy", required=True),
        Column("name", "text", "name"),
        Column("kind", "text", "kind of facility", choices=FACILITY_KINDS),
        Column("level", "text", "grade"),
        Column("district", "text", "district"),
        Column("latitude", "number", "degrees north"),
        Column("longitude", "number", "degrees east"),
    ),
)
RECRUITERS = Table(
    "recruiters",
    "recruiter_id",
    (
        Column("recruiter_id", "id", "go-between, agent or referrer; honest ones too", required=True),
        Column("name", "text", "name", personal=True),
        Column("phone", "id", "phone", personal=True),
        Column("bank_account", "id", "account", personal=True),
    ),
)

TABLES: tuple[Table, ...] = (CLAIMS, PATIENTS, CARDS, DOCTORS, FACILITIES, RECRUITERS)
BY_NAME: dict[str, Table] = {t.name: t for t in TABLES}
