"""Rows written plainly: told by one pattern over several cells at once, so that their values need no work.

Most cells of most sources stand in the plainest form of their type: `C0166488`, `210.30`, `2024-02-09T07:47:00`. To
try the macros of `values` cell by cell costs several times more than to read them. So the columns of a source table are
put into groups; the cells of a group, joined by a sign that no cell can hold, must fully match one pattern. Where they
do, ids and texts are their own value, and times and amounts a cast that cannot fail; no such cell is doubtful. All
other rows go through the macros, cell by cell, and come to the same values: `PATTERNS` accepts a part of what each
macro accepts, and reads it the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ringfinder.claims.profiles.profile import SourceColumn
from ringfinder.claims.values import LONGEST_ID, quote
from ringfinder.tables import ColumnType

_BETWEEN = "\x1f"  # between the cells of a group; no pattern accepts it
_DAY = (
    r"(?:(?:19|20)\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"|(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
_CLOCK = r"[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
# Parts joined by hyphens: `12-C0166488`, a UUID. Digits, an `e`, a hyphen, digits and nothing else would be a number
# that a spreadsheet wrote, so the first part ends on another sign, or holds another letter, or there are three parts.
_PART = "[A-Za-z0-9_]{1,20}"
_HYPHENS = (
    "(?:[A-Za-z0-9_]{0,39}[A-DF-Za-df-z0-9_]|[0-9]{0,15}[A-Za-z_][A-Za-z0-9_]{0,20}[eE])"
    f"(?:-{_PART}){{1,4}}|{_PART}-{_PART}-{_PART}(?:-{_PART}){{0,2}}"
)
# Digits of which the first two differ are no placeholder; nor are letters and digits together, nor what has hyphens.
_UNLIKE = "|".join(f"{d}[{''.join(str(e) for e in range(10) if e != d)}]" for d in range(10))

PATTERNS: dict[ColumnType, str] = {
    "id": f"[A-Za-z0-9_]{{1,{LONGEST_ID}}}|{_HYPHENS}",
    "text": "[A-Za-z0-9_.一-鿿-]+",
    "money": r"-?\d{1,12}(?:\.\d{1,2})?",
    "time": f"{_DAY}(?:{_CLOCK})?",
    "date": f"{_DAY}(?:{_CLOCK})?",
}
IDENTITY = (
    f"[A-Za-z]{{1,20}}[0-9][A-Za-z0-9_]{{0,100}}|[0-9]{{1,20}}[A-Za-z][A-Za-z0-9_]{{0,100}}"
    f"|(?:{_UNLIKE})[0-9]{{0,100}}|{_HYPHENS}"
)

_CASTS: dict[ColumnType, str] = {
    "id": "{}",
    "text": "{}",
    "money": "CAST({} AS DECIMAL(14,2))",
    "time": "CAST({} AS TIMESTAMP)",
    "date": "CAST(CAST({} AS TIMESTAMP) AS DATE)",
}
# Texts apart from ids: a remark with a bracket in it says nothing about the ids beside it.
_GROUPS: tuple[tuple[ColumnType, ...], ...] = (("id",), ("text",), ("money", "time", "date"))


@dataclass(frozen=True)
class Group:
    """Columns told together, by their places among the columns given; `test` is the SQL of "all are plain"."""

    places: tuple[int, ...]
    test: str


def groups(columns: Sequence[SourceColumn], raw: Sequence[str]) -> list[Group]:
    """The groups of `columns`, whose cells are the SQL expressions `raw` (text, never empty but NULL). Numbers are in
    none."""
    found = []
    for types in _GROUPS:
        places = tuple(i for i, c in enumerate(columns) if ("id" if c.choices else c.type) in types)
        if places:
            cells = f", {quote(_BETWEEN)}, ".join(raw[i] for i in places)
            pattern = _BETWEEN.join(_pattern(columns[i]) for i in places)
            found.append(Group(places, f"regexp_full_match(concat({cells}), {quote(pattern)})"))
    return found


def plain_value(column: SourceColumn, raw: str) -> str:
    """SQL of the typed value of the cell `raw` in a row that its group's test accepts."""
    return raw if column.choices else _CASTS[column.type].format(raw)


def _pattern(column: SourceColumn) -> str:
    if column.choices:
        form = "|".join(re.escape(value) for value in sorted(set(column.choices.values()) - {""}))
    else:
        form = IDENTITY if column.identity else PATTERNS[column.type]
    return f"(?:{form})" + ("" if column.required else "?")
