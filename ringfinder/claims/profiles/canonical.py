"""The canonical form itself: one file a canonical table, columns by their canonical names."""

from __future__ import annotations

from collections.abc import Mapping

from ringfinder.claims.profiles.profile import Available, Profile, SourceColumn, SourceTable
from ringfinder.tables import TABLES, Column, Table

# How registers and tills write the choices; GB/T 2261.1 for sex (0 and 9 are "not known", "not stated").
SEX = {
    **dict.fromkeys(("f", "female", "2", "女", "女性"), "F"),
    **dict.fromkeys(("m", "male", "1", "男", "男性"), "M"),
    **dict.fromkeys(("0", "9", "u", "unknown", "未知", "未说明", "不详"), ""),
}
SERVICE_TYPE = {
    **dict.fromkeys(("inpatient", "住院"), "inpatient"),
    **dict.fromkeys(("outpatient", "门诊", "门急诊"), "outpatient"),
    **dict.fromkeys(("pharmacy", "药店", "购药"), "pharmacy"),
}
FACILITY_KIND = {
    **dict.fromkeys(("hospital", "医院"), "hospital"),
    **dict.fromkeys(("clinic", "诊所", "卫生室", "门诊部"), "clinic"),
    **dict.fromkeys(("pharmacy", "药店", "零售药店"), "pharmacy"),
}
CHOICES: dict[tuple[str, str], Mapping[str, str]] = {
    ("claims", "service_type"): SERVICE_TYPE,
    ("patients", "sex"): SEX,
    ("facilities", "kind"): FACILITY_KIND,
}
# Degrees; anything else is a mistake.
BOUNDS = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}
# A claim of "unknown" would tie everybody together.
IDENTITIES = frozenset({"claim_id", "patient_id", "facility_id"})


def source_column(table: Table, column: Column, *aliases: str, required: bool | None = None) -> SourceColumn:
    """A canonical column as a source column, found by its canonical name or by `aliases`."""
    return SourceColumn(
        column.name,
        column.type,
        aliases,
        column.required if required is None else required,
        identity=column.required and table.name == "claims" and column.name in IDENTITIES,
        personal=column.personal,
        choices=CHOICES.get((table.name, column.name), {}),
        bounds=BOUNDS.get(column.name),
    )


def _source_table(table: Table) -> SourceTable:
    return SourceTable(table.name, (table.name,), tuple(source_column(table, c) for c in table.columns), key=table.key)


def _selects(available: Available) -> dict[str, str]:
    return {table: f"SELECT * FROM src_{table}" for table in available}


CANONICAL = Profile("canonical", "claims", tuple(_source_table(t) for t in TABLES), _selects)
