"""docs/graph.md, and viz/web/graph.json for the editor's completion, made from `ringfinder.graph`; a test holds the files against it.

`python -m ringfinder.store.graph_page docs/graph.md viz/web/graph.json` writes them anew.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from ringfinder.graph import LABELS, RELATIONSHIPS, Label, Relationship, arrow, places

HEAD = """# The graph

Made from `ringfinder/graph.py`; do not edit. Types: text, number (double precision), count (whole number), time (local,
to the second), date, flag (true or false), texts (a list). Money is a number in the fund's currency.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, "## Nodes\n", *map(_node, LABELS), "## Relationships\n", *map(_relationship, RELATIONSHIPS)]
    rows = [(column, f"`{place}`") for column, place in places().items()]
    return "\n".join([*parts, "## Where each column of the claims lives\n", _table(("column", "place"), rows)])


def model() -> str:
    """Labels with their properties, and types with the labels they join and their properties, as JSON."""
    labels = {one.name: one.property_names for one in LABELS}
    types = {
        kind.type: {
            "ends": list(dict.fromkeys((end.origin, end.target) for end in kind.ends)),
            "properties": [one.name for one in kind.properties],
        }
        for kind in RELATIONSHIPS
    }
    return json.dumps({"labels": labels, "types": types}, indent=1) + "\n"


def _node(label: Label) -> str:
    sources = f" Ids from {', '.join(f'`{source}`' for source in label.sources)}." if label.sources else ""
    rows = [(p.name, p.type, p.meaning, "yes" if p.personal else "") for p in label.properties]
    head = f"### {label.name}\n\n{_sentence(label.meaning)} Key: `{label.key}`.{sources}\n"
    return "\n".join([head, _table(("property", "type", "meaning", "personal"), rows)])


def _relationship(kind: Relationship) -> str:
    patterns = "\n".join(f"    {arrow(kind, end)}" for end in kind.ends)
    parts = [f"### {kind.type}\n\n{_sentence(kind.meaning)}\n\n{patterns}\n"]
    if kind.properties:
        parts.append(_table(("property", "type", "meaning"), [(p.name, p.type, p.meaning) for p in kind.properties]))
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(model() if path.suffix == ".json" else page(), encoding="utf-8")
