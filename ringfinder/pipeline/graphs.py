"""Which store holds the graph of a run: a file of its own beside the run, or the database of a Neo4j server.

    embedded   written and finished in the draft; it becomes visible with the run
    neo4j      written beside what is shown, and shown in one step right before the run becomes current

Killed between that step and the next, the database shows a run that never became current: `ringfinder query` says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ringfinder.errors import StoreError, UsageError
from ringfinder.model import ClaimSet, Findings, SetAside
from ringfinder.tables import CLAIMS
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Draft, StoredRun, Workspace

if TYPE_CHECKING:
    from ringfinder.store.contract import GraphStore
    from ringfinder.store.neo4j.store import Neo4jStore

StoreName = Literal["embedded", "neo4j"]
GRAPH_MEMORY_GB = 1.0  # to begin with, beside the detection; the store takes more where the claim set needs it


@dataclass(frozen=True)
class Target:
    """How a run's graph is made. `build` with a claim set and `arguments` is the work of a process of its own.

    `works_here`: the work is done in that process, so that it stalls where it uses no processor; a server's is not seen.
    """

    build: Callable[..., None]
    arguments: tuple[Any, ...]
    works_here: bool
    write: Callable[[Findings, str], None]
    show: Callable[[], None]


def target(name: StoreName, draft: Draft, workspace: Workspace, threads: int) -> Target:
    """Where the graph of this draft goes."""
    return _on_server(draft, workspace, threads) if name == "neo4j" else _in_file(draft, threads)


def check(name: StoreName, workspace: Workspace) -> None:
    """Nothing where the store can be used; RingFinderError before anything is read where it cannot."""
    if name == "neo4j":
        with server(workspace) as store:
            store.check()


def open_graph(stored: StoredRun, workspace: Workspace) -> GraphStore:
    """The graph of a run in place, to be read."""
    if stored.store == "neo4j":
        return server(workspace, run_id=stored.run_id)
    from ringfinder.store.ladybug import LadybugStore  # noqa: PLC0415

    return LadybugStore(stored.graph)


def forget(run_ids: list[str], workspace: Workspace) -> None:
    """Remove what these runs left on the server."""
    with server(workspace) as store:
        for run_id in run_ids:
            store.forget(run_id)


def claim_set_of(stored: StoredRun) -> ClaimSet:
    """The canonical tables of a run in place, as a store takes them."""
    info = stored.info
    if not info.get("tables"):
        raise StoreError(Sentence("faults.run_without_claims", run_id=stored.run_id))
    set_aside = tuple(SetAside(**one) for one in info["set_aside"])
    return ClaimSet(stored.tables, info["tables"], {}, info["hours_known"], set_aside)


def _in_file(draft: Draft, threads: int) -> Target:
    from ringfinder.store.ladybug import LadybugStore, build_graph  # noqa: PLC0415

    def write(findings: Findings, run_id: str) -> None:
        claims = draft.tables / f"{CLAIMS.name}.parquet"
        with LadybugStore(draft.graph, memory_gb=GRAPH_MEMORY_GB, threads=threads, claims=claims) as store:
            store.write_findings(findings, run_id)
            store.finish()

    # The detection has the other half of the cores. With one thread the engine needs a sixth less processor time than with two.
    half = max(1, (threads or os.cpu_count() or 1) // 2)
    return Target(build_graph, (draft.graph, GRAPH_MEMORY_GB, half), True, write, lambda: None)


def _on_server(draft: Draft, workspace: Workspace, threads: int) -> Target:
    from ringfinder.store.neo4j import address  # noqa: PLC0415
    from ringfinder.store.neo4j.store import build_graph  # noqa: PLC0415

    store = server(workspace)

    def write(findings: Findings, run_id: str) -> None:
        with store:
            store.write_findings(findings, run_id)

    own = workspace.folder if address.is_local(workspace.folder) else None
    arguments = (store.address, draft.folder, GRAPH_MEMORY_GB, threads, own)
    return Target(build_graph, arguments, False, write, store.finish)


def server(workspace: Workspace, run_id: str | None = None) -> Neo4jStore:
    """The database of the server that environment or workspace name."""
    try:
        from ringfinder.store.neo4j import address  # noqa: PLC0415
        from ringfinder.store.neo4j.store import Neo4jStore  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults.neo4j_extra")) from error
    return Neo4jStore(address.find(workspace.folder), run_id=run_id)
