"""Where the two Cypher dialects differ only by a name: a query is written once, with the embedded store's names.

    date_trunc('day', t)   the start of t's day (week, month, hour)
    ln(x)                  the natural logarithm

On Neo4j these functions have the names below and take the same arguments. What differs by more than a name gets a file of
its own beside the common one: `hunt/x.neo4j.cypher`.
"""

from __future__ import annotations

import re
from typing import Literal

Dialect = Literal["embedded", "neo4j"]
DIALECTS: tuple[Dialect, ...] = ("embedded", "neo4j")

FUNCTIONS: dict[Dialect, dict[str, str]] = {
    "embedded": {},
    "neo4j": {"date_trunc": "localdatetime.truncate", "ln": "log"},
}


def translated(statement: str, dialect: Dialect) -> str:
    """The statement with that dialect's names of functions; our own files hold no such name inside a text."""
    for name, there in FUNCTIONS[dialect].items():
        statement = re.sub(rf"\b{name}\(", f"{there}(", statement)
    return statement
