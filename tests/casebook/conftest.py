"""The casebook on both databases: SQLite, and a real PostgreSQL that PyPI's `pgserver` carries."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from ringfinder.casebook.database import Casebook, open_casebook


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server; each test makes a database of its own there.

    Not below pytest's own folder: as root the server is another user, and the next pytest shuts that folder to all others.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ringfinder-postgres-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        place = Path(folder)
        patch.setenv("XDG_RUNTIME_DIR", str(place))  # else a library warns that it has to guess
        import pgserver  # noqa: PLC0415

        server = pgserver.get_server(place / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'casebook.db'}"
    server: str = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{query}"


@pytest.fixture
def casebook(url: str, tmp_path: Path) -> Iterator[Casebook]:
    """An open casebook."""
    with open_casebook(tmp_path, url) as book:
        yield book
