"""What a picture of a ring shows, before anybody draws it: members, what joins them, and a sentence for each.

Two things join members. Claims: how many of the ring's claims name both the patient and the doctor, place, agent, account ...;
thicker where they are more. Meetings: two patients whom the search tied, because they came together more often than chance
explains; thicker where that is surer, and only the surest at first, since all of them would cover the rest.

Members are called m1, m2, ... in the order of the result files: masked names may be alike, and ids are for the reader only.
A place where much of the ring happened stands in the picture even where it is no member; it is drawn hollow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ringfinder.model import Tie
from ringfinder.report.alert import Case, hubs_of
from ringfinder.report.contract import MemberRow
from ringfinder.report.figures import amount, word
from ringfinder.report.html import HIDDEN
from ringfinder.report.network import edges
from ringfinder.report.register import Register
from ringfinder.words import Language, say
from ringfinder_viz.places import Member, places

FIRST_TIES = 40  # lines between people that a picture shows at first
LONGEST_ID, KEPT = 14, 5  # a longer id is cut in its middle in the picture; its sentence has all of it
THINNEST, THICKEST, THICKEST_TIE = 1.0, 6.0, 3.5  # of lines; ties are many and lie across the rest


@dataclass(frozen=True)
class Node:
    """One in the picture. `said`: its sentence; `role` is "" for a place that is no member."""

    name: str
    entity_type: str
    label: str
    said: str
    role: str
    strength: float
    x: float
    y: float

    @property
    def small(self) -> bool:
        """Whether it is one of many: people and their cards."""
        return self.entity_type in {"patient", "card"}

    @property
    def named_above(self) -> bool:
        """Whether its name stands above it: in the upper half, where its lines go down."""
        return self.small and self.y < 0


@dataclass(frozen=True)
class Edge:
    """What joins two. `kind`: the type of entity beside the patient, or `tie` between two patients; surest ties first."""

    a: str
    b: str
    kind: str
    width: float
    said: str


@dataclass(frozen=True)
class LegendLine:
    """One line of the legend: what a shape (`member`, or `place` where hollow) or a line stands for, and how many there are."""

    mark: Literal["member", "place", "line"]
    kind: str
    text: str


@dataclass(frozen=True)
class Scene:
    """A ring, ready to be drawn."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[LegendLine, ...]

    @property
    def ties(self) -> int:
        """How many lines there are between two people."""
        return sum(edge.kind == "tie" for edge in self.edges)

    def at_first(self) -> tuple[Edge, ...]:
        """The lines that a picture begins with."""
        ties = [edge for edge in self.edges if edge.kind == "tie"]
        return (*ties[:FIRST_TIES], *(edge for edge in self.edges if edge.kind != "tie"))


def scene_of(case: Case, ties: Sequence[Tie], register: Register, lang: Language) -> Scene:
    """The scene of one ring."""
    hubs = hubs_of(case)
    shown = dict.fromkeys((*((m.entity_type, m.entity_id) for m in case.members), *hubs))
    names = {member: f"m{number}" for number, member in enumerate(shown, 1)}
    patients = [entity for kind, entity in names if kind == "patient"]
    cards = [(kind, entity) for kind, entity in names if kind == "card"]
    joined = {
        (patient, other): claims
        for (patient, other), claims in sorted(edges([*hubs, *cards], case.claims).items())
        if ("patient", patient) in names
    }
    at = places(patients, hubs, _holders(cards, joined), joined)
    rows: dict[Member, list[MemberRow]] = {}
    for row in case.members:
        rows.setdefault((row.entity_type, row.entity_id), []).append(row)
    nodes = tuple(
        _node(member, name, rows.get(member, []), case.labels[member], at[member], register, lang)
        for member, name in names.items()
    )
    lines = (*_ties(ties, names, case, lang), *_claims(joined, names, case, lang))
    return Scene(nodes, lines, _legend(nodes, lines, lang))


def plain(text: str) -> str:
    """A name in one line, without control characters and marks of writing direction."""
    return " ".join(text.translate(HIDDEN).split())


def _holders(cards: Sequence[Member], joined: Mapping[tuple[str, Member], int]) -> dict[str, str]:
    """For each card the patient who has most of its claims; ties by id."""
    found = {}
    for card in cards:
        users = [(-claims, patient) for (patient, other), claims in joined.items() if other == card]
        found[card[1]] = min(users)[1] if users else ""
    return found


def _node(
    member: Member,
    name: str,
    rows: Sequence[MemberRow],
    called: str,
    at: tuple[float, float],
    register: Register,
    lang: Language,
) -> Node:
    kind, entity = member
    shown, label = plain(register.shown(kind, entity)), plain(called)
    short = shown if len(shown) <= LONGEST_ID else f"{shown[:KEPT]}…{shown[-KEPT:]}"
    head = label if label == shown else f"{label} {shown}"
    lines = [say("viz.pair", lang, left=word(kind, lang), right=head), *_about(rows, lang)]
    return Node(
        name,
        kind,
        short if label == shown else f"{label}\n{short}",
        "\n".join(lines),
        rows[0].role if rows else "",
        rows[0].strength if rows else 0.0,
        *at,
    )


def _about(rows: Sequence[MemberRow], lang: Language) -> list[str]:
    """What a member does in the ring, how sure that is, and its claims."""
    if not rows:
        return [say("viz.no_member", lang)]
    return [
        say(
            "viz.member",
            lang,
            role=word(row.role, lang, prefix="role_"),
            strength=f"{row.strength:.2f}",
            claims=f"{row.claims:,}",
        )
        for row in rows
    ]


def _claims(
    joined: Mapping[tuple[str, Member], int], names: Mapping[Member, str], case: Case, lang: Language
) -> list[Edge]:  # fmt: skip
    most = max(joined.values(), default=1)
    own = Counter(line.patient_id for line in case.claims)
    return [
        Edge(
            names["patient", patient],
            names[other],
            other[0],
            _width(claims / most),
            say(
                "viz.claims",
                lang,
                patient=plain(case.labels["patient", patient]),
                other=f"{word(other[0], lang)} {plain(case.labels[other])}",
                claims=f"{claims:,}",
                own=f"{own[patient]:,}",
            ),
        )
        for (patient, other), claims in joined.items()
    ]


def _ties(ties: Sequence[Tie], names: Mapping[Member, str], case: Case, lang: Language) -> list[Edge]:
    """One line for each two patients, the surest first; what every channel says of them is in its sentence."""
    pairs: dict[tuple[str, str], list[Tie]] = {}
    for tie in sorted(ties, key=lambda t: (t.patient_a, t.patient_b, t.channel)):
        if ("patient", tie.patient_a) in names and ("patient", tie.patient_b) in names:
            pairs.setdefault((tie.patient_a, tie.patient_b), []).append(tie)
    weights = {pair: round(sum(tie.weight for tie in found), 3) for pair, found in pairs.items()}
    most = max(weights.values(), default=1.0)
    return [
        Edge(
            names["patient", pair[0]],
            names["patient", pair[1]],
            "tie",
            _width(weights[pair] / most if most > 0 else 0.0, THICKEST_TIE),
            "\n".join(_met(tie, case, lang) for tie in pairs[pair]),
        )
        for pair in sorted(pairs, key=lambda pair: (-weights[pair], pair))
    ]


def _met(tie: Tie, case: Case, lang: Language) -> str:
    return say(
        "viz.tie",
        lang,
        one=plain(case.labels["patient", tie.patient_a]),
        two=plain(case.labels["patient", tie.patient_b]),
        channel=word(tie.channel, lang, room="channels"),
        observed=f"{tie.observed:,}",
        expected=amount(tie.expected, lang),
    )


def _width(share: float, thickest: float = THICKEST) -> float:
    return round(THINNEST + (thickest - THINNEST) * max(share, 0.0), 2)


def _legend(nodes: Sequence[Node], lines: Sequence[Edge], lang: Language) -> tuple[LegendLine, ...]:
    members = Counter((node.entity_type, node.role) for node in nodes)
    found = []
    for (kind, role), count in members.items():
        if role:
            named, part = word(kind, lang), word(role, lang, prefix="role_")
            text = named if part == named else say("viz.pair", lang, left=named, right=part)
        else:
            text = say("viz.legend_place", lang)
        found.append(
            LegendLine("member" if role else "place", kind, say("viz.legend_count", lang, text=text, count=count))
        )
    kinds = Counter(line.kind for line in lines)
    for kind, count in kinds.items():
        if kind == "tie":
            found.append(LegendLine("line", kind, say("viz.legend_tie", lang, count=count)))
    if len(kinds) > ("tie" in kinds):
        found.append(LegendLine("line", "claims", say("viz.legend_claims", lang)))
    return tuple(found)
