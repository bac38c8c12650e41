"""What a claim set would be read as, told by names and first lines alone, before anything is read.

For each file: which table it holds, which columns are there under which name, which must be there and are not, which could be, and
which are none of that table's. A Parquet file says its columns at its end: cut short, it cannot be told (`told` is false).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ringfinder.claims import sources
from ringfinder.claims.profiles import PROFILES
from ringfinder.claims.sources import SourceFile
from ringfinder.errors import InputError

Fault = Literal["no_claims", "unclear"]


@dataclass(frozen=True)
class Match:
    """A column of a table, and what the file calls it."""

    column: str
    header: str


@dataclass(frozen=True)
class FileLook:
    """One file. `table` None: of no table, it would be left out."""

    file: str
    table: str | None
    told: bool
    known: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class SetLook:
    """The set. `fault`: no file holds the claims, or it is unclear which of several sources or files counts."""

    profile: str | None
    fault: Fault | None
    files: tuple[FileLook, ...]


def look(folder: Path, profile: str) -> SetLook:
    """What the files of a folder would be read as; `profile` as for reading, UsageError for an unknown one."""
    names = sorted(path.name for path in folder.iterdir())
    try:
        found = sources.find(folder, profile)
    except InputError:
        wanted = PROFILES.values() if profile == "auto" else [PROFILES[profile]]
        named = any(one.table(one.main).owns(sources.stem_of(folder / name)) for one in wanted for name in names)
        return SetLook(None, "unclear" if named else "no_claims", tuple(FileLook(name, None, True) for name in names))
    taken = [_file(one) for one in found.files]
    left = [FileLook(name, None, True) for name in names if name not in {one.file for one in taken}]
    return SetLook(found.profile.name, None, (*taken, *left))


def _file(one: SourceFile) -> FileLook:
    header = sources.columns(one.path, PROFILES.values())
    if not header:
        return FileLook(one.name, one.table.name, False)
    matched = one.table.matched(header)
    missing = tuple(one.table.missing(header))
    return FileLook(
        one.name,
        one.table.name,
        True,
        tuple(Match(name, header[place].strip()) for name, place in matched.items()),
        missing,
        tuple(c.name for c in one.table.columns if c.name not in matched and c.name not in missing),
        tuple(cell.strip() for place, cell in enumerate(header) if place not in matched.values() and cell.strip()),
    )
