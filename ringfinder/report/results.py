"""Findings as rows of the results: rounded and ordered as the contract says, the sentences in both languages.

Values are rounded here, before anything is written, so that every format holds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from ringfinder.errors import UnknownRing
from ringfinder.model import ENTITY_TYPES, Findings, Reason
from ringfinder.report.contract import EvidenceRow, MemberRow, RingRow, number
from ringfinder.words import Language
from ringfinder.words.reasons import in_words
from ringfinder.words.sentences import Sentence

CENT = Decimal("0.01")
ALIKE = 0.8  # of two ids, as difflib counts: one or two signs of eleven apart; ids drawn apart share about a third
AnyRow = TypeVar("AnyRow", MemberRow, EvidenceRow)


@dataclass(frozen=True)
class Results:
    """Result files in memory, in the order of the files."""

    rings: tuple[RingRow, ...]
    members: tuple[MemberRow, ...]
    evidence: tuple[EvidenceRow, ...]

    def ring(self, ring_id: str) -> RingRow:
        """The ring of that id; UnknownRing, with the nearest id where one is near, if there is none."""
        for row in self.rings:
            if row.ring_id == ring_id:
                return row
        nearest = get_close_matches(ring_id.upper(), [row.ring_id for row in self.rings], n=1, cutoff=ALIKE)
        if nearest:
            raise UnknownRing(Sentence("faults.no_ring_but", ring_id=ring_id, nearest=nearest[0]))
        raise UnknownRing(Sentence("faults.no_ring", ring_id=ring_id))

    def members_of(self, ring_id: str) -> tuple[MemberRow, ...]:
        """The ring's members in the order of the file."""
        return tuple(self._members_by_ring.get(ring_id, ()))

    def evidence_of(self, ring_id: str) -> tuple[EvidenceRow, ...]:
        """The ring's sentences, the main reason first."""
        return tuple(self._evidence_by_ring.get(ring_id, ()))

    def patients_of(self, ring_id: str) -> frozenset[str]:
        return frozenset(m.entity_id for m in self.members_of(ring_id) if m.entity_type == "patient")

    @cached_property
    def _members_by_ring(self) -> dict[str, list[MemberRow]]:
        return _by_ring(self.members)

    @cached_property
    def _evidence_by_ring(self) -> dict[str, list[EvidenceRow]]:
        return _by_ring(self.evidence)


def harmless(rings: Sequence[RingRow], alert_harm: float) -> list[RingRow]:
    """Coordinated beyond chance, with too little harm to alert however sure it were; those most worth a look first.

    First whose harm comes nearest to an alert, then who costs the fund most: the score tells hardly any of them apart.
    """
    chosen = (ring for ring in rings if not ring.alert and ring.coordination > 0 and ring.harm < alert_harm)
    return sorted(chosen, key=lambda ring: (-ring.harm, -ring.fund_amount, ring.ring_id))


def _by_ring(rows: Sequence[AnyRow]) -> dict[str, list[AnyRow]]:
    grouped: dict[str, list[AnyRow]] = {}
    for row in rows:
        grouped.setdefault(row.ring_id, []).append(row)
    return grouped


def results_of(findings: Findings) -> Results:
    """The rows that the files will hold, rounded and ordered as the contract says."""
    rings: list[RingRow] = []
    members: list[MemberRow] = []
    evidence: list[EvidenceRow] = []
    for ring in sorted(findings.rings, key=lambda r: (-_rounded(r.score, 2), r.q_value, r.ring_id)):
        sentences = [(sentence(reason, "zh"), sentence(reason, "en")) for reason in ring.reasons]
        rings.append(
            RingRow(
                ring.ring_id,
                ring.kind,
                _rounded(ring.score, 2),
                _rounded(ring.q_value),
                _rounded(ring.coordination, 2),
                _rounded(ring.harm, 2),
                ring.alert,
                ring.patients,
                len(ring.claim_ids),
                ring.total_amount.quantize(CENT),
                ring.fund_amount.quantize(CENT),
                ring.first_time.replace(microsecond=0),
                ring.last_time.replace(microsecond=0),
                tuple(sorted(ring.districts)),
                *(sentences[0] if sentences else ("", "")),
            )
        )
        members.extend(
            MemberRow(ring.ring_id, m.entity_type, m.entity_id, m.role, _rounded(m.strength, 3), m.claims)
            for m in sorted(
                ring.members,
                key=lambda m: (ENTITY_TYPES.index(m.entity_type), -_rounded(m.strength, 3), m.entity_id, m.role),
            )
        )
        evidence.extend(
            EvidenceRow(
                ring.ring_id,
                reason.channel,
                reason.side,
                *sentence,
                None if reason.observed is None else _rounded(reason.observed),
                None if reason.expected is None else _rounded(reason.expected),
                tuple(sorted(reason.claim_ids)),
            )
            for reason, sentence in zip(ring.reasons, sentences, strict=True)
        )
    return Results(tuple(rings), tuple(members), tuple(evidence))


def sentence(reason: Reason, lang: Language) -> str:
    return in_words(reason.key, reason.values, lang)


def _rounded(value: float, decimals: int | None = None) -> float:
    """To the decimals that will be written, or to six significant digits; never a negative zero."""
    return float(number(float(value), decimals)) + 0.0
