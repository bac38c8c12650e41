"""Reading a claim set, step by step: find its files, stage them typed, settle twins, map, check, write, look over.

Everything happens in a DuckDB in memory that spills into the work folder inside `folder`; the work folder is gone at
the end. Peak memory is bounded by `MEMORY`, whatever the size of the source.
"""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from ringfinder.claims import checks, contract, output, rejects, set_aside, sources, staging, tallies, values, views
from ringfinder.claims.checks import Note
from ringfinder.claims.profiles import Profile
from ringfinder.claims.sources import Sources
from ringfinder.claims.staging import Desk, Staged
from ringfinder.claims.values import quote
from ringfinder.errors import InputError, RingFinderError, StoreError, UsageError
from ringfinder.model import ClaimSet
from ringfinder.settings import ClaimsSettings
from ringfinder.tables import BY_NAME, TABLES
from ringfinder.words.sentences import Listed, Sentence, system_words

MEMORY = "2GB"  # for DuckDB; the rest of the process stays far below another gigabyte
Progress = Callable[[str, float], None]


def read(
    source: Path,
    folder: Path,
    settings: ClaimsSettings,
    profile: str = "auto",
    progress: Progress | None = None,
    *,
    threads: int = 0,
) -> ClaimSet:
    """Reads the claim set `source` (a folder or one file) into canonical Parquet tables and `rejects.csv` in `folder`.

    `profile` is `auto` or a name of `profiles.PROFILES`. `progress` gets a key of the words' catalogue and the share
    done (0 to 1). `threads` 0 takes all cores; the result does not depend on it.

    Raises InputError (also TooManyRejects) when the set cannot be used, in one sentence for a person; UsageError for an
    unknown profile or time zone; StoreError when the disk or memory does not suffice.
    """
    tell = progress or (lambda stage, share: None)
    work = folder / ".reading"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        found = sources.find(source, profile)
        zone = _zone(settings, found.profile)
        with duckdb.connect() as connection:
            _configure(connection, work, threads)
            return _read(Desk(connection, work, found.profile, zone), found, folder, settings, tell)
    except (OSError, duckdb.Error) as error:
        raise _told(error, source) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _read(desk: Desk, found: Sources, folder: Path, settings: ClaimsSettings, tell: Progress) -> ClaimSet:
    connection, profile = desk.connection, desk.profile
    rejects.begin(connection)
    files = _stage(desk, found, tell)
    tell("claims.stage_checking", 0.5)
    views.drop_cancelled_faults(connection, profile, files)
    views.make(connection, profile, files)
    collapsed = {t.name: views.collapse_twins(connection, t, files) for t in profile.tables}
    selects = profile.canonical(views.available(files))
    mapped = {t.name: _map(desk, t.name, selects[t.name]) for t in TABLES if t.name in selects}
    checks.refuse_contradictions(connection, mapped["claims"])
    rejects.write(connection, files, folder / "rejects.csv")
    rejects.check_share(connection, files, profile, settings.max_reject_share)

    rows = {}
    for done, (table, view) in enumerate(mapped.items()):
        tell("claims.stage_writing", 0.6 + 0.3 * done / len(mapped))
        sound = f"({view} t ANTI JOIN rf_dropped d ON d.file = t._file AND d.ordinal = t._row)"
        rows[table] = output.write(connection, BY_NAME[table], sound if table == "claims" else view, folder)
        contract.check(BY_NAME[table], folder / f"{table}.parquet")
    if rows["claims"] == 0:
        names = Listed(f.name for f in files if f.table.name == profile.main)
        raise InputError(Sentence("faults_claims.no_claim_usable", names=names))
    filled = {t: output.filled(connection, BY_NAME[t], folder) for t in rows}
    tallies.make(connection, f"read_parquet({quote(str(folder / 'claims.parquet'))})", _tallied(filled["claims"]))
    with ThreadPoolExecutor(1) as beside, connection.cursor() as cursor:  # counting keeps one core busy at most
        orphans = beside.submit(checks.reference_notes, cursor, folder, rows)
        hours = checks.hours_known(connection, folder / "claims.parquet")
        aside = set_aside.find(connection, folder, filled, settings)
        notes = [
            *_notes(desk, found, files, collapsed),
            *orphans.result(),
            *([] if hours else [("claims.note_hours_unknown", {})]),
        ]
    tell("claims.stage_writing", 1.0)
    return ClaimSet(
        folder,
        rows,
        filled,
        hours,
        aside,
        sum(rejects.counted(connection, files)),
        folder / "rejects.csv",
        tuple((f.name, f.rows, f.sha256) for f in files),
        tuple(notes),
        profile.name,
    )


def _tallied(filled: frozenset[str]) -> list[str]:
    """The columns of the claims of which somebody asks how often each value stands there."""
    watched = [w.column for w in set_aside.WATCHED if w.table == "claims" and w.column in filled]
    return list(dict.fromkeys((*checks.REFERENCES, *watched)))


def _told(error: OSError | duckdb.Error, source: Path) -> RingFinderError:
    """An error of the system or of DuckDB as one of ours."""
    if staging.no_room(error):
        return StoreError(Sentence("faults_claims.no_room"))
    if isinstance(error, OSError):
        name = Path(error.filename).name if error.filename else source.name
        return InputError(Sentence("faults_claims.not_readable", name=name, why=system_words(error)))
    return RingFinderError(Sentence("faults_claims.unreadable_by_us", name=source.name))


def _zone(settings: ClaimsSettings, profile: Profile) -> str:
    """The settings' zone; the profile's own where the settings keep their default."""
    untouched = settings.time_zone == ClaimsSettings().time_zone
    zone = profile.time_zone if profile.time_zone and untouched else settings.time_zone
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(Sentence("faults_claims.zone", zone=zone)) from error
    return zone


def _configure(connection: duckdb.DuckDBPyConnection, work: Path, threads: int) -> None:
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = {quote(str(work / 'spill'))}")
    connection.execute("SET enable_progress_bar = false")
    if threads:
        connection.execute(f"SET threads = {threads}")
    values.define(connection)


def _stage(desk: Desk, found: Sources, tell: Progress) -> list[Staged]:
    files = []
    for index, file in enumerate(found.files):
        tell("claims.stage_reading", 0.5 * index / len(found.files))
        staged = staging.stage(desk, file, index)
        if staged.rows == 0 and file.table.name == found.profile.main:
            raise InputError(Sentence("faults_claims.no_rows", name=file.name))
        rejects.settle(desk.connection, staged, index)
        files.append(staged)
    return files


def _map(desk: Desk, table: str, select: str) -> str:
    """The view `canonical_TABLE` of a profile's SELECT; where that joins, the claims are worked out once and kept."""
    described = desk.connection.execute(f"DESCRIBE {select}").fetchall()
    query = output.canonical_select(BY_NAME[table], select, [row[0] for row in described], desk.zone)
    if desk.profile.joins and table == "claims":
        kept = quote(str(desk.work / "claims-mapped.parquet"))
        desk.connection.execute(f"COPY ({query}) TO {kept} ({staging.PASSING})")
        query = f"SELECT * FROM read_parquet({kept})"
    desk.connection.execute(f"CREATE VIEW canonical_{table} AS {query}")
    return f"canonical_{table}"


def _notes(desk: Desk, found: Sources, files: list[Staged], collapsed: Mapping[str, int]) -> list[Note]:
    notes: list[Note] = []
    if found.left_out:
        notes.append(("claims.note_left_out", {"files": ", ".join(found.left_out)}))
    for f in files:
        if f.unknown:
            notes.append(("claims.note_unknown_columns", {"file": f.name, "columns": ", ".join(f.unknown)}))
        if f.encoding not in ("utf-8", "parquet"):
            notes.append(("claims.note_encoding", {"file": f.name, "encoding": f.encoding.upper()}))
        if f.blank:
            notes.append(("claims.note_blank_rows", {"file": f.name, "rows": f.blank}))
    for table in found.profile.tables:
        cancelled = views.cancelled(desk.connection, table, files)
        if cancelled:
            notes.append(("claims.note_cancelled", {"table": table.name, "rows": cancelled}))
        if collapsed[table.name]:
            notes.append(("claims.note_collapsed", {"table": table.name, "rows": collapsed[table.name]}))
    for key, (placeholder, select) in found.profile.counts.items():
        count = int(desk.connection.execute(select).fetchall()[0][0])
        if count:
            notes.append((key, {placeholder: count}))
    if found.profile.time_zone:
        notes.append(("claims.note_time_zone", {"zone": desk.zone}))
    return notes
