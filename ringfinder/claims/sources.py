"""Which files a claim set has, which table each one holds, and which profile the set follows.

A claim set is a folder or one file. A file belongs to the table its name says (`claims.csv`, `claims_2024.csv.gz`,
`CLAIMS-part-2.parquet`); a single file is the claims, whatever its name. `auto` takes the profile whose main table is
there with every column it must have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ringfinder.claims import text
from ringfinder.claims.profiles import PROFILES
from ringfinder.claims.profiles.profile import Profile, SourceTable, plain
from ringfinder.errors import InputError, UsageError
from ringfinder.words.sentences import Listed, Sentence

TEXT_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
ENDINGS = (*TEXT_ENDINGS, ".parquet", ".pq")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".et", ".accdb", ".mdb", ".dbf")


@dataclass(frozen=True)
class SourceFile:
    """A file of a claim set and the source table it holds (a part of)."""

    path: Path
    table: SourceTable

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def parquet(self) -> bool:
        return is_parquet(self.path)


@dataclass(frozen=True)
class Sources:
    """A claim set's profile, its files (by table in the profile's order, then by name) and names of files left out."""

    profile: Profile
    files: tuple[SourceFile, ...]
    left_out: tuple[str, ...]


def is_parquet(path: Path) -> bool:
    return path.name.lower().endswith((".parquet", ".pq"))


def find(source: Path, profile: str) -> Sources:
    """Files and profile of the claim set `source`; InputError where there is none, UsageError for an unknown
    profile."""
    if profile != "auto" and profile not in PROFILES:
        raise UsageError(Sentence("faults_claims.unknown_source", source=profile, known=Listed(PROFILES)))
    candidates = list(PROFILES.values()) if profile == "auto" else [PROFILES[profile]]
    if source.is_dir():
        return _from_folder(source, candidates)
    if source.is_file():
        return _from_file(source, candidates)
    raise InputError(Sentence("faults_claims.no_such_source", name=source.name))


def _from_file(path: Path, candidates: list[Profile]) -> Sources:
    if not stem_of(path):
        raise _not_a_table(path)
    header = columns(path, candidates)
    fitting = [p for p in candidates if header and not p.table(p.main).missing(header)]
    chosen = _only(path.name, fitting) or _closest(header, candidates)
    return Sources(chosen, (SourceFile(path, chosen.table(chosen.main)),), ())


def _from_folder(folder: Path, candidates: list[Profile]) -> Sources:
    paths = sorted((p for p in folder.iterdir() if p.is_file() and stem_of(p)), key=lambda p: p.name)
    main = {c.name: [p for p in paths if c.table(c.main).owns(stem_of(p))] for c in candidates}
    named = [c for c in candidates if main[c.name]]
    if not named:
        raise _no_claims(folder, candidates, paths)
    fitting = [c for c in named if not c.table(c.main).missing(columns(main[c.name][0], candidates))]
    chosen = _only(folder.name, fitting) or named[0]
    files = []
    for table in chosen.tables:
        own = [p for p in paths if chosen.table_of(stem_of(p)) is table]
        _refuse_twins(own, table)
        files += [SourceFile(p, table) for p in own]
    used = {f.path for f in files}
    return Sources(chosen, tuple(files), tuple(p.name for p in paths if p not in used))


def columns(path: Path, candidates: Iterable[Profile]) -> list[str]:
    """The header of a file, read from its first bytes; [] if it cannot be told."""
    if is_parquet(path):
        try:
            return list(pq.read_schema(path).names)
        except (pa.ArrowException, OSError):
            return []
    known = frozenset(plain(n) for p in candidates for t in p.tables for c in t.columns for n in (c.name, *c.aliases))
    return text.header(text.peek(path), known).columns


def stem_of(path: Path) -> str:
    """The name without a table's ending; '' for other files."""
    lower = path.name.lower()
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if lower.endswith(ending) and len(lower) > len(ending) and not lower.startswith("."):
            return path.name[: -len(ending)]
    return ""


def _only(name: str, fitting: list[Profile]) -> Profile | None:
    if len(fitting) > 1:
        forms = Listed(p.name for p in fitting)
        raise InputError(Sentence("faults_claims.several_sources", name=name, forms=forms))
    return fitting[0] if fitting else None


def _closest(header: list[str], candidates: list[Profile]) -> Profile:
    """The profile whose main table misses least of its required columns; the first wins a tie."""

    def share_missing(p: Profile) -> float:
        table = p.table(p.main)
        return len(table.missing(header)) / sum(c.required for c in table.columns)

    return min(candidates, key=share_missing)


def _refuse_twins(paths: list[Path], table: SourceTable) -> None:
    """`claims.csv` beside `claims.parquet` would count every claim twice."""
    seen: dict[str, Path] = {}
    for path in paths:
        stem = plain(stem_of(path))
        if stem in seen:
            raise InputError(Sentence("faults_claims.twins", first=seen[stem].name, second=path.name, table=table.name))
        seen[stem] = path


def _no_claims(folder: Path, candidates: list[Profile], paths: list[Path]) -> InputError:
    wanted = Listed(f"{p.table(p.main).stems[0]}.csv" for p in candidates)
    workbooks = sorted(p.name for p in folder.iterdir() if p.name.lower().endswith(WORKBOOKS))
    if workbooks and not paths:
        return InputError(
            Sentence("faults_claims.folder_of_workbooks", name=folder.name, workbook=workbooks[0], wanted=wanted)
        )
    return InputError(Sentence("faults_claims.no_claims_there", name=folder.name, wanted=wanted))


def _not_a_table(path: Path) -> InputError:
    if path.name.lower().endswith(WORKBOOKS):
        return InputError(Sentence("faults_claims.workbook", name=path.name))
    return InputError(Sentence("faults_claims.not_a_table", name=path.name))
