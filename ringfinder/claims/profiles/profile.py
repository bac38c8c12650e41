"""What a source looks like: its tables, its columns with their aliases, and the SELECTs that make canonical tables
of them.

A profile is data. Reading is the same for all: each file of a source table is staged typed (`staging.py`); views
`src_TABLE` then show every column of the source table (NULL where no file has it) with `_file` and `_row`, where a row
came from; `canonical` names the canonical tables that this source can fill and gives their SELECTs over those views.
The SELECT for `claims` must carry `_file` and `_row` of the row that settled the claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ringfinder.tables import ColumnType

Available = Mapping[
    str, frozenset[str]
]  # source table -> its columns that the files hold; tables without file are absent


@dataclass(frozen=True)
class SourceColumn:
    """One column of a source.

    `required`: the file must have the column and each row a value. `identity`: a placeholder such as `unknown` is no
    value. `choices`: written values in lower case -> the only values allowed; empty allows anything. `bounds`: of a
    number.
    """

    name: str
    type: ColumnType
    aliases: tuple[str, ...] = ()
    required: bool = False
    identity: bool = False
    personal: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class SourceTable:
    """One table of a source. `stems`: file names without ending, in lower case. `key`: its unique column, where it
    has one.

    `keep`: an SQL condition over the typed columns; rows that fail it were cancelled by the source and count as not
    there.
    """

    name: str
    stems: tuple[str, ...]
    columns: tuple[SourceColumn, ...]
    key: str = ""
    keep: str = ""

    def column(self, name: str) -> SourceColumn:
        """The column of that name; KeyError if the table has none."""
        for c in self.columns:
            if c.name == name:
                return c
        raise KeyError(f"{self.name} has no column {name}")

    def matched(self, header: list[str]) -> dict[str, int]:
        """Column name -> position in `header`, by name or alias, whatever the case; the first alias that is there
        counts."""
        places = {plain(cell): place for place, cell in reversed(list(enumerate(header)))}
        found: dict[str, int] = {}
        for c in self.columns:
            for name in (c.name, *c.aliases):
                if name in places:
                    found[c.name] = places[name]
                    break
        return found

    def missing(self, header: list[str]) -> list[str]:
        """Required columns that `header` does not have."""
        found = self.matched(header)
        return [c.name for c in self.columns if c.required and c.name not in found]

    def owns(self, stem: str) -> bool:
        """Whether a file of this stem holds (a part of) this table: `claims`, `claims_2024`, `claims-part-3`."""
        stem = plain(stem)
        return any(re.fullmatch(rf"{re.escape(s)}(_(part_?)?\d[\w]*)?", stem) for s in self.stems)


@dataclass(frozen=True)
class Profile:
    """A kind of source. `main` is the source table that claims rest on.

    `canonical(available)` gives canonical table -> SELECT. `joins`: the claims' SELECT joins tables, so its result
    is kept rather than computed again. `counts`: a note's key -> its placeholder and a SELECT of how many there are.
    `time_zone`: where the source's places are, unless the settings say otherwise.
    """

    name: str
    main: str
    tables: tuple[SourceTable, ...]
    canonical: Callable[[Available], dict[str, str]]
    joins: bool = False
    time_zone: str = ""
    counts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def table(self, name: str) -> SourceTable:
        """The source table of that name; KeyError if the profile has none."""
        for t in self.tables:
            if t.name == name:
                return t
        raise KeyError(f"{self.name} has no table {name}")

    def table_of(self, stem: str) -> SourceTable | None:
        """The table that a file of this stem belongs to."""
        return next((t for t in self.tables if t.owns(stem)), None)


def plain(name: str) -> str:
    """A column or file name as it is compared: lower case, blanks and hyphens as `_`, without invisible marks."""
    name = re.sub(r"[\ufeff\u200b-\u200d\u2060]", "", name).strip().strip("\"'").strip().lower()
    return re.sub(r"[\s\-.]+", "_", name)
