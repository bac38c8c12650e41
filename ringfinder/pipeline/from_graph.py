"""The claims of a run out of a graph instead of files, written as canonical tables that `claims.read` then reads as any.

    embedded   a graph file: the one named, else that of the current run
    neo4j      the database of a server

Either holds the graph that RingFinder loaded, or a bureau's own, whose names are ours or those that a mapping gives. With a
mapping it is the bureau's that is meant. Where our names have a prefix in a database, only a mapping (it may be empty) names
a bureau's: what is called as ours there may be anything.

Reading them as files are read checks a bureau's values as it would check its exports, and settles anew which values
identify nobody: so the rings are the same bytes, whichever way the claims came.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ringfinder.errors import UsageError
from ringfinder.pipeline.graphs import StoreName, server
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    from ringfinder.store.ladybug import LadybugStore
    from ringfinder.store.neo4j.store import Neo4jStore

PROFILE = "canonical"  # what the tables follow


@dataclass(frozen=True)
class GraphSource:
    """Where the claims are. `file`: a graph file of the embedded store, None for the current run's; `mapping`: a TOML
    file with a bureau's names (see `store.mapping`)."""

    store: StoreName
    file: Path | None = None
    mapping: Path | None = None

    def __post_init__(self) -> None:
        if self.store == "neo4j" and self.file is not None:
            raise UsageError(Sentence("faults.claims_in_neo4j"))
        if self.store == "embedded" and self.mapping is not None and self.file is None:
            raise UsageError(Sentence("faults.mapping_for_own"))

    @property
    def name(self) -> str:
        """What run.json calls it."""
        return self.file.name if self.file else f"graph ({self.store})"


def write_tables(source: GraphSource, workspace: Workspace, folder: Path) -> None:
    """Its claims as Parquet files in `folder`; UsageError where there are none, or the mapping names what is not there."""
    if source.store == "embedded":
        with _in_file(source.file or _current(workspace)) as file:
            _write(file, source, folder, file.has_graph())
        return
    with server(workspace) as store:
        _write(store, source, folder, bool(store.address.prefix) or store.has_graph())


def _write(store: LadybugStore | Neo4jStore, source: GraphSource, folder: Path, ours: bool) -> None:
    """`ours`: without a mapping, our own graph is meant."""
    if source.mapping is None and ours:
        store.read_tables(folder)
        return
    from ringfinder.store import mapping  # noqa: PLC0415

    store.read_foreign(mapping.read(source.mapping) if source.mapping else mapping.Mapping(), folder)


def _in_file(file: Path) -> LadybugStore:
    from ringfinder.store.ladybug import LadybugStore  # noqa: PLC0415

    if not file.is_file():
        raise UsageError(Sentence("faults.no_graph", name=file.name))
    return LadybugStore(file)


def _current(workspace: Workspace) -> Path:
    run = workspace.needed()
    if run.store != "embedded":
        raise UsageError(Sentence("faults.graph_on_neo4j"))
    return run.graph
