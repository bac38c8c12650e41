"""Trouble with the folder that a caller named for the results, as one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfinder.errors import StoreError, UsageError, is_disk_full
from ringfinder.words.sentences import Sentence, system_words


@contextmanager
def writing_to(out: Path) -> Iterator[None]:
    """UsageError where `out` cannot be a folder or may not be written; StoreError where the disk is full."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(Sentence("faults.out_is_file", out=out)) from error
    except OSError as error:
        if is_disk_full(error):
            raise StoreError(Sentence("faults.out_full", out=out)) from error
        raise UsageError(Sentence("faults.out_not_writable", out=out, why=system_words(error))) from error
