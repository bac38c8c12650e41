"""rings, show and who: reading the current run's results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ringfinder.cli.console import as_dict, command, plain, show, show_json, table
from ringfinder.cli.earlier import earlier_runs_named
from ringfinder.cli.options import (
    EXAMPLE_RING,
    LANG_DEFAULT,
    JsonOption,
    LangOption,
    UnmaskOption,
    WorkspaceOption,
    help_with_example,
    text,
)
from ringfinder.cli.recorded import record_unmasking
from ringfinder.errors import UsageError
from ringfinder.model import KINDS
from ringfinder.report.contract import EvidenceRow, MemberRow, RingRow
from ringfinder.report.figures import claims_named, money, numbers_of, period, q_sentence, sureness, word
from ringfinder.report.files import read_results
from ringfinder.report.register import Register, Secrets, hide
from ringfinder.report.results import Results
from ringfinder.report.results import harmless as without_harm
from ringfinder.settings import DetectionSettings
from ringfinder.words import Language, say
from ringfinder.words.sentences import Listed, Sentence
from ringfinder.workspace import Workspace

if TYPE_CHECKING:
    from rich.text import Text

MOST_IN_A_TABLE = 50  # rings, unless --limit says how many; a program gets all of them
MOST_PLACES = 6  # of a ring, by name; all claims name theirs
EntityType = Literal["patient", "card", "doctor", "facility", "recruiter", "account", "operator", "terminal"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("rings", help=help_with_example("rings_help", "ringfinder rings --alerts"))(rings)
    app.command("show", help=help_with_example("show_help", f"ringfinder show {EXAMPLE_RING}"))(show_ring)
    app.command("who", help=help_with_example("who_help", "ringfinder who doctor D0102"))(who)


def current(workspace: Path | None, unmask: bool, command: str, subject: str = "") -> tuple[Results, Register]:
    """Results and register of the current run, for a command that is about to show them."""
    place = Workspace.locate(workspace)
    stored = place.needed()
    record_unmasking(place, unmask, command, subject)
    return read_results(stored.results), Register(stored.tables, unmask)


def harm_to_alert(workspace: Path | None) -> float:
    """The harm from which the current run alerts."""
    used = Workspace.locate(workspace).needed().info.get("settings", {}).get("detection", {})
    return float(used.get("alert_harm", DetectionSettings().alert_harm))


def rings(
    *,
    kind: Annotated[str | None, typer.Option(help=text("opt_kind"))] = None,
    alerts: Annotated[bool, typer.Option("--alerts", help=text("opt_alerts"))] = False,
    harmless: Annotated[bool, typer.Option("--harmless", help=text("opt_harmless"))] = False,
    limit: Annotated[int | None, typer.Option(min=1, help=text("opt_rings_limit"))] = None,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    if kind is not None and kind not in KINDS:
        raise UsageError(Sentence("faults.no_kind", kind=kind, known=Listed(KINDS)))
    if alerts and harmless:
        raise UsageError(Sentence("faults.alerts_or_harmless"))
    results, people = current(workspace, unmask, "rings")
    chosen = without_harm(results.rings, harm_to_alert(workspace)) if harmless else results.rings
    wanted = [ring for ring in chosen if (kind is None or ring.kind == kind) and (not alerts or ring.alert)]
    most = len(wanted) if as_json else MOST_IN_A_TABLE
    listed = wanted[: most if limit is None else limit]
    _list(results, people, listed, lang, as_json, with_kind=not harmless)
    if as_json or not wanted:
        return
    if len(wanted) > len(listed):
        show(say("cli.rings_more", lang, count=len(wanted) - len(listed)))
    show(say("cli.rings_next", lang, command=command(f"show {wanted[0].ring_id}", workspace)))


def _list(
    results: Results,
    people: Register,
    wanted: Sequence[RingRow],
    lang: Language,
    as_json: bool,
    with_kind: bool = True,
) -> None:
    """The table of rings. `with_kind`: not of those without harm; the word for a crime does not belong beside them."""
    secrets = secrets_of(results, people, wanted)
    if as_json:
        show_json([masked_ring(ring, secrets) for ring in wanted])
        return
    if not wanted:
        show(say("cli.rings_none", lang))
        return
    heads = [
        say(f"report.{key}", lang)
        for key in ("ring", "score", "kind" if with_kind else "reason", "patients", "fund", "period")
    ]
    reasons = [hide(_reason(ring, lang), secrets) for ring in wanted]
    rows = [
        (
            ring.ring_id,
            f"{ring.score:.1f}\n{sureness(ring.q_value, lang)}",
            _headline(ring, reason, lang) if with_kind else plain(reason),
            f"{ring.patients:,}",
            money(ring.fund_amount),
            f"{ring.first_time:%Y-%m-%d}\n{ring.last_time:%Y-%m-%d}",
        )
        for ring, reason in zip(wanted, reasons, strict=True)
    ]
    show(table(heads, rows, right=(1, 3, 4)))


def _headline(ring: RingRow, reason: str, lang: Language) -> Text:
    """Kind and, where it is one, alert; the reason below."""
    from rich.text import Text  # noqa: PLC0415

    head = Text(word(ring.kind, lang), style="bold")
    if ring.alert:
        head.append(f"  {say('cli.col_alert', lang)}", style="bold red")
    return head.append(f"\n{plain(reason)}", style="not bold")


def _reason(ring: RingRow, lang: Language) -> str:
    return ring.reason_zh if lang == "zh" else ring.reason_en


def secrets_of(results: Results, people: Register, wanted: Sequence[RingRow]) -> Secrets | None:
    """What the sentences of these rings must not show."""
    ids = {ring.ring_id for ring in wanted}
    members = [m for m in results.members if m.ring_id in ids]
    claims = people.claims(claim for row in results.evidence if row.ring_id in ids for claim in row.claim_ids)
    return people.secrets(
        {m.entity_id for m in members if m.entity_type == "patient"},
        claims.values(),
        {m.entity_id for m in members if m.entity_type == "account"},
    )


def masked_ring(ring: RingRow, secrets: Secrets | None) -> dict[str, Any]:
    """A ring for JSON, its sentences masked."""
    hidden = {"reason_zh": hide(ring.reason_zh, secrets), "reason_en": hide(ring.reason_en, secrets)}
    return as_dict(ring) | hidden


def show_ring(
    ring_id: Annotated[str, typer.Argument(help=text("opt_ring"), metavar="RING")],
    *,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    results, people = current(workspace, unmask, "show", ring_id)
    with earlier_runs_named(Workspace.locate(workspace), ring_id):
        ring = results.ring(ring_id)
    members, evidence = results.members_of(ring_id), results.evidence_of(ring_id)
    secrets = secrets_of(results, people, [ring])
    names = {
        kind: people.names(kind, [m.entity_id for m in members if m.entity_type == kind])
        for kind in sorted({m.entity_type for m in members})
    }
    if as_json:
        show_json(
            {
                "ring": masked_ring(ring, secrets),
                "members": [
                    as_dict(m)
                    | {
                        "entity_id": people.shown(m.entity_type, m.entity_id),
                        "name": names[m.entity_type].get(m.entity_id),
                    }
                    for m in members
                ],
                "evidence": [
                    as_dict(row)
                    | {
                        "sentence_zh": hide(row.sentence_zh, secrets),
                        "sentence_en": hide(row.sentence_en, secrets),
                    }
                    for row in evidence
                ],
            }
        )
        return
    show(
        f"{ring.ring_id}  {say('report.consistent', lang, kind=word(ring.kind, lang))}",
        "",
        hide(_reason(ring, lang), secrets),
        "",
        _facts(ring, _places(evidence, people), lang),
        _member_table(members, names, people, lang),
        *_evidence_tables(evidence, secrets, lang),
        say("report.reading", lang),
        *(
            f"- {say(f'report.reading_{key}', lang)}"
            for key in ("score", "q", "coordination", "harm", "observed", "strength")
        ),
    )


def _aside(value: str, meaning: str, lang: Language) -> str:
    return say("report.aside", lang, value=value, meaning=meaning)


def _places(evidence: Sequence[EvidenceRow], people: Register) -> str:
    """The busiest places of the evidence by id, as the sentences call them, and by name."""
    lines = people.claims(claim for row in evidence for claim in row.claim_ids).values()
    busiest = [place for place, _ in Counter(sorted(line.facility_id for line in lines)).most_common(MOST_PLACES)]
    names = people.names("facility", busiest)
    return "\n".join(f"{people.shown('facility', place)}  {names.get(place, '')}".rstrip() for place in busiest)


def _facts(ring: RingRow, places: str, lang: Language) -> object:
    facts = (
        (
            "report.score",
            _aside(say("report.score_of", lang, score=f"{ring.score:.1f}"), sureness(ring.q_value, lang), lang),
        ),
        ("report.q", _aside(f"{ring.q_value:.2g}", q_sentence(ring.q_value, lang), lang)),
        ("cli.col_alert", say("cli.yes" if ring.alert else "cli.no", lang)),
        ("report.coordination", say("report.nats", lang, value=f"{ring.coordination:.1f}")),
        ("report.harm", say("report.nats", lang, value=f"{ring.harm:.1f}")),
        ("report.patients", f"{ring.patients:,}"),
        ("report.claims", f"{ring.claims:,}"),
        ("report.total", money(ring.total_amount)),
        ("report.fund", money(ring.fund_amount)),
        ("report.period", period(ring.first_time, ring.last_time, lang)),
        ("report.districts", say("report.comma", lang).join(ring.districts)),
        ("kinds.facility", places),
        ("report.kind", word(ring.kind + "_meaning", lang)),
        ("report.rests_on", word(ring.kind + "_law", lang)),
    )
    return table(("", ""), [(say(key, lang), value) for key, value in facts])


def _member_table(
    members: Sequence[MemberRow], names: dict[str, dict[str, str]], people: Register, lang: Language
) -> object:
    heads = (
        say("report.member", lang),
        "",
        "",
        *(say(f"report.{key}", lang) for key in ("role", "strength", "claims")),
    )
    rows = [
        (
            word(m.entity_type, lang),
            people.shown(m.entity_type, m.entity_id),
            names[m.entity_type].get(m.entity_id, ""),
            word(m.role, lang, prefix="role_"),
            f"{m.strength:.2f}",
            f"{m.claims:,}",
        )
        for m in members
    ]
    return table(heads, rows, right=(4, 5), title=say("report.members", lang))


def _evidence_tables(evidence: Sequence[EvidenceRow], secrets: Secrets | None, lang: Language) -> list[object]:
    heads = (say("report.evidence", lang), say("report.observed", lang), say("report.expected", lang))
    made: list[object] = []
    for side in ("for", "harm", "against"):
        rows = [
            (
                _with_claims(row, secrets, lang),
                *numbers_of(row, lang),
            )
            for row in evidence
            if row.side == side
        ]
        if rows:
            made.append(table(heads, rows, right=(1, 2), title=say(f"kinds.side_{side}", lang)))
    return made


def _with_claims(row: EvidenceRow, secrets: Secrets | None, lang: Language) -> Text:
    """A sentence, and below it the claims by which it can be checked."""
    from rich.text import Text  # noqa: PLC0415

    sentence = Text(plain(hide(row.sentence_zh if lang == "zh" else row.sentence_en, secrets)))
    named = claims_named(row.claim_ids, lang)
    return sentence.append(f"\n{plain(named)}", style="dim") if named else sentence


def who(
    entity_type: Annotated[EntityType, typer.Argument(help=text("opt_entity_type"), metavar="ENTITY_TYPE")],
    entity_id: Annotated[str, typer.Argument(help=text("opt_entity_id"), metavar="ENTITY_ID")],
    *,
    workspace: WorkspaceOption = None,
    lang: LangOption = LANG_DEFAULT,
    unmask: UnmaskOption = False,
    as_json: JsonOption = False,
) -> None:
    results, people = current(workspace, unmask, "who")
    rings_of = {m.ring_id for m in results.members if (m.entity_type, m.entity_id) == (entity_type, entity_id)}
    shown = people.shown(entity_type, entity_id)
    if not rings_of and not people.knows(entity_type, entity_id):
        raise UsageError(Sentence("faults.nobody", type=Sentence(f"kinds.{entity_type}"), id=shown))
    wanted = [ring for ring in results.rings if ring.ring_id in rings_of]
    if not as_json:
        key = "who_some" if wanted else "who_none"
        show(say(f"cli.{key}", lang, entity_type=word(entity_type, lang), entity_id=shown, count=len(wanted)))
    if wanted or as_json:
        _list(results, people, wanted, lang, as_json)
