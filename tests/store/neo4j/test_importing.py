"""Claims imported by the real `neo4j-admin` into a local server of these tests' own, against the same claims loaded over Bolt."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from ringfinder.errors import StoreError, UsageError
from ringfinder.graph import Label, labels_of, relationships_of
from ringfinder.model import SetAside
from ringfinder.store.neo4j import bulk, importing, local
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.local import LocalServer, State
from ringfinder.store.neo4j.store import Neo4jStore, build_graph

from ..claim_sets import SMALL, claim, rows_of, write
from .conftest import wipe
from .test_load import MANY

pytestmark = pytest.mark.xdist_group("neo4j")

# Whatever a text may hold and a file of commas, quotes and lines may lose.
TEXTS = [
    " ",
    " a ",
    '"',
    '""',
    "'",
    "\\",
    '\\"',
    ",",
    "a\nb",
    "a\r\nb",
    "\t",
    "007",
    "NULL",
    "true",
    "1e5",
    "甲,乙",
    "x" * 9000,
]
AWKWARD = {
    **SMALL,
    "claims": [
        *SMALL["claims"],
        *MANY,
        *(claim(f"T{i:02}", "P1", "F1", "2024-03-09", diagnosis_code=text) for i, text in enumerate(TEXTS)),
    ],
    "patients": [
        *SMALL["patients"],
        *({"patient_id": f"Q{i:02}", "name": text, "address": text} for i, text in enumerate(TEXTS)),
    ],
}
NAMES_BEGIN = "RF_"
ASIDE = (SetAside("patients", "contact_phone", "013800", 900), SetAside("claims", "recruiter_id", "R1", 700))


@dataclass
class Imported:
    """A local server whose graph was imported, its user's cache, and what was in it; what a failed import said before, the
    server after that and whether its database was empty."""

    server: LocalServer
    cache: Path
    graph: dict[str, Counter[Any]]
    failure: str
    after_failure: tuple[State, bool]


@contextmanager
def linked(server: LocalServer) -> Iterator[Link]:
    address = server.state().address
    assert address is not None
    link = Link(address)
    try:
        yield link
    finally:
        link.close()


def graph_of(link: Link) -> dict[str, Counter[Any]]:
    """Everything in the database, whatever number its nodes have: nodes, relationships between them, constraints and indexes."""

    def told(labels: list[str], properties: dict[str, Any]) -> str:
        return repr((sorted(labels), sorted(properties.items())))

    nodes = link.rows("MATCH (n) RETURN labels(n), properties(n)")
    edges = link.rows(
        "MATCH (a)-[r]->(b) RETURN labels(a), properties(a), type(r), properties(r), labels(b), properties(b)"
    )
    schema = link.rows(
        "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state RETURN name, type, labelsOrTypes, properties, state"
    )
    return {
        "nodes": Counter(told(*row) for row in nodes),
        "edges": Counter((told(a, pa), kind, repr(pr), told(b, pb)) for a, pa, kind, pr, b, pb in edges),
        "schema": Counter(map(repr, schema)),
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    """A server that never ran before, and a first import that failed; then a load of many claims imports them."""
    workspace = tmp_path_factory.mktemp("imported") / "a,b (c) 甲"  # the import takes what it is given for patterns
    server = LocalServer(workspace)
    claim_set = write(workspace / "tables", AWKWARD, ASIDE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        patch.setenv("XDG_CACHE_HOME", str(cache := tmp_path_factory.mktemp("cache")))
        patch.setattr(local, "MEMORY_GB", 1.2)
        patch.setattr(importing, "WORTH_IT", 1)
        with patch.context() as wrong:
            wrong.setattr(bulk, "READING", ("--no-such-option",))
            with pytest.raises(StoreError) as failed:
                importing.into_local(server, claim_set, memory_gb=0.5, threads=1)
        before = server.state()
        assert before.address is not None
        empty = importing.is_empty(before.address)
        build_graph(claim_set, replace(before.address, prefix=NAMES_BEGIN), workspace, 0.5, 1, workspace)
        with linked(server) as link:
            yield Imported(server, cache, graph_of(link), str(failed.value), (before, empty))
        server.down()


def test_failed_import_leaves_an_empty_server_that_runs_and_nothing_else(imported: Imported) -> None:
    assert re.fullmatch(r"neo4j-admin could not do it \(exit code \d+\); see .*/logs/admin\.log", imported.failure)
    state, empty = imported.after_failure
    assert state.running
    assert empty
    assert not list(imported.server.folder.glob(".parts-*"))


def test_many_claims_are_imported_by_a_restart_at_the_same_address(imported: Imported) -> None:
    before, after = imported.after_failure[0], imported.server.state()
    assert (after.address, after.running) == (before.address, True)
    assert after.pid != before.pid


def test_first_server_writes_an_archive_of_classes_at_its_end_which_the_next_one_uses(imported: Imported) -> None:
    (folder,) = (imported.cache / "ringfinder").iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "base.jsa": 0o600,
        "server.jsa": 0o600,
    }
    mapped = {one.path for one in psutil.Process(imported.server.state().pid).memory_maps()}
    assert {str(file) for file in folder.iterdir()} <= mapped
    assert not (imported.server.folder / "classes.jsa").exists()


def test_import_and_load_over_bolt_make_the_same_graph(imported: Imported, tmp_path: Path) -> None:
    claim_set = write(tmp_path / "tables", AWKWARD, ASIDE)
    with linked(imported.server) as link:
        ids = link.rows("MATCH (c:RF_Claim) RETURN id(c) ORDER BY id(c)")
        with Neo4jStore(replace(link.address, prefix=NAMES_BEGIN)) as store:
            store.build(claim_set)  # the same claims: nothing is loaded again
            assert link.rows("MATCH (c:RF_Claim) RETURN id(c) ORDER BY id(c)") == ids
            assert rows_of(store.read_tables(tmp_path / "back")) == rows_of(claim_set)
            wipe(link)
            store.build(claim_set)
        loaded = graph_of(link)
    assert sum(loaded["nodes"].values()) > 700
    assert loaded == imported.graph
    assert all("'RF_" in node.partition("]")[0] for node in loaded["nodes"])


def test_database_with_anything_in_it_is_refused_and_left_alone(imported: Imported, tmp_path: Path) -> None:
    with linked(imported.server) as link:
        wipe(link)
        link.change("CREATE (:Stranger {name: 'theirs'})")
        running = imported.server.state()
        with pytest.raises(UsageError, match=r"the local Neo4j database is not empty, .* or use another --workspace"):
            importing.into_local(imported.server, write(tmp_path / "tables", SMALL))
        assert imported.server.state() == running
        assert link.rows("MATCH (n) RETURN labels(n), n.name") == [[["Stranger"], "theirs"]]
        wipe(link)


def test_files_for_a_server_of_ones_own_are_private_and_their_command_is_a_shells(tmp_path: Path) -> None:
    out = tmp_path / "it's mine"
    script = importing.write_files(write(tmp_path / "tables", SMALL), out, 0.5, 1)
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.glob("*.csv")} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    (tmp_path / "bin").mkdir()
    said = tmp_path / "bin" / "neo4j-admin"
    said.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    said.chmod(0o700)
    done = subprocess.run(
        [script], env={"PATH": f"{said.parent}:/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    place, *words = done.stdout.splitlines()
    assert place == str(out)
    assert words[:4] == ["database", "import", "full", "neo4j"]
    named = [word.rpartition("=")[2] for word in words if word.startswith(("--nodes=", "--relationships="))]
    assert sorted(named) == sorted(
        file.name for file in out.glob("*.csv") if len(file.read_text("utf-8").splitlines()) > 1
    )
    names = {word.partition("=")[2].partition("=")[0] for word in words if word.startswith(("--nodes=", "--rel"))}
    kinds = [*labels_of("claims"), *relationships_of("claims")]
    assert names == {"RingFinderGraph"} | {one.name if isinstance(one, Label) else one.type for one in kinds} - {
        "SetAside"
    }
    with pytest.raises(UsageError, match="is not empty; name a folder that is"):
        importing.write_files(write(tmp_path / "tables", SMALL), out, 0.5, 1)
    mark = (out / "nodes-RingFinderGraph.csv").read_text(encoding="utf-8")
    assert json.dumps({"Claim": 4})[1:-1].replace('"', '""') in mark


@pytest.mark.parametrize(("text", "several"), [("a b", "false"), ("a\nb", "true"), ("a\rb", "true")])
def test_import_is_told_of_texts_of_several_lines_only_where_there_are_any(
    tmp_path: Path, text: str, several: str
) -> None:
    tables = {**SMALL, "patients": [{"patient_id": "P1", "address": text}]}
    script = importing.write_files(write(tmp_path / "tables", tables), tmp_path / "out", 0.5, 1)
    assert re.findall(r"--multiline-fields=(\w+)", script.read_text("utf-8")) == [several]


def test_files_number_nodes_by_their_place_and_have_no_column_that_is_null_everywhere(tmp_path: Path) -> None:
    tables = {
        "claims": [claim("C1", "P2", "F1", "2024-03-01"), claim("C2", "P1", "F1", "2024-03-02", refund_of="C1")],
        "patients": [{"patient_id": "P1", "sex": "F"}],
    }
    importing.write_files(write(tmp_path / "tables", tables), tmp_path / "out", 0.5, 1)
    lines = {file.stem: file.read_text("utf-8").splitlines() for file in (tmp_path / "out").glob("*.csv")}
    assert lines["nodes-Claim"] == [
        ":ID,claim_id:string,service_type:string,start_time:localdatetime,total_amount:double,refund_of:string",
        "0,C1,outpatient,2024-03-01T00:00:00,100.0,",
        "1,C2,outpatient,2024-03-02T00:00:00,100.0,C1",
    ]
    assert lines["nodes-Patient"] == [
        ":ID,patient_id:string,sex:string,registered:boolean,set_aside:boolean",
        "2,P1,F,true,false",
        "3,P2,,false,false",
    ]
    assert lines["edges-FOR_PATIENT-claims-patient_id"] == [":START_ID,:END_ID", "0,3", "1,2"]
    assert lines["edges-REFUNDS-claims-refund_of_REFUNDS"] == [":START_ID,:END_ID", "1,0"]
    assert lines["nodes-RingFinderGraph"][1].startswith("6,graph,")
