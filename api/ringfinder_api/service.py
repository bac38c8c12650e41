"""Everything that requests share, made once at the start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from fastapi import Request

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.keys import Key
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.casebook.sealing import SealKeys
from ringfinder.casebook.sealing import read_keys as read_seals
from ringfinder.casebook.sessions import find
from ringfinder.workspace import Workspace
from ringfinder_api.access.allowance import Allowance
from ringfinder_api.access.keyring import Keyring
from ringfinder_api.access.logins import Logins
from ringfinder_api.access.oidc import Oidc
from ringfinder_api.auditing import Reads
from ringfinder_api.cases_of_rings import CasesOfRings
from ringfinder_api.confining import Confining
from ringfinder_api.detections import Detections
from ringfinder_api.lifting import Lifting
from ringfinder_api.metrics import Metrics
from ringfinder_api.outbound import Outbound
from ringfinder_api.problems import Problem
from ringfinder_api.quiet import Quiet
from ringfinder_api.served import ServedRun
from ringfinder_api.telling import Teller
from ringfinder_api.workers import COME_AGAIN, Workers

HASHES_AT_ONCE = 1  # scores want the other core
HASHES_WAITING = 20


@dataclass(frozen=True)
class Limits:
    """What one caller may take. `rate` and `burst`: cheap requests of one key a second, and at once; `unpacked_bytes`: of an
    upload, after unpacking; `watchers`: streams of events that are open at once, of all callers."""

    body_bytes: int = 1024 * 1024
    rate: float = 2000.0
    burst: float = 4000.0
    export_seconds: float = 60.0
    upload_bytes: int = 2 * 1024**3
    unpacked_bytes: int = 32 * 1024**3
    unpack_seconds: float = 600.0
    watchers: int = 50


@dataclass
class Service:
    """The workspace's run, the keys, the limits, the figures. `read_keys` asks the casebook, in a thread; `book`: where
    changes are written down, without which none can be asked for; `claims`: the root of claim sets on this machine; `outbound`: where
    webhooks may be sent to; `secure`: the way to the service is TLS, so that cookies may say so; `oidc`: where else people log in;
    `seals`: what opens who gave a tip."""

    workspace: Workspace
    read_keys: Callable[[], tuple[Key, ...]]
    limits: Limits = Limits()
    book: Casebook | None = None
    claims: Path | None = None
    outbound: Outbound = field(default_factory=Outbound)
    secure: bool = False
    oidc: Oidc | None = None
    seals: SealKeys = field(default_factory=read_seals)
    metrics: Metrics = field(default_factory=Metrics)
    workers: Workers = field(default_factory=Workers)
    confining: Confining = field(default_factory=Confining)
    rules: Rules = field(init=False)
    keyring: Keyring = field(init=False)
    logins: Logins = field(init=False)
    allowance: Allowance = field(init=False)
    run: ServedRun = field(init=False)
    detections: Detections = field(init=False)
    teller: Teller = field(init=False)
    lifting: Lifting = field(default_factory=Lifting)
    cases: CasesOfRings = field(default_factory=CasesOfRings)
    reads: Reads = field(default_factory=Reads)
    quiet: Quiet = field(default_factory=Quiet)
    watching: int = 0  # streams of events that are open
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    _hashes: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(HASHES_AT_ONCE))

    def __post_init__(self) -> None:
        self.rules = read_rules(self.workspace.folder)
        self.keyring = Keyring(self.read_keys)
        self.logins = Logins(lambda secret: find(self.casebook, secret), self.secure)
        self.allowance = Allowance(self.limits.rate, self.limits.burst)
        self.run = ServedRun(self.workspace, self.workers, self.metrics)
        self.detections = Detections(self.workspace)
        self.teller = Teller(self.workspace, self.run, self.workers, self.outbound)

    @property
    def casebook(self) -> Casebook:
        """Where changes are written down; Problem where there is none."""
        if self.book is None:
            raise Problem("casebook_unavailable")
        return self.book

    @asynccontextmanager
    async def hashing(self) -> AsyncIterator[None]:
        """Room for one password to be looked at, which takes memory and a core; Problem where too many wait."""
        if self._hashes.statistics().tasks_waiting >= HASHES_WAITING:
            raise Problem("busy", wait=COME_AGAIN, seconds=COME_AGAIN)
        async with self._hashes:
            yield

    @asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Follow keys and runs as long as the block lasts; StoreError where the casebook does not answer at the start."""
        await self.keyring.refresh()
        if self.book is not None:
            await self.quiet.refresh(self.book)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.keyring.follow)
            tasks.start_soon(self.run.follow)
            if self.book is not None:
                tasks.start_soon(self.reads.follow, self.book, self.workers)
                tasks.start_soon(self.teller.follow, self.book)
                tasks.start_soon(self.quiet.follow, self.book)
            self.detections.tasks = tasks
            yield
            self.ending.set()
            tasks.cancel_scope.cancel()


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
