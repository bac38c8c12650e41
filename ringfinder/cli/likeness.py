"""similar: which rings and facilities of the current run are most like a ring, and what is alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

import typer

from ringfinder.cli.console import show, show_json, table
from ringfinder.cli.earlier import earlier_runs_named
from ringfinder.cli.options import (
    EXAMPLE_RING,
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    WorkspaceOption,
    help_with_example,
    text,
)
from ringfinder.report.figures import money, word
from ringfinder.report.files import read_results
from ringfinder.report.likeness import Like, LikePlace, Profile, places_like, profiles, rings_like
from ringfinder.report.likeness_words import says, sign_name
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder.workspace import Workspace

DECIMALS = 4  # of a likeness; a person reads two


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("similar", help=help_with_example("similar_help", f"ringfinder similar {EXAMPLE_RING}"))(similar)


def similar(
    ring_id: Annotated[str, typer.Argument(help=text("opt_ring"), metavar="RING")],
    *,
    district: Annotated[str | None, typer.Option(help=text("opt_similar_district"))] = None,
    limit: Annotated[int, typer.Option(min=1, help=text("opt_similar_limit"))] = 10,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    place = Workspace.locate(workspace)
    stored = place.needed()
    results, places = read_results(stored.results), Register(stored.tables)
    with earlier_runs_named(place, ring_id):
        results.ring(ring_id)
    claims = places.claims({claim for row in results.evidence for claim in row.claim_ids})
    every = profiles(results, claims)
    of, where = every[ring_id], {row.ring_id: row.districts for row in results.rings}
    alike = rings_like([of], [one for one in every.values() if district is None or district in where[one.ring_id]])
    found = places_like(alike, of.places or ())
    if as_json:
        show_json(_content(of, alike[:limit], found[:limit], lang))
        return
    show(say("likeness.heading", lang, ring=ring_id), "")
    if not alike:
        show(say("likeness.none", lang))
        return
    names = places.names("facility", [one.facility_id for one in found[:limit]])
    show(_rings(of, alike[:limit], lang), _places(found[:limit], names, lang), say("likeness.measure", lang))


def _content(of: Profile, alike: Sequence[Like], places: Sequence[LikePlace], lang: Language) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "ring_id": of.ring_id,
        "measure": say("likeness.measure", lang),
        "rings": [
            {
                "ring_id": one.ring.ring_id,
                "kind": one.ring.kind,
                "patients": one.ring.patients,
                "fund_amount": one.ring.fund_amount,
                "likeness": round(one.likeness, DECIMALS),
                "signs": [
                    {
                        "sign": sign.name,
                        "agreement": round(sign.agreement, DECIMALS),
                        "weight": sign.weight,
                        "says": says(sign, of, one.ring, lang),
                    }
                    for sign in one.signs
                ],
            }
            for one in alike
        ],
        "facilities": [
            {
                "facility_id": one.facility_id,
                "likeness": round(one.likeness, DECIMALS),
                "through": one.ring_id,
                "rings": one.rings,
            }
            for one in places
        ],
    }


def _rings(of: Profile, alike: Sequence[Like], lang: Language) -> object:
    heads = (
        say("report.ring", lang),
        say("likeness.head_likeness", lang),
        *(say(f"report.{name}", lang) for name in ("kind", "patients", "fund")),
        say("likeness.head_alike", lang),
    )
    rows = [
        (
            one.ring.ring_id,
            f"{one.likeness:.2f}",
            word(one.ring.kind or "", lang),
            f"{one.ring.patients or 0:,}",
            money(one.ring.fund_amount or Decimal(0)),
            "\n".join(
                say(
                    "report.aside",
                    lang,
                    value=f"{sign_name(sign, lang)} {sign.agreement:.2f}",
                    meaning=says(sign, of, one.ring, lang),
                )
                for sign in one.signs
            ),
        )
        for one in alike
    ]
    return table(heads, rows, right=(1, 3, 4))


def _places(found: Sequence[LikePlace], names: dict[str, str], lang: Language) -> object:
    heads = tuple(say(f"likeness.head_{name}", lang) for name in ("facility", "likeness", "through"))
    rows = [
        (f"{one.facility_id}  {names.get(one.facility_id, '')}".rstrip(), f"{one.likeness:.2f}", one.ring_id)
        for one in found
    ]
    return table(heads, rows, right=(1,), title=say("likeness.places_heading", lang)) if rows else ""
