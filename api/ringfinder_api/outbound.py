"""Messages to addresses that callers gave: never to a machine of the inside that nobody meant to open.

A name is resolved once for each connection, its addresses are looked at, and the connection goes to one that was looked at: a
name that changes its mind in between gains nothing. Permitted are public addresses, by TLS, and those of the networks that
`ringfinder serve --webhook-allow` names, also without. Private, loopback, link-local and shared ranges are none of these,
whichever form of IPv6 they are wrapped in. Redirects are not followed, no proxy of the environment is used, and of an answer
nothing but its status is read.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

import anyio
import httpcore
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence

SECONDS = 15.0  # for one message, whatever the receiver does
MOST_URL = 500
NAT64 = IPv6Network("64:ff9b::/96")
# Not public either, whatever the library says of them: a network's own NAT64, site-local, and the oldest form of IPv4 in IPv6
NEVER_PUBLIC = tuple(IPv6Network(one) for one in ("64:ff9b:1::/48", "fec0::/10", "::/96"))
Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]


class Forbidden(Exception):
    """An address that may not be connected to."""


class Outbound:
    """Sends messages. `allowed`: networks beyond the public ones."""

    def __init__(self, allowed: Networks = ()) -> None:
        self.allowed = allowed

    async def check(self, url: str) -> None:
        """Forbidden unless the URL could be sent to now."""
        parts = read_url(url)
        await self.addresses(parts.hostname or "", parts.port or 0, plain=parts.scheme == "http")

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; Forbidden, OSError, TimeoutError or an error of httpcore where there is none."""
        plain = read_url(url).scheme == "http"
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        with anyio.fail_after(SECONDS):
            async with (
                httpcore.AsyncConnectionPool(
                    ssl_context=ssl.create_default_context(), network_backend=_Checked(self, plain), retries=0
                ) as pool,
                pool.stream("POST", url, headers=sent, content=content) as answer,
            ):
                return answer.status

    async def addresses(self, host: str, port: int, plain: bool) -> list[str]:
        """The addresses of a host that may be connected to; Forbidden where there is none."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Forbidden("unknown host") from error
        texts = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
        permitted = [text for text in texts if self.permits(ipaddress.ip_address(text), plain)]
        if not permitted:
            raise Forbidden("address not allowed")
        return permitted

    def permits(self, address: Address, plain: bool) -> bool:
        """Whether an address may be connected to; `plain`: without TLS."""
        inside = [address, *_wrapped(address)]
        if any(one in network for network in self.allowed for one in inside[-1:]):
            return True
        return not plain and all(_is_public(one) for one in inside)


class _Checked(AsyncNetworkBackend):
    """Connects to addresses that were looked at, and to nothing else."""

    def __init__(self, outbound: Outbound, plain: bool) -> None:
        self._outbound, self._plain = outbound, plain
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        failed: Exception = Forbidden("unknown host")
        for address in await self._outbound.addresses(host, port, self._plain):
            try:
                return await self._real.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


def read_url(url: str) -> SplitResult:
    """The parts of a URL that a message may be sent to; Forbidden for any other."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Forbidden("no URL") from error
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MOST_URL
    if (
        not plain
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or parts.fragment
    ):
        raise Forbidden("no URL")
    return parts


def read_networks(texts: Sequence[str]) -> Networks:
    """Networks as they are written on the command line; UsageError for what is none."""
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise UsageError(Sentence("faults.webhook_allow")) from error


def _is_public(address: Address) -> bool:
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
    known = address.is_global or mapped  # what is mapped is judged by what it stands for
    return known and not address.is_multicast and not any(address in network for network in NEVER_PUBLIC)


def _wrapped(address: Address) -> list[Address]:
    """The IPv4 address that an IPv6 address stands for, in any of the ways that machines unwrap."""
    if isinstance(address, IPv4Address):
        return []
    if address in NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    teredo = address.teredo[1] if address.teredo else None
    return [one for one in (address.ipv4_mapped, address.sixtofour, teredo) if one is not None]
