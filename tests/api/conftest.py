"""A small city, run once, and a real service on it: `ringfinder serve` in a process of its own.

All of these tests go to one process of pytest-xdist, so that the city is run once.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from ringfinder.casebook import keys, people, sessions
from ringfinder.casebook.database import open_casebook
from ringfinder.claims.city import make_city
from ringfinder.pipeline.steps import Order, run
from ringfinder.report.files import read_results
from ringfinder.report.results import Results
from ringfinder.workspace import StoredRun, Workspace
from ringfinder_api.access.logins import COOKIE, csrf_token
from ringfinder_api.app import create_app
from ringfinder_api.building import build
from ringfinder_api.service import Limits, Service
from ringfinder_api.snapshot import Snapshot

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).parent / "ringfinder"
LISTENS = re.compile(r"running on (http://[\d.]+:\d+)")
SOAK = bool(os.environ.get("RINGFINDER_SOAK"))  # the full form, `make soak`
PATIENCE = 200.0  # a machine with much else to do loads a run slowly


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("api"))


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it is true; it fails after `seconds`."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


@dataclass
class Served:
    """A running service: where, its lines of log so far, and keys for it."""

    url: str
    workspace: Path
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    def key(self, *roles: str, districts: tuple[str, ...] | None = None) -> str:
        """A key with these roles."""
        with open_casebook(self.workspace) as book:
            return keys.create(book, "test", roles, districts, None)[1]

    def client(self, key: str | None = None, lang: str = "en") -> httpx.Client:
        """A client that bears the key."""
        headers = {"accept-language": lang} | ({"authorization": f"Bearer {key}"} if key else {})
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    def ready(self) -> bool:
        """Whether it has a run to answer from."""
        return httpx.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200

    def lines(self) -> list[dict[str, object]]:
        """Its log, read."""
        return [json.loads(line) for line in list(self.log)]


@contextmanager
def serving(workspace: Path, *options: str) -> Iterator[Served]:
    """`ringfinder serve` on a port that the system chose; it is told to stop at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RINGFINDER_CASEBOOK")}
    process = subprocess.Popen(
        [COMMAND, "serve", "--workspace", workspace, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    served = Served("", workspace, process)

    def read_on() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            served.log.append(line)
            if found := LISTENS.search(line):
                served.url = found[1]

    def keep_printed() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            served.printed.append(line)

    readers = [threading.Thread(target=work, daemon=True) for work in (read_on, keep_printed)]
    for reader in readers:
        reader.start()
    try:
        until(lambda: bool(served.url) or process.poll() is not None)
        assert served.url, "".join(served.log)
        yield served
    finally:
        process.terminate()
        process.wait(PATIENCE)
        for reader in readers:
            reader.join(PATIENCE)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run of a city of 6,000 people; only to be read."""
    folder = tmp_path_factory.mktemp("city")
    make_city(folder / "claims", people=6000, seed=1, rings=10)
    run(Order(folder / "claims", Workspace(folder / "workspace")))
    return folder / "workspace"


@pytest.fixture(scope="session")
def stored(ran: Path) -> StoredRun:
    """That run."""
    return Workspace(ran).needed()


@pytest.fixture(scope="session")
def results(stored: StoredRun) -> Results:
    """What it found."""
    return read_results(stored.folder / "results")


@pytest.fixture(scope="session")
def served(ran: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service on a copy of that workspace, ready."""
    place = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(ran, place)
    with serving(place) as service:
        until(service.ready)
        yield service


@pytest.fixture(scope="session")
def analyst(served: Served) -> Iterator[httpx.Client]:
    """A client that may look at everything but the service's figures."""
    with served.client(served.key("analyst")) as client:
        yield client


@pytest.fixture(scope="session")
def tiny_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a run of the tiny world, which holds everything that a mask must catch; only to be read."""
    folder = tmp_path_factory.mktemp("tiny") / "workspace"
    tiny.publish_run(folder, graph=True)
    return folder


@pytest.fixture(scope="session")
def tiny_snapshot(tiny_workspace: Path) -> Snapshot:
    """That run in memory."""
    return build(tiny_workspace, Workspace(tiny_workspace).needed().run_id)


@dataclass(frozen=True)
class Login:
    """Somebody who is logged in: the cookie's secret, and the token that goes with it."""

    secret: str
    csrf: str

    @property
    def headers(self) -> dict[str, bytes]:
        """As a browser sends them, with what the page adds."""
        return {"cookie": f"{COOKIE}={self.secret}".encode(), "x-csrf-token": self.csrf.encode()}


class Inside:
    """A service in this process, whose parts a test may replace; asked without a network."""

    def __init__(self, workspace: Path, limits: Limits) -> None:
        self.book = open_casebook(workspace)
        self.service = Service(Workspace(workspace), lambda: keys.all_keys(self.book), limits, book=self.book)
        self.app = create_app(self.service)

    def key(self, *roles: str, districts: tuple[str, ...] | None = None, days: float | None = None) -> str:
        """A key with these roles; known at the next refresh."""
        return keys.create(self.book, "test", roles, districts, days)[1]

    def login(self, *roles: str, districts: tuple[str, ...] | None = None) -> Login:
        """Somebody with these roles, logged in."""
        name = secrets.token_hex(8)
        people.create(self.book, name, roles, districts, "oidc", "test")
        found = sessions.admit(self.book, name, f"https://login.example {name}")
        assert found is not None
        return Login(found[1], csrf_token(found[1]))

    def of_answer(self, answer: httpx.Response) -> Login:
        """Who logged in with that answer."""
        return Login(answer.cookies[COOKIE], answer.json()["csrf_token"])

    def ask(
        self,
        *requests: tuple[str, str, str | Login | None],
        snapshot: Snapshot | None = None,
        headers_of: Mapping[str, str] | None = None,
        **options: Any,
    ) -> list[httpx.Response]:
        """The answers to (method, path, key), one after the other; from `snapshot` where one is given."""

        async def asked() -> list[httpx.Response]:
            await self.service.keyring.refresh()
            if snapshot is not None:
                self.service.run._show(snapshot)
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
                return [
                    await client.request(method, path, headers=_bears(key) | (headers_of or {}), **options)
                    for method, path, key in requests
                ]

        return asyncio.run(asked())


def _bears(who: str | Login | None) -> dict[str, Any]:
    if isinstance(who, Login):
        return who.headers
    return {"authorization": f"Bearer {who}".encode()} if who else {}


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Callable[..., Inside]]:
    """Makes services in this process on a workspace of their own."""
    made: list[Inside] = []

    def make(**limits: Any) -> Inside:
        made.append(Inside(tmp_path / "workspace", Limits(**limits)))
        return made[-1]

    yield make
    for one in made:
        one.book.close()
