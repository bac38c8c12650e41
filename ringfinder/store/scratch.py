"""A folder for parts that are loaded or put together and thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """Mode 700, beside what its parts end up in and gone afterwards; never in /tmp, which others read."""
    made = Path(tempfile.mkdtemp(prefix=".parts-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
