"""Runs on many claims have their heap in large pages, where the system lends them to those who ask.

Ten million claims are gigabytes of arrays that are looked into here and there; with pages of 2 MiB the processor finds its way in
less time, at no more memory. glibc asks for them where its tunables say so before a process starts: hence the second start of
`ringfinder run`. What is found is the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

TUNABLES, ASKED = "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"
LENT = Path("/sys/kernel/mm/transparent_hugepage/enabled")
LARGE = 20_000_000  # bytes of claim files; fewer are read in the time that another start takes


def start_again_with_them(arguments: Sequence[str]) -> None:
    """Replace this process by one that asks for large pages, unless it did, there are none, or the files named are not worth it."""
    told = environment()
    if told.get(TUNABLES) == os.environ.get(TUNABLES) or sum(map(size, arguments)) < LARGE:
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], told)


def environment() -> dict[str, str]:
    """This process's environment for one that asks for large pages; as it is where the system has none to lend."""
    asked = os.environ.get(TUNABLES, "")
    if ASKED in asked or not lent():
        return dict(os.environ)
    return {**os.environ, TUNABLES: f"{asked}:{ASKED}" if asked else ASKED}


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
