"""Tips to test with. The reporter's values stand nowhere else, so that they can be searched for."""

from __future__ import annotations

from datetime import date

from ringfinder.casebook import tips
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.reporters import Reporter
from ringfinder.casebook.rules import Rules
from ringfinder.casebook.tip_states import Done, Named, Outcome, Said, Step, Tip

REPORTER = Reporter("欧阳举报", "13912345678", "110101199001011237", "幸福路七号三单元", "6222020200112233445", True)
ACTOR = "user u1"
MONDAY = date(2026, 3, 2)


def said(**other: object) -> Said:
    """What a tip says."""
    given: dict[str, object] = {
        "channel": "letter",
        "district": "东城",
        "received_on": MONDAY,
        "summary": "药店集中刷卡 Card runs at night",
        "kind": "retained_cards",
        "entities": (Named("facility", "H1", "曾氏大药房"), Named("patient", None, "单小明")),
    }
    return Said(**(given | other))  # type: ignore[arg-type]


def recorded(casebook: Casebook, rules: Rules, **other: object) -> Tip:
    """A new tip."""
    return tips.record(casebook, said(**other), rules, ACTOR)


def gone_on(
    casebook: Casebook,
    rules: Rules,
    tip: Tip,
    step: Step,
    on: date,
    outcome: Outcome | None = None,
    told: str | None = None,
) -> Tip:
    """The tip after a step."""
    found = tips.take(casebook, tip.tip_id, tip.version, Done(step, on, outcome, told), rules, ACTOR)
    assert found is not None
    return found
