from __future__ import annotations

import os

import pytest

from ringfinder.pipeline.meter import MIB, Meter, own_peak, resident


def test_stages_are_measured_in_order_and_also_when_they_fail() -> None:
    with Meter() as meter:
        with meter.stage("read"):
            pass
        with pytest.raises(ValueError, match="no"), meter.stage("find"):
            raise ValueError("no")
    assert [cost.stage for cost in meter.costs] == ["read", "find"]
    assert all(cost.seconds >= 0 and cost.peak_bytes > MIB for cost in meter.costs)


def test_memory_of_a_stage_is_seen() -> None:
    with Meter() as meter:
        with meter.stage("small"):
            pass
        with meter.stage("large"):
            block = bytearray(os.urandom(1)) * (200 * MIB)  # written, hence resident
            assert len(block) == 200 * MIB
    small, large = meter.costs
    assert large.peak_bytes - small.peak_bytes > 150 * MIB


def test_watched_process_counts_too() -> None:
    with Meter() as meter:
        meter.watch(os.getppid())
        with meter.stage("both"):
            pass
    assert meter.costs[0].peak_bytes >= resident(os.getppid())


def test_process_that_is_gone_has_no_memory() -> None:
    assert resident(2**22 + 1) == 0
    assert own_peak() >= resident(os.getpid()) // 2


def test_costs_as_json_are_rounded() -> None:
    with Meter() as meter, meter.stage("read"):
        pass
    (cost,) = meter.as_json()
    assert cost["stage"] == "read"
    assert cost["peak_mib"] == round(meter.costs[0].peak_bytes / MIB)
