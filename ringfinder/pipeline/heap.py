"""Runs on many claims ask the C library for a heap that suits them; what is found is the same.

    large pages          where the system lends them to those who ask: with pages of 2 MiB the processor finds its way through
                         gigabytes of arrays in less time
    freed arrays kept    for the next ones: given back, their memory would be taken and zeroed again, an eighth of the time
    one heap for all     threads take what others freed, else each would keep its own

glibc reads its tunables before a process starts: hence the second start of `ringfinder run`. Tunables that somebody set stay as
they are. A library of another kind does not read them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

TUNABLES = "GLIBC_TUNABLES"
LARGE_PAGES = ("glibc.malloc.hugetlb", 1)
# What is freed is given back of larger arrays than these bytes, of which there are few, and of more at the heap's end.
# An array of ten million numbers is of 80 million.
LARGEST_KEPT, MOST_KEPT = 2**28, 2**29
KEEPING = (
    ("glibc.malloc.mmap_threshold", LARGEST_KEPT),
    ("glibc.malloc.trim_threshold", MOST_KEPT),
    ("glibc.malloc.arena_max", 1),
)
LENT = Path("/sys/kernel/mm/transparent_hugepage/enabled")
LARGE = 20_000_000  # bytes of claim files; fewer are read in the time that another start takes


def start_again_with_it(arguments: Sequence[str]) -> None:
    """Replace this process by one with such a heap, unless it has it, or the files named are not worth it."""
    told = environment()
    if told.get(TUNABLES) == os.environ.get(TUNABLES) or sum(map(size, arguments)) < LARGE:
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], told)


def environment() -> dict[str, str]:
    """This process's environment for one with such a heap; as it is where there is nothing to ask for."""
    if not sys.platform.startswith("linux"):
        return dict(os.environ)
    asked = os.environ.get(TUNABLES, "")
    names = {one.partition("=")[0] for one in asked.split(":")}
    wanted = (*([LARGE_PAGES] if lent() else []), *KEEPING)
    parts = [*([asked] if asked else []), *(f"{name}={value}" for name, value in wanted if name not in names)]
    return {**os.environ, TUNABLES: ":".join(parts)}


def lent(told: Path = LENT) -> bool:
    """Whether the system has large pages for who asks for them: Linux says so, others have no such file."""
    try:
        return "[madvise]" in told.read_text(encoding="ascii")
    except OSError:
        return False


def size(argument: str) -> int:
    """Bytes of the file that an argument names, or of the files in the folder that it names; 0 where it names neither."""
    try:
        path = Path(argument)
        return sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]) if file.is_file())
    except (OSError, ValueError):
        return 0
