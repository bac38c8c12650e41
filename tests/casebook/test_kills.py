"""A process that writes cases, decisions and tips is killed in the middle, again and again, on both databases.

`make soak` does it 200 times on each. On PostgreSQL every other kill is also one of the server's: the processes that write for us are
killed first, whereupon the server ends all others, and recovers what it holds from its log. That a whole service is killed stands in
`tests/api/test_kills.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy import create_engine, text

from ringfinder.casebook import backup
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.who import Who
from ringfinder.errors import StoreError
from tests.casebook.agreeing import Told, agree
from tests.casebook.people_of_cases import person
from tests.casebook.writing_on import KEYS, THREADS, Line, write_on

SOAK = bool(os.environ.get("RINGFINDER_SOAK"))
KILLS = 200 if SOAK else 5
WHOLE_EVERY = 20 if SOAK else 1  # kills: going along the whole chain takes long when it is
MOST_WRITES = 40  # acknowledged before the kill: whatever comes after which, and however slow the machine
MOST_TRIES = 600  # of a tenth of a second, until a server that was killed answers again
MOST_SECONDS = 0.02  # then somewhere in the next write
# A process that has loaded all this makes those that are killed: each of them would load it for a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [*(f"ringfinder.casebook.{room}" for room in ("decisions", "rewards", "suppressing")), "alembic.command", "psycopg"]
)


def killed_in_mid_write(
    place: Path, url: str, boss: Who, other: Who, moments: random.Random, server: bool
) -> list[Line]:
    """What a process had acknowledged when it was killed. `server`: what writes for it in PostgreSQL was killed before it."""
    here, there = PROCESSES.Pipe(duplex=False)
    writer = PROCESSES.Process(target=write_on, args=(place, url, boss, other, there))
    writer.start()
    there.close()
    lines: list[Line] = [here.recv() for _ in range(moments.randint(1, MOST_WRITES))]
    threading.Event().wait(moments.random() * MOST_SECONDS)
    if server:
        killed_in_server(url)
    writer.kill()
    with here, suppress(EOFError):
        while True:
            lines.append(here.recv())
    writer.join()
    assert server or writer.exitcode == -signal.SIGKILL  # without its server it may have ended by itself
    return lines


def killed_in_server(url: str) -> None:
    """Kill the processes in which PostgreSQL works for this database."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        pids = connection.scalars(text(mine)).all()
        assert pids
        for pid in pids:
            with suppress(ProcessLookupError):  # the server ended it, since another one was killed
                os.kill(pid, signal.SIGKILL)
        connection.invalidate()  # it is ended with the others
    engine.dispose()


def opened(place: Path, url: str) -> Casebook:
    """The casebook, once the server has recovered."""
    for _ in range(MOST_TRIES):
        with suppress(StoreError):
            return open_casebook(place, url)
        threading.Event().wait(0.1)
    return open_casebook(place, url)


def lost(told: Told, acknowledged: list[Line]) -> list[Line]:
    """What was acknowledged and does not stand there."""
    beside = {"note": "case.noted", "file": "case.file_added"}
    return [
        (whose, version, state)
        for whose, version, state in acknowledged
        if (told.actions[whose][beside[state]] < 1 if version is None else told.at[whose].get(version) != state)
    ]


def test_writer_that_is_killed_loses_nothing_acknowledged_and_leaves_nothing_half(url: str, tmp_path: Path) -> None:
    moments, acknowledged, written = random.Random(20260302), 0, 0
    with open_casebook(tmp_path, url) as book:
        boss, other = (person(book, name, "supervisor") for name in ("boss", "other"))
    for kill in range(1, KILLS + 1):
        server = kill % 2 == 0 and url.startswith("postgresql")
        lines = killed_in_mid_write(tmp_path, url, boss, other, moments, server)
        with opened(tmp_path, url) as book:
            told = agree(book)
            assert lost(told, lines) == []
            # What was written and not acknowledged any more: at most the write that each thread was at.
            assert 0 <= told.writes - written - len(lines) <= THREADS
            acknowledged, written = acknowledged + len(lines), told.writes
            if kill % WHOLE_EVERY == 0:
                assert backup.verify(book, KEYS).whole
    print(f"{KILLS} kills: {acknowledged} writes acknowledged, {written} written")
    assert acknowledged > KILLS
