"""Whether a process that does the work of a run still gets on.

An engine whose threads wait for each other would be waited for without end, and nobody would be told. So whoever waits for
the process looks at it from time to time: as long as it uses the processor, or its files grow, it may take as long as it
likes. Where it does neither for a generous time, it stalls.

    cpu     user and system seconds of all its threads, from /proc/PID/stat
    bytes   the size of everything in the folder that it writes into

A thread that wakes up now and then only to see that it must wait on uses some processor time too: less than `LEAST_CPU` of
the time is none. Looks are counted, not seconds: a run that was suspended with its child (Ctrl-Z) has not stalled. Blind
spots: a loop that turns for ever in the processor gets on; where /proc is missing (macOS) nothing stalls.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# A disk that writes back for a minute is slow; one that takes two without a byte or a tick is gone. Loads of ten million
# claims never stood still for longer than some seconds.
STALL_SECONDS = 120.0
LOOKS = 60  # within that time
LEAST_CPU = 1e-3  # of the time: a waiting thread that looks up ten times a second uses a tenth of that
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Done:
    """What a process has done since its start."""

    cpu: float
    bytes: int


class Watch:
    """Asked every `interval` seconds what a process has done, it says whether that is too long the same."""

    def __init__(self, limit: float = STALL_SECONDS) -> None:
        self.limit = limit
        self.interval = limit / LOOKS
        self._before: Done | None = None
        self._same = 0

    def stalls(self, done: Done | None) -> bool:
        """`done` now, None where the system does not tell; whether nothing came of the last `limit` seconds."""
        if self._gets_on(done):
            self._before, self._same = done, 0
        else:
            self._same += 1
        return self._same >= LOOKS

    def _gets_on(self, done: Done | None) -> bool:
        before = self._before
        if done is None or before is None or done.bytes != before.bytes:
            return True
        return done.cpu - before.cpu >= LEAST_CPU * self.limit


def done_by(pid: int, folder: Path) -> Done | None:
    """What process `pid` has done, which writes into `folder`; None if it is gone or the system does not tell."""
    try:
        # The second field is the program's name in brackets, which may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return Done((int(fields[11]) + int(fields[12])) / TICKS, sum(_sizes(folder)))
    except (OSError, IndexError, ValueError):
        return None


def _sizes(folder: Path) -> list[int]:
    """Sizes of the files in a folder and those below; a file that goes meanwhile is none."""
    sizes = []
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                sizes.append(Path(path, name).stat().st_size)
            except FileNotFoundError:
                continue
    return sizes
