"""Rows that are refused, each with its place, its value and the reason; the rest loads.

Three temporary tables carry them through a reading:

    rf_faults     (file, ordinal, column_name, value, reason, personal): faulty cells; `ordinal` counts a staged
    file's rows from 0 rf_malformed  (file, record, reason): lines that are no rows; `record` counts the file's rows,
    the header being 1
    rf_dropped    (file, ordinal): staged rows that no canonical table may use: faulty, blank, or a twin too many

`rejects.csv` gives `file, row, column, value, reason`; `row` is what a spreadsheet shows: the header is row 1 unless blank
lines stand above it, and blank lines count. A value of a personal column shows its shape only: digits as 9, letters as
x, other signs as 某.
The reason is a slug and its sentence in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ringfinder.claims.blanks import BLANK
from ringfinder.claims.profiles.profile import Profile
from ringfinder.claims.staging import Staged
from ringfinder.claims.values import fault_sql, present_sql, quote
from ringfinder.errors import TooManyRejects
from ringfinder.words import catalogue
from ringfinder.words.sentences import Listed, Sentence

LONGEST_VALUE = 200  # characters of a rejected value that are shown
# A table beside the claims may lose a few rows of its few; but one that loses most of them was misread.
MOST_OF_A_TABLE = 0.5


def begin(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the three tables."""
    connection.execute(
        "CREATE TABLE rf_faults (file INTEGER, ordinal BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR, "
        "personal BOOLEAN); CREATE TABLE rf_malformed (file INTEGER, record BIGINT, reason VARCHAR); "
        "CREATE TABLE rf_dropped (file INTEGER, ordinal BIGINT)"
    )


def settle(connection: duckdb.DuckDBPyConnection, staged: Staged, index: int) -> None:
    """Decides the doubtful cells of a staged file: a cell that only says "nothing" is no fault where none is
    required."""
    if staged.malformed:
        connection.execute(
            f"INSERT INTO rf_malformed SELECT {index}, unnest(?::BIGINT[]), unnest(?::VARCHAR[])",
            [[m.record for m in staged.malformed], [m.reason for m in staged.malformed]],
        )
    doubtful = f"(SELECT file_row_number, _doubt FROM read_parquet({quote(str(staged.path))}) WHERE _doubt IS NOT NULL)"
    connection.execute(f"INSERT INTO rf_dropped SELECT {index}, file_row_number FROM {doubtful} WHERE len(_doubt) = 0")
    cells = f"(SELECT file_row_number AS ordinal, unnest(_doubt, max_depth := 2) FROM {doubtful})"
    for (name,) in connection.execute(f'SELECT DISTINCT "column" FROM {cells} ORDER BY 1').fetchall():
        column = staged.table.column(name)
        present = "true" if column.required else present_sql(column.type, "value")
        blank = [quote(written) for written, to in column.choices.items() if not to]
        if blank:
            present += f" AND lower(rf_clean(value)) NOT IN ({', '.join(blank)})"
        connection.execute(
            f"INSERT INTO rf_faults SELECT {index}, ordinal, {quote(column.name)}, "
            f"left(rf_clean(value), {LONGEST_VALUE}), {fault_sql(column.type, 'rf_clean(value)')}, {column.personal} "
            f'FROM {cells} WHERE "column" = {quote(column.name)} AND {present}'
        )
    connection.execute(f"INSERT INTO rf_dropped SELECT DISTINCT file, ordinal FROM rf_faults WHERE file = {index}")


def refuse(connection: duckdb.DuckDBPyConnection, rows: str, column: str, value: str, reason: str) -> None:
    """Rejects the rows of the SELECT `rows` (with `_file`, `_row` and what the SQL expression `value` needs)."""
    connection.execute(
        f"INSERT INTO rf_faults SELECT _file, _row, {quote(column)}, left(CAST({value} AS VARCHAR), {LONGEST_VALUE}), "
        f"{quote(reason)}, false FROM ({rows})"
    )
    connection.execute(f"INSERT INTO rf_dropped SELECT DISTINCT _file, _row FROM ({rows})")


def counted(connection: duckdb.DuckDBPyConnection, files: Sequence[Staged]) -> list[int]:
    """Rejected rows of each file."""
    faulty = dict(connection.execute("SELECT file, count(DISTINCT ordinal) FROM rf_faults GROUP BY file").fetchall())
    return [int(faulty.get(index, 0)) + f.refused for index, f in enumerate(files)]


def write(connection: duckdb.DuckDBPyConnection, files: Sequence[Staged], target: Path) -> None:
    """Writes `rejects.csv`, sorted by file, row and column; the header alone when nothing was rejected."""
    _make_report(connection, files)
    shape = (
        r"regexp_replace(regexp_replace(regexp_replace(value, '\d', '9', 'g'), '[A-Za-z]', 'x', 'g'), "
        r"'[^\x00-\x7F]', '某', 'g')"
    )
    # A cell that a spreadsheet would run as a formula gets the apostrophe that marks text.
    safe = "CASE WHEN regexp_matches(shown, '^[=@+]|^-[^0-9]') THEN '''' || shown ELSE shown END"
    connection.execute(
        f"""COPY (SELECT name AS file, "row", column_name AS "column", {safe} AS value, sentence AS reason
            FROM (SELECT *, CASE WHEN personal THEN {shape} ELSE value END AS shown FROM rf_report)
            ORDER BY file, "row", "column", reason, value) TO {quote(str(target))} (HEADER, DELIMITER ',')"""
    )
    target.chmod(0o600)


def _make_report(connection: duckdb.DuckDBPyConnection, files: Sequence[Staged]) -> None:
    connection.execute("CREATE TABLE rf_names (file INTEGER, name VARCHAR, above BIGINT)")
    for index, staged in enumerate(files):
        connection.execute("INSERT INTO rf_names VALUES (?, ?, ?)", [index, staged.name, staged.above])
    connection.execute("CREATE TABLE rf_sentences (reason VARCHAR, sentence VARCHAR)")
    sentences = {
        slug: f"{slug}: {said['zh']} / {said['en']}"
        for key, said in catalogue().items()
        if (slug := key.removeprefix("claims.reject_")) != key
    }
    connection.execute(
        "INSERT INTO rf_sentences SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [list(sentences), list(sentences.values())],
    )
    # Malformed lines are not among a staged file's rows, so each of them moves the rows behind it by one: `gap`
    # malformed lines stand before the staged row `ordinal` and all after it.
    connection.execute(
        """CREATE TABLE rf_gaps AS SELECT file, ordinal, max(gap) AS gap FROM (
               SELECT file, record - 1 - row_number() OVER (PARTITION BY file ORDER BY record) AS ordinal,
                      row_number() OVER (PARTITION BY file ORDER BY record) AS gap FROM rf_malformed)
           GROUP BY file, ordinal"""
    )
    connection.execute(
        f"""CREATE TABLE rf_report AS
           SELECT name, "row" + above AS "row", column_name, value, coalesce(sentence, reason) AS sentence,
                  personal, reason FROM (
               SELECT f.file, f.ordinal + 2 + coalesce(g.gap, 0) AS "row", column_name, value, reason, personal
               FROM rf_faults f ASOF LEFT JOIN rf_gaps g ON f.file = g.file AND f.ordinal >= g.ordinal
               UNION ALL SELECT file, record, '', '', reason, false FROM rf_malformed WHERE reason <> {quote(BLANK)})
           JOIN rf_names USING (file) LEFT JOIN rf_sentences USING (reason)"""
    )


def check_share(connection: duckdb.DuckDBPyConnection, files: Sequence[Staged], profile: Profile, most: float) -> None:
    """TooManyRejects when more than `most` of the claims' rows or of all rows were rejected, or most of another table.

    Call after `write`: the message names the commonest fault and where it stands first.
    """
    rejected = counted(connection, files)
    for table in (*(t.name for t in profile.tables), None):
        own = [i for i, f in enumerate(files) if table in (None, f.table.name)]
        rows, bad = sum(files[i].rows for i in own), sum(rejected[i] for i in own)
        limit = most if table in (None, profile.main) else max(most, MOST_OF_A_TABLE)
        if bad <= limit * rows:
            continue
        names = sorted({files[i].name for i in own if rejected[i]})
        listed = ", ".join(quote(n) for n in names)
        reason, column, times, first, file = connection.execute(
            f"""SELECT reason, column_name, count(*), min("row"), min(name) FROM rf_report WHERE name IN ({listed})
                GROUP BY reason, column_name ORDER BY count(*) DESC, reason, column_name LIMIT 1"""
        ).fetchall()[0]
        told = {
            "names": Listed(names),
            "bad": bad,
            "rows": rows,
            "limit": limit,
            "times": times,
            "file": file,
            "first": first,
            "fault": Sentence(f"claims.reject_{reason}"),
        }
        if column:
            raise TooManyRejects(Sentence("faults_claims.too_many_rejects_in", column=column, **told))
        raise TooManyRejects(Sentence("faults_claims.too_many_rejects", **told))
