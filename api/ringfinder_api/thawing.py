"""A snapshot on its way from the process that made it: a file of slices, so that no request waits while a new run comes in.

Unpickling all of a run at once would hold the event loop for a third of a second at half a million claims, and handing it
over in one piece for nearly as long. Each slice takes some milliseconds at most, and requests go between them. The file
holds ids: it lies in the workspace, its owner's alone, and is gone as soon as it was read.
"""

from __future__ import annotations

import asyncio
import gc
import pickle
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ringfinder_api.snapshot import Snapshot

ITEMS = 50  # of a mapping in one slice


def freeze(snapshot: Snapshot, file: Path) -> None:
    """Write the snapshot as slices, mode 600: (field, items of a mapping or None, value)."""
    file.touch(mode=0o600)
    with file.open("wb") as sink:
        for field in fields(Snapshot):
            value = getattr(snapshot, field.name)
            if isinstance(value, Mapping):
                items = list(value.items())
                for at in range(0, max(len(items), 1), ITEMS):
                    pickle.dump((field.name, items[at : at + ITEMS], None), sink, pickle.HIGHEST_PROTOCOL)
            else:
                pickle.dump((field.name, None, value), sink, pickle.HIGHEST_PROTOCOL)


async def thaw(file: Path) -> Snapshot:
    """The snapshot again. Its objects are set apart from the garbage collector, which would walk them for nothing."""
    parts: dict[str, Any] = {}
    gc.disable()
    try:
        with file.open("rb") as source:
            while source.peek(1):
                name, items, value = pickle.load(source)  # our own process wrote it
                if items is None:
                    parts[name] = value
                else:
                    parts.setdefault(name, {}).update(items)
                await asyncio.sleep(0)
        gc.freeze()
    finally:
        gc.enable()
    return Snapshot(**parts)
