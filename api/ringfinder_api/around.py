"""Who and what stands around members of a ring, beyond the ring; the work of a process of its own.

Around a patient are the patients to whom a channel ties it, the strongest tie first, and what its claims name: cards, doctors, places,
agents ... Around anything else are the patients whose claims name it and what else these claims name, by the number of claims. Of people
and of all else the first few are told, with how many are left; values that identify nobody are set aside.

Members of the ring are called as in its graph (`drawing.called`), and m3.1, m3.2, ... are those found around m3 that nobody before had
found. So who is looked around for may itself have been found: `m3`, then `m3.1`. The same questions in the same order give the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfinder.pipeline.graphs import open_graph
from ringfinder.report.register import COLUMN_OF, NAMED, Register
from ringfinder.workspace import Workspace
from ringfinder_api.claims_seen import claims_seen
from ringfinder_api.drawing import Node, Tie, edge
from ringfinder_api.snapshot import Districts

if TYPE_CHECKING:
    import duckdb

    from ringfinder.store.contract import GraphStore

MOST = 8  # people, and as many others, around each: more would bury the ring
ROWS = 100_000
SECONDS = 20.0
TIES = """
UNWIND $ids AS id
MATCH (p:Patient {patient_id: id})-[t:TIED]-(o:Patient)
RETURN p.patient_id AS patient_a, o.patient_id AS patient_b, t.channel AS channel,
       t.observed AS observed, t.expected AS expected, t.weight AS weight ORDER BY patient_a, patient_b, channel
"""
COUNTED = """
SELECT kind, id, count(*)::INTEGER FROM (
  UNPIVOT (SELECT {columns} FROM seen WHERE {column} = $id) ON {columns} INTO NAME kind VALUE id
) GROUP BY kind, id ORDER BY 3 DESC, kind, id
"""
SHARED = """
SELECT who, kind, id, count(*)::INTEGER FROM (
  UNPIVOT (SELECT patient_id AS who, {columns} FROM seen WHERE patient_id IN (SELECT unnest($ids))) ON {columns} INTO NAME kind VALUE id
) GROUP BY who, kind, id ORDER BY who, kind, id
"""
TYPE_OF = {column: kind for kind, column in COLUMN_OF.items()}
OTHERS = ", ".join(column for kind, column in COLUMN_OF.items() if kind != "patient")


@dataclass(frozen=True)
class Found:
    """Somebody or something that was found, under the name `member`, around `of`; `called`: its name, masked."""

    member: str
    of: str
    node: Node
    called: str | None


@dataclass(frozen=True)
class Around:
    """`left`: how many more there are around each."""

    nodes: Sequence[Found]
    edges: Sequence[Mapping[str, Any]]
    left: Mapping[str, int]


@dataclass
class _Looking:
    """What was found so far: names of all, claims that name two of them, ties between two patients."""

    db: duckdb.DuckDBPyConnection
    store: GraphStore
    aside: frozenset[Node]
    elsewhere: frozenset[str] | None
    """Patients that the caller may see; None: all."""
    names: dict[Node, str]
    nodes: list[tuple[str, str, Node]] = field(default_factory=list)
    claims: dict[tuple[Node, Node], int] = field(default_factory=dict)
    ties: dict[tuple[str, str], dict[str, Tie]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    def look(self, of: str, node: Node) -> None:
        """Find those around one."""
        counted = self._counted(node)
        self.claims |= {_pair(node, other): claims for other, claims in counted.items()}
        people: Iterable[Node] = (other for other in counted if other[0] == "patient")
        if node[0] == "patient":
            people = [("patient", other) for other in self._tied([node[1]])[node[1]]]
        others = [other for other in counted if other[0] != "patient"]
        new = [[one for one in found if one not in self.names] for found in (list(people), others)]
        self.left[of] = sum(max(0, len(found) - MOST) for found in new)
        for rank, one in enumerate((one for found in new for one in found[:MOST]), 1):
            self.names[one] = f"{of}.{rank}"
            self.nodes.append((f"{of}.{rank}", of, one))

    def join(self) -> None:
        """Find what joins those who were found with everybody in the picture."""
        outside = {node for _, _, node in self.nodes}
        patients = [entity for kind, entity in self.names if kind == "patient"]
        rows = self.db.execute(SHARED.format(columns=OTHERS), {"ids": patients}).fetchall()
        for who, column, entity, claims in rows:
            pair = ("patient", who), (TYPE_OF[column], entity)
            if pair[1] in self.names and not outside.isdisjoint(pair):
                self.claims[_pair(*pair)] = claims
        self._tied([entity for kind, entity in outside if kind == "patient"])

    def _counted(self, node: Node) -> dict[Node, int]:
        """What the claims of one name beside it, most often first."""
        columns = OTHERS if node[0] == "patient" else f"patient_id, {OTHERS}"
        rows = self.db.execute(COUNTED.format(columns=columns, column=COLUMN_OF[node[0]]), {"id": node[1]}).fetchall()
        found = {(TYPE_OF[column], entity): claims for column, entity, claims in rows}
        return {other: claims for other, claims in found.items() if other != node and other not in self.aside}

    def _tied(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """By patient, to whom a channel ties it: the strongest first, ties by id. Kept for the edges."""
        weights: dict[str, dict[str, float]] = {one: {} for one in ids}
        rows = self.store.query(TIES, {"ids": list(ids)}, limit=ROWS, seconds=SECONDS).to_pylist() if ids else []
        for row in rows:
            one, other = row["patient_a"], row["patient_b"]
            if self.elsewhere is None or other in self.elsewhere or ("patient", other) in self.names:
                pair = (min(one, other), max(one, other))
                tie = Tie(**row | {"patient_a": pair[0], "patient_b": pair[1]})
                self.ties.setdefault(pair, {})[tie.channel] = tie
                weights[one][other] = weights[one].get(other, 0.0) + tie.weight
        return {one: sorted(found, key=lambda other: (-found[other], other)) for one, found in weights.items()}

    def edges(self) -> list[dict[str, Any]]:
        """What joins two in the picture of whom at least one was found, by names."""
        outside = {node for _, _, node in self.nodes}
        joined = [
            edge(self.names[a], self.names[b], claims=claims)
            for (a, b), claims in self.claims.items()
            if a in self.names and b in self.names and (a in outside or b in outside)
        ]
        for (a, b), ties in self.ties.items():
            one, other = ("patient", a), ("patient", b)
            if one in self.names and other in self.names and (one in outside or other in outside):
                joined.append(edge(self.names[one], self.names[other], list(ties.values())))
        return sorted(joined, key=lambda one: (one["a"], one["b"], one["claims"] is None))


def around(folder: Path, run_id: str, drawn: Sequence[Node], of: Sequence[str], districts: Districts) -> Around | None:
    """Who and what is around those of these names; None where one of them is in the picture of nobody. `drawn`: m1, m2, ... of the ring."""
    place = Workspace(folder)
    stored = place.run(run_id)
    with claims_seen(stored.tables, districts) as db, open_graph(stored, place) as store:
        names = {node: f"m{number}" for number, node in enumerate(drawn, 1)}
        aside = frozenset(
            (TYPE_OF[one["column"]], one["value"]) for one in stored.info["set_aside"] if one["column"] in TYPE_OF
        )
        looking = _Looking(db, store, aside, _people(db, districts), names)
        for name in dict.fromkeys(of):
            node = next((node for node, called in looking.names.items() if called == name), None)
            if node is None:
                return None
            looking.look(name, node)
        looking.join()
    register = Register(stored.tables)
    called = {
        kind: register.names(kind, [entity for _, _, (type_, entity) in looking.nodes if type_ == kind])
        for kind in NAMED
    }
    nodes = [Found(name, of_, node, called.get(node[0], {}).get(node[1])) for name, of_, node in looking.nodes]
    return Around(nodes, looking.edges(), looking.left)


def _pair(one: Node, other: Node) -> tuple[Node, Node]:
    """The patient first, as in a ring's graph; of two others by type and id."""
    return (one, other) if one[0] == "patient" or (other[0] != "patient" and one < other) else (other, one)


def _people(db: duckdb.DuckDBPyConnection, districts: Districts) -> frozenset[str] | None:
    if districts is None:
        return None
    rows = db.execute("SELECT patient_id FROM people WHERE district IN (SELECT district FROM own)").fetchall()
    return frozenset(one for (one,) in rows)
