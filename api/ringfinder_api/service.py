"""Everything that requests share, made once at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from fastapi import Request

from ringfinder.casebook.keys import Key
from ringfinder.workspace import Workspace
from ringfinder_api.access.allowance import Allowance
from ringfinder_api.access.keyring import Keyring
from ringfinder_api.metrics import Metrics
from ringfinder_api.served import ServedRun
from ringfinder_api.workers import Workers


@dataclass(frozen=True)
class Limits:
    """What one caller may take. `rate` and `burst`: cheap requests of one key a second, and at once."""

    body_bytes: int = 1024 * 1024
    rate: float = 2000.0
    burst: float = 4000.0
    export_seconds: float = 60.0


@dataclass
class Service:
    """The workspace's run, the keys, the limits, the figures. `read_keys` asks the casebook, in a thread."""

    workspace: Workspace
    read_keys: Callable[[], tuple[Key, ...]]
    limits: Limits = Limits()
    metrics: Metrics = field(default_factory=Metrics)
    workers: Workers = field(default_factory=Workers)
    keyring: Keyring = field(init=False)
    allowance: Allowance = field(init=False)
    run: ServedRun = field(init=False)

    def __post_init__(self) -> None:
        self.keyring = Keyring(self.read_keys)
        self.allowance = Allowance(self.limits.rate, self.limits.burst)
        self.run = ServedRun(self.workspace, self.workers, self.metrics)

    @asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Follow keys and runs as long as the block lasts; StoreError where the casebook does not answer at the start."""
        await self.keyring.refresh()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.keyring.follow)
            tasks.start_soon(self.run.follow)
            yield
            tasks.cancel_scope.cancel()


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
