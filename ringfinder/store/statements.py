"""What free Cypher may say: one reading statement, parameters complete, no door to files, network or settings.

The statement is cut into tokens (strings, comments and quoted names set apart; a number ends where its digits do, since an
engine reads `1LOAD FROM` as two), and then three things are asked of the words that remain: does it begin with a reading
clause, is no word of a forbidden clause among them, are only safe procedures called. What nests too deep is refused as well:
a parser may end the process of it. This refuses more than it must (a variable cannot be called `load`) and leans on
read-only mode below it: it is a check for the owner's own queries, not a sandbox for strangers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, groupby, pairwise

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Listed, Sentence

LEADING = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL"})
FORBIDDEN = frozenset(
    """ALTER ANALYZE ATTACH BEGIN CHECKPOINT COMMENT COMMIT COPY CREATE CSV DELETE DENY DETACH DROP EXPORT FORCE FOREACH
    GRANT IMPORT INSERT INSTALL LOAD MACRO MERGE PROFILE PROJECT REMOVE RENAME REVOKE ROLLBACK SET SHOW START STOP
    TERMINATE TRANSACTIONS UNINSTALL UPDATE USE""".split()  # noqa: SIM905 - one word after the other is easier to read
)
VALUES = (str, bool, int, float, Decimal, date, datetime, timedelta, type(None))

# What ends a comment for an engine and not for us: a lone carriage return, or an escape that Neo4j reads before anything else.
_ENDS_EARLY = re.compile(r"\\u|\r(?!\n|\Z)", re.IGNORECASE)
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<quoted>`(?:[^`]|``)*`)
      | (?P<parameter>\$(?:\d+|\w+|`[^`]*`))
      | (?P<number>0[xo][\da-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)
      | (?P<word>\w+)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
MIN_WHOLE, MAX_WHOLE = -(2**63), 2**63 - 1
MOST_DEEP = 50  # brackets within brackets: a parser that calls itself for each of them ends the process at some hundred


@dataclass(frozen=True)
class Token:
    """`kind` as the groups of the pattern name them; `word` is the text in capitals where it can be a keyword."""

    kind: str
    text: str
    word: str


@dataclass(frozen=True)
class Statement:
    """A checked statement. `takes_limit`: its last clause is a RETURN without LIMIT, and no UNION joins several."""

    text: str
    parameters: frozenset[str]
    takes_limit: bool


def check(statement: str, parameters: Mapping[str, object], safe_calls: Collection[str]) -> Statement:
    """The statement without a final semicolon; UsageError that names what it must not do or which parameter is wrong.

    `safe_calls` are the procedures (lower case) that may be called.
    """
    if not is_written(statement):
        raise UsageError(Sentence("faults_store.half_character"))
    tokens = tokenize(statement)
    while tokens and tokens[-1].text == ";":
        tokens.pop()
    if not tokens:
        raise UsageError(Sentence("faults_store.query_empty"))
    _check_shape(tokens)
    _check_calls(tokens, safe_calls)
    names = frozenset(t.text[1:].strip("`") for t in tokens if t.kind == "parameter")
    check_parameters(names, parameters)
    text = re.sub(r"[;\s]+\Z", "", statement) if statement.rstrip().endswith(";") else statement
    return Statement(text, names, _takes_limit(tokens))


def tokenize(statement: str) -> list[Token]:
    """The statement's tokens without spaces and comments; UsageError for a quote that does not end."""
    found: list[Token] = []
    for kind, text in pieces(statement):
        if kind == "sign" and text in "'\"`\\":
            raise UsageError(Sentence("faults_store.stray", text=text))
        if kind == "space":
            if text[0] == "/" and _ENDS_EARLY.search(text):
                raise UsageError(Sentence("faults_store.comment"))
            continue
        named = kind == "word" and _is_named(found)
        found.append(Token(kind, text, text.upper() if kind == "word" and not named else ""))
    if any(one.text == "/" and two.text == "*" for one, two in pairwise(found)):
        raise UsageError(Sentence("faults_store.comment_open"))
    return found


def _is_named(before: Sequence[Token]) -> bool:
    """Whether the next word is a property, a label or a type: after a colon, or a dot that is none of a number."""
    if not before or before[-1].text not in (".", ":"):
        return False
    return before[-1].text == ":" or before[-2:-1] == [] or before[-2].kind != "number"


def pieces(statement: str) -> Iterator[tuple[str, str]]:
    """Kind and text of everything in the statement, spaces and comments too: joined they are the statement again."""
    for match in _TOKEN.finditer(statement):
        yield match.lastgroup or "", match.group()


def check_parameters(names: Collection[str], given: Mapping[str, object]) -> None:
    """UsageError unless exactly the named parameters are given, each a plain value or a list of such."""
    missing, unknown = sorted(set(names) - set(given)), sorted(set(given) - set(names))
    if missing:
        raise UsageError(Sentence("faults_store.value_needed", names=_dollars(missing)))
    if unknown:
        if not names:
            raise UsageError(Sentence("faults_store.no_parameters", unknown=_dollars(unknown)))
        raise UsageError(
            Sentence("faults_store.unknown_parameters", unknown=_dollars(unknown), known=_dollars(sorted(names)))
        )
    for name, value in given.items():
        _check_value(name, value)


def _check_value(name: str, value: object) -> None:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, VALUES) for one in values):
        raise UsageError(Sentence("faults_store.parameter_type", name=name))
    kinds = {_kind(one) for one in values if one is not None}
    if len(kinds) > 1:
        raise UsageError(Sentence("faults_store.parameter_mixed", name=name))
    if any(isinstance(one, int) and not MIN_WHOLE <= one <= MAX_WHOLE for one in values):
        raise UsageError(Sentence("faults_store.parameter_large", name=name))
    if any(isinstance(one, datetime) and one.tzinfo is not None for one in values):
        raise UsageError(Sentence("faults_store.parameter_offset", name=name))
    if any(isinstance(one, str) and not is_written(one) for one in values):
        raise UsageError(Sentence("faults_store.parameter_half", name=name))


def _kind(value: object) -> type:
    """Numbers are of one kind, whole or not; true and false are none."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return float
    return next(kind for kind in (str, bool, datetime, date, timedelta) if isinstance(value, kind))


def is_written(text: str) -> bool:
    """Whether a text can be written as UTF-8, as all go to an engine: half a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_shape(tokens: list[Token]) -> None:
    if any(t.text == ";" for t in tokens):
        raise UsageError(Sentence("faults_store.several_statements"))
    if max(_depths(tokens)) > MOST_DEEP or _longest(tokens) > MOST_DEEP:
        raise UsageError(Sentence("faults_store.too_deep", most=MOST_DEEP))
    words = [token.word for token in tokens]
    leading = words[1:2] if words[0] == "EXPLAIN" else words[:1]
    if not leading or leading[0] not in LEADING:
        raise UsageError(Sentence("faults_store.begins_with", known=Listed(sorted(LEADING))))
    for token in tokens:
        if token.word in FORBIDDEN:
            raise UsageError(Sentence("faults_store.not_allowed", word=token.word, name=token.text))


def _check_calls(tokens: list[Token], safe_calls: Collection[str]) -> None:
    for index, token in enumerate(tokens):
        if token.word != "CALL":
            continue
        name = ""
        rest = tokens[index + 1 :]
        while rest and (rest[0].kind == "word" or rest[0].text == "."):
            name += rest.pop(0).text
        if name.lower() not in safe_calls or not rest or rest[0].text != "(":
            raise UsageError(Sentence("faults_store.procedures", known=Listed(sorted(safe_calls))))


def _takes_limit(tokens: list[Token]) -> bool:
    words = [t.word for t in tokens]
    if "RETURN" not in words or "UNION" in words or "EXPLAIN" in words:
        return False
    last = 0  # the last RETURN that stands outside any EXISTS { } or COUNT { }
    for index, (token, depth) in enumerate(zip(tokens, _depths(tokens), strict=True)):
        if depth == 0 and token.word == "RETURN":
            last = index
    return words[last] == "RETURN" and "LIMIT" not in words[last:]


def _depths(tokens: Sequence[Token]) -> Iterator[int]:
    """In how many brackets and CASE each token stands; those themselves count."""
    return accumulate(
        (token.text in ("{", "(", "[") or token.word == "CASE") - (token.text in ("}", ")", "]") or token.word == "END")
        for token in tokens
    )


def _longest(tokens: Sequence[Token]) -> int:
    """How often NOT stands in a row at most: a server thinks of some thousand for minutes, whatever its time-out."""
    return max((len(list(run)) for word, run in groupby(tokens, lambda token: token.word) if word == "NOT"), default=0)


def _dollars(names: list[str]) -> Listed:
    return Listed(f"${name}" for name in names)
