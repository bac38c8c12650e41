"""A claim set into the empty database of the workspace's own server, by `neo4j-admin` instead of statements.

The server is stopped meanwhile, since the import makes the files that it would hold open, and started again afterwards:
half a minute for half a million claims where statements take two, but some 20 s also for ten claims. So a run does it by
itself only from `WORTH_IT` claims on. Whatever fails, what was half made is removed and the server runs as before, empty;
killed in the middle, it is left stopped, and its next start does that.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ringfinder.errors import UsageError
from ringfinder.model import ClaimSet
from ringfinder.store import extract
from ringfinder.store.contract import Progress
from ringfinder.store.neo4j import bulk, load
from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.border import server_errors
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.local import DATABASE, LocalServer
from ringfinder.store.scratch import scratch_in
from ringfinder.words.sentences import Sentence

WORTH_IT = 200_000  # claims: below, a load by statements ends before a server has stopped and started


def is_empty(address: Address) -> bool:
    """Whether nothing at all is in the database; it must run."""
    link = Link(address)
    try:
        return not link.rows("MATCH (n) RETURN n LIMIT 1")
    finally:
        link.close()


def write_files(claim_set: ClaimSet, folder: Path, memory_gb: float, threads: int, prefix: str = "") -> Path:
    """The files of a claim set and the command for a server of one's own; where the command is.

    `prefix`, here and below, begins our labels and types (see `names`).
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(Sentence("faults_store.import_folder", folder=folder))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    arguments, _ = _written(claim_set, folder, memory_gb, threads, prefix)
    return bulk.script(arguments, folder)


def into_local(
    server: LocalServer,
    claim_set: ClaimSet,
    memory_gb: float = 2.0,
    threads: int = 0,
    progress: Progress | None = None,
    prefix: str = "",
) -> Address:
    """The claim set as the server's one graph; UsageError where its database holds anything. It runs afterwards."""
    tell = progress or (lambda key, share: None)
    size = server.memory_gb
    if not server.is_new:
        if not is_empty(server.up(size)):
            raise UsageError(Sentence("faults_store.import_not_empty"))
        server.down()
    server.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with scratch_in(server.folder) as folder:
        try:
            arguments, known = _written(claim_set, folder, memory_gb, threads, prefix)
            tell("store.nodes", 0.4)
            server.make_database(arguments, folder, size)
            tell("store.edges", 0.8)
        except BaseException:
            server.up(size)  # which removes what is half made
            raise
    address = replace(server.up(size), prefix=prefix)
    link = Link(address)
    try:
        with (
            server_errors(address),
            scratch_in(server.folder) as spill,
            extract.open_tables(claim_set, spill, memory_gb, threads) as tables,
        ):
            load.load(link, tables, tell, known)
    finally:
        link.close()
    return address


def _written(
    claim_set: ClaimSet, folder: Path, memory_gb: float, threads: int, prefix: str
) -> tuple[list[str], load.Known]:
    """Write the files; the arguments for `neo4j-admin`, and what they make."""
    with scratch_in(folder) as spill, extract.open_tables(claim_set, spill, memory_gb, threads) as tables:
        tables.execute("SET preserve_insertion_order = false")  # several cores write one file
        digest = load.digest_of(tables)
        arguments, counts = bulk.write(tables, folder, spill, digest, DATABASE, prefix)
        return arguments, load.Known(digest, counts)
