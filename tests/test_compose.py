"""docker-compose.yml, its Dockerfile and docs/docker.md say nothing that the code, the servers or the specification do not.

No Docker engine runs here. So the file is held against the schema of the compose specification, what it calls by name must
be there, and the health checks are done for real, on the servers that the tests have.
"""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from ringfinder.casebook.database import ENVIRONMENT as CASEBOOK
from ringfinder.store.neo4j.address import PREFIX, USER, Address, find
from ringfinder.store.neo4j.local import MEMORY_GB, _settings
from ringfinder.store.neo4j.program import VERSION
from ringfinder.workspace import ENVIRONMENT as WORKSPACE
from ringfinder_api.serving import check_address, is_loopback
from tests.api.conftest import serving
from tests.docs.test_readme import parsed

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
WRITTEN = FILE.read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(WRITTEN)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "docker.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(:?[-?+])?([^}]*)\}")


def command_of(service: str) -> Any:
    """The context of what the service runs, parsed by the real command line."""
    return parsed(shlex.join(["ringfinder", *SERVICES[service]["command"]]))


def check_of(service: str) -> list[str]:
    """The program of a health check and its arguments, as the container's engine would run it."""
    kind, *arguments = [part.replace("$$", "$") for part in SERVICES[service]["healthcheck"]["test"]]
    assert kind == "CMD"
    return arguments


def healthy(arguments: list[str]) -> bool:
    return subprocess.run(arguments, capture_output=True, timeout=60, check=False).returncode == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_file_fits_the_schema_of_the_specification(tmp_path: Path) -> None:
    def judged(file: Path) -> int:
        command = [Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert judged(FILE) == 0
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WRITTEN.replace("read_only:", "readonly:"), encoding="utf-8")
    assert judged(wrong) == 1


def test_secrets_have_no_default_and_everything_else_has_one() -> None:
    found = {(name, sign) for name, sign, _ in VARIABLE.findall(WRITTEN)}
    assert found == {("NEO4J_PASSWORD", ":?"), ("CASEBOOK_PASSWORD", ":?"), ("RINGFINDER_MEMORY", ":-")}
    said = {name: cure for name, sign, cure in VARIABLE.findall(WRITTEN) if sign == ":?"}
    assert all(cure.startswith(f"set {name} in .env to ") for name, cure in said.items())
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if re.search("PASSWORD|AUTH$", name):
                assert re.search(r"\$\{\w+_PASSWORD:\?", value)
    in_page = set(re.findall(r"^printf '(\w+)=%s\\n(\w+)=%s", PAGE, re.MULTILINE)[0])
    assert in_page == set(said)


def test_code_reads_every_variable_of_ringfinder(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = SERVICES["ringfinder"]["environment"]
    for name in list(environment):
        monkeypatch.setenv(name, "secret!" if "${" in environment[name] else environment[name])
    assert set(environment) == {
        *(WORKSPACE, CASEBOOK, "PGPASSWORD"),
        *(f"{PREFIX}{name}" for name in ("URI", "USER", "PASSWORD")),
    }
    assert find(Path("nowhere")) == Address("bolt://neo4j:7687", USER, "secret!")
    url = make_url(environment[CASEBOOK])
    assert (url.host, url.port, url.password) == ("casebook", 5432, None)
    theirs = SERVICES["casebook"]["environment"]
    assert (url.username, url.database) == (theirs["POSTGRES_USER"], theirs["POSTGRES_DB"])
    assert url.host in SERVICES
    assert SERVICES["neo4j"]["environment"]["NEO4J_AUTH"].startswith(f"{USER}/${{NEO4J_PASSWORD:")


def test_driver_of_postgresql_takes_the_password_from_that_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    from psycopg.pq import Conninfo  # noqa: PLC0415 - loads the library of PostgreSQL

    monkeypatch.setenv("PGPASSWORD", "signs @:/ and all")
    assert {one.keyword: one.val for one in Conninfo.get_defaults()}[b"password"] == b"signs @:/ and all"


def test_service_listens_where_its_port_is_published_and_may() -> None:
    options = command_of("ringfinder").params
    check_address(options["host"], options["behind_proxy"], options["tls_cert"], options["tls_key"])
    assert not is_loopback(options["host"])
    assert SERVICES["ringfinder"]["ports"] == [f"127.0.0.1:8765:{options['port']}"]


def test_nothing_is_published_beyond_loopback() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 2
    assert all(is_loopback(port.rsplit(":", 2)[0]) for port in ports)
    assert not any("network_mode" in service or service.get("privileged") for service in SERVICES.values())


def test_every_service_has_limits_and_no_rights() -> None:
    for name, service in SERVICES.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"]
        uid, _, gid = service["user"].partition(":")
        assert int(uid) > 0 < int(gid)
        assert {"mem_limit", "pids_limit", "healthcheck", "restart"} <= set(service)
        assert service.get("read_only", False) is (name != "neo4j")
        (volume,) = service["volumes"]
        assert volume.partition(":")[0] in COMPOSE["volumes"]
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[needed]


def test_neo4j_is_the_version_and_has_the_settings_of_the_local_server() -> None:
    service = SERVICES["neo4j"]
    assert service["image"] == f"neo4j:{VERSION}-community"
    local = dict(line.split("=", 1) for line in _settings(7687, MEMORY_GB) if not line.startswith("#"))
    here = {
        re.sub("_(?!_)", ".", name.removeprefix("NEO4J_").replace("__", "\0")).replace("\0", "_"): value
        for name, value in service["environment"].items()
        if name != "NEO4J_AUTH"
    }
    heap = {here.pop("server.memory.heap.initial_size"), here.pop("server.memory.heap.max_size")}
    assert heap == {f"{MEMORY_GB * 2 / 3 * 1024:.0f}m"}
    assert here == {name: value for name, value in local.items() if not name.endswith("_address")}
    limit = int(service["mem_limit"].removesuffix("g"))
    assert limit > MEMORY_GB


def test_no_image_is_without_a_whole_version() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert all(re.search(r":\d+\.\d+", image) for image in images)
    assert SERVICES["ringfinder"]["image"] == f"ringfinder:{PROJECT['project']['version']}"
    pythons = set(re.findall(r"^FROM python:(\d+\.\d+)", DOCKERFILE, re.M))
    assert pythons == {PROJECT["project"]["requires-python"].removeprefix(">=")}


def test_dockerfile_builds_with_what_is_there() -> None:
    extras = re.findall(r"--extra (\S+)", DOCKERFILE)
    assert (
        set(extras)
        == {"neo4j", "service-oidc", "service-postgres", "viz"}
        <= set(PROJECT["project"]["optional-dependencies"])
    )
    pinned = re.findall(r"uv==([\d.]+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert re.findall(r"uv==([\d.]+)", DOCKERFILE) == pinned
    copied = {source for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M) for source in line.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert copied == {line.removeprefix("!") for line in ignored if line.startswith("!")}
    build = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    carried = {*build["packages"], *build["force-include"], PROJECT["project"]["readme"]}
    assert {one.partition("/")[0] for one in carried} <= copied


def test_image_and_file_agree_on_user_workspace_and_command() -> None:
    service = SERVICES["ringfinder"]
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.M) == [service["user"]]
    (workspace,) = re.findall(rf"\b{WORKSPACE}=(\S+)", DOCKERFILE)
    assert workspace == service["environment"][WORKSPACE] == service["volumes"][0].partition(":")[2]
    entry = re.findall(r'^ENTRYPOINT \["(\S+)"\]$', DOCKERFILE, re.M)
    assert entry == list(PROJECT["project"]["scripts"])


def test_health_check_of_the_service_asks_a_route_that_it_has_and_that_of_neo4j_is_not_taken_in(tmp_path: Path) -> None:
    check = check_of("ringfinder")
    assert check[0] == "python"
    (path,) = re.findall(r"127\.0\.0\.1:8765(/\w+)", check[-1])
    assert path in json.loads((ROOT / "api" / "ringfinder_api" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    with serving(tmp_path / "workspace") as service:
        port = service.url.rpartition(":")[2]
        assert healthy([sys.executable, *check[1:-1], check[-1].replace("8765", port)])
        assert not healthy([part.replace("7687", port) for part in check_of("neo4j")])
    assert not healthy([sys.executable, *check[1:-1], check[-1].replace("8765", str(free_port()))])


@pytest.mark.xdist_group("neo4j")
def test_health_check_of_neo4j_is_answered_by_a_real_one(neo4j_server: Address) -> None:
    check = check_of("neo4j")
    port = neo4j_server.uri.rpartition(":")[2]
    assert healthy([part.replace("7687", port) for part in check])
    assert not healthy([part.replace("7687", str(free_port())) for part in check])


def test_casebook_is_the_major_version_of_the_tests_and_its_health_check_a_question_to_it() -> None:
    programs = Path(find_spec("pgserver").origin).parent / "pginstall" / "bin"  # type: ignore[union-attr, arg-type]
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    assert re.findall(r" (\d+)\.", version) == re.findall(r"^postgres:(\d+)\.", SERVICES["casebook"]["image"])
    name, *arguments = [part.replace("5432", str(free_port())) for part in check_of("casebook")]
    asked = subprocess.run([programs / name, *arguments], capture_output=True, check=False)
    assert asked.returncode == 2  # nobody answers there; 3 would mean that the question was wrong


@pytest.mark.parametrize("line", re.findall(r"^docker compose (?:run|exec) .*$", PAGE + README, re.MULTILINE))
def test_commands_in_the_container_are_ours(line: str) -> None:
    words = shlex.split(line)
    place = words.index("ringfinder")
    assert place < len(words) - 1
    rest = words[place + 1 :]
    asked = rest if words[2] == "run" else rest[1:]  # `run` has the image's entry point, `exec` names the program
    assert words[2] == "run" or rest[0] == "ringfinder"
    assert parsed(shlex.join(["ringfinder", *asked])).command_path.startswith("ringfinder ")
