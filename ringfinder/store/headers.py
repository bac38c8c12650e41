"""A named query as its file says it: the header's grammar, and header held against statement.

    // name: hunt/admitted-together
    // title-zh: ...                                       title-en, purpose-zh, purpose-en: all four are needed
    // kind: paid_referral                                 the kinds of ring it looks for, where it looks for some
    // stores: neo4j                                       where only one store can answer it
    // slow: embedded 7 s, neo4j 12 s                      measured at half a million claims, where that is above 5 s
    // param days: days = 3 | 相隔天数 | how far apart
    // param unit: text of day week = day | 时间段 | within what
    // column patient_a: patient | 参保人甲 | one patient

A parameter has a type, a default if it can be left out (`;` is the empty list) and its meaning in both languages; after
`of` stand the only values that a text may have. Lists are joined by semicolons, also those of a Chinese keyboard.
`days`, `hours` and `minutes` are numbers for people and spans of time for the statement: `a.start_time + $days`. A
column's type may also be an entity (`patient`, `card`, ...): a text that is that entity's id, from which the graph of an
answer is drawn. A statement of a store of its own (`x.neo4j.cypher`) is held against the same header.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import ENTITIES
from ringfinder.model import KINDS
from ringfinder.store.dialect import DIALECTS, Dialect, translated
from ringfinder.store.statements import Token, check_parameters, tokenize
from ringfinder.words import LANGUAGES, Language
from ringfinder.words.sentences import Listed, Sentence

SPANS = ("days", "hours", "minutes")
MOST_TIME = timedelta(
    days=36_525
)  # a hundred years: the engines add no longer span to a time, and only one of them says so

READERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "number": float,
    "count": int,
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "flag": lambda text: {"true": True, "false": False}[text.lower()],
    "texts": lambda text: [one for one in re.split("[;；]", text) if one],
    **dict.fromkeys(SPANS, float),
}
TAKEN: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "count": (int,),
    "time": (datetime,),
    "date": (date,),
    "flag": (bool,),
    "texts": (list,),
    **dict.fromkeys(SPANS, (int, float, timedelta)),
}

_TEXTS = tuple(f"{text}-{lang}" for text in ("title", "purpose") for lang in LANGUAGES)
_NEEDED = ("name", *_TEXTS)
_KNOWN = (*_NEEDED, "kind", "stores", "slow")
_HEADER = re.compile(r"//\s*(?P<key>[a-z-]+)(?:\s+(?P<name>\w+))?\s*:\s*(?P<rest>.*)")


@dataclass(frozen=True)
class Field:
    """A parameter or a column; `default` is None for a parameter that must be given (and for columns)."""

    name: str
    type: str
    meaning: Mapping[Language, str]
    default: str | None = None
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """A value of this type as the statement takes it, from its text or as it is; UsageError if it is none."""
        if isinstance(value, str):
            try:
                value = READERS[self.type](value)
            except (ValueError, KeyError) as error:
                raise self._wrong() from error
        fits = isinstance(value, TAKEN[self.type]) and (self.type == "flag" or not isinstance(value, bool))
        if not fits or (self.type == "date" and isinstance(value, datetime)):
            raise self._wrong()
        if isinstance(value, float) and math.isnan(value):
            raise self._wrong()
        if self.choices and value not in self.choices:
            raise UsageError(Sentence("faults_store.parameter_choice", name=self.name, known=Listed(self.choices)))
        if self.type == "texts" and not all(isinstance(one, str) for one in value):
            raise self._wrong()
        if self.type in SPANS:
            return self._span(value)
        return float(value) if self.type == "number" else value

    def _span(self, value: float | timedelta) -> timedelta:
        try:
            span = value if isinstance(value, timedelta) else timedelta(**{self.type: value})
        except (OverflowError, ValueError) as error:
            raise self._wrong() from error
        unit = Sentence(f"faults_store.unit_{self.type}")
        if span < timedelta(0):
            raise UsageError(Sentence("faults_store.parameter_negative", name=self.name, unit=unit))
        if span > MOST_TIME:
            raise UsageError(Sentence("faults_store.parameter_century", name=self.name, unit=unit))
        return span

    def _wrong(self) -> UsageError:
        wanted = Sentence(f"faults_store.type_{self.type}")
        return UsageError(Sentence("faults_store.parameter_wrong", name=self.name, wanted=wanted))


@dataclass(frozen=True)
class NamedQuery:
    """A query of the library. `name` is its path in `cypher/` without the ending.

    `statements` holds the text for each store that can answer it; `slow` the seconds measured where they are many.
    """

    name: str
    titles: Mapping[Language, str]
    purposes: Mapping[Language, str]
    parameters: tuple[Field, ...]
    columns: tuple[Field, ...]
    statements: Mapping[Dialect, str]
    kinds: tuple[str, ...] = ()
    slow: str = ""
    own: tuple[Dialect, ...] = field(default=())
    """The stores for which a file of their own stands beside."""

    @property
    def in_parts(self) -> bool:
        """Whether a UNION joins several answers."""
        return any(token.word == "UNION" for text in self.statements.values() for token in tokenize(text))

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A value for each parameter, read as its type says; UsageError for missing, unknown and wrong ones."""
        types = {p.name: p for p in self.parameters}
        values: dict[str, Any] = {p.name: p.default for p in self.parameters if p.default is not None} | dict(given)
        if missing := [name for name in types if name not in values]:
            names = Listed(f"${name}" for name in missing)
            raise UsageError(Sentence("faults_store.parameter_needed", query=self.name, names=names, first=missing[0]))
        check_parameters(types, values)
        return {name: types[name].read(value) for name, value in values.items()}

    def statement(self, dialect: Dialect) -> str:
        """The text for that store; UsageError that says which store can answer it where this one cannot."""
        if dialect not in self.statements:
            raise UsageError(Sentence("faults_store.other_store", query=self.name, stores=Listed(self.statements)))
        return self.statements[dialect]


def parse(name: str, text: str, own: Mapping[Dialect, str] | None = None) -> NamedQuery:
    """A query from its file's text, and those of stores of their own beside it.

    StoreError that names file and line where header and statement do not fit.
    """
    texts: dict[str, str] = {}
    fields: dict[str, list[Field]] = {"param": [], "column": []}
    lines = text.splitlines()
    length = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    for number, line in enumerate(lines[:length], 1):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise fault(name, number, "a header line reads `// key: value`")
        key, called, rest = header["key"], header["name"], header["rest"].strip()
        if key in fields and called:
            fields[key].append(_field(name, number, key, called, rest))
        elif key in _KNOWN and not called and rest and key not in texts:
            texts[key] = rest
            _check_value(name, number, key, rest)
        else:
            raise fault(name, number, f"`{key}` is unknown, empty or there twice")
    if missing := [key for key in _NEEDED if key not in texts]:
        raise fault(name, 1, f"the header lacks {', '.join(missing)}")
    if texts["name"] != name:
        raise fault(name, 1, f"the header calls it {texts['name']}")
    common = "\n".join(lines[length:]).strip()
    _hold(name, length + 1, common, fields)
    stores = [one for one in DIALECTS if one in texts.get("stores", " ".join(DIALECTS)).split()]
    statements = {one: translated(common, one) for one in stores}
    for dialect, alone in (own or {}).items():
        _hold(f"{name}.{dialect}", 1, alone, fields)
        statements[dialect] = alone.strip()
    return NamedQuery(
        name,
        {lang: texts[f"title-{lang}"] for lang in LANGUAGES},
        {lang: texts[f"purpose-{lang}"] for lang in LANGUAGES},
        tuple(fields["param"]),
        tuple(fields["column"]),
        statements,
        tuple(texts.get("kind", "").split()),
        texts.get("slow", ""),
        tuple(own or ()),
    )


def fault(query: str, number: int, what: str) -> StoreError:
    """What is wrong with a line of a query's file."""
    return StoreError(f"cypher/{query}.cypher:{number}: {what}")


def _check_value(query: str, number: int, key: str, rest: str) -> None:
    known: Mapping[str, tuple[str, ...]] = {"kind": KINDS, "stores": DIALECTS}
    if unknown := [one for one in rest.split() if one not in known.get(key, (one,))]:
        raise fault(query, number, f"`{key}` does not know {', '.join(unknown)}; it knows {', '.join(known[key])}")


def _field(query: str, number: int, key: str, name: str, rest: str) -> Field:
    parts = [part.strip() for part in rest.split("|")]
    kind, _, default = (part.strip() for part in parts[0].partition("="))
    kind, _, listed = kind.partition(" of ")
    choices = tuple(listed.split())
    types = (*READERS, *ENTITIES) if key == "column" else tuple(READERS)
    if (
        len(parts) != 3
        or kind not in types
        or not all(parts)
        or (key == "column" and default)
        or (choices and (key, kind) != ("param", "text"))
    ):
        raise fault(query, number, f"`{name}` needs a type ({', '.join(types)}) | Chinese | English")
    made = Field(name, kind, {"zh": parts[1], "en": parts[2]}, default or None, choices)
    if default:
        try:
            made.read(default)
        except UsageError as error:
            raise fault(query, number, f"the default of `{name}` is no {kind}") from error
    return made


def _hold(query: str, number: int, statement: str, fields: Mapping[str, list[Field]]) -> None:
    """Hold the header against the statement: parameters both ways, columns by their AS names."""
    tokens = tokenize(statement)
    used = {token.text[1:] for token in tokens if token.kind == "parameter"}
    declared = {field.name for field in fields["param"]}
    if used != declared:
        raise fault(query, number, f"parameters used and declared differ: {', '.join(sorted(used ^ declared))}")
    columns = [field.name for field in fields["column"]]
    for returned in _returned(tokens):
        if not returned:
            raise fault(query, number, "the statement returns nothing")
        if returned != columns:
            raise fault(
                query,
                number,
                f"columns returned ({', '.join(returned)}) are not those declared ({', '.join(columns)})",
            )


def _returned(tokens: Sequence[Token]) -> Iterator[list[str]]:
    """The names after AS in the last RETURN of each part that UNION joins."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.word == "UNION":
            parts.append([])
        parts[-1].append(token)
    for part in parts:
        last = max((i for i, token in enumerate(part) if token.word == "RETURN"), default=len(part))
        yield [two.text for one, two in pairwise(part[last:]) if one.word == "AS"]
