"""neo4j: a server on this machine, for those who have none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfinder.cli.asking import print_rows
from ringfinder.cli.console import command, complain, complain_of, progress, show, show_json
from ringfinder.cli.options import (
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    add_group,
    text,
)
from ringfinder.cli.recorded import record_unmasking
from ringfinder.errors import RingFinderError, UsageError
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    from ringfinder.store.neo4j.local import LocalServer

PROMPT, MORE = "cypher> ", "     -> "
SHELL_ROWS = 1000


def register(app: typer.Typer) -> None:
    """Add the group."""
    commands = (
        ("up", up, ""),
        ("down", down, ""),
        ("status", status, "--env"),
        ("shell", shell, ""),
        ("import", import_claims, ""),
    )
    add_group(app, "neo4j", commands)


def up(
    *,
    memory_gb: Annotated[float, typer.Option("--memory-gb", min=1.0, max=1024.0, help=text("opt_memory"))] = 3.0,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    _server(workspace).up(memory_gb)
    _tell(workspace, lang, as_json)
    if not as_json:
        show(say("cli.neo4j_next", lang, command=command("run", workspace) + " CLAIMS --store neo4j"))


def down(*, workspace: WorkspaceOption = None, lang: LangOption = LANG_DEFAULT, as_json: JsonOption = False) -> None:
    server = _server(workspace)
    ended = server.down()
    if as_json:
        show_json({"ended": ended})
    else:
        key = "cli.neo4j_stopped" if ended else "cli.neo4j_not_running"
        show(say(key, lang, folder=server.folder))


def status(
    *,
    env: Annotated[bool, typer.Option("--env", help=text("opt_env"))] = False,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    if not env:
        _tell(workspace, lang, as_json)
        return
    state = _server(workspace).state()
    if not state.running or state.address is None:
        raise UsageError(Sentence("faults.no_server"))

    from ringfinder.store.neo4j.address import export_lines, prefix  # noqa: PLC0415

    for line in export_lines(replace(state.address, prefix=prefix())):
        print(line)


def shell(*, workspace: WorkspaceOption = None, lang: LangOption = LANG_DEFAULT, unmask: UnmaskOption = False) -> None:
    place = Workspace.locate(workspace)
    stored = place.needed()
    if stored.store != "neo4j":
        raise UsageError(Sentence("faults.not_on_neo4j"))

    from ringfinder.pipeline.graphs import open_graph  # noqa: PLC0415
    from ringfinder.store.contract import was_cut  # noqa: PLC0415

    record_unmasking(place, unmask, "neo4j shell")
    people = Register(stored.tables, unmask)
    with open_graph(stored, place) as store:
        for statement in _statements():
            try:
                rows = store.query(statement, limit=SHELL_ROWS)
            except RingFinderError as error:
                complain_of(error, lang)
                continue
            print_rows(rows, people, "table", say("cli.query_empty", lang))
            if was_cut(rows):
                complain(say("cli.query_cut", lang, limit=SHELL_ROWS))


def import_claims(
    *,
    files: Annotated[Path | None, typer.Option("--files", help=text("opt_files"), metavar="DIR")] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    server, place = _server(workspace), Workspace.locate(workspace)

    from ringfinder.pipeline.graphs import GRAPH_MEMORY_GB, claim_set_of  # noqa: PLC0415
    from ringfinder.pipeline.output import writing_to  # noqa: PLC0415
    from ringfinder.store.neo4j.address import prefix  # noqa: PLC0415
    from ringfinder.store.neo4j.importing import into_local, write_files  # noqa: PLC0415

    claim_set = claim_set_of(place.needed())
    if files is not None:
        with writing_to(files):
            script = write_files(claim_set, files, GRAPH_MEMORY_GB, threads=0, prefix=prefix())
        if as_json:
            show_json({"command": str(script)})
        else:
            show(say("cli.neo4j_files", lang, script=script))
        return
    with progress(lang, "store.nodes") as tell:
        address = into_local(server, claim_set, GRAPH_MEMORY_GB, progress=tell, prefix=prefix())
    if as_json:
        show_json({"uri": address.uri, "claims": claim_set.rows["claims"]})
    else:
        again = command("run", workspace) + " CLAIMS --store neo4j"
        show(say("cli.neo4j_imported", lang, claims=claim_set.rows["claims"], uri=address.uri, command=again))


def _statements() -> Iterator[str]:
    """What is typed or piped in, up to each semicolon at the end of a line."""
    asks = sys.stdin.isatty()
    lines: list[str] = []
    while True:
        if asks:
            print(MORE if lines else PROMPT, end="", flush=True)
        line = sys.stdin.readline()
        lines.append(line)
        statement = "".join(lines).strip()
        if statement and (not line or statement.endswith(";")):
            yield statement
            lines = []
        elif not statement:
            lines = []
        if not line:
            return


def _tell(workspace: Path | None, lang: Language, as_json: bool) -> None:
    server = _server(workspace)
    state = server.state()
    uri = state.address.uri if state.address and state.running else None
    if as_json:
        show_json({"running": state.running, "uri": uri, "pid": state.pid, "folder": str(server.folder)})
    elif state.running and state.address:
        file = server.folder / "server.json"
        show(say("cli.neo4j_runs", lang, uri=uri, user=state.address.user, file=file))
    else:
        show(say("cli.neo4j_not_running", lang))


def _server(workspace: Path | None) -> LocalServer:
    try:
        from ringfinder.store.neo4j.local import LocalServer  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults.neo4j_local_extra")) from error
    return LocalServer(Workspace.locate(workspace).folder)
