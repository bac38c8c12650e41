"""A stranger's Cypher on the graph file of a run: the work of a process that lives for one question, shut in before it is read.

    stdin    one JSON object: graph and tables (paths), statement, parameters, limit, seconds
    stdout   one JSON object: columns, rows (personal values masked), cut; or said: what is wrong with the question, by
             language; or slow

It is started with an empty environment, since that may hold passwords. Whoever starts it ends it at its deadline.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ringfinder.errors import QueryTooSlow, StoreError, UsageError
from ringfinder.pipeline.sandbox import shut_in
from ringfinder.store.memory import MAX_FILE
from ringfinder.words.sentences import Sentence, in_both

START_SECONDS = 15.0  # of processor time: the libraries take some before the query's own begins
ROOM = 4 * 2**30  # bytes: the engine's pool, the libraries, an answer


def main() -> None:
    """Answer the question on stdin."""
    asked: dict[str, Any] = json.load(sys.stdin)
    try:
        answer = _answered(asked)
    except QueryTooSlow:
        answer = {"slow": True}
    except UsageError as error:
        answer = {"said": in_both(error)}
    except OverflowError:
        answer = {"said": in_both(Sentence("faults_store.number_large"))}
    except MemoryError:
        answer = {"said": in_both(Sentence("faults_store.query_memory_here"))}
    except StoreError as error:
        print(type(error).__name__, file=sys.stderr)
        sys.exit(1)
    json.dump(answer, sys.stdout, ensure_ascii=False, default=_plain)


def _answered(asked: dict[str, Any]) -> dict[str, Any]:
    graph, tables = Path(asked["graph"]), Path(asked["tables"])
    shut_in((graph, tables), MAX_FILE + ROOM, asked["seconds"] + START_SECONDS)
    from ringfinder.pipeline.asking import answer_of  # noqa: PLC0415 - libraries start threads: inside
    from ringfinder.report.register import Register  # noqa: PLC0415
    from ringfinder.store.ladybug import LadybugStore  # noqa: PLC0415

    with LadybugStore(graph, memory_gb=1.0) as store:
        table = store.query(asked["statement"], asked["parameters"], limit=asked["limit"], seconds=asked["seconds"])
    found = answer_of(None, table, Register(tables))
    columns = [column.to_pylist() for column in found.table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return {"columns": list(found.table.column_names), "rows": rows, "cut": found.cut}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else repr(value)


if __name__ == "__main__":
    main()
