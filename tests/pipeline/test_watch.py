from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ringfinder.pipeline.watch import LOOKS, Done, Watch, done_by


def looks_until_it_stalls(watch: Watch, readings: list[Done | None]) -> int | None:
    """At which look it stalls, from 1; None if it does not."""
    return next((i for i, done in enumerate(readings, start=1) if watch.stalls(done)), None)


def test_process_that_does_nothing_stalls_after_the_limit_and_not_before() -> None:
    watch = Watch(120.0)
    assert watch.interval * LOOKS == 120.0
    assert looks_until_it_stalls(watch, [Done(3.0, 100)] * 200) == LOOKS + 1


@pytest.mark.parametrize(
    ("moved", "stalls"),
    [
        (Done(3.0, 101), False),  # a byte
        (Done(3.0, 99), False),  # a file was removed
        (Done(3.12, 100), False),  # a thousandth of the time in the processor
        (Done(3.11, 100), True),  # a thread that only looks up
        (None, False),  # the system does not tell
    ],
)
def test_work_is_a_byte_or_a_thousandth_of_the_time(moved: Done | None, stalls: bool) -> None:
    readings = [*[Done(3.0, 100)] * LOOKS, *[moved] * LOOKS]
    assert (looks_until_it_stalls(Watch(120.0), readings) == LOOKS + 1) == stalls


def test_little_work_adds_up_over_the_whole_limit() -> None:
    ticks: list[Done | None] = [Done(i / 100, 0) for i in range(10 * LOOKS)]
    assert looks_until_it_stalls(Watch(120.0), ticks) is None
    assert looks_until_it_stalls(Watch(1000.0), ticks) == LOOKS + 1


def test_what_a_process_has_done_is_its_cpu_time_and_its_files(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "graph").write_bytes(b"12345")
    before = done_by(os.getpid(), tmp_path)
    assert before is not None
    (tmp_path / "parts" / "part").write_bytes(b"123")
    begun = time.process_time()
    while time.process_time() < begun + 0.1:
        pass
    after = done_by(os.getpid(), tmp_path)
    assert after is not None
    assert (before.bytes, after.bytes) == (5, 8)
    assert after.cpu - before.cpu >= 0.05
    assert abs(after.cpu - time.process_time()) < 1


def test_of_a_process_that_is_gone_nothing_is_known(tmp_path: Path) -> None:
    assert done_by(2**22 + 1, tmp_path) is None
