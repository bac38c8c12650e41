from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from ringfinder.evidence.once import KEPT, forget, once

CALLS: list[int] = []


@once(lambda values, factor: (values, factor))
def total(values: np.ndarray, factor: object) -> int:
    """Sum."""
    CALLS.append(len(values))
    return int(values.sum())


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    CALLS.clear()
    forget()
    yield
    forget()


def test_the_same_arrays_are_worked_on_once_and_equal_ones_again() -> None:
    values, factor = np.arange(4), object()
    assert total(values, factor) == total(values, factor) == 6
    assert CALLS == [4]
    assert total(values.copy(), factor) == 6
    assert total(values, object()) == 6
    assert CALLS == [4, 4, 4]


def test_only_the_last_few_are_kept_and_forgetting_drops_them() -> None:
    factor, many = object(), [np.arange(n) for n in range(KEPT + 1)]
    for values in many:
        total(values, factor)
    total(many[-1], factor)
    assert list(range(KEPT + 1)) == CALLS
    total(many[0], factor)
    assert CALLS[-1] == 0
    forget()
    total(many[-1], factor)
    assert CALLS[-1] == KEPT


def test_who_asks_meanwhile_waits_for_the_result() -> None:
    begun, go = threading.Event(), threading.Event()
    factor, values, calls = object(), np.arange(3), []

    @once(lambda v, f: (v, f))
    def slow(v: np.ndarray, f: object) -> int:
        calls.append(1)
        begun.set()
        assert go.wait(10)
        return len(v)

    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(slow(values, factor))) for _ in range(3)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert (got, calls) == ([3, 3, 3], [1])
