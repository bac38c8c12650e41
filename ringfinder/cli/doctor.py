"""doctor: what is installed, which stores answer, what is switched off and why."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import typer

from ringfinder.cli.console import show, show_json, table
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, WorkspaceOption, help_with_example
from ringfinder.errors import RingFinderError
from ringfinder.report.figures import word
from ringfinder.words import Language, say
from ringfinder.words.sentences import told_error
from ringfinder.workspace import Workspace

GIB = 2**30
ANSWERS, STOPPED, UNNAMED, ABSENT = "answers", "stopped", "none named", "not installed"
IN_WORDS = {
    ANSWERS: "cli.doctor_answers",
    STOPPED: "cli.doctor_stopped",
    UNNAMED: "cli.doctor_unnamed",
    ABSENT: "cli.doctor_absent",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=help_with_example("doctor_help", "ringfinder doctor"))(doctor)


def doctor(*, workspace: WorkspaceOption = None, lang: LangOption = LANG_DEFAULT, as_json: JsonOption = False) -> None:
    from ringfinder.pipeline.record import versions  # noqa: PLC0415

    place = Workspace.locate(workspace)
    embedded = _embedded()
    run, trouble = None, None
    try:
        run = place.current()
    except RingFinderError as error:
        trouble = told_error(error, lang)
    server = _neo4j(place, lang)
    if run is not None and run.store == "neo4j" and server != ANSWERS:
        trouble = say("cli.doctor_run_there", lang, run_id=run.run_id)
    off = [channel for channel in (run.info.get("channels", []) if run else []) if not channel["on"]]
    state: dict[str, Any] = {
        "versions": versions(),
        "stores": {"ladybug": embedded or ANSWERS, "neo4j": server},
        "workspace": {"folder": str(place.folder), "current": run.run_id if run else None, "trouble": trouble},
        "channels_off": off,
        "machine": {
            "cores": os.cpu_count(),
            "free_disk_gib": round(shutil.disk_usage(_there(place.folder)).free / GIB, 1),
            "free_memory_gib": _free_memory(),
        },
    }
    if as_json:
        show_json(state)
    else:
        _print(state, lang)
    if embedded or trouble or server not in IN_WORDS:
        raise typer.Exit(1)


def _embedded() -> str | None:
    """None if the embedded store makes a graph and answers, else why not."""
    try:
        import ladybug  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            database = ladybug.Database(str(Path(folder) / "probe"), buffer_pool_size=2**26, max_db_size=2**30)
            connection = ladybug.Connection(database)
            connection.execute("RETURN 1").close()  # type: ignore[union-attr]
            connection.close()
            database.close()
    except Exception as error:  # whatever an engine raises here is the answer to the question
        return f"{type(error).__name__}: {error}"
    return None


def _neo4j(place: Workspace, lang: Language) -> str:
    """`ANSWERS`, `STOPPED`, `UNNAMED` or `ABSENT`; else what is wrong with the server that environment or workspace name."""
    try:
        from ringfinder.store.neo4j import address  # noqa: PLC0415
        from ringfinder.store.neo4j.store import Neo4jStore  # noqa: PLC0415
    except ModuleNotFoundError:
        return ABSENT
    if not address.is_named(place.folder):
        return UNNAMED
    try:
        if address.is_local(place.folder):
            from ringfinder.store.neo4j.local import LocalServer  # noqa: PLC0415

            if not LocalServer(place.folder).state().running:
                return STOPPED
        with Neo4jStore(address.find(place.folder)) as store:
            store.check()
    except RingFinderError as error:
        return told_error(error, lang)
    return ANSWERS


def _there(folder: Path) -> Path:
    """The nearest folder that exists, since a workspace is made by its first run."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder


def _free_memory() -> float | None:
    """Memory that can be had without swapping, in GiB; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kib = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None
    return round(kib * 1024 / GIB, 1)


def _stands(answer: str, lang: Language) -> str:
    known = IN_WORDS.get(answer)
    return say(known, lang) if known else say("cli.doctor_silent", lang, why=answer)


def _print(state: dict[str, Any], lang: Language) -> None:
    heads = (say("cli.col_what", lang), say("cli.col_state", lang))
    stores = [
        (say(f"cli.doctor_{key}", lang), _stands(state["stores"][name], lang))
        for key, name in (("embedded", "ladybug"), ("neo4j", "neo4j"))
    ]
    place, machine = state["workspace"], state["machine"]
    unknown = "?"
    show(
        table(heads, list(state["versions"].items()), title=say("cli.doctor_versions", lang)),
        table(heads, stores, title=say("cli.doctor_stores", lang)),
        table(
            heads,
            [(place["folder"], place["trouble"] or place["current"] or say("cli.doctor_no_run", lang))],
            title=say("cli.doctor_workspace", lang),
        ),
        table(
            heads,
            [
                (word(c["channel"], lang, room="channels"), c["why"].get(lang, c["why"]["key"]))
                for c in state["channels_off"]
            ]
            or [(say("cli.doctor_none", lang), "")],
            title=say("cli.doctor_channels", lang),
        ),
        table(
            heads,
            [
                (say("cli.doctor_cores", lang), machine["cores"]),
                (say("cli.doctor_disk", lang), f"{machine['free_disk_gib']} GiB"),
                (say("cli.doctor_memory", lang), f"{machine['free_memory_gib'] or unknown} GiB"),
            ],
            title=say("cli.doctor_machine", lang),
        ),
    )
