"""Our names in a database that holds other data as well: each label and relationship type of ours with a prefix.

    MATCH (p:Patient)<-[:FOR_PATIENT]-(c:Claim)       as everything here, and every query, is written
    MATCH (p:RF_Patient)<-[:RF_FOR_PATIENT]-(c:RF_Claim)     as the server gets it, with the prefix RF_

So one statement means our graph wherever it lies, and a `Patient` of others is another label. A name in backticks is sent
as it is written: that is how somebody who asks reaches data of others that are called like ours, and how `foreign` does.
Texts are no names: `labels(p)` gives the name with its prefix.

A label stands after `:` or `IS`, and after `|`, `&`, `!` and brackets of the same expression. The `:` of a map is another
one: there stands a key before it, and `{` or a comma before that.
"""

from __future__ import annotations

from functools import lru_cache

from ringfinder.store.neo4j.schema import OUR_LABELS, OUR_TYPES
from ringfinder.store.statements import pieces

OURS = frozenset({*OUR_LABELS, *OUR_TYPES})
SUBQUERIES = frozenset({"CALL", "COLLECT", "COUNT", "EXISTS"})  # a brace after one of these begins clauses, no map
STATEMENTS = 1024  # all of the library and of ours, several times over


@lru_cache(STATEMENTS)
def prefixed(statement: str, prefix: str) -> str:
    """The statement with our labels and types as they are called in that database; itself without a prefix."""
    if not prefix:
        return statement
    reader = _Reader()
    return "".join(prefix + text if reader.names(kind, text) else text for kind, text in pieces(statement))


def plain(name: str, prefix: str) -> str:
    """What a label or type of the database is called in the graph model, if it is ours; else its own name."""
    ours = name.removeprefix(prefix)
    return ours if ours in OURS else name


class _Reader:
    """Goes through a statement and knows where a label or type may stand."""

    def __init__(self) -> None:
        self._before, self._before_that = "", ""
        self._open: list[str] = []  # brackets that are not closed: "map" and "label (" beside their own signs
        self._awaited = self._within = False  # a name comes next; an expression of labels may go on

    def names(self, kind: str, text: str) -> bool:
        """Whether this piece is a name of ours in the place of a label; pieces come one after the other."""
        if kind == "space":
            return False
        self._awaited |= self._before.upper() == "IS" and text in OURS
        named = kind == "word" and text in OURS and self._awaited
        self._step(kind, text)
        self._before_that, self._before = self._before, text
        return named

    def _step(self, kind: str, text: str) -> None:
        awaited, within = self._awaited, self._within
        self._awaited = self._within = False
        if kind != "sign":
            self._within = awaited
        elif text == ":":
            self._awaited = not self._is_of_a_map()
        elif (text in "|&" and within) or (text == "!" and awaited):
            self._awaited = True
        elif text in "([{":
            self._awaited = awaited and text == "("
            self._open.append("label (" if self._awaited else "map" if text == "{" and self._begins_map() else text)
        elif text in ")]}" and self._open:
            self._within = self._open.pop() == "label ("

    def _is_of_a_map(self) -> bool:
        return self._open[-1:] == ["map"] and self._before_that in {"{", ","}

    def _begins_map(self) -> bool:
        return self._before != ")" and self._before.upper() not in SUBQUERIES
