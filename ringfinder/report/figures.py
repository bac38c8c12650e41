"""Numbers and slugs as people read them; shared by the report and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import isfinite

from ringfinder.report.contract import EvidenceRow
from ringfinder.words import Language, catalogue, say

# How sure, in words: at most this q-value. 0.05 is the usual bar of an alert, 0.2 where a look is still worth the time.
SURE: tuple[tuple[float, str], ...] = ((0.01, "sure_very"), (0.05, "sure_enough"), (0.2, "sure_perhaps"))

MOST_CLAIMS = 6  # claim ids beside a sentence
TINY = 1e-4  # a q-value below it says no more than "hardly ever"


def word(slug: str, lang: Language, room: str = "kinds", prefix: str = "") -> str:
    """A slug in words; the slug itself, with spaces, where the catalogue has none."""
    key = f"{room}.{prefix}{slug}"
    return say(key, lang) if key in catalogue() else slug.replace("_", " ")


def sureness(q_value: float, lang: Language) -> str:
    """How sure a ring is, in a word or two."""
    return say(f"kinds.{next((slug for bar, slug in SURE if q_value <= bar), 'sure_weak')}", lang)


def q_sentence(q_value: float, lang: Language) -> str:
    """What a q-value means, as a sentence."""
    if q_value < TINY:
        return say("report.q_meaning_tiny", lang)
    return say("report.q_meaning", lang, percent=f"{100 * q_value:.2g}")


def amount(value: float | None, lang: Language) -> str:
    """A count or an expected count: whole numbers whole, others with as many places as they need; "" for None."""
    if value is None:
        return ""
    if not isfinite(value):
        return str(value)
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) < 0.01:
        return say("report.below", lang, value="0.01")
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


def numbers_of(row: EvidenceRow, lang: Language) -> tuple[str, str]:
    """Observed and expected; nothing where both are 0: such a sentence tells that something was not found."""
    if row.observed == row.expected == 0:
        return "", ""
    return amount(row.observed, lang), amount(row.expected, lang)


def claims_named(claim_ids: Sequence[str], lang: Language) -> str:
    """The first few of these claims, and how many there are; "" for none."""
    if not claim_ids:
        return ""
    listed = say("report.comma", lang).join(claim_ids[:MOST_CLAIMS])
    key = "claims_more" if len(claim_ids) > MOST_CLAIMS else "claims_named"
    return say(f"report.{key}", lang, listed=listed, count=len(claim_ids))


def money(value: Decimal) -> str:
    """Two decimals and thousands separators."""
    return f"{value:,.2f}"


def period(first: datetime, last: datetime, lang: Language) -> str:
    """From day to day; one day once."""
    if first.date() == last.date():
        return f"{first:%Y-%m-%d}"
    return say("report.to", lang, first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}")
