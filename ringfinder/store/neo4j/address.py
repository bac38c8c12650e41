"""Where the Neo4j server is, and who we are there.

Looked for in this order, and never on a command line, which other users of a machine can read:

    RINGFINDER_NEO4J_URI, _USER, _PASSWORD, _DATABASE   the environment
    RINGFINDER_NEO4J_FILE                               a JSON file with uri, user, password, database, prefix; mode 600
    WORKSPACE/neo4j/server.json                         the local server that `ringfinder neo4j up` started

RINGFINDER_NEO4J_PREFIX begins our labels and types there (see `names`), whichever way the server was found.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Listed, Sentence, system_words

PREFIX = "RINGFINDER_NEO4J_"
SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
USER = "neo4j"  # what a new server calls its first user
LOCAL_FOLDER, LOCAL_FILE = "neo4j", "server.json"
# It ends in an underscore, and not in KEPT_, so that no name of ours is a prefix with another name of ours.
NAME_PREFIX = re.compile(r"(?!.*kept_$)[a-z][a-z0-9_]{0,29}_", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Address:
    """A database on a server. `database` None is the user's own default; the password never shows in messages.

    `prefix` begins our labels and relationship types there, "" where they are called as in the graph model.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str | None = None
    prefix: str = ""

    def __post_init__(self) -> None:
        if self.prefix and not NAME_PREFIX.fullmatch(self.prefix):
            raise UsageError(Sentence("faults_store.neo4j_prefix", env=PREFIX))
        parts = urlsplit(self.uri)
        if parts.scheme not in SCHEMES or not parts.hostname or not _has_port(parts):
            raise UsageError(Sentence("faults_store.neo4j_address", known=Listed(SCHEMES)))
        if parts.username is not None or parts.password is not None:
            raise UsageError(Sentence("faults_store.neo4j_address_password", env=PREFIX))


def _has_port(parts: SplitResult) -> bool:
    """Whether the port, if one is named, is one."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def find(workspace: Path) -> Address:
    """The server that environment, file or workspace name; UsageError that says how to name one."""
    found = _find(workspace)
    return replace(found, prefix=prefix()) if prefix() else found


def prefix() -> str:
    """What the environment says that our labels and types begin with; "" where it says nothing."""
    return os.environ.get(f"{PREFIX}PREFIX", "")


def _find(workspace: Path) -> Address:
    environment = os.environ
    if environment.get(f"{PREFIX}URI"):
        return _from_environment(environment)
    if file := environment.get(f"{PREFIX}FILE"):
        return read_file(Path(file))
    local = workspace / LOCAL_FOLDER / LOCAL_FILE
    if local.exists():
        return read_file(local)
    raise UsageError(Sentence("faults_store.neo4j_unnamed", env=PREFIX))


def is_named(workspace: Path) -> bool:
    """Whether environment or workspace name a server at all."""
    return _in_environment() or (workspace / LOCAL_FOLDER / LOCAL_FILE).exists()


def is_local(workspace: Path) -> bool:
    """Whether the server that they name is the workspace's own."""
    return is_named(workspace) and not _in_environment()


def _in_environment() -> bool:
    return any(os.environ.get(f"{PREFIX}{name}") for name in ("URI", "FILE"))


def _from_environment(environment: Mapping[str, str]) -> Address:
    if f"{PREFIX}PASSWORD" not in environment:
        raise UsageError(Sentence("faults_store.neo4j_no_password", env=PREFIX))
    return Address(
        environment[f"{PREFIX}URI"],
        environment.get(f"{PREFIX}USER") or USER,
        environment[f"{PREFIX}PASSWORD"],
        environment.get(f"{PREFIX}DATABASE") or None,
    )


def read_file(file: Path) -> Address:
    """The address in a JSON file; UsageError where it cannot be read, is open to others or lacks something."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            Sentence("faults_store.neo4j_file_unreadable", name=file.name, why=system_words(error))
        ) from error
    except ValueError as error:
        raise UsageError(Sentence("faults_store.neo4j_file_json", name=file.name)) from error
    if mode & 0o077:
        raise UsageError(Sentence("faults_store.neo4j_file_open", name=file.name))
    if not isinstance(content, dict) or not all(_is_text(content.get(key)) for key in ("uri", "password")):
        raise UsageError(Sentence("faults_store.neo4j_file_lacks", name=file.name))
    database, named = content.get("database") or None, content.get("prefix") or ""
    return Address(content["uri"], content.get("user") or USER, content["password"], database, str(named))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def export_lines(address: Address) -> list[str]:
    """What a shell evaluates to name this server to every command."""
    values = {"URI": address.uri, "USER": address.user, "PASSWORD": address.password}
    if address.database:
        values["DATABASE"] = address.database
    if address.prefix:
        values["PREFIX"] = address.prefix
    return [f"export {PREFIX}{name}={shlex.quote(value)}" for name, value in values.items()]
