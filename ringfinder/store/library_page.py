"""docs/cypher.md, made from the headers of `cypher/` and the seconds that the benchmark measured; a test holds it to both.

`python -m ringfinder.store.library_page docs/cypher.md` writes it anew, with `cypher-times.json` beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ringfinder.model import KINDS
from ringfinder.store.dialect import DIALECTS, FUNCTIONS
from ringfinder.store.headers import Field, NamedQuery
from ringfinder.store.queries import library
from ringfinder.words import say

TIMES_FILE = "cypher-times.json"
FOLDERS = {
    "read": "What is known of one ring, person, card, till, go-between or account.",
    "hunt": "Ways to look for rings by hand, at least two for each kind, with thresholds that can be turned.",
    "watch": "The quality of the data: what would make false ties, or hide true ones.",
    "result": "What the run found: rings by kind, district, facility, money; overlaps; changes.",
}
HEAD = """# The Cypher library

Made from the headers in `cypher/` by `python -m ringfinder.store.library_page docs/cypher.md`; do not edit. How an analyst
works with them is told in [first-hour.md](first-hour.md), what is in the graph in [graph.md](graph.md).

```sh
ringfinder cypher list hunt --kind sham_stay
ringfinder cypher show hunt/in-bed-elsewhere
ringfinder cypher run hunt/in-bed-elsewhere --p hours=24 --p least=2
ringfinder cypher export hunt/in-bed-elsewhere beds.xlsx
```

In a notebook: `import ringfinder as rf; rf.open("ringfinder-data").cypher("hunt/in-bed-elsewhere", hours=24).df()`.

- **Parameters** are checked before a query runs. Lists are joined by semicolons; `days`, `hours` and `minutes` are numbers
  that the query gets as spans of time. What has no default is needed.
- **Both stores answer the same rows**, in the same order: every query is tested on both, and the benchmark compares them at
  half a million claims. {functions} A statement that differs by more stands beside the common one, as
  `NAME.neo4j.cypher`.
- **A hunt finds leads, not rings.** It counts one coincidence and knows neither chance nor the honest explanations that the
  detection weighs ([detection.md](detection.md)). Values set aside while reading join nobody in any of them.
- **Cypher of your own on the embedded store**: filter a node in the middle of a long pattern in a clause of its own, closed by
  WITH (`MATCH (k:Card) WHERE NOT k.set_aside WITH k MATCH ...`). The engine was seen to lose rows where such a filter stood
  in a pattern that went on at both ends; the queries here go around that.
- **A node's key on the embedded store** is its place among the nodes of its label, sorted by their ids (`position`, which Neo4j
  and rings do not have): claims load in two thirds of the time so, and one node is found by its id through a scan, about a
  tenth of a second for each million.
- **Seconds** are medians at {claims} claims of the sample city with the defaults below, on a machine of two cores that other
  programs used meanwhile. A query that takes more than 5 says so.
"""


def page(times: Mapping[str, Any]) -> str:
    """The whole page as Markdown; `times` is what `benchmarks.cypher` wrote."""
    seconds: Mapping[str, Mapping[str, float]] = times["seconds"]
    there = " and ".join(f"`{name}` is `{other}`" for name, other in FUNCTIONS["neo4j"].items())
    functions = f"On Neo4j {there}; `ringfinder cypher show` prints either."
    lines = [HEAD.format(claims=f"{times['claims']:,}", functions=functions)]
    for folder, meaning in FOLDERS.items():
        queries = [query for name, query in library().items() if name.startswith(f"{folder}/")]
        rows = [_row(query, seconds.get(query.name, {})) for query in queries]
        heads = ("query", "what it asks", "kinds of ring", *(f"s, {store}" for store in DIALECTS))
        lines += [f"## {folder}", "", meaning, "", *_table(heads, rows)]
    lines += ["## Hunts by kind of ring", ""]
    hunts = {kind: [f"`{name}`" for name, query in library().items() if kind in query.kinds] for kind in KINDS}
    kinds = [
        (f"{say(f'kinds.{kind}', 'en')} (`{kind}`, {say(f'kinds.{kind}', 'zh')})", ", ".join(hunts[kind]))
        for kind in KINDS
    ]
    lines += [*_table(("kind", "hunts"), kinds), "## Every query", ""]
    for query in library().values():
        lines += _section(query)
    return "\n".join(lines).rstrip() + "\n"


def _row(query: NamedQuery, seconds: Mapping[str, float]) -> tuple[str, ...]:
    anchor = query.name.replace("/", "")
    took = (f"{seconds[store]:.1f}" if store in seconds else "-" for store in DIALECTS)
    title = f"{query.titles['en']} · {query.titles['zh']}"
    return (f"[{query.name}](#{anchor})", title, ", ".join(query.kinds), *took)


def _section(query: NamedQuery) -> list[str]:
    lines = [f"### {query.name}", "", f"{query.titles['en']}. {query.purposes['en']}", "", query.purposes["zh"], ""]
    if len(query.statements) < len(DIALECTS):
        lines += [f"On the {', '.join(query.statements)} store only.", ""]
    if query.slow:
        lines += [f"Seconds measured at half a million claims: {query.slow}.", ""]
    if query.parameters:
        lines += _table(("parameter", "type", "default", "meaning", "含义"), map(_parameter, query.parameters))
    columns = ((f"`{c.name}`", c.type, c.meaning["en"], c.meaning["zh"]) for c in query.columns)
    lines += _table(("column", "type", "meaning", "含义"), columns)
    first = next(iter(query.statements))
    for dialect in (first, *query.own):
        lines += [f"```cypher\n{query.statements[dialect]}\n```", ""]
    return lines


def _parameter(one: Field) -> tuple[str, ...]:
    default = "" if one.default is None else f"`{one.default}`"
    return (f"`{one.name}`", one.type, default, one.meaning["en"], one.meaning["zh"])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [*(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines), ""]


if __name__ == "__main__":
    target = Path(sys.argv[1])
    measured = json.loads(target.with_name(TIMES_FILE).read_text(encoding="utf-8"))
    target.write_text(page(measured), encoding="utf-8")
