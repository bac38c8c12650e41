"""State machines as data: what leads where, what is refused with which words, how it is drawn."""

from __future__ import annotations

import pytest

from ringfinder.casebook.steps import Machine
from ringfinder.errors import Refused

DOOR = Machine(
    "door",
    "closed",
    {
        "open": {"closed": "open"},
        "close": {"open": "closed"},
        "lock": {"closed": "locked"},
        "knock": {"closed": "closed"},
        "burn": {"closed": "ash", "open": "ash"},
    },
)


def test_states_are_those_that_the_steps_name() -> None:
    assert DOOR.states == ("closed", "open", "locked", "ash")
    assert DOOR.possible("closed") == ("open", "lock", "knock", "burn")
    assert DOOR.possible("ash") == ()


def test_step_leads_on_or_is_refused_with_what_is_possible() -> None:
    assert DOOR.after("closed", "open") == "open"
    with pytest.raises(Refused, match="open does not lead on from the state open; possible there: close, burn") as told:
        DOOR.after("open", "open")
    assert (told.value.code, told.value.values["step"]) == ("step_refused", "open")
    with pytest.raises(Refused, match="possible there: -"):
        DOOR.after("ash", "close")


def test_diagram_has_an_arrow_for_each_pair_and_an_end_for_what_leads_nowhere() -> None:
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> closed",
        "    closed --> open: open",
        "    open --> closed: close",
        "    closed --> locked: lock",
        "    closed --> closed: knock",
        "    closed --> ash: burn",
        "    open --> ash: burn",
        "    locked --> [*]",
        "    ash --> [*]",
    ]
