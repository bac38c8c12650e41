from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from ringfinder.errors import InputError, StoreError
from ringfinder.pipeline.child import beside


def leave_a_file(path: Path) -> None:
    path.write_text(str(os.getpid()), encoding="ascii")


def refuse() -> None:
    raise InputError("claims.csv is empty; give it rows")


def stumble() -> None:
    raise ValueError("王小明")


def give_up_memory() -> None:
    raise MemoryError


def end_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for_ever(path: Path) -> None:
    leave_a_file(path)
    time.sleep(600)


def start_what_outlives_it(path: Path) -> None:
    pid = os.posix_spawn("/bin/sleep", ["sleep", "30"], os.environ)
    path.write_text(str(pid), encoding="ascii")


def test_work_is_done_in_another_process_without_a_sound(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with beside(leave_a_file, tmp_path / "pid") as child:
        child.finish(tmp_path)
    assert capfd.readouterr() == ("", "")
    assert int((tmp_path / "pid").read_text(encoding="ascii")) == child.pid != os.getpid()


def test_work_that_starts_a_server_is_not_waited_for_until_that_ends(tmp_path: Path) -> None:
    with beside(start_what_outlives_it, tmp_path / "pid") as child:
        child.finish(tmp_path)
    server = psutil.Process(int((tmp_path / "pid").read_text(encoding="ascii")))
    assert server.status() != psutil.STATUS_ZOMBIE
    server.kill()


def test_error_of_the_child_is_raised_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^claims\.csv is empty; give it rows$"), beside(refuse) as child:
        child.finish(tmp_path)


def test_unexpected_error_of_the_child_is_raised_without_its_message(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ValueError") as raised, beside(stumble) as child:
        child.finish(tmp_path)
    assert "王小明" not in str(raised.value)


def test_lack_of_memory_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the memory was not enough"), beside(give_up_memory) as child:
        child.finish(tmp_path)


def test_killed_child_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"was stopped \(exit code -9\)"), beside(end_at_once) as child:
        child.finish(tmp_path)


def work_on(path: Path) -> None:
    """Use the processor for longer than the limit."""
    while time.process_time() < 2.0:
        pass
    leave_a_file(path)


def test_child_that_works_may_take_longer_than_the_limit(tmp_path: Path) -> None:
    with beside(work_on, tmp_path / "pid") as child:
        child.finish(tmp_path, limit=1.0)
    assert (tmp_path / "pid").exists()


def test_child_that_stalls_is_told_and_ended(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError) as raised,
        beside(wait_for_ever, tmp_path / "pid") as child,
    ):
        child.finish(tmp_path, limit=1.0)
    assert str(raised.value) == (
        "the process that builds the graph did nothing for 1 seconds and was ended; "
        "run again, and report it if that happens twice"
    )
    assert raised.value.exit_code == 1
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def interrupt_once_there(path: Path) -> None:
    """Start the child, wait until it works, and be interrupted."""
    with beside(wait_for_ever, path):
        while not path.exists() or not path.read_text(encoding="ascii"):
            os.sched_yield()
        raise KeyboardInterrupt


def test_child_ends_when_the_work_beside_it_is_interrupted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt_once_there(tmp_path / "pid")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text(encoding="ascii")), 0)


def test_a_child_is_busy_until_it_is_done(tmp_path: Path) -> None:
    with beside(leave_a_file, tmp_path / "pid") as child:
        assert child.busy()
        for _ in range(600):
            if not child.busy():
                break
            time.sleep(0.1)
        assert not child.busy()
        child.finish(tmp_path)
