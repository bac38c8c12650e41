"""evaluate: results against planted rings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfinder.cli.console import show, show_json, table
from ringfinder.cli.options import LANG_DEFAULT, JsonOption, LangOption, help_with_example, text
from ringfinder.report.figures import word
from ringfinder.report.files import read_results
from ringfinder.report.results import Results
from ringfinder.words import Language, say

if TYPE_CHECKING:
    from ringfinder.evaluation.metrics import Evaluation, Found, Share

SCENES = "scenes.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "ringfinder evaluate results city/truth.json"
    app.command("evaluate", help=help_with_example("evaluate_help", example))(evaluate_results)


def found_rings(results: Results) -> list[Found]:
    """Results as evaluation sees them."""
    from ringfinder.evaluation.metrics import Found  # noqa: PLC0415

    members: dict[str, dict[str, set[str]]] = {ring.ring_id: {} for ring in results.rings}
    for m in results.members:
        members[m.ring_id].setdefault(m.entity_type, set()).add(m.entity_id)
    return [
        Found(
            ring.ring_id,
            ring.kind,
            ring.score,
            ring.alert,
            {kind: frozenset(ids) for kind, ids in members[ring.ring_id].items()},
        )
        for ring in results.rings
    ]


def evaluate_results(
    out: Annotated[Path, typer.Argument(help=text("opt_results"), metavar="OUT")],
    truth: Annotated[Path, typer.Argument(help=text("opt_truth"), metavar="TRUTH")],
    *,
    lang: LangOption = LANG_DEFAULT,
    as_json: JsonOption = False,
) -> None:
    from ringfinder.evaluation.metrics import evaluate  # noqa: PLC0415
    from ringfinder.evaluation.truth import read_scenes, read_truth  # noqa: PLC0415

    planted = read_truth(truth)
    judged = evaluate(found_rings(read_results(out)), planted, read_scenes(truth.parent / SCENES))
    if as_json:
        show_json(judged.as_json())
    else:
        show(*_overall(judged, lang), *_details(judged, lang))


def _share(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.3f}  ({share.hits}/{share.total})"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _overall(judged: Evaluation, lang: Language) -> list[object]:
    rows = [
        ("recall", _share(judged.recall)),
        ("precision", _share(judged.precision)),
        ("ap", _figure(judged.average_precision)),
        ("alert_recall", _share(judged.alert_recall)),
        ("alert_precision", _share(judged.alert_precision)),
        ("jaccard", _figure(judged.mean_jaccard)),
        ("kind", _share(judged.kind_right)),
    ]
    return [table(("", ""), [(say(f"cli.eval_{k}", lang), v) for k, v in rows], title=say("cli.eval_overall", lang))]


def _details(judged: Evaluation, lang: Language) -> list[object]:
    parts: list[object] = []
    counts = [say(f"cli.eval_{key}", lang) for key in ("planted", "found", "alerted")]
    for head, groups, prefix in (("report.kind", judged.by_kind, ""), ("cli.eval_level", judged.by_level, "level_")):
        rows = [(word(g.name, lang, prefix=prefix), g.planted, g.found, g.alerted) for g in groups]
        if rows:
            parts.append(table((say(head, lang), *counts), rows, right=(1, 2, 3)))
    member_heads = ("", say("cli.eval_member_precision", lang), say("cli.eval_member_recall", lang))
    member_rows = [(word(m.entity_type, lang), _share(m.precision), _share(m.recall)) for m in judged.members]
    if member_rows:
        parts.append(table(member_heads, member_rows, title=say("cli.eval_members", lang)))
    mistaken = [(word(a, lang), word(b, lang), n) for a, b, n in judged.confusion if a != b]
    if mistaken:
        parts.append(table(("", "→", ""), mistaken, right=(2,), title=say("cli.eval_confusion", lang)))
    if judged.missed:
        parts.append(say("cli.eval_missed", lang, rings=", ".join(judged.missed)))
    if not judged.false_alerts:
        return [*parts, say("cli.eval_false_none", lang)]
    heads = (
        *(say(f"report.{key}", lang) for key in ("ring", "kind", "score", "patients")),
        say("cli.eval_nearest", lang),
        say("cli.eval_scene", lang),
    )
    false_rows = [
        (
            f.ring_id,
            word(f.kind, lang),
            f"{f.score:.1f}",
            f.patients,
            f"{f.nearest_ring} ({f.nearest_jaccard:.2f})" if f.nearest_ring else "-",
            f"{f.scene_id} {f.scene_kind} ({f.scene_patients})" if f.scene_id else "-",
        )
        for f in judged.false_alerts
    ]
    return [*parts, table(heads, false_rows, right=(2, 3), title=say("cli.eval_false", lang))]
