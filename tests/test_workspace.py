from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import select
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfinder.errors import StoreError, UsageError, WorkspaceBusy
from ringfinder.store.ladybug import LadybugStore
from ringfinder.tables import CLAIMS
from ringfinder.workspace import DEFAULT, ENVIRONMENT, RUN_FILE, StoredRun, Workspace

CLAIM_ROWS = 50
KILLS = 30


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "ws")


def publish(workspace: Workspace, name: str = "") -> StoredRun:
    with workspace.new_run() as draft:
        (draft.folder / RUN_FILE).write_text(json.dumps({"name": name}))
        return draft.publish()


def fail(workspace: Workspace, error: Exception) -> None:
    """A run that breaks off in the middle."""
    with workspace.new_run() as draft:
        draft.graph.write_text("half")
        raise error


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class Maker:
    """The process that makes runs on order; `order` gives the pid of the fork that carries it out."""

    def __init__(self) -> None:
        script = Path(__file__).parent / "runs_to_kill.py"
        self.process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def order(self, **order: Any) -> int:
        self.stdin.write((json.dumps(order) + "\n").encode())
        self.stdin.flush()
        return int(self.answer()["pid"])

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.stdout.readline())
        return found

    def until_end(self) -> list[dict[str, Any]]:
        said = [self.answer()]
        while "ended" not in said[-1]:
            said.append(self.answer())
        return said

    def close(self) -> None:
        self.stdin.close()
        self.process.wait()
        self.stdout.close()


@pytest.fixture(scope="module")
def maker() -> Iterator[Maker]:
    made = Maker()
    yield made
    made.close()


def test_workspace_is_the_option_or_the_environment_or_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert Workspace.locate().folder == DEFAULT
    monkeypatch.setenv(ENVIRONMENT, "/somewhere")
    assert Workspace.locate().folder == Path("/somewhere")
    assert Workspace.locate(Path("here")).folder == Path("here")


def test_reading_an_empty_workspace_writes_nothing(workspace: Workspace) -> None:
    assert workspace.current() is None
    assert workspace.list_runs() == []
    with pytest.raises(UsageError, match="has no run yet"):
        workspace.needed()
    assert not workspace.folder.exists()


def test_published_run_is_current_whole_and_private(workspace: Workspace) -> None:
    with workspace.new_run() as draft:
        (draft.tables / "claims.parquet").write_text("claims")
        draft.graph.write_text("graph")
        (draft.folder / RUN_FILE).write_text('{"seconds": 3}')
        assert workspace.current() is None
        run = draft.publish()
    assert run == StoredRun(draft.run_id, workspace.runs / draft.run_id, {"seconds": 3}, True)
    assert workspace.current() == run
    assert workspace.needed() == run
    assert (run.tables / "claims.parquet").read_text() == "claims"
    assert run.graph.read_text() == "graph"
    assert names(workspace.folder) == ["current", "lock", "runs"]
    assert names(workspace.runs) == [run.run_id]
    for folder in (workspace.folder, workspace.runs, run.folder, run.tables):
        assert mode(folder) == 0o700
    for file in (workspace.folder / "current", workspace.folder / "lock", run.graph, run.tables / "claims.parquet"):
        assert mode(file) == 0o600


def test_run_that_fails_leaves_the_last_good_one_current(workspace: Workspace) -> None:
    good = publish(workspace)
    with pytest.raises(ZeroDivisionError):
        fail(workspace, ZeroDivisionError())
    assert workspace.current() == good
    assert names(workspace.runs) == [good.run_id]


def test_runs_are_listed_newest_first_with_what_they_say_of_themselves(workspace: Workspace) -> None:
    made = [publish(workspace, name) for name in "abc"]
    (made[1].folder / RUN_FILE).write_text("{broken")
    found = workspace.list_runs()
    assert [run.run_id for run in found] == [run.run_id for run in reversed(made)]
    assert {run.run_id: run.info for run in found} == {
        made[0].run_id: {"name": "a"},
        made[1].run_id: {},
        made[2].run_id: {"name": "c"},
    }
    assert [run.run_id for run in found if run.current] == [made[2].run_id]
    assert workspace.run(made[0].run_id).info == {"name": "a"}
    with pytest.raises(UsageError, match="there is no run nothing"):
        workspace.run("nothing")


class Clock(datetime):
    """A clock that stands, and may be put back."""

    shown = datetime(2024, 3, 1, 9, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls.fromtimestamp(cls.shown.timestamp(), tz)


def test_runs_have_an_order_within_one_second_and_when_the_clock_is_put_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfinder.workspace.datetime", Clock)
    made = [publish(workspace) for _ in range(12)]
    monkeypatch.setattr(Clock, "shown", datetime(2023, 12, 31, 9, tzinfo=UTC))
    with pytest.raises(ZeroDivisionError):
        fail(workspace, ZeroDivisionError())
    made.append(publish(workspace))
    assert [made[i].run_id for i in (0, 11, 12)] == [
        "20240301-090000-000001",
        "20240301-090000-000012",
        "20231231-090000-000013",
    ]
    assert [run.run_id for run in workspace.list_runs()] == [run.run_id for run in reversed(made)]
    assert [workspace.before(run) for run in made[1:]] == [workspace.run(run.run_id) for run in made[:-1]]
    assert workspace.before(made[0]) is None
    assert workspace.prune(keep=1) == [run.run_id for run in reversed(made[:-1])]
    assert publish(workspace).run_id == "20231231-090000-000014"


def test_runs_of_earlier_versions_come_first_in_order_of_time(workspace: Workspace) -> None:
    old = ["20240301-090000-9999", "20240301-090000-3fa9", "20990301-090000-0001"]
    for name in old:
        (workspace.runs / name).mkdir(parents=True)
    (workspace.folder / "current").write_text("20990301-090000-0001\n")
    assert workspace.needed().run_id == "20990301-090000-0001"
    made = publish(workspace)
    assert made.run_id.endswith("-000001")
    in_time = ["20990301-090000-0001", "20240301-090000-9999", "20240301-090000-3fa9"]
    assert [run.run_id for run in workspace.list_runs()] == [made.run_id, *in_time]
    earlier = workspace.before(made)
    assert earlier is not None
    assert earlier.run_id == "20990301-090000-0001"
    assert workspace.prune(keep=2) == in_time[1:]


def test_prune_keeps_the_newest_and_always_the_current_run(workspace: Workspace) -> None:
    made = [publish(workspace).run_id for _ in range(5)]
    (workspace.folder / "current").write_text(made[0] + "\n")
    assert workspace.prune(keep=2) == [made[2], made[1]]
    assert names(workspace.runs) == [made[0], made[3], made[4]]
    assert workspace.prune(keep=0) == [made[4], made[3]]
    current = workspace.current()
    assert current is not None
    assert current.run_id == made[0]
    with pytest.raises(UsageError, match="0 or more"):
        workspace.prune(keep=-1)


def test_pinned_run_is_kept_until_it_is_let_go(workspace: Workspace) -> None:
    made = [publish(workspace).run_id for _ in range(4)]
    assert workspace.pin(made[1]).pinned
    assert workspace.pin(made[1]).pinned
    assert [run.pinned for run in workspace.list_runs()] == [False, False, True, False]
    assert mode(workspace.folder / "pinned") == 0o700
    assert workspace.prune(keep=0) == [made[2], made[0]]
    assert not workspace.unpin(made[1]).pinned
    assert workspace.prune(keep=0) == [made[1]]
    for change in (workspace.pin, workspace.unpin):
        with pytest.raises(UsageError, match="there is no run"):
            change(made[1])
    assert names(workspace.folder / "pinned") == []


def test_run_that_is_pinned_while_old_ones_are_removed_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [publish(workspace).run_id for _ in range(3)]
    hide = Workspace._hide

    def pinned_just_then(self: Workspace, run_id: str) -> Path:
        if run_id == made[1]:
            Workspace(self.folder).pin(run_id)
        return hide(self, run_id)

    monkeypatch.setattr(Workspace, "_hide", pinned_just_then)
    assert workspace.prune(keep=0) == [made[0]]
    assert names(workspace.runs) == [made[1], made[2]]


def test_workspace_is_busy_while_somebody_writes(workspace: Workspace) -> None:
    assert not workspace.is_busy()
    with workspace.new_run():
        assert workspace.is_busy()
    assert not workspace.is_busy()


def test_pointer_that_names_no_run_is_said_and_the_next_run_mends_it(workspace: Workspace) -> None:
    publish(workspace)
    for nonsense in ("gone", "", "../..", ".draft-x", "\udcff"):
        (workspace.folder / "current").write_bytes(nonsense.encode("utf-8", "surrogateescape"))
        with pytest.raises(StoreError, match=r"`current`.*run again to replace it"):
            workspace.current()
        assert not any(run.current for run in workspace.list_runs())
    assert publish(workspace) == workspace.current()


def test_run_that_never_became_current_is_not_listed_and_the_next_writer_removes_it(workspace: Workspace) -> None:
    good = publish(workspace)
    lost = workspace.runs / "29991231-000000-abcd"
    lost.mkdir()
    (workspace.folder / ".current-next").write_text(lost.name + "\n")
    assert workspace.list_runs() == [good]
    with pytest.raises(UsageError, match=f"there is no run {lost.name}"):
        workspace.run(lost.name)
    assert workspace.prune(keep=5) == []
    assert names(workspace.runs) == [good.run_id]
    assert names(workspace.folder) == ["current", "lock", "runs"]
    assert workspace.current() == good


def test_leftover_pointer_never_removes_the_current_run(workspace: Workspace) -> None:
    good = publish(workspace)
    for nonsense in (good.run_id, "", "../runs", "not there"):
        (workspace.folder / ".current-next").write_text(nonsense)
        assert workspace.list_runs() == [good]
        assert workspace.prune(keep=0) == []
        assert workspace.current() == good


def test_second_writer_is_told_who_is_writing_and_since_when(workspace: Workspace, maker: Maker) -> None:
    pid = maker.order(do="hold", workspace=str(workspace.folder))
    child = maker.answer()["held_beside"]
    before = names(workspace.runs)
    for attempt in (workspace.new_run, lambda: workspace.prune(0)):
        with pytest.raises(WorkspaceBusy) as caught, attempt():  # type: ignore[attr-defined]
            raise AssertionError("two writers at once")
        said = rf"the workspace is in use by process {pid} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC; wait until"
        assert re.match(said, str(caught.value))
    assert names(workspace.runs) == before
    os.kill(pid, signal.SIGKILL)
    assert maker.until_end() == [{"ended": signal.SIGKILL}]
    # Free at once, although a child that the dead process had forked still lives.
    os.kill(child, 0)
    assert publish(workspace) == workspace.current()
    os.kill(child, signal.SIGKILL)


def test_killed_before_any_touch_of_the_disk_the_last_or_the_new_run_is_whole(
    workspace: Workspace, maker: Maker
) -> None:
    last = publish(workspace, "first").run_id
    outcomes = []
    never_current = 0
    for moment in range(200):
        maker.order(do="run", workspace=str(workspace.folder), die_at=moment)
        said = maker.until_end()
        now = workspace.needed()
        assert {run.run_id for run in workspace.list_runs()} <= {last, now.run_id}
        in_place = {name for name in names(workspace.runs) if not name.startswith(".")}
        never_current += bool(in_place - {last, now.run_id})
        outcomes.append(now.run_id != last)
        if outcomes[-1]:
            assert now.info == {"whole": True}
            assert (now.tables / "claims.txt").read_text() == "all of it\n" * 1000
        last = now.run_id
        if said[-1] == {"ended": 0}:
            break
        assert said[-1] == {"ended": signal.SIGKILL}
        workspace.prune(keep=0)  # sweeps and leaves the current run alone, so that every attempt counts the same
        assert names(workspace.runs) == [now.run_id]
    assert never_current  # there is such a moment, between the move and the pointer
    # Early kills change nothing, late ones come after the pointer moved, and there is one point where it turns.
    assert outcomes == sorted(outcomes)
    assert 20 < outcomes.index(True) < len(outcomes) - 1
    done = publish(workspace)
    assert names(workspace.folder) == ["current", "lock", "runs"]
    assert workspace.current() == done


@pytest.fixture(scope="module")
def claims_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims")
    ids = [f"C{i:03}" for i in range(CLAIM_ROWS)]
    columns = {
        name: pa.nulls(CLAIM_ROWS, pa.timestamp("us") if CLAIMS.column(name).type == "time" else pa.string())
        for name in CLAIMS.column_names
    }
    columns |= {"claim_id": pa.array(ids), "patient_id": pa.array(ids), "facility_id": pa.array(["F"] * CLAIM_ROWS)}
    pq.write_table(pa.table(columns), folder / "claims.parquet")
    return folder


def claims_in(run: StoredRun) -> int:
    with LadybugStore(run.graph, memory_gb=0.25) as store:
        found = store.query("MATCH (c:Claim)-[:FOR_PATIENT]->(p:Patient) RETURN count(*) AS n")
    return int(found.column("n")[0].as_py())


def digest(run: StoredRun) -> str:
    return hashlib.sha256(run.graph.read_bytes()).hexdigest()


def test_killed_at_random_moments_the_last_good_graph_stays_current_and_readable(
    workspace: Workspace, maker: Maker, claims_folder: Path
) -> None:
    order = {"do": "run", "workspace": str(workspace.folder), "claims": str(claims_folder), "rows": CLAIM_ROWS}
    started = time.monotonic()
    maker.order(**order)
    assert maker.until_end()[-1] == {"ended": 0}
    usual = time.monotonic() - started
    moments = random.Random(20240301)
    last = workspace.needed()
    sums = {last.run_id: digest(last)}
    killed = 0
    while killed < KILLS:
        started = time.monotonic()
        pid = maker.order(**order)
        deadline = started + moments.random() * usual
        said: list[dict[str, Any]] = []
        while (left := deadline - time.monotonic()) > 0 and not any("ended" in one for one in said):
            if select.select([maker.stdout], [], [], left)[0]:
                said.append(maker.answer())
        if not any("ended" in one for one in said):
            with suppress(ProcessLookupError):  # it ended since we looked: then it was not killed, and says so
                os.kill(pid, signal.SIGKILL)
            said += maker.until_end()
        else:
            usual = time.monotonic() - started  # faster than before: aim earlier
        killed += said[-1] == {"ended": signal.SIGKILL}
        now = workspace.needed()
        acknowledged = [one["published"] for one in said if "published" in one]
        # What was acknowledged is current; what was not is either the last good run or the new one, whole.
        assert not acknowledged or now.run_id == acknowledged[0]
        assert acknowledged or now.run_id == last.run_id or any(one.get("event") == "publish" for one in said)
        if now.run_id not in sums:
            sums[now.run_id] = digest(now)
            assert claims_in(now) == CLAIM_ROWS
        assert digest(now) == sums[now.run_id]
        last = now
    maker.order(**order)
    assert maker.until_end()[-1] == {"ended": 0}
    assert claims_in(workspace.needed()) == CLAIM_ROWS
    assert not [name for name in names(workspace.runs) if name.startswith(".")]


@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
def test_full_disk_while_publishing_is_one_sentence_and_the_last_run_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The system's calls are made to fail: filling a real disk needs root."""
    good = publish(workspace)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with workspace.new_run() as draft:
        (draft.folder / RUN_FILE).write_text("{}")
        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(StoreError) as caught:
                draft.publish()
    assert str(caught.value) == ("the run cannot be written (No space left on device); free some space and run again")
    assert workspace.current() == good
    assert publish(workspace) == workspace.current()


def test_full_disk_inside_a_run_is_one_sentence(workspace: Workspace) -> None:
    good = publish(workspace)
    with pytest.raises(StoreError, match=r"^no room left on the disk for the run; free some space and run again$"):
        fail(workspace, OSError(errno.ENOSPC, "No space left on device"))
    assert workspace.current() == good
    assert names(workspace.runs) == [good.run_id]


def test_other_errors_of_the_system_inside_a_run_stay_what_they_are(workspace: Workspace) -> None:
    with pytest.raises(FileNotFoundError), workspace.new_run():
        (workspace.folder / "nothing").read_text()


def test_workspace_that_cannot_be_a_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = Workspace(tmp_path / "file")
    with pytest.raises(UsageError, match="file is a file; name a folder"), place.new_run():
        raise AssertionError("no workspace in a file")
    for attempt in (place.current, place.list_runs, lambda: place.prune(1)):
        with pytest.raises(UsageError, match="file is a file; name a folder"):
            attempt()  # type: ignore[operator]
    with pytest.raises(StoreError, match="the workspace cannot be written"), Workspace(Path("/proc/ws")).new_run():
        raise AssertionError("no workspace among processes")


def test_workspace_whose_lock_cannot_be_written_is_one_sentence_and_loses_nothing(workspace: Workspace) -> None:
    run_id = publish(workspace).run_id
    (workspace.folder / "lock").unlink()
    (workspace.folder / "lock").mkdir()  # as a read-only disk does it: also root may not write here
    said = r"^the workspace cannot be written \(Is a directory\); check the folder and its owner$"
    with pytest.raises(StoreError, match=said), workspace.new_run():
        raise AssertionError("no run without a lock")
    with pytest.raises(StoreError, match=said):
        workspace.prune(0)
    assert [run.run_id for run in workspace.list_runs()] == [run_id]


def test_pruning_where_nothing_is_says_so_and_makes_nothing(workspace: Workspace) -> None:
    with pytest.raises(
        UsageError, match=f"^there is no workspace {workspace.folder}; name it with --workspace, or make"
    ):
        workspace.prune(keep=1)
    assert not workspace.folder.exists()
    workspace.folder.mkdir()  # as a casebook without runs has it
    assert workspace.prune(keep=1) == []
    assert not workspace.runs.exists()
