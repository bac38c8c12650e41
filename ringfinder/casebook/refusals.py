"""What the rules of the casebook do not allow, as one kind of error with a code.

The sentence of a code stands in the catalogue (`api.problem_CODE_detail`, or in the room that `ROOMS` names), so that the command
line and the service say the same; the service gives each code its status (`ringfinder_api.problems`).
"""

from __future__ import annotations

from collections.abc import Mapping

from ringfinder.errors import Refused
from ringfinder.words import say

ROOMS: Mapping[str, str] = {}  # code -> room of the catalogue, where that is not `api`


def room_of(code: str) -> str:
    """The room in which the words of a code stand."""
    return ROOMS.get(code, "api")


def refused(code: str, **values: object) -> Refused:
    """The error to raise. Values are ours (states, limits, ids of the casebook), never what somebody typed."""
    return Refused(say(f"{room_of(code)}.problem_{code}_detail", "en", **values), code, values)
