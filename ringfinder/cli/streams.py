"""Standard streams as the shell leaves them: a reader who has seen enough, a stream that is closed, a disk that is full.

    ringfinder rings | head     the reader is gone: end without a word, with 0, since who has seen enough is no fault
    ringfinder rings >&-        no output at all: written to nowhere, so that no file of a run gets the number of stdout
    ringfinder rings > /full    one sentence, exit code 1

The signal itself stays off: a run must not die because the child that builds its graph did.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

READER_GONE = 0


def open_closed_streams() -> None:
    """Give the standard streams that the shell closed somewhere to go; before anything else is opened."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the lowest free number is taken: the one that is missing
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the end


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """End quietly where nobody reads our output any more."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        silence(sys.stdout, sys.stderr)
        raise SystemExit(READER_GONE) from None


def silence(*streams: TextIO) -> None:
    """Send what is still in these buffers nowhere, else the interpreter complains about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with suppress(OSError, ValueError):  # a stream without a number is a test's
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
