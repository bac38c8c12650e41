"""A Neo4j community server of our own, without Docker, Java or root.

    WORKSPACE/neo4j/       mode 700
      server.json          address, password, process: mode 600; `address` reads it
      conf/neo4j.conf      made anew at each start
      data/ logs/          the server's
      lock                 who starts or stops it, or makes its database
      half-made            `neo4j-admin` makes the database, or was cut short
      classes.jsa          what the first server writes at its end (see `classes`), or began to

Its program comes from `program`. It listens on loopback only, at a free port that it keeps as long as nobody else takes it,
and reports its usage to nobody. A process is known again by its id, its start and its command line: no other is ever ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
import psutil
from neo4j import exceptions

from ringfinder.errors import StoreError, UsageError
from ringfinder.store.neo4j.address import LOCAL_FILE, LOCAL_FOLDER, USER, Address
from ringfinder.store.neo4j.link import CONNECT_SECONDS
from ringfinder.store.neo4j.program import HEAP_SHARE, java, keep_classes
from ringfinder.words.sentences import Sentence, system_words

ENTRY = "org.neo4j.server.CommunityEntryPoint"
ADMIN = "org.neo4j.cli.AdminTool"  # what the script `neo4j-admin` calls
START_SECONDS = 300.0  # 8 to 14 on a quiet machine, 113 at a load of 16 on two cores; one that ends is told at once
STOP_SECONDS = 120.0  # it writes everything down first
LOOK_SECONDS = 0.1
MEMORY_GB = 3.0
DATABASE = "neo4j"  # the one that a new server has
CLASSES = "classes.jsa"
HALF_MADE = "half-made"  # a file that is there while `neo4j-admin` makes the database
FIRST_PASSWORD = "neo4j"  # of every new server; changed before anybody is told the address
SAME_START = 1.0  # seconds by which two readings of one process's start may differ


@dataclass(frozen=True)
class State:
    """The local server as it is; `address` None where none was ever started here."""

    running: bool
    address: Address | None
    pid: int | None


class LocalServer:
    """The server of a workspace."""

    def __init__(self, workspace: Path) -> None:
        self.folder = (workspace / LOCAL_FOLDER).absolute()
        self._file = self.folder / LOCAL_FILE

    @property
    def memory_gb(self) -> float:
        """What it was given when it was started last."""
        return float(self._read().get("memory_gb") or MEMORY_GB)

    @property
    def is_new(self) -> bool:
        """Whether it never held a database."""
        return not (self.folder / "data" / "databases").exists()

    def up(self, memory_gb: float = MEMORY_GB) -> Address:
        """Start it unless it runs already; its address. StoreError that says where to look where it does not start."""
        with self._locked():
            known = self._read()
            process = self._process(known)
            if process is None:
                program = java(memory_gb, self.folder / CLASSES)
                self._sweep()
                known = self._renewed(known)
                self._configure(known["port"], memory_gb)
                process = self._start(program)
                known |= {"pid": process.pid, "started": process.create_time(), "memory_gb": memory_gb}
                self._write(known)
            elif known["own_password"]:
                return _address(known)
            try:
                self._await(process, known)
            except BaseException:
                process.terminate()
                raise
            return _address(known)

    def _renewed(self, known: dict[str, Any]) -> dict[str, Any]:
        """What a start begins with: the password that the data has, a port that is free."""
        port = _free_port(known.get("port"))
        return {
            "uri": f"bolt://127.0.0.1:{port}",
            "user": USER,
            "password": known.get("password") or secrets.token_urlsafe(24),
            "database": DATABASE,
            "port": port,
            "own_password": known.get("own_password", False),
        }

    def make_database(self, arguments: list[str], folder: Path, memory_gb: float) -> None:
        """Let `neo4j-admin` make the database anew while the server is stopped, in `folder`; StoreError where it fails.

        What is cut short is removed by the next start, which waits for a `neo4j-admin` that outlives us: it has the lock.
        """
        with self._locked() as lock:
            if self._process(self._read()) is not None:
                raise UsageError(Sentence("faults_store.local_runs"))
            self._configure(_free_port(None), memory_gb)  # the port is asked for, and not used
            (self.folder / HALF_MADE).touch(mode=0o600)
            log = self.folder / "logs" / "admin.log"
            with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                done = subprocess.run(
                    [*java(memory_gb), ADMIN, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    cwd=folder,
                    env=os.environ | {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")},
                    pass_fds=(lock,),
                    check=False,
                )
            if done.returncode:
                raise StoreError(Sentence("faults_store.local_admin", code=done.returncode, log=log))
            (self.folder / HALF_MADE).unlink()

    def _sweep(self) -> None:
        """Remove what was being made when that was cut short: a database, an archive of classes."""
        (self.folder / CLASSES).unlink(missing_ok=True)
        if (self.folder / HALF_MADE).exists():
            for kind in ("databases", "transactions"):
                shutil.rmtree(self.folder / "data" / kind / DATABASE, ignore_errors=True)
            (self.folder / HALF_MADE).unlink()

    def down(self) -> bool:
        """Stop it; False where it did not run. Its data stays."""
        if not self._file.exists():
            return False
        with self._locked():
            process = self._process(self._read())
            if process is None:
                return False
            with suppress(psutil.NoSuchProcess):
                process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except psutil.TimeoutExpired as error:
                raise StoreError(
                    Sentence(
                        "faults_store.local_not_stopped",
                        process=process.pid,
                        seconds=STOP_SECONDS,
                        logs=self.folder / "logs",
                    )
                ) from error
            keep_classes(self.folder / CLASSES)
            return True

    def state(self) -> State:
        """What is known of it."""
        known = self._read()
        process = self._process(known)
        return State(process is not None, _address(known) if known else None, process.pid if process else None)

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StoreError(Sentence("faults_store.local_unreadable", file=self._file, folder=self.folder)) from error
        if not isinstance(known, dict) or not known.get("uri") or not known.get("password"):
            raise StoreError(Sentence("faults_store.local_changed", file=self._file, folder=self.folder))
        return known

    def _write(self, known: dict[str, Any]) -> None:
        """In one step: a password that is half written would lock everybody out."""
        fresh = self._file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)

    def _process(self, known: dict[str, Any]) -> psutil.Process | None:
        """The process that we started, if it still runs: same id, same start, our folder on its command line."""
        if not known.get("pid"):
            return None
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process = psutil.Process(known["pid"])
            same = abs(process.create_time() - known["started"]) < SAME_START
            ours = f"--home-dir={self.folder}" in process.cmdline()
            if same and ours and _lives(process):
                return process
        return None

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UsageError(
                Sentence("faults_store.local_not_writable", folder=self.folder, why=system_words(error))
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # waits: whoever comes second finds it running
            yield descriptor
        finally:
            os.close(descriptor)

    def _configure(self, port: int, memory_gb: float) -> None:
        conf = self.folder / "conf"
        for made in (conf, self.folder / "logs"):
            made.mkdir(mode=0o700, exist_ok=True)
        (conf / "neo4j.conf").write_text("\n".join(_settings(port, memory_gb)) + "\n", encoding="utf-8")

    def _start(self, program: list[str]) -> psutil.Process:
        command = [*program, ENTRY, f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
        log = str(self.folder / "logs" / "console.log")
        try:
            # Spawned and not kept as a subprocess: it outlives us, and nobody is to be warned of that.
            pid = os.posix_spawn(
                program[0],
                command,
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                ],
                setsid=True,  # an interrupt at the terminal is not meant for it
            )
        except OSError as error:
            raise StoreError(Sentence("faults_store.no_java", why=system_words(error))) from error
        return psutil.Process(pid)

    def _await(self, process: psutil.Process, known: dict[str, Any]) -> None:
        """Until it answers with our password."""
        end = time.monotonic() + START_SECONDS
        logs = self.folder / "logs"
        while time.monotonic() < end:
            if not _lives(process):
                raise StoreError(Sentence("faults_store.local_ended", logs=logs))
            if _listens(known["port"]) and self._answers(known):
                return
            time.sleep(LOOK_SECONDS)
        raise StoreError(Sentence("faults_store.local_silent", seconds=START_SECONDS, logs=logs))

    def _answers(self, known: dict[str, Any]) -> bool:
        """Whether it answers; the first time with the password that every new server has, which is changed then."""
        first = not known["own_password"]
        auth = (USER, FIRST_PASSWORD if first else known["password"])
        try:
            with neo4j.GraphDatabase.driver(
                known["uri"], auth=auth, connection_timeout=CONNECT_SECONDS, max_transaction_retry_time=0
            ) as driver:
                if first:
                    driver.execute_query(
                        "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                        {"old": FIRST_PASSWORD, "new": known["password"]},
                        database_="system",
                    )
                    known["own_password"] = True
                    self._write(known)
                driver.verify_connectivity()
        except exceptions.AuthError as error:
            raise StoreError(Sentence("faults_store.local_password", file=self._file, folder=self.folder)) from error
        except (exceptions.DriverError, exceptions.Neo4jError):
            return False  # it listens, but its databases are not there yet
        return True


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def _settings(port: int, memory_gb: float) -> list[str]:
    """neo4j.conf: what makes the server private, and small."""
    heap = memory_gb * HEAP_SHARE
    return [
        "# Made by `ringfinder neo4j up` at each start; changes are lost.",
        "server.default_listen_address=127.0.0.1",
        f"server.bolt.listen_address=127.0.0.1:{port}",
        f"server.bolt.advertised_address=127.0.0.1:{port}",
        "server.http.enabled=false",
        "server.https.enabled=false",
        "dbms.usage_report.enabled=false",
        "# Queries read no files and reach no network.",
        "dbms.security.allow_csv_import_from_file_urls=false",
        "internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0",
        "# One query cannot take the server down.",
        f"db.memory.transaction.max={heap * 0.5 * 1024:.0f}m",
        f"dbms.memory.transaction.total.max={heap * 0.7 * 1024:.0f}m",
        f"server.memory.pagecache.size={(memory_gb - heap) * 1024:.0f}m",
        "# A stop waits for nobody: whoever asks is told, and what is committed is on disk.",
        "internal.dbms.bolt.netty_server_shutdown_quiet_period=0",
        "internal.server.bolt.thread_pool_shutdown_wait_time=1s",
        "# No room for what a graph that can be loaded again does not need.",
        "db.tx_log.preallocate=false",
        "db.tx_log.rotation.retention_policy=1 files",
    ]


def _address(known: dict[str, Any]) -> Address:
    return Address(known["uri"], known["user"], known["password"], known.get("database"))


def _free_port(wanted: int | None) -> int:
    """The port it had if that is free, else any that is."""
    for port in (wanted or 0, 0):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise StoreError(Sentence("faults_store.no_port"))


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0
