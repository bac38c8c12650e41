from __future__ import annotations

import threading
import time

import pytest

from ringfinder.rings.cores import side_by_side


def test_results_come_in_the_order_of_the_jobs_whichever_ends_first() -> None:
    def slow_first(job: int) -> int:
        time.sleep(0.05 * (job == 0))
        return -job

    assert side_by_side(slow_first, range(9), 3) == [-job for job in range(9)]
    assert side_by_side(slow_first, [], 3) == []


def test_while_the_graph_is_built_one_core_is_left_to_it() -> None:
    who = side_by_side(lambda job: threading.get_ident(), range(6), 2, busy=lambda: True)
    assert len(set(who)) == 1


def test_once_the_graph_is_built_its_core_joins_in() -> None:
    both = threading.Barrier(2, timeout=60)
    looks = iter([True, True])
    side_by_side(lambda job: both.wait(), range(2), 2, busy=lambda: next(looks, False))


def test_on_one_core_jobs_are_done_although_the_graph_is_built() -> None:
    assert side_by_side(str, range(3), 1, busy=lambda: True) == ["0", "1", "2"]


def test_an_error_ends_the_rest() -> None:
    done: list[int] = []

    def refuse(job: int) -> None:
        done.append(job)
        raise ValueError(job)

    with pytest.raises(ValueError, match="0"):
        side_by_side(refuse, range(9), 1)
    assert done == [0]
