"""Lets tests of all rooms share `tiny`, the world made by hand: pytest puts this folder on the path.

Tests of the Neo4j store run on a real server: the one that RINGFINDER_TEST_NEO4J_URI (with _USER and _PASSWORD) names, else
a local one, started by the first test that needs it, shared by all processes of this run, and stopped at its end. Without
a server those tests fail. It has one database: who tests on it holds a lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ringfinder.store.neo4j.address import USER, Address
from ringfinder.store.neo4j.local import LocalServer

OWN = "RINGFINDER_TEST_NEO4J_"
SHARED = "RINGFINDER_TEST_SHARED"  # a folder that all processes of this run know
SMALL_SERVER_GB = 1.2


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = tempfile.mkdtemp(prefix="ringfinder-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        LocalServer(Path(os.environ[SHARED])).down()
        shutil.rmtree(os.environ[SHARED])


@pytest.fixture(scope="session")
def neo4j_server() -> Address:
    """A server for tests."""
    if uri := os.environ.get(f"{OWN}URI"):
        return Address(uri, os.environ.get(f"{OWN}USER", USER), os.environ[f"{OWN}PASSWORD"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")  # a short life is not worth the second compiler
        return LocalServer(Path(os.environ[SHARED])).up(SMALL_SERVER_GB)


@contextmanager
def database_lock() -> Iterator[None]:
    """Nobody else of this run uses the server's database meanwhile."""
    descriptor = os.open(Path(os.environ[SHARED]) / "database-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@pytest.fixture
def neo4j_address(neo4j_server: Address) -> Iterator[Address]:
    """The server's database, for this test alone."""
    with database_lock():
        yield neo4j_server


@pytest.fixture(scope="module")
def neo4j_address_of_module(neo4j_server: Address) -> Iterator[Address]:
    """The server's database, for the tests of one module that only read what is loaded once."""
    with database_lock():
        yield neo4j_server
