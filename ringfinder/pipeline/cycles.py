"""Python's search for cycles of objects, off while rings are found and written.

It walks over every object again and again, a hundredth of a run's time at half a million claims and more at ten million, while
every other thread waits. There is nothing to find: what the detection makes is freed by its counts (a test looks).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_sought() -> Iterator[None]:
    """No search for cycles inside; as it was before afterwards."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
