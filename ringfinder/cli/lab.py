"""lab: many worlds made, searched and judged, on one page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ringfinder.cli.console import complain, show, show_json, table
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, help_with_example, text
from ringfinder.errors import RingFinderError, UsageError
from ringfinder.words import Language, say

if TYPE_CHECKING:
    from ringfinder.lab.page import Table
    from ringfinder.lab.results import Trial
    from ringfinder.lab.worlds import World

ACCEPTED = Path("docs/lab")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lab", help=help_with_example("lab_help", "ringfinder lab --set quick"))(lab)


def lab(
    set_name: Annotated[Literal["quick", "tune", "confirm"], typer.Option("--set", help=text("opt_set"))] = "tune",
    claims: Annotated[list[Path] | None, typer.Option(help=text("opt_lab_claims"), metavar="DIR")] = None,
    worlds: Annotated[int, typer.Option(min=0, help=text("opt_worlds"))] = 0,
    people: Annotated[int, typer.Option(min=0, help=text("opt_lab_people"))] = 0,
    jobs: Annotated[int, typer.Option(min=1, help=text("opt_jobs"))] = 1,
    out: Annotated[Path | None, typer.Option(help=text("opt_lab_out"), metavar="FILE")] = None,
    constant: Annotated[list[str] | None, typer.Option(help=text("opt_constant"), metavar="NAME")] = None,
    constants: Annotated[bool, typer.Option("--constants", help=text("opt_constants"))] = False,
    accept: Annotated[bool, typer.Option("--accept", help=text("opt_accept"))] = False,
    accepted: Annotated[Path, typer.Option(help=text("opt_accepted"), metavar="DIR")] = ACCEPTED,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    altering = bool(constant) or constants
    if accept and (claims or worlds or people or altering or set_name == "quick"):
        raise UsageError("--accept keeps a run of a whole set as it is: give it with --set tune or --set confirm alone")
    chosen = chosen_worlds(set_name, claims or [], worlds, people)
    if altering:
        vary_constants(chosen, constant or [], constants, jobs, out, lang, as_json)
        return

    from ringfinder.lab import accepted as keeping  # noqa: PLC0415
    from ringfinder.lab.figures import figures_of, total  # noqa: PLC0415
    from ringfinder.lab.page import page  # noqa: PLC0415
    from ringfinder.lab.running import run_worlds  # noqa: PLC0415

    file = keeping.path(accepted, set_name)
    before = None if claims or people else keeping.read(file)
    name = "claims" if claims else set_name
    written(content_of(name, ()), out)  # now, rather than after hours, is the time to hear that it cannot be written
    done: list[Trial] = []

    def tell(trial: Trial) -> None:
        done.append(trial)
        progress(trial, len(done), len(chosen), lang)
        written(content_of(name, done), out)

    trials = run_worlds(chosen, jobs, tell)
    if as_json:
        show_json(content_of(name, trials))
    else:
        figures = total(figures_of(trial) for trial in trials)
        held_against = before.part([world.name for world in chosen]) if before else None
        show(*(drawn(part) for part in page(name, trials, figures, held_against, lang, before)))
    failed = [trial for trial in trials if trial.failed]
    if failed:
        raise RingFinderError(f"world {failed[0].world.name} broke: {failed[0].failed}")
    if accept:
        keeping.write(keeping.dated(keeping.of_trials(trials), date.today()), file)


def content_of(name: str, trials: Sequence[Trial]) -> dict[str, Any]:
    """The full result."""
    from ringfinder.lab.figures import figures_of, total  # noqa: PLC0415

    figures = total(figures_of(trial) for trial in trials)
    return {"set": name, "figures": figures, "worlds": [trial.as_json() for trial in trials]}


def vary_constants(
    chosen: tuple[World, ...], named: list[str], every: bool, jobs: int, out: Path | None, lang: Language, as_json: bool
) -> None:
    """How much the named constants matter, or all."""
    from ringfinder.lab import constants, sensitivity  # noqa: PLC0415

    wanted = constants.choices() if every else constants.chosen(named)
    trials = len(chosen) * (1 + len(sensitivity.variants(wanted)))
    done = 0

    def tell(trial: Trial) -> None:
        nonlocal done
        done += 1
        progress(trial, done, trials, lang)

    base, variations = sensitivity.vary(chosen, wanted, jobs, tell)
    content = {"figures": base, "variations": [one.as_json() for one in variations]}
    written(content, out)
    if as_json:
        show_json(content)
    else:
        show(*(drawn(part) for part in sensitivity.page(base, variations, lang)))


def written(content: dict[str, Any], out: Path | None) -> None:
    """The full result as a file, where one is asked for."""
    if out is None:
        return
    from ringfinder.pipeline.output import writing_to  # noqa: PLC0415

    with writing_to(out):
        out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def chosen_worlds(
    set_name: Literal["quick", "tune", "confirm"], claims: list[Path], worlds: int, people: int
) -> tuple[World, ...]:
    """The worlds asked for."""
    from ringfinder.lab.worlds import folders, smaller, world_set  # noqa: PLC0415

    chosen = folders(claims) if claims else tuple(smaller(world, people) for world in world_set(set_name))
    return chosen[:worlds] if worlds else chosen


def progress(trial: Trial, done: int, count: int, lang: Language) -> None:
    """Say on stderr which world is done."""
    seconds = f"{sum(trial.seconds.values()):.0f}"
    complain(say("lab.world_done", lang, world=trial.world.name, done=done, count=count, seconds=seconds))


def drawn(part: Table | str) -> object:
    """A part of the page for the console."""
    return part if isinstance(part, str) else table(part.heads, part.rows, part.right, part.title)
