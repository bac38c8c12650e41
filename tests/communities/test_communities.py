from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import community
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.communities import METHODS
from ringfinder.communities.components import components
from ringfinder.communities.leiden import EXACT, RESOLUTION

Edge = tuple[int, int, float]
Method = str
BOTH = pytest.mark.parametrize("method", sorted(METHODS))


def run(method: Method, edges: list[Edge], seed: int = 1) -> dict[int, int]:
    """Group by node."""
    a, b, weight = (np.array([e[i] for e in edges], np.float64) for i in range(3))
    node, group = METHODS[method](a.astype(np.int64), b.astype(np.int64), weight, seed)
    assert node.tolist() == sorted(set(node.tolist()))
    return dict(zip(node.tolist(), group.tolist(), strict=True))


def clique(nodes: range, weight: float = 3.0) -> list[Edge]:
    return [(a, b, weight) for a, b in combinations(nodes, 2)]


def sets(groups: dict[int, int]) -> set[frozenset[int]]:
    return {frozenset(n for n, g in groups.items() if g == number) for number in groups.values()}


@st.composite
def graphs(draw: st.DrawFn) -> list[Edge]:
    """Simple graphs of up to 14 nodes whose numbers have gaps."""
    pairs = draw(st.sets(st.sampled_from(list(combinations(range(14), 2))), min_size=1, max_size=40))
    weights = st.floats(0.5, 13.0).map(lambda w: round(w, 3))
    return [(a * 7, b * 7, draw(weights)) for a, b in sorted(pairs)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_components_are_those_of_networkx(edges: list[tuple[int, int]]) -> None:
    a, b = (np.array([e[i] for e in edges], np.int64) for i in (0, 1))
    node, group = components(a, b)
    graph = nx.Graph(edges)
    assert node.tolist() == sorted(graph.nodes)
    parts = sorted(sorted(part) for part in nx.connected_components(graph))
    wanted = {n: i for i, part in enumerate(parts) for n in part}  # numbered by their smallest node
    assert dict(zip(node.tolist(), group.tolist(), strict=True)) == wanted


@BOTH
@settings(max_examples=40, deadline=None)
@given(edges=graphs(), order=st.randoms(use_true_random=False))
def test_the_same_edges_in_any_order_and_direction_give_the_same_groups(
    method: Method, edges: list[Edge], order: object
) -> None:
    mixed = [(b, a, w) if order.random() < 0.5 else (a, b, w) for a, b, w in edges]  # type: ignore[attr-defined]
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert run(method, edges) == run(method, mixed)


@settings(max_examples=60, deadline=None)
@given(edges=graphs())
def test_louvain_is_no_less_modular_than_singletons(edges: list[Edge]) -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    groups = run("louvain", edges)
    found = nx.community.modularity(graph, sets(groups))
    assert found >= nx.community.modularity(graph, [{n} for n in graph]) - 1e-12
    assert found == pytest.approx(community.modularity(groups, graph))


@settings(max_examples=60, deadline=None)
@given(edges=graphs())
def test_leiden_is_no_worse_than_singletons_nor_than_one_group(edges: list[Edge]) -> None:
    """The constant Potts model: weight inside less the resolution for each pair inside; singletons have 0."""
    groups = run("leiden", edges)
    inside = sum(w for a, b, w in edges if groups[a] == groups[b])
    pairs = sum(len(s) * (len(s) - 1) / 2 for s in sets(groups))
    everything = sum(w for _, _, w in edges) - RESOLUTION * len(groups) * (len(groups) - 1) / 2
    assert inside - RESOLUTION * pairs >= max(0.0, everything) - 1e-9


@BOTH
def test_two_cliques_on_a_thin_bridge_are_two_groups(method: Method) -> None:
    edges = clique(range(5)) + clique(range(10, 15)) + [(4, 10, 1.0)]
    assert sets(run(method, edges)) == {frozenset(range(5)), frozenset(range(10, 15))}


def test_leiden_keeps_small_rings_apart_in_a_large_city_where_modularity_glues_them() -> None:
    """Eighty rings of four, each tied to the next by one meeting: below the resolution limit of modularity."""
    edges: list[Edge] = []
    for ring in range(80):
        edges += clique(range(4 * ring, 4 * ring + 4))
        edges.append((4 * ring + 3, (4 * ring + 4) % 320, 1.0))
    rings = {frozenset(range(4 * r, 4 * r + 4)) for r in range(80)}
    assert sets(run("leiden", edges)) == rings
    assert len(sets(run("louvain", edges))) < 80


@settings(max_examples=60, deadline=None)
@given(edges=graphs(), rest=graphs())
def test_leiden_groups_do_not_depend_on_other_components(edges: list[Edge], rest: list[Edge]) -> None:
    elsewhere = [(1000 + a, 1000 + b, w) for a, b, w in rest]
    alone, beside = run("leiden", edges), run("leiden", elsewhere + edges)
    assert {s for s in sets(beside) if min(s) < 1000} == sets(alone)
    assert {s for s in sets(beside) if max(s) >= 1000} == sets(run("leiden", elsewhere))


@settings(max_examples=60, deadline=None)
@given(edges=graphs())
def test_leiden_numbers_its_groups_from_0_on_and_joins_no_components(edges: list[Edge]) -> None:
    groups = run("leiden", edges)
    assert set(groups.values()) == set(range(len(set(groups.values()))))
    of = {n: i for i, part in enumerate(nx.connected_components(nx.Graph([(a, b) for a, b, _ in edges]))) for n in part}
    assert all(len({of[n] for n in members}) == 1 for members in sets(groups))


@BOTH
def test_no_edges_no_groups(method: Method) -> None:
    assert run(method, []) == {}


@BOTH
def test_a_larger_graph_without_clear_groups_gives_the_same_groups_in_any_order(method: Method) -> None:
    rng = np.random.default_rng(2)
    pairs = sorted({tuple(sorted(rng.integers(0, 60, 2).tolist())) for _ in range(200)})
    edges: list[Edge] = [(a, b, 1.0) for a, b in pairs if a != b]
    groups = run(method, edges, seed=5)
    for _ in range(5):
        assert run(method, [edges[i] for i in rng.permutation(len(edges))], seed=5) == groups


# Weights whose sums are exact

NEVER_ENDED = Path(__file__).parent / "data" / "never_ended.npz"
CUT = """
import sys
import numpy as np
from ringfinder.communities.leiden import cut
graph = np.load(sys.argv[1])
print(*cut(int(graph["size"]), graph["pairs"], graph["weight"], int(graph["seed"])))
"""


def test_leiden_ends_on_a_graph_whose_sums_it_rounds_to_and_fro() -> None:
    """A tree of 135 people, part of a city's ties: leidenalg 0.12 moves somebody to and fro for ever unless sums are exact."""
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(NEVER_ENDED)], capture_output=True, text=True, check=True, timeout=60
    )
    groups = [int(g) for g in done.stdout.split()]
    graph = np.load(NEVER_ENDED)
    assert len(groups) == graph["size"] == 135
    assert set(groups) == set(range(len(set(groups))))
    group = np.array(groups)
    inside = graph["weight"][group[graph["pairs"][:, 0]] == group[graph["pairs"][:, 1]]].sum()
    size = np.bincount(group)
    assert (
        inside - RESOLUTION * (size * (size - 1) / 2).sum() >= 1343
    )  # of 1,565 nats of ties; everybody by himself has 0


def test_weights_are_told_apart_to_a_1024th_of_a_nat() -> None:
    assert EXACT == 1024
    half = RESOLUTION
    assert sets(run("leiden", [(0, 1, half + 0.4 / EXACT)])) == {frozenset({0}), frozenset({1})}
    assert sets(run("leiden", [(0, 1, half + 0.6 / EXACT)])) == {frozenset({0, 1})}
