from __future__ import annotations

from dataclasses import replace

import pytest

from ringfinder.errors import UsageError
from ringfinder.lab.constants import choices, chosen
from ringfinder.lab.figures import figures_of
from ringfinder.lab.page import Table
from ringfinder.lab.sensitivity import Variation, page, variants
from ringfinder.rings.registry import CHANNELS

from .rows import TRIAL

FEW = ("rings.meetings.LEAST_OCCASIONS", "evidence.marks.TYPICAL.costly", "rings.membership.LIKENESS")


def test_choices_are_channels_settings_and_constants_but_no_units() -> None:
    names = [one.name for one in choices()]
    assert len(set(names)) == len(names)
    assert {f"channels.{name}" for name in CHANNELS} | {"settings.alert_q", *FEW} <= set(names)
    assert [
        n for n in names if n.startswith("evidence.view.") or n in {"settings.seed", "rings.competition.FREE"}
    ] == []


def test_constants_come_with_value_and_reason() -> None:
    occasions, costly, likeness = chosen([*FEW, FEW[0]])
    assert (occasions.value, costly.value, likeness.value) == (3, 0.5, (-3.0, 2.0))
    assert "membership" in likeness.reason
    with pytest.raises(UsageError, match=r"no constant meetings\.LEAST"):
        chosen(["meetings.LEAST"])


def test_what_is_tried_makes_each_constant_another() -> None:
    tried = [(one.name.rpartition(".")[2], how, value) for one, how, value in variants(chosen(FEW[:2]))]
    assert tried == [
        ("LEAST_OCCASIONS", "out", 0), ("LEAST_OCCASIONS", "half", 2), ("LEAST_OCCASIONS", "double", 6),
        ("costly", "out", 0.0), ("costly", "half", 0.25), ("costly", "double", 1.0),
    ]  # fmt: skip
    assert [how for _, how, _ in variants(chosen(["channels.insider"]))] == ["out"]
    # 2 halved is 1; 0 stays 0 however it is altered
    assert [value for *_, value in variants(chosen(["rings.meetings.LEAST_OCCASIONS_HUB"]))] == [0, 1, 4]
    (bar,) = chosen(["settings.alert_coordination"])
    assert [value for *_, value in variants([bar])] == [
        -8000.0,
        -4.0,
        -16.0,
    ]  # a bar below 0 is out where nothing reaches it
    assert variants([replace(bar, value=0.0)]) == []


def test_what_moves_most_stands_first_and_what_moves_nothing_is_named() -> None:
    base = figures_of(TRIAL)
    occasions, costly = chosen(FEW[:2])
    some = (
        Variation(occasions, "out", 0, base),
        Variation(costly, "half", 0.25, base | {"average_precision": (0.7, 1)}),
        Variation(costly, "double", 1.0, base | {"average_precision": (0.5, 1)}),
        Variation(occasions, "double", 6, {}, "ValueError at find.py:1"),
        Variation(occasions, "half", 2, base | {"missing": (0, 22)}),
    )
    table, still = page(base, some, "en")
    assert isinstance(table, Table)
    assert [(row[0].rpartition(".")[2], row[1], row[2], row[3], row[-1]) for row in table.rows] == [
        ("(as it is)", "", "", "0.750", ""),
        ("LEAST_OCCASIONS", "3", "doubled 6", "", "ValueError at find.py:1"),
        ("costly", "0.5", "doubled 1", "-0.250", ""),
        ("costly", "0.5", "halved 0.25", "-0.050", ""),
        ("LEAST_OCCASIONS", "3", "halved 2", "=", ""),
    ]
    assert still == "Without effect: rings.meetings.LEAST_OCCASIONS (left out)"
