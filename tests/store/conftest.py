from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ringfinder.model import Findings, Member, Reason, Ring, Tie
from ringfinder.store.contract import GraphStore
from ringfinder.store.ladybug import LadybugStore
from ringfinder.store.neo4j.store import Neo4jStore

from .claim_sets import SMALL, write

MEMORY_GB = 0.5


def ring(ring_id: str, kind: str, score: float, members: tuple[Member, ...], claims: tuple[str, ...]) -> Ring:
    """A ring of the small claim set."""
    return Ring(
        ring_id=ring_id,
        kind=kind,
        score=score,
        q_value=0.01,
        coordination=30.5,
        harm=9.0,
        alert=score > 50,
        patients=2,
        claim_ids=claims,
        total_amount=Decimal("1234567.89"),
        fund_amount=Decimal("0.10"),
        first_time=datetime(2024, 3, 1, 8, 30, 15),
        last_time=datetime(2024, 3, 7, 10),
        districts=("东城", "西城"),
        members=members,
        reasons=(Reason("dead", "harm", "dead", {"visits": 3, "borne": 2}),),
    )


FINDINGS = Findings(
    rings=(
        ring(
            "ring-1",
            "after_death",
            90.0,
            (
                Member("patient", "P1", "insured", 1.0, 1),
                Member("patient", "P2", "insured", 0.5, 1),
                Member("card", "K1", "card", 0.75, 2),
                Member("facility", "F1", "place", 0.75, 2),
                Member("account", "6222 01", "payee", 0.25, 1),
            ),
            ("0001", "1"),
        ),
        ring("ring-2", "lent_cards", 10.0, (Member("patient", "P1", "insured", 1.0, 1),), ("0001",)),
    ),
    ties=(Tie("P1", "P2", "came_together", 3, 0.25, 7.5), Tie("P1", "P9", "transfers", 2, 0.5, 3.0)),
    channels=(("came_together", "on"),),
)


STORES = ("ladybug", pytest.param("neo4j", marks=pytest.mark.xdist_group("neo4j")))

Opened = Callable[[Path], GraphStore]


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest) -> Opened:
    """Opens each store in turn: the graph of a folder, which on a server is whatever was built last."""
    if request.param == "ladybug":
        return lambda folder: LadybugStore(folder / "graph.lbug", memory_gb=MEMORY_GB)
    address = request.getfixturevalue("neo4j_address")
    return lambda folder: Neo4jStore(address, memory_gb=MEMORY_GB)


@pytest.fixture(scope="session")
def small_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished graph file of the small claim set, findings in it; only to be read."""
    folder = tmp_path_factory.mktemp("small")
    file = folder / "graph.lbug"
    with LadybugStore(file, memory_gb=MEMORY_GB) as store:
        fill(store, folder / "tables")
    return file


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    """The small graph, opened, on each store in turn."""
    if request.param == "ladybug":
        with LadybugStore(request.getfixturevalue("small_graph"), memory_gb=MEMORY_GB) as ladybug:
            yield ladybug
        return
    address = request.getfixturevalue("neo4j_address")
    with Neo4jStore(address) as neo4j:
        fill(neo4j, tmp_path / "tables")  # loads nothing where the test before had the same claims
        yield neo4j


def fill(store: GraphStore, folder: Path) -> None:
    """The small claim set and its findings, finished."""
    store.build(write(folder, SMALL))
    store.write_findings(FINDINGS, "run-7")
    store.finish()
