"""How fast the service answers: a load at a fixed rate from a process of its own, a random known entity per request.

    python -m benchmarks.service                     a city of 60,000 people (half a million claims)
    python -m benchmarks.service --workspace DIR     the current run there; a key is made in it

The load is vegeta's (keep-alive, open loop: it does not wait for slow answers). It is taken from the path, or made with
`go install`. Figures are for whoever has the machine alone: with other work on both cores the tail is the scheduler's,
and `--first` asks for the processor before all other work (`chrt`, as root), which comes near to that.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import COMMAND, ringfinder
from ringfinder.model import ENTITY_TYPES
from ringfinder.report.register import COLUMN_OF
from ringfinder.workspace import Workspace

VEGETA = "github.com/tsenart/vegeta/v12@v12.13.0"
SECONDS = 20
WARM = 3
KNOWN = 20_000
BATCH = 1000
LISTENS = re.compile(r"running on (http://[\d.]+:\d+)")
FIRST = ("chrt", "-r", "1")
FIRST_ALONE = (
    "chrt",
    "-r",
    "-R",
    "1",
)  # not the processes that it begins: loading a run would hold a core for 100 ms at a time


@dataclass(frozen=True)
class Load:
    """What came of one load: milliseconds, and the share of answers that were 200."""

    p50: float
    p99: float
    most: float
    good: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--first", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
        measured(Path(folder), options.workspace, FIRST if options.first else ())


def measured(place: Path, workspace: Path | None, before: Sequence[str] = ()) -> None:
    """All loads on one service; the last of them while a new run comes in."""
    vegeta = program(place)
    if workspace is None:
        ringfinder("sample-city", place / "city", "--people", "60000", "--seed", "1", "--rings", "30")
        ringfinder("run", place / "city", "--workspace", place / "workspace")
        workspace = place / "workspace"
    made = ("keys", "create", "benchmark", "--role", "system", "--days", "1", "--workspace", workspace, "--json")
    key = json.loads(ringfinder(*made))["secret"]
    known = entities(Workspace(workspace).needed().tables)
    with serving(workspace, before) as (url, pid):
        singles = [one(url, key, *entity) for entity in known]
        batches = [batch(url, key, known, number) for number in range(20)]
        load(vegeta, singles, 500, WARM, before)
        for name, targets, rate in (
            ("single score", singles, 500),
            ("single score", singles, 1000),
            (f"batch of {BATCH:,}", batches, 10),
        ):
            tell(name, rate, load(vegeta, targets, rate, SECONDS, before))
        comes = threading.Timer(2.0, publish_again, [workspace])
        comes.start()
        tell("single score while a run comes in", 500, load(vegeta, singles, 500, 3 * SECONDS, before))
        comes.join()
        print(f"memory of the serving process: {resident(pid)} MiB")


def tell(name: str, rate: int, found: Load) -> None:
    """One line."""
    print(
        f"{name} at {rate}/s: p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, max {found.most:.1f} ms, {found.good:.2%} answered"
    )


def program(place: Path) -> str:
    """vegeta: on the path, or made from its source."""
    found = shutil.which("vegeta")
    if found is None:
        subprocess.run(["go", "install", VEGETA], check=True, env=os.environ | {"GOBIN": str(place)})
        found = str(place / "vegeta")
    return found


def entities(tables: Path) -> list[tuple[str, str]]:
    """Random known entities, all types by their number."""
    columns = " UNION ALL ".join(
        f"SELECT DISTINCT '{kind}', {COLUMN_OF[kind]} FROM claims WHERE {COLUMN_OF[kind]} IS NOT NULL"
        for kind in ENTITY_TYPES
    )
    with duckdb.connect() as db:
        db.read_parquet(str(tables / "claims.parquet")).create_view("claims")
        everybody = sorted(db.execute(columns).fetchall())
    return random.Random(1).choices(everybody, k=KNOWN)


def one(url: str, key: str, entity_type: str, entity_id: str) -> dict[str, Any]:
    """A question about one entity, as vegeta reads it."""
    return {"method": "GET", "url": f"{url}/v1/scores/{entity_type}/{entity_id}", "header": headers(key)}


def batch(url: str, key: str, known: Sequence[tuple[str, str]], seed: int) -> dict[str, Any]:
    """A question about a thousand."""
    some = random.Random(seed).sample(known, BATCH)
    body = json.dumps({"entities": [{"entity_type": kind, "entity_id": entity} for kind, entity in some]})
    return {
        "method": "POST",
        "url": f"{url}/v1/scores:batch",
        "header": headers(key),
        "body": base64.b64encode(body.encode()).decode(),
    }


def headers(key: str) -> dict[str, list[str]]:
    """Key and type of the body."""
    return {"Authorization": [f"Bearer {key}"], "Content-Type": ["application/json"]}


@contextmanager
def serving(workspace: Path, before: Sequence[str]) -> Iterator[tuple[str, int]]:
    """(URL, process) of a service that has loaded its run."""
    command = [*(FIRST_ALONE if before else ()), *COMMAND, "serve", "--workspace", str(workspace), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    url = ""
    for line in process.stderr:
        if found := LISTENS.search(line):
            url = found[1]
        assert '"run not loaded"' not in line, line
        if '"run served"' in line:
            break
    drained = threading.Thread(target=process.stderr.read, daemon=True)
    drained.start()
    try:
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def load(vegeta: str, targets: Sequence[dict[str, Any]], rate: int, seconds: int, before: Sequence[str]) -> Load:
    """`rate` requests a second for so long."""
    attack = [*before, vegeta, "attack", "-format", "json", "-rate", str(rate), "-duration", f"{seconds}s"]
    lines = "\n".join(json.dumps(target) for target in targets)
    results = subprocess.run(attack, input=lines.encode(), capture_output=True, check=True).stdout
    report = subprocess.run([vegeta, "report", "-type", "json"], input=results, capture_output=True, check=True).stdout
    found = json.loads(report)
    p50, p99, most = (found["latencies"][name] / 1e6 for name in ("50th", "99th", "max"))
    return Load(p50, p99, most, found["success"])


def publish_again(workspace: Path) -> None:
    """The current run once more, under a new id."""
    place = Workspace(workspace)
    with place.new_run() as draft:
        shutil.copytree(place.needed().folder, draft.folder, dirs_exist_ok=True)
        draft.publish()


def resident(pid: int) -> int:
    """MiB that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


if __name__ == "__main__":
    main()
