"""Ways around the check of a query, tried on a real graph file: it stays the same bytes, nothing else appears, it answers on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.store.ladybug import LadybugStore

from .conftest import MEMORY_GB
from .test_statements import DOORS

SECRET = "only-in-this-file"


@pytest.fixture(scope="module")
def place(small_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph with a file beside it that a query might read."""
    folder = tmp_path_factory.mktemp("ways")
    shutil.copy(small_graph, folder / "graph.lbug")
    (folder / "x").write_text(SECRET, encoding="utf-8")
    (folder / "x.csv").write_text(f"a\n{SECRET}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opened(place: Path) -> Iterator[LadybugStore]:
    with LadybugStore(place / "graph.lbug", memory_gb=MEMORY_GB) as store:
        yield store


def bytes_in(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.mark.parametrize("statement", DOORS)
def test_way_around_is_refused_and_changes_nothing(
    place: Path, opened: LadybugStore, statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(DOORS) >= 60
    monkeypatch.chdir(place)
    before = bytes_in(place)
    with pytest.raises(UsageError) as refused:
        opened.query(statement)
    assert SECRET not in str(refused.value)
    assert bytes_in(place) == before
    assert opened.query("MATCH (c:Claim) RETURN count(*) AS n").to_pylist() == [{"n": 4}]


# What an engine would quote of a value when a query breaks on it.
BREAKING = [
    "error(h.number)",
    "CAST(CAST(h.number AS INT64) AS INT8)",
    "[1, 2][CAST(h.number AS INT64)]",
    "CAST(h.number AS INT64) * 1000000000000000000",
    "date(h.number)",
]


@pytest.mark.parametrize("value", BREAKING)
def test_error_of_a_running_query_quotes_no_value_of_the_claims(opened: LadybugStore, value: str) -> None:
    numbers = opened.query("MATCH (h:Phone) RETURN h.number AS number").column("number").to_pylist()
    assert "013800" in numbers
    with pytest.raises(UsageError, match=r"^the query cannot be run") as caught:
        opened.query(f"MATCH (h:Phone {{number: '013800'}}) RETURN {value} AS x")
    assert "13800" not in str(caught.value)


def test_error_that_cuts_a_character_is_told_in_words(opened: LadybugStore) -> None:
    with pytest.raises(UsageError, match="it meets a value that it cannot work with"):
        opened.query("WITH '罗志娜' AS called RETURN blob('\\\\x' + called) AS x")


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (a), (b), (c), (d), (e), (f), (g), (h) RETURN count(*) AS n",
        "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS n",
    ],
)
def test_query_without_end_is_stopped_and_the_file_answers_on(
    place: Path, opened: LadybugStore, statement: str
) -> None:
    before = bytes_in(place)
    with pytest.raises(UsageError, match="took longer than 1 s and was stopped"):
        opened.query(statement, seconds=1)
    assert bytes_in(place) == before
    assert opened.query("MATCH (c:Claim) RETURN count(*) AS n").to_pylist() == [{"n": 4}]
