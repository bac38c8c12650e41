"""Webhooks to a real receiver on this machine, and the addresses that are never connected to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny
from standardwebhooks import Webhook

from ringfinder.errors import UsageError
from ringfinder.workspace import Workspace
from ringfinder_api.outbound import Forbidden, Outbound, read_networks, read_url
from ringfinder_api.serving import serve
from tests.api.conftest import Served, serving, until

LOOPBACK = read_networks(["127.0.0.0/8"])


@dataclass
class Receiver:
    """What came in, and what is answered: a status by path, and a place to be redirected to."""

    url: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    taken = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            taken.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, content))
            self.send_response(taken.status.get(self.path, 204))
            self.send_header("location", f"{taken.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that may tell this machine, with a run in which R;1 alerts."""
    workspace = tmp_path_factory.mktemp("webhooks") / "workspace"
    tiny.publish_run(workspace, graph=True)
    with serving(workspace, "--webhook-allow", "127.0.0.0/8") as service:
        until(service.ready)
        until(lambda: any(line["message"] == "run announced" for line in service.lines()))
        yield service


@pytest.fixture(scope="module")
def admin(place: Served) -> Iterator[httpx.Client]:
    with place.client(place.key("admin")) as client:
        yield client


def add(client: httpx.Client, url: str, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/webhooks", json={"url": url} | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def deliveries(client: httpx.Client, webhook_id: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/webhooks/{webhook_id}/deliveries", params=query).json()["deliveries"]
    return found


def test_news_arrive_signed_and_can_be_told_from_forged_ones(
    admin: httpx.Client, place: Served, receiver: Receiver
) -> None:
    hook = add(admin, f"{receiver.url}/news")
    assert hook["secret"] not in admin.get("/v1/webhooks").text
    second = tiny.publish_run(place.workspace, replace(tiny.FINDINGS, rings=(tiny.HARMLESS,)), graph=True)
    until(lambda: [path for path, _, _ in receiver.got] == ["/news"])
    _, headers, content = receiver.got[0]
    told = Webhook(hook["secret"]).verify(content, headers)
    assert told["type"] == "ring.closed"
    assert (told["data"]["ring_id"], told["data"]["run_id"]) == ("R;1", second)
    assert (told["data"]["patients_before"], told["data"]["patients_after"]) == (3, None)
    assert not any(secret in content.decode() for secret in tiny.SECRETS)
    with pytest.raises(Exception, match="signature"):
        Webhook(hook["secret"]).verify(content.replace(b"ring.closed", b"ring.opened"), headers)
    until(lambda: deliveries(admin, hook["webhook_id"], state="delivered") != [])
    (sent,) = deliveries(admin, hook["webhook_id"])
    assert (sent["delivery_id"], sent["outcome"], sent["attempts"]) == (headers["webhook-id"], "204", 1)
    assert sent["next_attempt"] is None
    replayed = admin.post(f"/v1/deliveries/{sent['delivery_id']}:replay")
    assert (replayed.status_code, replayed.json()["state"]) == (202, "pending")
    until(lambda: len(receiver.got) == 2)
    assert receiver.got[1][1]["webhook-id"] == sent["delivery_id"]
    assert receiver.got[1][2] == content
    assert admin.post(f"/v1/webhooks/{hook['webhook_id']}:remove").status_code == 200
    assert admin.post(f"/v1/deliveries/{sent['delivery_id']}:replay").json()["code"] == "unknown_delivery"


def test_refusal_is_tried_again_a_redirect_is_not_followed_and_gone_is_the_end(
    admin: httpx.Client, receiver: Receiver
) -> None:
    receiver.status |= {"/broken": 500, "/moved": 307, "/gone": 410}
    hooks = {name: add(admin, f"{receiver.url}/{name}", events=["ring.grown"]) for name in ("broken", "moved", "gone")}
    for hook in hooks.values():
        assert admin.post(f"/v1/webhooks/{hook['webhook_id']}:test").status_code == 202
    told: dict[str, dict[str, Any]] = {}

    def all_tried() -> bool:
        for name, hook in hooks.items():
            told[name] = deliveries(admin, hook["webhook_id"])[0]
        return all(one["attempts"] for one in told.values())

    until(all_tried)
    assert {name: (one["state"], one["outcome"]) for name, one in told.items()} == {
        "broken": ("pending", "500"),
        "moved": ("pending", "307"),
        "gone": ("dead", "410"),
    }
    assert told["broken"]["next_attempt"] is not None
    assert deliveries(admin, hooks["gone"]["webhook_id"], state="dead") == [told["gone"]]
    assert not any(path == "/elsewhere" for path, _, _ in receiver.got)


def test_same_request_twice_makes_one_webhook(admin: httpx.Client, receiver: Receiver) -> None:
    asked = {"json": {"url": f"{receiver.url}/twice"}, "headers": {"idempotency-key": "hook-1"}}
    first, second = (admin.post("/v1/webhooks", **asked) for _ in range(2))  # type: ignore[arg-type]
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert [one["url"] for one in admin.get("/v1/webhooks").json()["webhooks"]].count(f"{receiver.url}/twice") == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://0x0a000001/x",
        "http://8.8.8.8/x",  # public, but not by TLS
        "https://no-such-host.invalid/x",
        "ftp://8.8.8.8/x",
        "https://user:word@8.8.8.8/x",
        "https:///x",
        "https://8.8.8.8:99999/x",
        "file:///etc/passwd",
        "x",
    ],
)
def test_address_of_the_inside_is_refused_when_it_is_given(admin: httpx.Client, url: str) -> None:
    answer = admin.post("/v1/webhooks", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "forbidden_address")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_only_public_addresses_are_permitted(address: str, public: bool) -> None:
    one = ipaddress.ip_address(address)
    assert Outbound().permits(one, plain=False) is public
    assert not Outbound().permits(one, plain=True)


def test_allowed_networks_are_permitted_also_without_tls_and_nothing_beside_them() -> None:
    outbound = Outbound(read_networks(["10.1.2.0/24", "fd00::5"]))
    for address, permitted in (("10.1.2.9", True), ("10.1.3.9", False), ("fd00::5", True), ("fd00::6", False)):
        assert outbound.permits(ipaddress.ip_address(address), plain=True) is permitted
    assert outbound.permits(ipaddress.ip_address("::ffff:10.1.2.9"), plain=True)
    with pytest.raises(UsageError, match="--webhook-allow"):
        read_networks(["10.1.2.3/24"])


def answers(*addresses: str) -> Any:
    """A resolver that gives these addresses one after the other, the last one for ever."""
    left = list(addresses)

    async def resolve(self: object, host: str, port: int, **_: Any) -> list[Any]:
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return resolve


def test_name_that_changes_its_mind_gains_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    outbound = Outbound(LOOPBACK)
    port = receiver.url.rpartition(":")[2]
    url = f"http://changing.test:{port}/rebound"

    async def checked_then_sent() -> None:
        await outbound.check(url)
        await outbound.post(url, b"{}", {"content-length": "2"})

    async def inside() -> None:
        monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", answers("127.0.0.1", "10.0.0.1"))
        await checked_then_sent()

    with pytest.raises(Forbidden, match="not allowed"):
        asyncio.run(inside())
    assert not any(path == "/rebound" for path, _, _ in receiver.got)


def test_connection_goes_to_the_address_that_was_looked_at(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    port = receiver.url.rpartition(":")[2]

    async def sent() -> int:
        monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", answers("127.0.0.1"))
        return await Outbound(LOOPBACK).post(f"http://named.test:{port}/named", b"{}", {"content-length": "2"})

    assert asyncio.run(sent()) == 204
    path, headers, _ = receiver.got[-1]
    assert (path, headers["host"]) == ("/named", f"named.test:{port}")


def test_url_is_read_or_refused() -> None:
    assert read_url("https://example.org/a?b=c").hostname == "example.org"
    for wrong in ("https://example.org/#x", "https://exämple.org/", "https://example.org/ x", "https://x/" + "y" * 500):
        with pytest.raises(Forbidden, match="no URL"):
            read_url(wrong)


def test_command_refuses_a_network_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--webhook-allow"):
        serve(Workspace(tmp_path / "w"), host="127.0.0.1", port=0, webhook_networks=["nonsense"])
    assert not (tmp_path / "w").exists()
