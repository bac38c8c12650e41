"""People whose care contradicts itself in two ways, and who gather at one place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import log

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence import contradictions, wandering
from ringfinder.evidence.misfit import Misfits
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, OUTPATIENT, Bools, Candidate, View
from ringfinder.evidence.visits import claims_of
from ringfinder.evidence.wandering import Bearers
from ringfinder.words import say

PLACES = 9
A_ROAD = 5  # people who go to one place first and to another one then, for each pair of places
MISFITS = ("sex", "older", "younger")
MARKS = ("travel", "in_bed", "borrowed")
Bad = tuple[int, int, str]  # person, place, kind of contradiction


def town(bad: Sequence[Bad], days: int = 400, service: int = OUTPATIENT) -> tuple[View, dict[str, Bools]]:
    """360 people who go to two of nine places each, on any road alike; the contradictions on so many days, by kind and visit."""
    good = [(1000 + i, f, "") for i, road in enumerate([*permutations(range(PLACES), 2)] * A_ROAD) for f in road]
    person, place, kind = (np.array(column) for column in zip(*bad, *good, strict=True))
    day, care = np.arange(len(person)), np.full(len(person), OUTPATIENT)
    day[: len(bad)] %= days
    care[: len(bad)] = service
    view = quick_view(person, place, 10 * day * DAY + 9 * HOUR, service=care)  # apart, so that stays are several
    kind = kind[np.lexsort((day, person))]  # as visits are
    return view, {name: kind == name for name in (*MISFITS, *MARKS)}


def bearers(view: View, flags: dict[str, Bools]) -> Bearers:
    """Who bears them."""
    marks = {name: flags[name] for name in MARKS}
    return contradictions.contradicting(view, marks, Misfits(*(flags[name] for name in MISFITS)))


def who_bears(bad: Sequence[Bad], **more: int) -> list[int]:
    """The people who are bearers."""
    return np.flatnonzero(bearers(*town(bad, **more)).people).tolist()


def found(bad: Sequence[Bad]) -> list[Candidate]:
    """What is listed."""
    view, flags = town(bad)
    return wandering.search(view, bearers(view, flags), claims_of(view), "lent_cards")


def three(person: int, place: int, *kinds: str) -> list[Bad]:
    """Three visits of one person, of the first kind twice."""
    return [(person, place, kind) for kind in (kinds[0], *kinds)]


def test_two_kinds_on_three_days_are_borne() -> None:
    assert who_bears(three(1, 0, "sex", "older")) == [1]
    assert who_bears(three(1, 0, "older", "younger")) == [1]
    assert who_bears([*three(1, 0, "travel", "borrowed"), *three(2, 5, "in_bed", "sex")]) == [1, 2]
    assert who_bears([(1, 0, "sex"), (1, 3, "sex"), (1, 4, "younger")]) == [1]  # wherever


def test_one_mistake_of_a_register_makes_nobody_a_bearer() -> None:
    """It errs every time, and always in the same way."""
    for kind in (*MISFITS, *MARKS):
        assert who_bears([(1, f, kind) for f in range(PLACES)]) == []


def test_two_kinds_on_two_days_are_an_accident() -> None:
    assert who_bears([(1, 0, "sex"), (1, 0, "older")]) == []
    assert who_bears([(1, 0, "sex"), (1, 3, "sex"), (1, 4, "older")], days=2) == []


def test_two_stays_at_once_are_no_outing() -> None:
    assert who_bears(three(1, 0, "in_bed", "sex"), service=INPATIENT) == []
    assert who_bears(three(1, 0, "travel", "sex"), service=INPATIENT) == [1]


def test_bearers_who_gather_are_found() -> None:
    one = found([bad for p in range(6) for bad in three(p, 0, "sex", "younger")])
    (c,) = one
    # 86 pairs of a person and a place there, of 726; six of all are of bearers
    mu = 6 / (720 + 6) * 86
    r = 1 / 0.3**2
    gain = 6 * log(6 / mu) - (6 + r) * log((6 + r) / (mu + r))
    assert c.harm == c.coordination == pytest.approx(gain - log(PLACES) - 1.0)
    assert (c.patients.tolist(), c.hubs) == ([*range(6)], (("facility", 0, "session_place"),))
    assert [(f.side, f.key) for f in c.findings] == [
        ("for", "reasons_kinds.contradicting"),
        ("harm", "reasons_kinds.contradicting_here"),
        ("against", "reasons_kinds.contradicting_explained"),
    ]
    for finding in c.findings:
        assert say(finding.key, "en", **finding.values) != say(finding.key, "zh", **finding.values)


def test_who_goes_on_to_a_second_place_together_is_surer() -> None:
    here = [bad for p in range(6) for bad in three(p, 0, "sex", "younger")]
    (alone,) = found(here)
    both = found([*here, *((p, 4, "older") for p in range(6))])
    assert {c.hubs[0][1] for c in both} == {0, 4}
    assert [c.harm > alone.harm for c in both] == [True, True], [alone.harm, *(c.harm for c in both)]
    assert {f.key for c in both for f in c.findings if f.side == "harm"} == {"reasons_kinds.contradicting_elsewhere"}


def test_a_village_with_wrong_registers_is_not_found() -> None:
    """Forty people, each with one mistake, at one clinic."""
    village = [(p, 0, ("sex", "older", "younger")[p % 3]) for p in range(40) for _ in range(4)]
    assert found(village) == []
    # two have two mistakes: too few households
    assert found([*village, (0, 0, "older"), (1, 0, "sex")]) == []


def test_bearers_everywhere_are_no_circle() -> None:
    """One in ten, at any place: nothing gathers."""
    assert all(c.harm < 0 for c in found([bad for p in range(36) for bad in three(p, p % PLACES, "sex", "travel")]))
