from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from ringfinder.pipeline.asking import ask
from ringfinder.store.queries import library
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api import workers
from ringfinder_api.problems import Problem
from ringfinder_api.workers import Workers


def test_library_is_listed_with_its_parameters(analyst: httpx.Client) -> None:
    told = {one["name"]: one for one in analyst.get("/v1/queries", headers={"accept-language": "zh"}).json()["queries"]}
    assert list(told) == list(library())
    query = library()["hunt/admitted-together"]
    assert told[query.name]["title"] == query.titles["zh"]
    assert [one["name"] for one in told[query.name]["parameters"]] == [one.name for one in query.parameters]
    one = analyst.get("/v1/queries/hunt/admitted-together").json()
    assert one["statement"] == query.statement("embedded")


def test_answer_is_that_of_the_command_line(analyst: httpx.Client, stored: StoredRun, ran: Path) -> None:
    for name, parameters in (
        ("hunt/admitted-together", {"days": 3}),
        ("result/rings", {}),
        ("watch/default-values", {}),
    ):
        wanted = ask(stored, Workspace(ran), name, parameters, limit=7)
        told = analyst.post(f"/v1/queries/{name}:run", json={"parameters": parameters, "limit": 7}).json()
        assert (told["columns"], told["cut"]) == (wanted.table.column_names, wanted.cut)
        assert [[str(value) for value in row] for row in told["rows"]] == [
            [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in row.values()]
            for row in wanted.table.to_pylist()
        ]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, "ring_id"),
        ({"ring_id": 5}, "ring_id"),
        ({"ring_id": "R", "secret": "x"}, "..."),
    ],
)
def test_wrong_parameters_are_named(analyst: httpx.Client, body: dict[str, Any], names: str) -> None:
    refused = analyst.post("/v1/queries/read/ring:run", json={"parameters": body})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_parameters")
    assert f": {names};" in refused.json()["detail"]
    assert "secret" not in refused.text


def test_unknown_query_and_free_cypher_are_not_run(analyst: httpx.Client) -> None:
    for path in ("/v1/queries/hunt/nothing:run", "/v1/queries/hunt/MATCH (n) RETURN n:run"):
        refused = analyst.post(path, json={})
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_query")


def endless() -> None:
    while True:
        pass


def test_work_is_killed_at_its_deadline_and_too_many_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed() -> float:
        began = time.monotonic()
        with pytest.raises(Problem) as told:
            await Workers().ask(0.5, endless)
        assert told.value.code == "too_slow"
        return time.monotonic() - began

    async def refused() -> None:
        monkeypatch.setattr(workers, "WAITING", -workers.AT_ONCE)
        with pytest.raises(Problem) as told:
            await Workers().ask(0.5, endless)
        assert (told.value.code, told.value.wait) == ("busy", workers.COME_AGAIN)

    assert asyncio.run(killed()) < 10
    asyncio.run(refused())


def test_work_goes_on_where_the_main_program_has_no_file(tiny_workspace: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from ringfinder_api.sources import known\n"
        "from ringfinder_api.workers import Workers\n"
        "print(len(asyncio.run(Workers().load(known, pathlib.Path(sys.argv[1])))['patient']))\n"
    )
    tables = Workspace(tiny_workspace).needed().tables
    done = subprocess.run([sys.executable, "-c", code, tables], capture_output=True, text=True, check=True)
    assert done.stdout == "4\n"
