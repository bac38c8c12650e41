from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ringfinder.errors import UsageError
from ringfinder.lab.altering import Alteration, How, altered, apply, in_place
from ringfinder.rings import meetings
from ringfinder.settings import DetectionSettings


@pytest.mark.parametrize(
    ("value", "how", "name", "made"),
    [
        (3, "half", "LEAST", 2),  # whole numbers stay whole, rounded up
        (1, "half", "LEAST", 1),
        (3, "double", "LEAST", 6),
        (0.5, "half", "SHARE", 0.25),
        (0.5, "out", "SHARE", 0.0),
        (3, "out", "LEAST", 0),
        (40.0, "out", "MOST", 40_000.0),  # an upper bound that is left out bounds nothing
        (-30.0, "out", "FLOOR", -30_000.0),
        (-30.0, "half", "FLOOR", -15.0),
        ((-3.0, 2), "double", "LIKENESS", (-6.0, 4)),
        ({"a": 0.5, "b": "text", "c": True}, "double", "TABLE", {"a": 1.0, "b": "text", "c": True}),
    ],
)
def test_values_altered_by_hand(value: Any, how: How, name: str, made: Any) -> None:
    changed = altered(value, how, name)
    assert changed == made
    assert type(changed) is type(made)


def test_one_entry_of_a_table_is_altered_alone() -> None:
    table = {"far": 0.4, "tour": 0.2}
    assert in_place(table, "half", "TYPICAL", "far") == {"far": 0.2, "tour": 0.2}
    assert table == {"far": 0.4, "tour": 0.2}
    with pytest.raises(UsageError, match="has no entry fur; there are far, tour"):
        in_place(table, "half", "TYPICAL", "fur")


def in_new_process(*names: str, then: str) -> str:
    """What a process prints that has these constants doubled."""
    code = (
        "from ringfinder.lab.altering import Alteration, apply\n"
        "from ringfinder.settings import DetectionSettings\n"
        f"for name in {names!r}:\n    apply(Alteration(name, 'double'), DetectionSettings())\n{then}"
    )
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_copies_defaults_and_what_is_made_of_a_constant_are_altered_too() -> None:
    told = in_new_process(
        "rings.meetings.LEAST_OCCASIONS",
        "evidence.sessions.HALF_DAY",
        "evidence.marks.TYPICAL.costly",
        then=(
            "from ringfinder.evidence import lent_cards, sessions\n"
            "from ringfinder.rings import harm, meetings, membership\n"
            "print(meetings.LEAST_OCCASIONS, membership.LEAST_OCCASIONS, meetings.LEAST_OCCASIONS_HUB)\n"
            "print(sessions.attend.__defaults__, lent_cards.SPANS)\n"
            "print(harm.TYPICAL['costly'], harm.TYPICAL['far'])\n"
        ),
    )
    assert told == "6 6 2\n(86400,) (86400, 10800)\n1.0 0.45"
    assert meetings.LEAST_OCCASIONS == 3  # and this process has it as it is


def test_settings_and_channels_can_be_altered() -> None:
    assert apply(Alteration("settings.alert_harm", "half"), DetectionSettings()).alert_harm == 4.0
    told = in_new_process("channels.transfers", then="from ringfinder.rings.find import CHANNELS\nprint(*CHANNELS)\n")
    assert told == "together after_death doctor_pharmacy fake_bills insider lent_cards"


def test_a_constant_that_is_none_or_comes_too_late_is_told() -> None:
    for name, message in (
        ("settings.nothing", "no setting nothing"),
        ("channels.nothing", "no channel nothing"),
        ("meetings.LEAST_OCCASIONS", "not written as"),
    ):
        with pytest.raises(UsageError, match=message):
            apply(Alteration(name, "out"), DetectionSettings())
    with pytest.raises(RuntimeError, match="imported already"):
        apply(Alteration("rings.meetings.LEAST_OCCASIONS", "out"), DetectionSettings())
    told = in_new_process(
        "rings.meetings.NOTHING",
        then=(
            "from ringfinder.errors import UsageError\n"
            "try:\n    from ringfinder.rings import meetings\n"
            "except UsageError as error:\n    print(error)\n"
        ),
    )
    assert told.startswith("ringfinder.rings.meetings has no constant NOTHING")
