"""For notebooks: the graph of a run, asked by name or in Cypher, answered as pandas, Arrow, rows or networkx.

    import ringfinder as rf

    g = rf.open("ringfinder-data")                             # the current run; run_id="..." for another
    g.cypher("hunt/admitted-together", days=3).df()            # a named query, parameters by name
    g.cypher("MATCH (r:Ring) WHERE r.score > $least RETURN r.ring_id", least=90).rows()
    g.cypher("read/ring-neighbourhood", ring_id=ring).graph()  # networkx: nodes are (entity type, id)
    g.ring(ring)                                               # a ring, drawn in the cell; also .networkx()

Personal values are masked as on the command line; `rf.open(..., unmask=True)` shows them. The graph stays open until
`g.close()` or the end of a `with` block.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ringfinder.errors import UsageError
from ringfinder.pipeline.asking import Answer, answer_of
from ringfinder.pipeline.graphs import open_graph
from ringfinder.pipeline.pictures import Picture, picture_of
from ringfinder.report.files import read_results
from ringfinder.report.register import Register
from ringfinder.store.contract import ROW_LIMIT, SECONDS
from ringfinder.store.queries import library, run
from ringfinder.words import Language
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import StoredRun, Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyarrow as pa

    from ringfinder.report.linked import Node

_NAME = re.compile(r"[\w/-]+")


class Result:
    """The rows of a query, in the form that is asked for."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def df(self) -> pd.DataFrame:
        """As a pandas data frame."""
        return self._answer.table.to_pandas()

    def arrow(self) -> pa.Table:
        """As a pyarrow table."""
        return self._answer.table

    def rows(self) -> list[dict[str, Any]]:
        """As dicts."""
        return self._answer.table.to_pylist()

    def graph(self) -> nx.Graph[Node]:
        """Who is named beside whom: nodes (entity type, id), the rows' other values on the edges."""
        return self._answer.graph()

    @property
    def cut(self) -> bool:
        """Whether there were more rows than `limit`."""
        return self._answer.cut

    def __len__(self) -> int:
        return self._answer.table.num_rows

    def __repr__(self) -> str:
        more = ", more were left out" if self.cut else ""
        return f"<{len(self)} rows of {', '.join(self._answer.table.column_names)}{more}>"

    def _repr_html_(self) -> str:
        return str(self.df().to_html(notebook=True, max_rows=20))


class Ring:
    """One ring: drawn where it is the last line of a notebook's cell (extra `viz`), or as a graph to reckon with."""

    def __init__(self, graph: Graph, ring_id: str, lang: Language) -> None:
        self._graph = graph
        self._lang = lang
        self.ring_id = ring_id

    def networkx(self) -> nx.Graph[Node]:
        """Its members with their roles, and the ties and claims that join them; ids as they are."""
        from ringfinder.store.neighbourhood import to_networkx  # noqa: PLC0415 - networkx

        return to_networkx(self._graph.store, self.ring_id)

    def picture(self) -> Picture:
        """As `.html()`, `.svg()` and `.png()`, masked unless the graph was opened with `unmask`."""
        graph = self._graph
        return picture_of(graph.store, graph.stored, self.ring_id, self._lang, graph.unmask)

    def __repr__(self) -> str:
        return f"<ring {self.ring_id} of run {self._graph.run_id}>"

    def _repr_html_(self) -> str:
        return self.picture().cell()


class Graph:
    """The graph of one run, to be read. Also a context manager."""

    def __init__(self, stored: StoredRun, workspace: Workspace, unmask: bool = False) -> None:
        self.run_id = stored.run_id
        self.stored = stored
        self.unmask = unmask
        self.store = open_graph(stored, workspace)
        self._people = Register(stored.tables, unmask)

    def cypher(
        self, query: str, /, *, limit: int = ROW_LIMIT, seconds: float = SECONDS, **parameters: Any
    ) -> Result:  # fmt: skip
        """A named query (`hunt/admitted-together`) or one reading Cypher statement, with its parameters.

        A parameter may come out of another answer: a value or a column of numpy or pandas.
        """
        parameters = {name: _plain(value) for name, value in parameters.items()}
        if _NAME.fullmatch(query):
            table = run(self.store, query, parameters, limit=limit, seconds=seconds)
            return Result(answer_of(library()[query], table, self._people))
        table = self.store.query(query, parameters, limit=limit, seconds=seconds)
        return Result(answer_of(None, table, self._people))

    def queries(self, kind: str | None = None) -> dict[str, str]:
        """Name -> title of the named queries, of those that look for one kind of ring where it is given."""
        return {name: one.titles["en"] for name, one in library().items() if kind is None or kind in one.kinds}

    def ring(self, ring_id: str, lang: Language = "en") -> Ring:
        """A ring of this run, in the language given; UsageError if there is none of that id."""
        read_results(self.stored.results).ring(ring_id)
        return Ring(self, ring_id, lang)

    def close(self) -> None:
        """Let go of the graph."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<graph of run {self.run_id}>"


def _plain(value: Any) -> Any:
    """A value of numpy or pandas, or several, as Python's own; any other as it is."""
    if isinstance(value, tuple):
        return list(value)
    return value.tolist() if hasattr(value, "tolist") else value


def open_workspace(workspace: str | Path | None = None, *, run_id: str | None = None, unmask: bool = False) -> Graph:
    """The graph of a workspace's current run, or of the run named; `workspace` as on the command line."""
    place = Workspace.locate(Path(workspace) if workspace is not None else None)
    stored = place.needed() if run_id is None else place.run(run_id)
    if stored.store == "embedded" and not stored.graph.exists():
        raise UsageError(Sentence("faults.no_graph_file", run_id=stored.run_id))
    return Graph(stored, place, unmask)
