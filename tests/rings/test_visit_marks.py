"""Illnesses that cannot be the people's: of one kind, as a wrong register explains them, or of many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.beds import ONE_ILLNESS
from ringfinder.evidence.marks import TYPICAL
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY
from ringfinder.rings.harm import ALONE, GROUP_MARKS, together
from ringfinder.rings.prices import Rows
from ringfinder.rings.visit_marks import of_many_stories


def stories(*codes: str, marked: int | None = None) -> bool:
    """Whether a group's visits for these illnesses, of which the first `marked` cannot be, are of many kinds."""
    known = sorted(set(codes))
    diagnosis = np.array([known.index(code) for code in codes])
    view = quick_view(np.arange(len(codes)), 0, np.arange(len(codes)) * DAY, diagnosis=diagnosis)
    view = replace(view, codes=replace(view.codes, diagnosis=np.array(known, object)))
    presence = observe(view)
    rows = Rows.of(presence, np.zeros(len(codes), np.int64), np.arange(len(codes)), 1)
    visits = presence.visit[rows.row]
    flag = view.visits.patient[visits] < (len(codes) if marked is None else marked)
    return bool(of_many_stories(presence, rows, flag, 1)[0])


def test_a_pregnancy_is_one_story_with_its_supervision() -> None:
    assert not stories("Z34.9", "Z34.9", "O80.0", "O26.9", "Z36.0")
    assert stories("Z34.9", "O80.0", "N76.0", "C61", "N40")
    assert stories("Z12", "O80.0", "Z00", "N40")  # a check-up is none


def test_six_tenths_of_one_chapter_are_one_story() -> None:
    assert ONE_ILLNESS == 0.6
    assert stories(*["N40"] * 6, *["C61"] * 4)
    assert not stories(*["N40"] * 7, *["C61"] * 3)
    assert not stories(*["N40"] * 7, *["C61"] * 9, marked=10)  # what can be theirs does not count


@pytest.mark.parametrize(("various", "worth"), [(False, ALONE), (True, 40.0)])
def test_one_story_is_a_trait_and_many_cannot_be(various: bool, worth: float) -> None:
    nats = {name: np.array([40.0 * (name == "misfit")]) for name in (*TYPICAL, *GROUP_MARKS)}
    assert together(nats, various=np.array([various])).tolist() == [worth]
