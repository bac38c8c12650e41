"""Trouble with the folder that a caller named for the results, as one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfinder.errors import StoreError, UsageError, is_disk_full


@contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """UsageError where `out` cannot be a folder or may not be written; StoreError where the disk is full."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{out} is a file or lies under one; give a folder") from error
    except OSError as error:
        if is_disk_full(error):
            raise StoreError(f"no room left on the disk for {out}; free some space and run again") from error
        raise UsageError(f"{out} cannot be written ({error.strerror}); permit it or give another folder") from error
