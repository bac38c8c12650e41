"""Work in the casebook that a request waits for: in a thread of its own, since databases may be slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ringfinder.errors import Refused, StoreError
from ringfinder_api.problems import Problem

SOON = 5  # seconds after which another try makes sense
Made = TypeVar("Made")


async def in_casebook(work: Callable[..., Made], *arguments: object) -> Made:
    """What the work gives; Problem where the casebook does not do it, or its rules do not allow it."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except Refused as error:
        raise Problem(error.code, wait=None, **error.values) from error
    except StoreError as error:
        raise Problem("casebook_unavailable", wait=SOON) from error
