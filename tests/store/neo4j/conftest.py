from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ringfinder.store.neo4j.address import Address
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.schema import OUR_LABELS
from ringfinder.store.neo4j.store import Neo4jStore

from ..conftest import fill


@pytest.fixture
def link(neo4j_address: Address) -> Iterator[Link]:
    """The test server's database, to do what the store would not."""
    opened = Link(neo4j_address)
    yield opened
    opened.close()


@pytest.fixture
def empty(link: Link) -> Link:
    """The database without anything of ours or of another test's."""
    wipe(link)
    return link


@pytest.fixture
def small(link: Link, tmp_path: Path) -> Iterator[Neo4jStore]:
    """The small graph of the store's tests, findings in it."""
    with Neo4jStore(link.address) as store:
        fill(store, tmp_path / "tables")
        yield store


def wipe(link: Link) -> None:
    link.steps("MATCH (n)", "n", "DETACH DELETE n", 10_000)


def counts(link: Link) -> dict[str, int]:
    """Nodes of each label that is ours, relationships of each type, where there are any."""
    nodes = link.rows("MATCH (n) UNWIND labels(n) AS name RETURN name, count(*)")
    edges = link.rows("MATCH ()-[r]->() RETURN type(r), count(*)")
    return {name: found for name, found in [*nodes, *edges] if name in OUR_LABELS or name.isupper()}


def await_(true: Callable[[], bool]) -> None:
    """Until it is so; TimeoutError after 30 seconds, far less than a query may take that nobody stops."""
    end = time.monotonic() + 30
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
