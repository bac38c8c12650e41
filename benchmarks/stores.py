"""Seconds to load one claim set into each store and to read it back, and whether what comes back is what went in.

    python -m benchmarks.stores                     60,000 people: half a million claims
    python -m benchmarks.stores --people 2000       the same on a small city

Wall seconds are for whoever has the machine alone; the load of the machine is printed beside them, and the processor
seconds of the server and of ourselves, which say what the work is whoever else is there.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psutil

from benchmarks.measure import ringfinder
from ringfinder.model import ClaimSet
from ringfinder.pipeline.graphs import claim_set_of
from ringfinder.store.ladybug import LadybugStore, build_graph
from ringfinder.store.neo4j import importing
from ringfinder.store.neo4j.local import LocalServer
from ringfinder.store.neo4j.store import Neo4jStore
from ringfinder.workspace import Workspace

GOALS = {"Bolt: load": 120, "Neo4j: read back": 10}
IMPORT_GOAL = 30  # of the import alone, without the stop and the start around it
MEMORY_GB = 2.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stores", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=60000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
        made_and_measured(Path(folder), options.people)


def made_and_measured(place: Path, people: int) -> None:
    """A sample city, its claims in a file, imported into a server and sent to another."""
    place.mkdir(parents=True, exist_ok=True)
    ringfinder("sample-city", place / "city", "--people", str(people), "--seed", "1", "--rings", "30")
    ringfinder("run", place / "city", "--workspace", place / "work")
    claims = claim_set_of(Workspace(place / "work").needed())
    print(f"{claims.rows['claims']:,} claims into the stores and back\n{'':<44} {'s':>6}  server   ours  load")
    embedded(place, claims)
    imported(place, claims)
    sent(place, claims)


def embedded(place: Path, claims: ClaimSet) -> None:
    """The store in a file."""
    with measured("file: load"):
        build_graph(claims, place / "graph.lbug", MEMORY_GB)
    with measured("file: read back"), LadybugStore(place / "graph.lbug") as store:
        store.read_tables(place / "from-file")
    compare(claims, place / "from-file")


def imported(place: Path, claims: ClaimSet) -> None:
    """The empty local server, by `neo4j-admin`."""
    server = LocalServer(place / "imported")
    with measured("neo4j-admin: write the files"):
        importing.write_files(claims, place / "files", MEMORY_GB, 0)
    server.up()
    with measured("stop", server):
        server.down()
    with measured("start", server):
        server.up()
    with measured(f"neo4j-admin: all, with a stop and a start [{IMPORT_GOAL} s between them]", server):
        importing.into_local(server, claims, MEMORY_GB)
    read_back(server, claims, place / "from-import")
    server.down()


def sent(place: Path, claims: ClaimSet) -> None:
    """An empty local server, by statements over Bolt."""
    server = LocalServer(place / "sent")
    address = server.up()
    with measured("Bolt: load", server), Neo4jStore(address, scratch=place, memory_gb=MEMORY_GB) as store:
        store.build(claims)
    read_back(server, claims, place / "from-bolt")
    server.down()


def read_back(server: LocalServer, claims: ClaimSet, folder: Path) -> None:
    """All tables out of the server, and their comparison."""
    address = server.state().address
    assert address is not None
    with measured("Neo4j: read back", server), Neo4jStore(address) as store:
        store.read_tables(folder)
    compare(claims, folder)


@contextmanager
def measured(what: str, server: LocalServer | None = None) -> Iterator[None]:
    """Print the seconds of a block: wall, processor of the server (also of one that was started meanwhile), ours."""
    before, process = time.perf_counter(), _process(server)
    theirs, ours = _seconds(process), _own()
    yield
    took, after = time.perf_counter() - before, _process(server)
    spent, own = "", _own() - ours
    if process is not None and (after is None or after.pid != process.pid):
        own, theirs = own - theirs, 0.0  # the server that ended is counted among ours then
    if after is not None:
        spent = f"{_seconds(after) - theirs:.1f}"
    goal = f" [{GOALS[what]} s]" if what in GOALS else ""
    print(f"{what + goal:<44} {took:>6.1f} {spent:>8} {own:>6.1f} {os.getloadavg()[0]:>5.1f}", flush=True)


def _process(server: LocalServer | None) -> psutil.Process | None:
    pid = server.state().pid if server else None
    return psutil.Process(pid) if pid else None


def _seconds(process: psutil.Process | None) -> float:
    return float(sum(process.cpu_times()[:2])) if process else 0.0


def _own() -> float:
    """Of this process and of those that it waited for."""
    return sum(os.times()[:4])


def compare(claims: ClaimSet, folder: Path) -> None:
    """Say so where a table that came back is not the one that went in."""
    with duckdb.connect() as db:
        for table in claims.rows:
            there = [f"(SELECT * FROM read_parquet('{place / table}.parquet'))" for place in (claims.folder, folder)]
            row = db.execute(
                f"SELECT (SELECT count(*) FROM ({there[0]} EXCEPT ALL {there[1]})),"
                f" (SELECT count(*) FROM ({there[1]} EXCEPT ALL {there[0]}))"
            ).fetchone()
            if row != (0, 0):
                print(f"    {table} came back otherwise: {row}")


if __name__ == "__main__":
    main()
