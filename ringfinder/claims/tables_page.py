"""docs/tables.md, made from `ringfinder.tables`, the profiles and the catalogue; a test holds the file against it.

`python -m ringfinder.claims.tables_page docs/tables.md` writes it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ringfinder.claims.profiles import PROFILES
from ringfinder.claims.profiles.canonical import CHOICES
from ringfinder.claims.profiles.profile import SourceColumn
from ringfinder.claims.set_aside import MOST_PLACES_OF_A_DOCTOR
from ringfinder.claims.values import FIRST_SERIAL, FIRST_YEAR, LAST_SERIAL, LAST_YEAR
from ringfinder.tables import SQL_TYPES, TABLES, Column, Table
from ringfinder.words import catalogue

INTRO = """# Tables

Made from `ringfinder/tables.py`, the source profiles and the catalogue of reasons; do not edit.

A claim set is a folder, or one file that holds the claims. Files are CSV (`.csv`, `.tsv`, `.txt`, each also `.gz`) or
Parquet (`.parquet`), named after their table; a table may be split over several files (`claims_2023.csv`,
`claims-part-2.csv.gz`). Only `claims` is required. What other tables would say is left unknown, and the run says which
channels are off for it.

Text files are UTF-8 (with or without byte order mark), GB18030 or UTF-16; columns are parted by comma, semicolon, tab or
bar; the first row names them, in any order and case. Columns that are not in the tables below are left out and named in
the run's notes.
"""

VALUES = f"""## How values are read

A value is understood exactly or its row is rejected; nothing is guessed.

- **Ids** are text and keep leading zeros and all digits. `1.23E+17` and `123.0` are rejected: a spreadsheet has changed
  them. A claim, patient or facility called `unknown`, `不详`, `000` or the like is rejected; elsewhere such values stay in
  the table and identify nobody.
- **Times** are local. Read are ISO forms (`2024-03-05`, `2024-03-05T10:20:30+08:00`, `2024-03-05 10:20`), `2024/3/5 9:05`,
  `2024.3.5`, `2024年3月5日 下午2时05分`, `20240305`, `20240305102030`, and Excel's day numbers from {FIRST_SERIAL} to
  {LAST_SERIAL}, of years from {FIRST_YEAR} to {LAST_YEAR}. Times with an offset are converted to `time_zone`; seconds are
  whole. Rejected are forms that can be read in two ways (`03/04/2024`, `24-3-5`) and days that do not exist. `9999-12-31`
  and `0000-00-00` mean "no date". A set whose outpatient and pharmacy claims are nearly all at midnight knows only days.
- **Money** is decimal, rounded half up to cents: `1234.5`, `1,234.50`, `¥1,234.50`, `1234.50元`. Rejected are other
  currencies and units (`$12`, `1.5万`), exponents, brackets, and separators that could be a decimal comma (`12,34`;
  `1,234` in a file whose columns are parted by semicolons).
- **Rows with one key**: identical ones count once; where they differ, all are rejected.
- **Refunds** have a negative amount and name the claim they cancel in `refund_of`; a negative amount without it, or a
  positive one with it, is rejected.
- **Values that identify nobody** are set aside: placeholders, values on more people than `shared_by_people` and
  `shared_by_share` allow, and doctors who see patients at more than {MOST_PLACES_OF_A_DOCTOR} hospitals and clinics.
"""

REJECTS = """## Rejects

`rejects.csv` lists every rejected cell: `file`, `row` (as a spreadsheet shows it: the header is row 1 unless blank lines
stand above it, and blank lines count), `column`, `value`, `reason`. A row without any value is none: it is passed over, and
`run.json` says how many there were in its `notes`. Of a personal column only the value's shape is shown (`99/99/9999`). More rejected
rows than `max_reject_share` of the claims or of all rows refuse the set, as does another table that loses most of its rows.
A reason starts with one of these words:
"""

PROFILES_INTRO = """## Sources

`--source auto` takes the source whose main table is there with every column it must have.
"""


def page() -> str:
    """The whole page, in Markdown."""
    parts = [INTRO, *(_table(t) for t in TABLES), VALUES, REJECTS + _reasons(), PROFILES_INTRO + _profiles()]
    return "\n".join(parts)


def _table(table: Table) -> str:
    required = "Required." if table.required else "Optional."
    lines = [
        f"## {table.name}",
        "",
        f"{required} Key: `{table.key}`.",
        "",
        "| column | type | meaning | values |",
        "| --- | --- | --- | --- |",
        *(_row(table, c) for c in table.columns),
    ]
    return "\n".join(lines) + "\n"


def _row(table: Table, column: Column) -> str:
    star = "*" if column.required else ""
    meaning = column.meaning + (" (personal)" if column.personal else "")
    written = CHOICES.get((table.name, column.name), {})
    values = "; ".join(
        f"{choice} (also {', '.join(w for w, to in written.items() if to == choice and w != choice.lower())})"
        for choice in column.choices
    )
    return f"| `{column.name}`{star} | {column.type}, {SQL_TYPES[column.type]} | {meaning} | {values} |"


def _reasons() -> str:
    said = {k.removeprefix("claims.reject_"): v for k, v in catalogue().items() if k.startswith("claims.reject_")}
    lines = ["| reason | means | 含义 |", "| --- | --- | --- |"]
    lines += [f"| `{slug}` | {said[slug]['en']} | {said[slug]['zh']} |" for slug in sorted(said)]
    return "\n" + "\n".join(lines) + "\n"


def _profiles() -> str:
    parts = []
    for profile in PROFILES.values():
        if profile.name == "canonical":
            continue
        parts.append(f"\n### {profile.name}\n")
        if profile.time_zone:
            parts.append(f"Times are those of `{profile.time_zone}` unless the settings name another zone.\n")
        parts += ["| file | columns read |", "| --- | --- |"]
        for table in profile.tables:
            columns = ", ".join(_with_aliases(c) for c in table.columns)
            parts.append(f"| `{table.stems[0]}` (or {', '.join(table.stems[1:])}) | {columns} |".replace(" (or )", ""))
    return "\n".join(parts) + "\n"


def _with_aliases(column: SourceColumn) -> str:
    aliases = f" (or {', '.join(column.aliases)})" if column.aliases else ""
    return f"`{column.name}`{'*' if column.required else ''}{aliases}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
