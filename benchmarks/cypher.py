"""Seconds of every named query on both stores, and whether both answer the same rows.

python -m benchmarks.cypher                             60,000 people: half a million claims, medians of 3
python -m benchmarks.cypher --write docs/cypher-times.json      and keep the seconds for docs/cypher.md
python -m benchmarks.cypher --workspaces EMBEDDED NEO4J         graphs of one claim set that are there already

Where a query needs a value, it gets one of the graph's busiest: the ring, person, card, till, go-between or account with
the most claims, the pair with the heaviest tie.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import ringfinder
from ringfinder.errors import RingFinderError
from ringfinder.pipeline.graphs import open_graph
from ringfinder.store.contract import GraphStore
from ringfinder.store.queries import library, run
from ringfinder.workspace import Workspace

TIMES = 3
GOAL = 5.0  # seconds, at half a million claims
ROWS = 100_000
ANY_OF_SEVERAL = frozenset({"read/path"})  # one of the shortest ways: the stores may choose another of that length
ALLOWED = 120.0
# Cypher that gives the busiest of a kind, by the parameter that takes it.
BUSIEST = {
    "ring_id": "MATCH (n:Ring) RETURN n.ring_id AS id, n.claims AS busy ORDER BY busy DESC, id LIMIT 1",
    "patient_id": "MATCH (n:Patient)<-[:FOR_PATIENT]-(c:Claim) RETURN n.patient_id AS id, count(*) AS busy"
    " ORDER BY busy DESC, id LIMIT 1",
    "card_id": "MATCH (n:Card)<-[:WITH_CARD]-(c:Claim) RETURN n.card_id AS id, count(*) AS busy"
    " ORDER BY busy DESC, id LIMIT 1",
    "terminal_id": "MATCH (n:Terminal)<-[:AT_TERMINAL]-(c:Claim) RETURN n.terminal_id AS id, count(*) AS busy"
    " ORDER BY busy DESC, id LIMIT 1",
    "recruiter_id": "MATCH (n:Recruiter)<-[:VIA_RECRUITER]-(c:Claim) RETURN n.recruiter_id AS id, count(*) AS busy"
    " ORDER BY busy DESC, id LIMIT 1",
    "account": "MATCH (n:Account)<-[:PAID_TO]-(c:Claim) RETURN n.account AS id, count(*) AS busy"
    " ORDER BY busy DESC, id LIMIT 1",
}  # fmt: skip
HEAVIEST = (
    "MATCH (p:Patient)-[t:TIED]->(q:Patient) RETURN p.patient_id AS one, q.patient_id AS other, t.weight AS heavy"
    " ORDER BY heavy DESC, one, other LIMIT 1"
)


def main() -> None:
    """Measure, print, and write where told."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cypher", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=60000)
    parser.add_argument("--workspaces", type=Path, nargs=2, metavar=("EMBEDDED", "NEO4J"))
    parser.add_argument("--only", nargs="+", default=[], metavar="QUERY", help="with --write the others keep theirs")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.workspaces:
        found = measured(*options.workspaces, only=options.only)
    else:
        with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
            found = made_and_measured(Path(folder), options.people, only=options.only)
    if options.write:
        if options.only:
            before = json.loads(options.write.read_text(encoding="utf-8"))
            seconds = before["seconds"] | found["seconds"]
            found = before | {"seconds": {name: took for name, took in seconds.items() if name in library()}}
        options.write.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def made_and_measured(place: Path, people: int, only: Sequence[str] = ()) -> dict[str, Any]:
    """A sample city on both stores, the server a local one of its own, and the seconds of every query there."""
    place.mkdir(parents=True, exist_ok=True)
    city, embedded, server = place / "city", place / "embedded", place / "server"
    ringfinder("sample-city", city, "--people", str(people), "--seed", "1", "--rings", "30")
    ringfinder("run", city, "--workspace", embedded)
    own = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("RINGFINDER_NEO4J_")}
    ringfinder("neo4j", "up", "--workspace", server)
    try:
        ringfinder("run", city, "--workspace", server, "--store", "neo4j")
        return measured(embedded, server, only)
    finally:
        ringfinder("neo4j", "down", "--workspace", server)
        os.environ.update(own)


def measured(embedded: Path, server: Path, only: Sequence[str] = ()) -> dict[str, Any]:
    """Seconds by query and store; prints a line for each query."""
    places = {"embedded": Workspace.locate(embedded), "neo4j": Workspace.locate(server)}
    runs = {store: place.needed() for store, place in places.items()}
    stores = {store: open_graph(runs[store], place) for store, place in places.items()}
    claims = runs["embedded"].info["tables"]["claims"]
    values = busiest(stores["embedded"])
    print(f"{claims:,} claims, medians of {TIMES}\n{'query':<32} {'embedded':>9} {'neo4j':>9} {'rows':>7}")
    seconds: dict[str, dict[str, float]] = {}
    for name, query in library().items():
        if only and name not in only:
            continue
        parameters = {one.name: values[one.name] for one in query.parameters if one.default is None}
        answers = {store: asked(stores[store], name, parameters) for store in stores if store in query.statements}
        seconds[name] = {store: took for store, (took, _) in answers.items() if took is not None}
        print(line(name, answers))
    for store in stores.values():
        store.close()
    slow = [name for name, took in seconds.items() if max(took.values(), default=0) > GOAL]
    print(f"slower than {GOAL:g} s: {', '.join(slow) or 'none'}")
    return {"claims": claims, "seconds": seconds}


def busiest(store: GraphStore) -> dict[str, Any]:
    """A value for every parameter that needs one."""
    found = {name: store.query(text).column("id").to_pylist()[0] for name, text in BUSIEST.items()}
    (pair,) = store.query(HEAVIEST).to_pylist()
    return found | {
        "patient_a": pair["one"],
        "patient_b": pair["other"],
        "entity_type": "terminal",
        "entity_id": found["terminal_id"],
        "from_id": pair["one"],
        "to_id": found["recruiter_id"],
        "seeds": [pair["one"], pair["other"], found["patient_id"]],
        "ids": [found["recruiter_id"], found["account"], found["card_id"]],
        "before": "none",
    }


def asked(store: GraphStore, name: str, parameters: Mapping[str, Any]) -> tuple[float | None, Any]:
    """Median seconds and the rows; (None, what was said) where the store cannot answer."""
    took = []
    try:
        for _ in range(TIMES):
            begun = time.perf_counter()
            rows = run(store, name, parameters, limit=ROWS, seconds=ALLOWED)
            took.append(time.perf_counter() - begun)
    except RingFinderError as error:
        return None, str(error)
    return round(statistics.median(took), 2), rows.to_pylist()


def line(name: str, answers: Mapping[str, tuple[float | None, Any]]) -> str:
    """One line of the table, with what is wrong at its end."""
    times = [answers.get(store, (None, None))[0] for store in ("embedded", "neo4j")]
    rows = [answer for took, answer in answers.values() if took is not None]
    said = [answer for took, answer in answers.values() if took is None]
    alike = len(rows) < 2 or rows[0] == rows[1] or (name in ANY_OF_SEVERAL and len(rows[0]) == len(rows[1]))
    if not alike:
        said.append("the stores differ")
    return (
        f"{name:<32} {' '.join('        -' if one is None else f'{one:>9.2f}' for one in times)}"
        f" {len(rows[0]) if rows else 0:>7}  {'; '.join(said)}"
    ).rstrip()


if __name__ == "__main__":
    main()
