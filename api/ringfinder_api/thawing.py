"""A snapshot on its way from the process that made it: in slices, so that no request waits while a new run comes in.

Unpickling all of a run at once would hold the event loop for a third of a second at half a million claims. Each slice
takes some milliseconds, and requests go between them.
"""

from __future__ import annotations

import asyncio
import gc
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ringfinder_api.snapshot import Snapshot

ITEMS = 50  # of a mapping in one slice


def frozen(snapshot: Snapshot) -> tuple[bytes, ...]:
    """The snapshot as slices: (field, items of a mapping or None, value)."""
    slices: list[bytes] = []
    for field in fields(Snapshot):
        value = getattr(snapshot, field.name)
        if isinstance(value, Mapping):
            slices.append(pickle.dumps((field.name, (), None), pickle.HIGHEST_PROTOCOL))
            items = list(value.items())
            for at in range(0, len(items), ITEMS):
                slices.append(pickle.dumps((field.name, items[at : at + ITEMS], None), pickle.HIGHEST_PROTOCOL))
        else:
            slices.append(pickle.dumps((field.name, None, value), pickle.HIGHEST_PROTOCOL))
    return tuple(slices)


async def thawed(slices: Sequence[bytes]) -> Snapshot:
    """The snapshot again. Its objects are set apart from the garbage collector, which would walk them for nothing."""
    parts: dict[str, Any] = {}
    gc.disable()
    try:
        for one in slices:
            name, items, value = pickle.loads(one)  # our own process wrote it
            if items is None:
                parts[name] = value
            else:
                parts.setdefault(name, {}).update(items)
            await asyncio.sleep(0)
        gc.freeze()
    finally:
        gc.enable()
    return Snapshot(**parts)
