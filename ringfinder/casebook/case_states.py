"""The life of a case as data, and the closed lists of what may be said of one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from ringfinder.casebook.steps import Machine

Origin = Literal["ring", "tip", "hand"]
Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
Resolution = Literal["confirmed", "false_positive", "insufficient_evidence", "handed_over", "duplicate"]
RESOLUTIONS: tuple[Resolution, ...] = get_args(Resolution)
CaseState = Literal["new", "assigned", "under_inquiry", "heard", "decided", "closed"]

CASE = Machine(
    "case",
    "new",
    {
        "assign": {
            "new": "assigned",
            "assigned": "assigned",
            "under_inquiry": "under_inquiry",
            "heard": "heard",
            "decided": "decided",
        },
        "release": {"assigned": "new"},
        "begin": {"assigned": "under_inquiry"},
        "hear": {"under_inquiry": "heard", "heard": "heard", "decided": "decided"},
        "decide": {"under_inquiry": "decided", "heard": "decided", "decided": "decided"},
        "close": {
            "new": "closed",
            "assigned": "closed",
            "under_inquiry": "closed",
            "heard": "closed",
            "decided": "closed",
        },
        "reopen": {"closed": "new"},
    },
)
OPEN = tuple(state for state in CASE.states if state != "closed")

DecisionState = Literal["proposed", "in_force", "carried_out", "withdrawn", "revoked"]
DECISION = Machine(
    "decision",
    "proposed",
    {
        "issue": {"proposed": "in_force"},
        "withdraw": {"proposed": "withdrawn"},
        "carry_out": {"in_force": "carried_out"},
        "revoke": {"in_force": "revoked", "carried_out": "revoked"},
    },
)
STANDING = frozenset({"in_force", "carried_out"})
TAKEN = STANDING | {DECISION.first}  # states of a decision that leaves no room for another of its kind
HearingForm = Literal["written", "oral", "waived"]


def resolutions(decisions: Collection[tuple[str, bool]]) -> tuple[Resolution, ...]:
    """With which resolutions a case can be closed that has these decisions, as (state, whether provisional); none while one is only
    proposed. A suspension during the inquiry (Art. 30) confirms nothing: by it alone a case can only be handed over."""
    if any(state == DECISION.first for state, _ in decisions):
        return ()
    standing = {provisional for state, provisional in decisions if state in STANDING}
    if not standing:
        return tuple(one for one in RESOLUTIONS if one != "confirmed")
    return ("handed_over",) if standing == {True} else ("confirmed", "handed_over")
