from __future__ import annotations

import csv
import hashlib
import json
import random
import re
import signal
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tiny

from ringfinder import claims
from ringfinder.claims.city import make_city
from ringfinder.errors import InputError, StoreError, TooManyRejects, UsageError
from ringfinder.pipeline.steps import Finished, Order, previous_rings, rejects_of, run
from ringfinder.report.comparison import compare
from ringfinder.report.contract import RejectRow, columns
from ringfinder.report.files import Format, read_results
from ringfinder.settings import ClaimsSettings, DetectionSettings, Settings
from ringfinder.store.ladybug import LadybugStore
from ringfinder.workspace import Workspace

ONE_THREAD = Settings(detection=DetectionSettings(threads=1))
SHARED = ("rings.csv", "members.csv", "evidence.csv", "rejects.csv")


@pytest.fixture
def order(tmp_path: Path) -> Order:
    claims = tiny.write_csv(tmp_path / "claims")
    return Order(claims, Workspace(tmp_path / "work"), ONE_THREAD, out=tmp_path / "out")


@pytest.mark.parametrize("stage", ["view", "publish"])
def test_interrupt_leaves_the_last_good_run_and_the_results(order: Order, stage: str) -> None:
    good = tiny.publish_run(order.workspace.folder)
    assert order.out is not None
    order.out.mkdir()
    (order.out / "rings.csv").write_text("old", encoding="utf-8")

    def interrupt(told: str, _: float) -> None:
        if told == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(order, interrupt)
    assert order.workspace.needed().run_id == good
    assert [path.name for path in order.workspace.runs.iterdir()] == [good]
    assert [path.name for path in order.out.iterdir()] == ["rings.csv"]
    assert (order.out / "rings.csv").read_text(encoding="utf-8") == "old"


def test_full_disk_under_the_results_leaves_the_last_good_run(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    good = tiny.publish_run(order.workspace.folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(StoreError, match=r"no room left on the disk for .*; free some space and run again"):
        run(order)
    assert order.workspace.needed().run_id == good


def stall(*_: object) -> None:
    """A graph engine whose threads wait for each other."""
    signal.pause()


def test_graph_that_stalls_ends_the_run_and_the_last_good_one_stays(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tiny.publish_run(order.workspace.folder)
    monkeypatch.setattr("ringfinder.store.ladybug.build_graph", stall)
    with pytest.raises(StoreError, match=r"^the process that builds the graph did nothing for 1 seconds and was ended"):
        run(replace(order, stall_seconds=1.0))
    assert order.workspace.needed().run_id == good
    assert [path.name for path in order.workspace.runs.iterdir()] == [good]
    assert order.out is not None
    assert not list(order.out.iterdir())


def test_output_that_is_a_file_is_refused_before_anything_is_read(order: Order, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file or lies under one; give a folder"):
        run(replace(order, claims=tmp_path / "nowhere", out=tmp_path / "file"))
    with pytest.raises(UsageError, match="lies under one; give a folder"):
        run(replace(order, claims=tmp_path / "nowhere", out=tmp_path / "file" / "below"))
    with pytest.raises(UsageError, match="cannot be written"):
        run(replace(order, claims=tmp_path / "nowhere", out=Path("/proc/results")))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_results_do_not_go_among_the_claims(order: Order) -> None:
    before = sorted(order.claims.iterdir())
    with pytest.raises(UsageError, match="is where the claims are; give another folder"):
        run(replace(order, out=order.claims / ".." / "claims"))
    assert sorted(order.claims.iterdir()) == before


@pytest.mark.parametrize("written", [".", "sub/..", ""])
def test_folder_without_a_name_is_called_by_the_one_it_has(
    order: Order, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str
) -> None:
    (tmp_path / "2024年" / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "2024年")
    with pytest.raises(InputError, match=r"^2024年: the folder holds no claims"):
        run(replace(order, claims=Path(written)))


def test_too_many_rejects_make_no_run(order: Order) -> None:
    path = order.claims / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2024-03-01", "yesterday"), encoding="utf-8")
    with pytest.raises(InputError):
        run(order)
    assert order.workspace.current() is None


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_refused_claims_leave_their_rejected_rows_beside_older_results_and_nothing_else(
    order: Order, file_format: Format
) -> None:
    good = tiny.publish_run(order.workspace.folder)
    assert order.out is not None
    order.out.mkdir()
    (order.out / "rings.csv").write_text("old", encoding="utf-8")
    path = order.claims / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2024-03-01", "yesterday"), encoding="utf-8")
    kept = order.out / f"rejects.{file_format}"
    with pytest.raises(
        TooManyRejects, match=rf"max_reject_share; every rejected row is listed in {re.escape(str(kept))}$"
    ):
        run(replace(order, file_format=file_format))
    with pytest.raises(TooManyRejects, match=r"max_reject_share$"):
        run(replace(order, out=None))
    assert order.workspace.needed().run_id == good
    assert [found.name for found in order.workspace.runs.iterdir()] == [good]
    assert sorted(found.name for found in order.out.iterdir()) == [kept.name, "rings.csv"]
    assert (order.out / "rings.csv").read_text(encoding="utf-8") == "old"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    read = (
        duckdb.sql(f"SELECT * FROM '{kept}'") if file_format == "parquet" else duckdb.read_csv(kept, all_varchar=True)
    )
    assert read.columns == [*columns(RejectRow)]
    assert [row[:4] for row in read.fetchall()] == [
        ("claims.csv", row, "start_time", f"yesterday 09:{minute}:00")
        for row, minute in (("2", "00"), ("3", "05"), ("4", "07"))
    ]


def test_record_names_the_source_that_was_recognised(order: Order, tmp_path: Path) -> None:
    synthea = Path(__file__).parents[1] / "claims" / "data" / "synthea"
    for claims_of, profile in ((order.claims, "canonical"), (synthea, "synthea")):
        found = run(replace(order, claims=claims_of, workspace=Workspace(tmp_path / profile), out=None))
        assert found.stored.info["profile"] == profile


def test_rejects_of_the_claims_room_become_rows(order: Order, tmp_path: Path) -> None:
    path = order.claims / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2024-05-02 08:00:00", "yesterday"), encoding="utf-8")
    settings = ClaimsSettings(max_reject_share=0.5)
    (row,) = rejects_of(claims.read(order.claims, tmp_path / "tables", settings))
    assert (row.file, row.row, row.column, row.value) == ("claims.csv", "7", "start_time", "yesterday")
    assert row.reason
    assert isinstance(row, RejectRow)


def test_row_of_a_reject_is_that_of_a_spreadsheet_also_after_line_breaks_in_quotes(tmp_path: Path) -> None:
    head = "claim_id,patient_id,facility_id,service_type,start_time,total_amount,diagnosis_name"
    good = "C{},P1,F1,pharmacy,2024-03-01 09:00:00,10.00,"
    rows = [good.format(i) + '"two\nlines, and\n\nan empty one"' for i in range(8)]
    rows[5] = rows[5].replace("10.00", "ten")  # row 7 of the sheet; its line is the 27th
    rows[7] = "C7,P1,F1"
    (tmp_path / "claims.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found = rejects_of(claims.read(tmp_path / "claims.csv", tmp_path / "tables", ClaimsSettings(max_reject_share=0.5)))
    assert [(row.file, row.row, row.column, row.value) for row in found] == [
        ("claims.csv", "7", "total_amount", "ten"),
        ("claims.csv", "9", "", ""),
    ]


def test_previous_rings_come_from_the_current_run(tmp_path: Path) -> None:
    assert previous_rings(Workspace(tmp_path)) == ()
    tiny.publish_run(tmp_path)
    assert previous_rings(Workspace(tmp_path)) == (
        ("R0", frozenset({"P1"})),
        ("R;1", frozenset({"P1", "P2", "P3"})),
    )


def test_broken_previous_run_does_not_block_the_next(tmp_path: Path) -> None:
    tiny.publish_run(tmp_path)
    (Workspace(tmp_path).needed().folder / "results" / "rings.csv").unlink()
    assert previous_rings(Workspace(tmp_path)) == ()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    make_city(folder, 1200, 3, 3)
    return folder


@pytest.fixture(scope="module")
def first(city: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Order, Finished, list[str]]:
    """One whole run of the city: what was asked, what came of it, and the stages that were told."""
    folder = tmp_path_factory.mktemp("first")
    order = Order(city, Workspace(folder / "work"), ONE_THREAD, out=folder / "out")
    told: list[str] = []
    return order, run(order, lambda stage, share: told.append(stage)), told


def test_run_publishes_the_same_results_in_workspace_and_output(first: tuple[Order, Finished, list[str]]) -> None:
    order, finished, told = first
    stored = order.workspace.needed()
    assert order.out is not None
    names = sorted(path.name for path in order.out.iterdir())
    assert names == ["evidence.csv", "members.csv", "rejects.csv", "report.html", "rings.csv", "run.json"]
    for name in names:
        assert (order.out / name).read_bytes() == (stored.folder / "results" / name).read_bytes()
    assert stored.run_id == finished.stored.run_id
    assert read_results(order.out) == finished.results
    assert finished.report == order.out / "report.html"
    assert told[-3:] == ["write", "publish", "publish"]


def test_record_says_what_was_read_and_what_it_cost(city: Path, first: tuple[Order, Finished, list[str]]) -> None:
    order, finished, _ = first
    assert order.out is not None
    record = json.loads((order.out / "run.json").read_text(encoding="utf-8"))
    assert record == finished.stored.info
    rows = len((city / "claims.csv").read_bytes().splitlines()) - 1
    digest = hashlib.sha256((city / "claims.csv").read_bytes()).hexdigest()
    assert {"file": "claims.csv", "rows": rows, "sha256": digest} in record["read"]
    assert [stage["stage"] for stage in record["stages"]] == ["read", "find", "graph", "write"]
    assert all(stage["seconds"] >= 0 and stage["peak_mib"] > 50 for stage in record["stages"])
    assert record["rings"] == len(finished.results.rings) > 0
    assert record["alerts"] == sum(ring.alert for ring in finished.results.rings)
    assert record["settings"]["detection"]["threads"] == 1
    assert {channel["on"] for channel in record["channels"]} <= {True, False}
    assert record["run_id"] == finished.stored.run_id


def test_graph_holds_the_rings_of_the_results(first: tuple[Order, Finished, list[str]]) -> None:
    _, finished, _ = first
    with LadybugStore(finished.stored.graph, memory_gb=0.5) as store:
        rows = store.query("MATCH (r:Ring)-[:HAS_MEMBER]->(p:Patient) RETURN r.ring_id AS ring, p.patient_id AS person")
    results = finished.results
    members = {(m.ring_id, m.entity_id) for m in results.members if m.entity_type == "patient"}
    assert {(row["ring"], row["person"]) for row in rows.to_pylist()} == members


def shuffled(city: Path, out: Path) -> Path:
    """The same city, rows and columns in another order."""
    rng = random.Random(7)
    out.mkdir()
    for path in sorted(city.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        heads = list(rows[0])
        rng.shuffle(rows)
        rng.shuffle(heads)
        with (out / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            writer.writerows(rows)
    return out


def test_row_order_and_threads_do_not_change_a_byte(
    city: Path, first: tuple[Order, Finished, list[str]], tmp_path: Path
) -> None:
    two = Settings(detection=DetectionSettings(threads=2))
    run(Order(shuffled(city, tmp_path / "city"), Workspace(tmp_path / "work"), two, out=tmp_path / "second"))
    assert first[0].out is not None
    for name in SHARED:
        assert (first[0].out / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_next_run_on_the_same_claims_differs_in_nothing(first: tuple[Order, Finished, list[str]]) -> None:
    order, finished, _ = first
    again = run(replace(order, out=None, file_format="parquet"))
    assert compare(finished.results, again.results) == ()
    assert read_results(again.stored.folder / "results") == again.results
    assert [stored.current for stored in order.workspace.list_runs()] == [True, False]
