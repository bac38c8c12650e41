"""A service from what the command line said: plain values, so that another process can make the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ringfinder.casebook.database import Casebook
from ringfinder.casebook.keys import all_keys
from ringfinder.workspace import Workspace
from ringfinder_api.access.oidc import from_environment
from ringfinder_api.outbound import Outbound, read_networks
from ringfinder_api.service import Service


@dataclass(frozen=True)
class Making:
    """`casebook` None: the environment's, or that of the workspace; `secure`: the way to the service is TLS."""

    workspace: Path
    casebook: str | None
    claims: Path | None
    webhook_networks: tuple[str, ...]
    secure: bool
    public_url: str | None


def make_service(making: Making, book: Casebook) -> Service:
    """The service of one process."""
    return Service(
        Workspace(making.workspace),
        lambda: all_keys(book),
        book=book,
        claims=making.claims,
        outbound=Outbound(read_networks(making.webhook_networks)),
        secure=making.secure,
        oidc=from_environment(making.public_url, making.secure),
    )
