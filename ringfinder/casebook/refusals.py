"""What the rules of the casebook do not allow, as one kind of error with a code.

The sentence of a code stands in the catalogue (`api.problem_CODE_detail`, or in the room that `ROOMS` names), so that the command
line and the service say the same; the service gives each code its status (`ringfinder_api.problems`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ringfinder.errors import Refused
from ringfinder.words.sentences import Sentence

# room of the catalogue -> codes whose words stand there; those of all others stand in `api`
CODES: Mapping[str, tuple[str, ...]] = {
    "cases": (
        "unknown_case",
        "unknown_file",
        "not_supervisor",
        "not_assignee",
        "no_warrant",
        "another_run",
        "foreign_district",
        "bad_assignee",
        "ring_has_case",
        "reason_needed",
        "duplicate_of_what",
        "suppress_what",
        "bad_file",
        "too_many_case_files",
        "too_many_rings",
        "unknown_part",
        "no_basis",
        "bad_span",
        "amount_or_none",
        "months_or_none",
        "amount_out_of_range",
        "months_out_of_range",
        "in_the_future",
        "heard_before_told",
        "heard_before_found",
        "statement_or_waived",
        "own_district",
        "answered_already",
        "not_that_district",
        "takes_part",
        "begins_before_decided",
        "rights_not_told",
        "not_heard",
        "not_checked",
        "money_missing",
        "decision_open",
        "decision_stands",
        "no_decision",
    ),
    "tips": (
        "bad_day",
        "outcome_needed",
        "answer_first",
        "extended_already",
        "unknown_tip",
        "unknown_receipt",
        "no_identity",
        "nobody_named",
        "reporter_in_text",
        "no_tip_key",
        "tip_key_missing",
        "unknown_level",
        "no_reward",
        "reward_booked",
        "nothing_to_pay",
        "receipt_needed",
    ),
    "watch": ("bad_last_day", "watched_too_long", "watched_already", "unknown_watch"),
    "screening": (
        "planned_already",
        "bad_return",
        "answers_missing",
        "bad_amount",
        "bad_item_amount",
        "long_remark",
        "bad_workbook",
        "unknown_look",
        "unknown_check",
        "unknown_facility",
    ),
}
ROOMS: Mapping[str, str] = {code: room for room, codes in CODES.items() for code in codes}


def room_of(code: str) -> str:
    """The room in which the words of a code stand."""
    return ROOMS.get(code, "api")


def refused(code: str, **values: object) -> Refused:
    """The error to raise. Values are ours (states, limits, ids of the casebook), never what somebody typed."""
    return Refused(Sentence(f"{room_of(code)}.problem_{code}_detail", **values), code, values)
