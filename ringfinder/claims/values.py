"""What a written value means, as DuckDB macros over text: understood exactly, or refused; never guessed.

A source column arrives as text. `rf_clean` takes off what spreadsheets put around it: blanks of any kind, the leading
apostrophe and the `="..."` that mark text. Then one macro a type gives the typed value, or NULL when it has none:

    id      as written; never `1.23E+17` or `123.0` (a spreadsheet ate the digits), never a spreadsheet error
    text    as written, line breaks as blanks
    money   `1234.5`, `1,234.50`, `¥1,234.50`, `1234.50元`, full-width digits; rounded half up to cents
    time    ISO with or without offset, `2024/3/5 9:05`, `2024年3月5日 下午2时05分`, `20240305102030`, Excel's serial
    45356.43
    date    the same, the day alone
    number  plain decimals between the column's bounds

Whether a NULL is an empty cell or a fault is told by `rf_present_...`, and the fault has a slug by `fault_sql`.
Each macro has a fast branch for the plain form, since DuckDB runs a CASE branch on the rows that reach it only.
Times with an offset are turned to the zone asked for; `0000-00-00` and `9999-12-31` mean "no date".
"""

from __future__ import annotations

import re

import duckdb

from ringfinder.tables import ColumnType

# Everything that Unicode calls a separator, and the invisible marks that web pages and Excel leave behind.
BLANKS = r"[\s\v\p{Z}\x{FEFF}\x{200B}-\x{200D}\x{2060}]"

# A cell that says "nothing here" in a column of times, amounts or numbers.
NOTHING = ("null", "none", "nan", "nat", "n/a", "na", "nil", "-", "--", "/", ".", "无", "不详", "未知", "空")

# Values that stand where an identifier should and name nobody; also digits repeated seven times or more.
PLACEHOLDER = (
    r"(?i)0+|1{7,}|2{7,}|3{7,}|4{7,}|5{7,}|6{7,}|7{7,}|8{7,}|9{7,}|[-/.*?]+|x{2,20}"
    r"|unknown|unknow|null|none|nan|nat|n/?a|nil|blank|empty|default|test"
    r"|无|无名|无名氏|不详|不明|未知|未填|未填写|暂无|没有|空|默认|待定|其他"
)

SPREADSHEET_ERROR = r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)"
LONGEST_ID = 128  # the platform's longest id has 50 characters; anything near this is not an id
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Excel's day numbers with five digits from 1927-05-18 on: shorter ones could be years, longer ones anything.
FIRST_SERIAL, LAST_SERIAL = 10000, 73050

_EXPONENT = r"[-+]?\d+\.\d+[eE][-+]?\d+|[-+]?\d+[eE][-+]\d+"
_DECIMAL_ID = r"[-+]?\d+\.0*"
_MONEY = (
    r"([-+]?)\s*(?:[¥￥]|RMB|CNY|人民币)?\s*([-+]?)\s*"
    r"(\d{1,12}|\d{1,12}\.\d+|\d{0,12}\.\d+|\d{1,3}(?:,\d{3}){1,3}(?:\.\d+)?)\s*(?:元|圆|RMB|CNY)?"
)
_OTHER_MONEY = r"(?i).*([$€£₩]|usd|eur|hkd|万|亿|角|分).*"
_AMBIGUOUS = r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(\d{4}|\d{1,2})(\D.*)?"
_NO_DATE = r"(0000-?/?00-?/?00|9999-?/?12-?/?31)(\D.*)?"
_STAMP = (
    r"^(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ T]+(上午|下午|AM|PM)?\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?\s*(AM|PM)?"
    r"\s*(Z|UTC|GMT|[-+]\d{2}(?::?\d{2})?)?)?\s*$"
)
_STAMP_PARTS = "['y','mo','d','before','h','mi','s','after','zone']"
# Turned one after the other into `Y-M-D H:M:S`.
_REWRITES = (
    (r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]\s*", r"\1-\2-\3 "),
    (r"^(\d{4})/(\d{1,2})/(\d{1,2})([ T].*)?$", r"\1-\2-\3\4"),
    (r"^(\d{4})\.(\d{1,2})\.(\d{1,2})([ T].*)?$", r"\1-\2-\3\4"),
    (r"^(\d{4})(\d\d)(\d\d)([ T].*)?$", r"\1-\2-\3\4"),
    (r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$", r"\1-\2-\3 \4:\5"),
    (r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$", r"\1-\2-\3 \4:\5:\6"),
    (r"^(\d{4}-\d\d-\d\d[ T])(\d\d)(\d\d)(\d\d)(\D.*)?$", r"\1\2:\3:\4\5"),
    (r"(\d{1,2})\s*[时点]\s*(\d{1,2})\s*分\s*(\d{1,2})\s*秒$", r"\1:\2:\3"),
    (r"(\d{1,2})\s*[时点]\s*(\d{1,2})\s*分$", r"\1:\2"),
    (r"(\d{1,2})\s*[时点]$", r"\1:00"),
)


def quote(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _rewritten(text: str) -> str:
    for pattern, replacement in _REWRITES:
        text = f"regexp_replace({text}, {quote(pattern)}, {quote(replacement)})"
    return text


_ONE_LINE = r"'[\r\n\t\v\f]+'"
_UNWRAP = r"'^=\"([^\"]*)\"$'"
_TRIM = quote(f"^{BLANKS}+|{BLANKS}+$")
# A pattern, since the engine turns a long `IN (...)` into a join that every row passes, whatever CASE it stands in.
_WORDS = quote("|".join(re.escape(w) for w in NOTHING))

# A one-element list with `list_transform` stands for "let y = ...": worked out once, not once for each use.
MACROS = (
    f"rf_strip(x) AS regexp_replace(x, {_TRIM}, '', 'g')",
    # Plain ASCII and Chinese that starts and ends with neither blank nor wrapping needs no work.
    rf"""rf_clean(x) AS nullif(nullif(CASE
        WHEN regexp_full_match(x, '[!-&(-<>-~一-鿿]([ -~一-鿿]*[!-~一-鿿])?') THEN x
        ELSE rf_strip(regexp_replace(regexp_replace(rf_strip(x), {_UNWRAP}, '\1'), '^''', '')) END, ''), '\N')""",
    "rf_half(x) AS translate(upper(x), '０１２３４５６７８９．，－−：／＋　', '0123456789.,--:/+ ')",
    f"rf_placeholder(x) AS regexp_full_match(x, {quote(PLACEHOLDER)})",
    f"""rf_sound(x) AS NOT regexp_full_match(x, {quote(SPREADSHEET_ERROR)}) AND length(x) <= {LONGEST_ID}
        AND NOT regexp_matches(x, '[\\x{{FFFD}}\\x00-\\x1F\\x7F]')
        AND NOT regexp_full_match(x, {quote(_EXPONENT + "|" + _DECIMAL_ID)})""",
    f"""rf_id(x) AS CASE WHEN regexp_full_match(x, '[A-Za-z0-9_]{{1,{LONGEST_ID}}}') THEN x
        ELSE list_transform([rf_clean(x)], lambda c: CASE WHEN rf_sound(c) THEN c END)[1] END""",
    r"""rf_named(x) AS CASE WHEN regexp_full_match(x, '[A-Za-z]{1,4}[0-9_]{3,100}') THEN x
        ELSE list_transform([rf_id(x)], lambda c: CASE WHEN NOT rf_placeholder(c) THEN c END)[1] END""",
    f"""rf_text(x) AS CASE WHEN regexp_full_match(x, '[A-Za-z0-9_.一-鿿-]+') THEN x
        WHEN NOT regexp_full_match(rf_clean(x), {quote(SPREADSHEET_ERROR)})
        THEN regexp_replace(rf_clean(x), {_ONE_LINE}, ' ', 'g') END""",
    r"rf_present_id(x) AS rf_clean(x) IS NOT NULL",
    f"rf_present_money(x) AS rf_clean(x) IS NOT NULL AND NOT regexp_full_match(lower(rf_clean(x)), {_WORDS})",
    f"""rf_present_time(x) AS rf_present_money(x)
        AND NOT regexp_full_match(rf_half(rf_clean(x)), {quote(_NO_DATE)})""",
    rf"""rf_money_slow(x) AS list_transform([rf_half(rf_clean(x))], lambda y:
        CASE WHEN regexp_full_match(y, {quote(_MONEY)})
        THEN TRY_CAST(replace(regexp_replace(y, {quote(f"^{_MONEY}$")}, '\1\2\3'), ',', '')
                      AS DECIMAL(14,2)) END)[1]""",
    r"""rf_money(x) AS CASE WHEN regexp_full_match(x, '-?\d{1,12}(\.\d{1,2})?') THEN CAST(x AS DECIMAL(14,2))
        WHEN x IS NOT NULL THEN rf_money_slow(x) END""",
    r"""rf_number(x, low, high) AS list_transform([rf_half(rf_clean(x))], lambda y:
        CASE WHEN regexp_full_match(y, '[-+]?\d{1,4}(\.\d{1,20})?') AND TRY_CAST(y AS DOUBLE) BETWEEN low AND high
        THEN TRY_CAST(y AS DOUBLE) END)[1]""",
    """rf_hour(p) AS CASE WHEN p.h = '' THEN 0
        WHEN p.before = '' AND p.after = '' THEN CASE WHEN p.h::INTEGER <= 23 THEN p.h::INTEGER END
        WHEN p.before <> '' AND p.after <> '' OR p.h::INTEGER NOT BETWEEN 1 AND 12 THEN NULL
        WHEN p.before = '下午' OR 'PM' IN (p.before, p.after) THEN p.h::INTEGER % 12 + 12
        ELSE p.h::INTEGER % 12 END""",
    """rf_clock(p) AS CASE WHEN p.h = '' THEN 0
        WHEN p.mi::INTEGER <= 59 AND coalesce(TRY_CAST(p.s AS INTEGER), 0) <= 59
        THEN rf_hour(p) * 3600 + p.mi::INTEGER * 60 + coalesce(TRY_CAST(p.s AS INTEGER), 0) END""",
    # Seconds east of Greenwich; NULL for an offset that no place has.
    """rf_offset(z) AS CASE WHEN z IN ('Z', 'UTC', 'GMT') THEN 0
        WHEN z[2:3]::INTEGER <= 14 AND coalesce(TRY_CAST(right(z, 2) AS INTEGER), 0) <= 59 THEN
        (CASE WHEN z[1] = '-' THEN -1 ELSE 1 END) *
        (z[2:3]::INTEGER * 3600 + CASE WHEN length(z) > 3 THEN right(z, 2)::INTEGER * 60 ELSE 0 END) END""",
    """rf_moved(t, z, zone) AS CASE WHEN z = '' THEN t
        ELSE timezone(zone, timezone('UTC', t - to_seconds(rf_offset(z)))) END""",
    """rf_assembled(p, zone) AS CASE WHEN p.y <> '' THEN rf_moved(
        TRY_STRPTIME(p.y || '-' || p.mo || '-' || p.d, '%Y-%m-%d') + to_seconds(rf_clock(p)), p.zone, zone) END""",
    f"""rf_serial(y) AS CASE WHEN y::DOUBLE >= {FIRST_SERIAL} AND y::DOUBLE < {LAST_SERIAL + 1}
        THEN TIMESTAMP '1899-12-30' + to_seconds(CAST(round(y::DOUBLE * 86400) AS BIGINT)) END""",
    rf"""rf_time_slow(x, zone) AS list_transform([rf_half(rf_clean(x))], lambda y:
        CASE WHEN regexp_full_match(y, '\d{{5}}(\.\d+)?') THEN rf_serial(y)
        ELSE list_transform([regexp_extract({_rewritten("y")}, {quote(_STAMP)}, {_STAMP_PARTS})],
                            lambda p: rf_assembled(p, zone))[1] END)[1]""",
    f"""rf_in_range(t) AS list_transform([t], lambda u:
        CASE WHEN year(u) BETWEEN {FIRST_YEAR} AND {LAST_YEAR} THEN u END)[1]""",
    # The commonest forms go to the one format that fits: a format that does not fit costs ten times as much as one
    # that does.
    """rf_time_dashed(x, zone) AS CASE length(x)
        WHEN 19 THEN CASE x[11] WHEN ' ' THEN TRY_STRPTIME(x, '%Y-%m-%d %H:%M:%S')
                                WHEN 'T' THEN TRY_STRPTIME(x, '%Y-%m-%dT%H:%M:%S') END
        WHEN 10 THEN TRY_STRPTIME(x, '%Y-%m-%d')
        WHEN 16 THEN CASE x[11] WHEN ' ' THEN TRY_STRPTIME(x, '%Y-%m-%d %H:%M') END
        WHEN 20 THEN CASE x[20] WHEN 'Z' THEN rf_moved(TRY_STRPTIME(x, '%Y-%m-%dT%H:%M:%SZ'), 'Z', zone) END END""",
    """rf_time_slashed(x) AS CASE length(x) - length(replace(x, ':', ''))
        WHEN 0 THEN TRY_STRPTIME(x, '%Y/%m/%d') WHEN 1 THEN TRY_STRPTIME(x, '%Y/%m/%d %H:%M')
        WHEN 2 THEN TRY_STRPTIME(x, '%Y/%m/%d %H:%M:%S') END""",
    # Comparing text with the first and last year costs less than asking the time for its year.
    f"""rf_time(x, zone) AS coalesce(
        CASE WHEN x BETWEEN '{FIRST_YEAR}' AND '{LAST_YEAR + 1}' THEN CASE x[5]
            WHEN '-' THEN rf_time_dashed(x, zone) WHEN '/' THEN rf_time_slashed(x) END END,
        CASE WHEN x IS NOT NULL THEN rf_in_range(rf_time_slow(x, zone)) END)""",
    # An hour that the clock shows twice, when summer time ends.
    """rf_twice(t, zone) AS timezone(zone, timezone(zone, t) - INTERVAL 1 HOUR) = t
        OR timezone(zone, timezone(zone, t) + INTERVAL 1 HOUR) = t""",
    "rf_date(x, zone) AS CAST(rf_time(x, zone) AS DATE)",
)

# What is wrong with a cleaned value that its type's macro refused, as a slug of `words/claims.toml`.
FAULTS = (
    f"""rf_fault_id(v) AS CASE WHEN rf_placeholder(v) THEN 'placeholder'
        WHEN regexp_full_match(v, {quote(_EXPONENT)}) THEN 'id_exponent'
        WHEN regexp_full_match(v, {quote(_DECIMAL_ID)}) THEN 'id_decimal'
        WHEN contains(v, '\ufffd') THEN 'undecodable'
        WHEN length(v) > {LONGEST_ID} THEN 'id_long'
        ELSE 'id_control' END""",
    "rf_fault_text(v) AS 'not_a_choice'",
    f"""rf_fault_money(v) AS CASE WHEN regexp_full_match(rf_half(v), {quote(_EXPONENT)}) THEN 'amount_exponent'
        WHEN regexp_full_match(v, {quote(_OTHER_MONEY)}) THEN 'amount_unit'
        WHEN regexp_full_match(rf_half(v), '\\D*[\\d,]{{12,}}(\\.\\d*)?\\D*') THEN 'amount_large'
        ELSE 'amount_form' END""",
    r"""rf_fault_number(v) AS CASE WHEN regexp_full_match(rf_half(v), '[-+]?\d+(\.\d+)?')
        THEN 'number_range' ELSE 'number_form' END""",
    f"""rf_fault_time(v) AS CASE WHEN regexp_full_match(rf_half(v), {quote(_AMBIGUOUS)}) THEN 'date_ambiguous'
        WHEN regexp_matches({_rewritten("rf_half(v)")}, {quote(_STAMP)}) THEN 'date_impossible'
        ELSE 'date_form' END""",
    "rf_fault_date(v) AS rf_fault_time(v)",
)


def value_sql(column_type: ColumnType, text: str, zone: str, bounds: tuple[float, float] | None = None) -> str:
    """SQL of the typed value of the SQL expression `text`; NULL where it has none. `zone` is an IANA name."""
    if column_type in ("time", "date"):
        return f"rf_{column_type}({text}, {quote(zone)})"
    if column_type == "number":
        low, high = bounds or (-9999.0, 9999.0)
        return f"rf_number({text}, {low}, {high})"
    return f"rf_{column_type}({text})"


def doubtful_sql(text: str, value: str) -> str:
    """SQL of "this cell may be faulty": it has no value though something is written; cheap, settled by
    `present_sql`."""
    return (
        f"CASE WHEN {value} IS NOT NULL OR {text} IS NULL THEN false "
        f"ELSE left({text}, 10) NOT IN ('', '0000-00-00', '9999-12-31') "
        f"AND NOT regexp_full_match(lower({text}), {_WORDS}) END"
    )


def present_sql(column_type: ColumnType, text: str) -> str:
    """SQL of "this cell says something", for telling an empty cell from a faulty one."""
    kind = {"id": "id", "text": "id", "money": "money", "number": "money", "time": "time", "date": "time"}
    return f"rf_present_{kind[column_type]}({text})"


def fault_sql(column_type: ColumnType, cleaned: str) -> str:
    """SQL of the slug of what is wrong with a cleaned value that `value_sql` refused."""
    return (
        f"CASE WHEN NOT ({present_sql(column_type, cleaned)}) THEN 'missing' "
        f"WHEN regexp_full_match({cleaned}, {quote(SPREADSHEET_ERROR)}) THEN 'spreadsheet_error' "
        f"ELSE rf_fault_{column_type}({cleaned}) END"
    )


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the macros known to a connection; session times are read as UTC, so that no machine's zone matters."""
    connection.execute("SET TimeZone = 'UTC'")
    for macro in (*MACROS, *FAULTS):
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
