"""`ringfinder serve`: checks where it may listen, then serves until it is told to stop, in one process or several.

Without TLS a key could be read on the way, so that the service listens on loopback only, unless a certificate is given or
the caller states that a proxy in front of it speaks TLS. While there is no user, a one-time link for the first admin is printed
to stdout: the log, on stderr, is kept elsewhere, and holds no secret.
A key that is missing, and seals who gave tips, is told at the start.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.people import invite_first
from ringfinder.casebook.reporters import seal_state
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.sealing import SealKeys, read_keys
from ringfinder.errors import UsageError
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace
from ringfinder_api import logs
from ringfinder_api.access.oidc import from_environment
from ringfinder_api.making import Making, make_service
from ringfinder_api.outbound import read_networks
from ringfinder_api.several import listening, serve_in_processes
from ringfinder_api.stopping import StoppingServer, settings_of
from ringfinder_api.welcome import path_of

EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # no link leads there


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
    public_url: str | None = None,
    workers: int = 1,
    lang: Language = "en",
) -> None:
    """Serve until interrupted. UsageError where it may not listen there, StoreError without a casebook."""
    check_address(host, behind_proxy, certificate, private_key)
    if claims is not None and not claims.is_dir():
        raise UsageError(Sentence("faults.no_claims_folder", name=claims.name))
    secure = behind_proxy or certificate is not None
    read_networks(webhook_networks)  # here and not in another process: what is wrong is told at once
    from_environment(public_url, secure)
    read_rules(workspace.folder)
    seals = read_keys()
    making = Making(workspace.folder, casebook, claims, tuple(webhook_networks), secure, public_url)
    settings = settings_of(certificate, private_key)
    logs.configure()
    with open_casebook(workspace.folder, casebook) as book:
        _tell_seals(book, seals, lang)
        if workers > 1:
            with listening(host, port) as open_socket:
                _print_first_link(book, public_url or _url(open_socket, host, certificate is not None), lang)
                serve_in_processes(making, settings, open_socket, workers)
            return
        service = make_service(making, book)

        def told(open_socket: socket.socket) -> None:
            _print_first_link(book, public_url or _url(open_socket, host, certificate is not None), lang)

        server = StoppingServer.of(service, settings | {"host": host, "port": port}, told)
        _run(server.run, host, port)


def _print_first_link(book: Casebook, url: str, lang: Language) -> None:
    """While there is nobody, print how to become the first admin."""
    secret = invite_first(book)
    if secret is not None:
        print(say("api.first_admin", lang), f"{url.rstrip('/')}{path_of(secret, first=True)}", sep="\n", flush=True)


def _tell_seals(book: Casebook, seals: SealKeys, lang: Language) -> None:
    """Say whose key is missing, where some reporters of tips cannot be read; the service goes on without."""
    for key_id, count in seal_state(book, seals).missing.items():
        print(say("tips.sealed_missing", lang, key_id=key_id, count=count), flush=True)
        logging.getLogger(logs.ROOT).warning("identities cannot be read", extra={"key": key_id, "count": count})


def _url(open_socket: socket.socket, host: str, tls: bool) -> str:
    """Where the service is reached; of port 0 only the socket knows which it is."""
    port = open_socket.getsockname()[1]
    host = "localhost" if host in EVERY_ADDRESS else host
    return f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{port}"


def _run(run: Callable[[], None], host: str, port: int) -> None:
    try:
        run()
    except SystemExit as error:  # uvicorn's way to say that it could not listen, or that the start failed
        if error.code:
            raise UsageError(Sentence("faults.not_listening", host=host, port=port)) from error


def check_address(host: str, behind_proxy: bool, certificate: Path | None, private_key: Path | None) -> None:
    """UsageError unless keys are safe on the way."""
    if (certificate is None) != (private_key is None):
        raise UsageError(Sentence("faults.tls_both"))
    for file in (certificate, private_key):
        if file is not None and not file.is_file():
            raise UsageError(Sentence("faults.tls_file", name=file.name))
    if not (is_loopback(host) or behind_proxy or certificate is not None):
        raise UsageError(Sentence("faults.tls_needed", host=host))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address; a name other than localhost is not trusted to be."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
