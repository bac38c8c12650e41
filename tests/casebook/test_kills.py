"""A process that writes cases, decisions and tips is killed in the middle, again and again, on both databases.

`make soak` does it 200 times on each. That a whole service is killed stands in `tests/api/test_kills.py`.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from contextlib import suppress
from pathlib import Path

from ringfinder.casebook import backup
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.who import Who
from tests.casebook.agreeing import Told, agree
from tests.casebook.people_of_cases import person
from tests.casebook.writing_on import KEYS, THREADS, Line, write_on

SOAK = bool(os.environ.get("RINGFINDER_SOAK"))
KILLS = 200 if SOAK else 5
WHOLE_EVERY = 20 if SOAK else 1  # kills: going along the whole chain takes long when it is
MOST_WRITES = 40  # acknowledged before the kill: whatever comes after which, and however slow the machine
MOST_SECONDS = 0.02  # then somewhere in the next write
# A process that has loaded all this makes those that are killed: each of them would load it for a second.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [*(f"ringfinder.casebook.{room}" for room in ("decisions", "rewards", "suppressing")), "alembic.command", "psycopg"]
)


def killed_in_mid_write(place: Path, url: str, boss: Who, other: Who, moments: random.Random) -> list[Line]:
    """What a process had acknowledged when it was killed."""
    here, there = PROCESSES.Pipe(duplex=False)
    writer = PROCESSES.Process(target=write_on, args=(place, url, boss, other, there))
    writer.start()
    there.close()
    lines: list[Line] = [here.recv() for _ in range(moments.randint(1, MOST_WRITES))]
    threading.Event().wait(moments.random() * MOST_SECONDS)
    writer.kill()
    with here, suppress(EOFError):
        while True:
            lines.append(here.recv())
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    return lines


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
        lines = killed_in_mid_write(tmp_path, url, boss, other, moments)
        with open_casebook(tmp_path, url) as book:
            told = agree(book)
            assert lost(told, lines) == []
            # What was written and not acknowledged any more: at most the write that each thread was at.
            assert 0 <= told.writes - written - len(lines) <= THREADS
            acknowledged, written = acknowledged + len(lines), told.writes
            if kill % WHOLE_EVERY == 0:
                assert backup.verify(book, KEYS).whole
    print(f"{KILLS} kills: {acknowledged} writes acknowledged, {written} written")
    assert acknowledged > KILLS
