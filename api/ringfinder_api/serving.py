"""`ringfinder serve`: checks where it may listen, then serves until it is told to stop.

Without TLS a key could be read on the way, so that the service listens on loopback only, unless a certificate is given or
the caller states that a proxy in front of it speaks TLS.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.keys import all_keys
from ringfinder.errors import UsageError
from ringfinder.workspace import Workspace
from ringfinder_api import logs
from ringfinder_api.app import create_app
from ringfinder_api.outbound import Outbound, read_networks
from ringfinder_api.service import Service

DRAIN_SECONDS = 10  # for requests that are under way when the service is told to stop


def serve(
    workspace: Workspace,
    *,
    host: str,
    port: int,
    casebook: str | None = None,
    behind_proxy: bool = False,
    certificate: Path | None = None,
    private_key: Path | None = None,
    claims: Path | None = None,
    webhook_networks: Sequence[str] = (),
) -> None:
    """Serve until interrupted. UsageError where it may not listen there, StoreError without a casebook."""
    check_address(host, behind_proxy, certificate, private_key)
    if claims is not None and not claims.is_dir():
        raise UsageError(f"there is no folder {claims.name} of claims; name one with --claims")
    outbound = Outbound(read_networks(webhook_networks))
    logs.configure()
    with open_casebook(workspace.folder, casebook) as book:
        service = Service(workspace, lambda: all_keys(book), book=book, claims=claims, outbound=outbound)
        config = uvicorn.Config(
            create_app(service),
            host=host,
            port=port,
            log_config=None,
            access_log=False,  # its lines hold paths, and paths hold ids
            server_header=False,
            proxy_headers=False,  # nothing here believes in an address
            ssl_certfile=certificate,
            ssl_keyfile=private_key,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        _run(_Server(config, service).run, host, port)


class _Server(uvicorn.Server):
    """Told to stop, it first ends the streams of events, which would else be waited for."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.ending.set()
        await super().shutdown(sockets)


def _run(run: Callable[[], None], host: str, port: int) -> None:
    try:
        run()
    except SystemExit as error:  # uvicorn's way to say that it could not listen, or that the start failed
        if error.code:
            raise UsageError(
                f"the service cannot listen on {host} port {port}; give another --port or --host"
            ) from error


def check_address(host: str, behind_proxy: bool, certificate: Path | None, private_key: Path | None) -> None:
    """UsageError unless keys are safe on the way."""
    if (certificate is None) != (private_key is None):
        raise UsageError("--tls-cert and --tls-key belong together; give both")
    for file in (certificate, private_key):
        if file is not None and not file.is_file():
            raise UsageError(f"there is no file {file.name}; name the certificate and its key")
    if not (is_loopback(host) or behind_proxy or certificate is not None):
        raise UsageError(
            f"without TLS the service listens on loopback only, and {host} is not; "
            "give --tls-cert and --tls-key, or --behind-proxy where a proxy speaks TLS"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address; a name other than localhost is not trusted to be."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
