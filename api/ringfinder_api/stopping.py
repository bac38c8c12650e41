"""The server of one process, uvicorn's: told to stop, it first ends the streams of events, which would else be waited for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from ringfinder_api.app import create_app
from ringfinder_api.service import Service

DRAIN_SECONDS = 10  # for requests that are under way when the service is told to stop


def settings_of(certificate: Path | None, private_key: Path | None) -> dict[str, Any]:
    """What every process tells uvicorn."""
    return {
        "log_config": None,
        "access_log": False,  # its lines hold paths, and paths hold ids
        "server_header": False,
        "proxy_headers": False,  # nothing here believes in an address
        "ssl_certfile": certificate,
        "ssl_keyfile": private_key,
        "timeout_graceful_shutdown": DRAIN_SECONDS,
    }


class StoppingServer(uvicorn.Server):
    """`told` is called once it listens, with the socket."""

    def __init__(self, config: uvicorn.Config, service: Service, told: Callable[[socket.socket], None]) -> None:
        super().__init__(config)
        self._service, self._told = service, told

    @classmethod
    def of(
        cls, service: Service, settings: dict[str, Any], told: Callable[[socket.socket], None] = lambda _: None
    ) -> StoppingServer:
        """The server of a service."""
        return cls(uvicorn.Config(create_app(service), **settings), service, told)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._told(self.servers[0].sockets[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.ending.set()
        await super().shutdown(sockets)
