"""What a union of waves is worth in a contest, and that it must be beyond chance itself."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.marks import mark
from ringfinder.evidence.presence import observe
from ringfinder.evidence.view import DAY, HOUR, INPATIENT, View
from ringfinder.rings.bases import rates
from ringfinder.rings.coordination import Coordination
from ringfinder.rings.groups import collect
from ringfinder.rings.harm import Harm
from ringfinder.rings.meetings import meet
from ringfinder.rings.together import Assembly, judge, search
from ringfinder.rings.waves import BORNE, SEED, WORTH

from .planted import NOBODY, quiet_town

Group = tuple[str, float, float, float]  # seed, coordination, harm, fit


def strengths(*groups: Group) -> list[float]:
    """Of groups of three people each, found so, with these scores."""
    seeds, together, harm, fit = zip(*groups, strict=True)
    who = collect([(seed, -1, np.arange(3 * i, 3 * i + 3, dtype=np.int32)) for i, seed in enumerate(seeds)], NOBODY)
    n, none = len(groups), np.zeros(0)
    judged = Harm(np.array(harm), np.array(fit), np.zeros(n, np.int64), {}, {}, {}, {})
    scores = Coordination(np.array(together), none, none)
    state = Assembly(who, meet(observe(quiet_town()), who), scores, judged)
    got: list[float] = state.strength.tolist()
    return got


def test_a_union_weighs_a_quarter_more_where_nearly_all_bear_its_marks() -> None:
    """The mean of 20 and 40, of which 0.8 is borne, and a thousandth of the coordination."""
    assert (SEED, WORTH, BORNE) == ("waves", 1.25, 0.7)
    alone, united = strengths(("ties", 20.0, 40.0, 0.8), ("waves", 20.0, 40.0, 0.8))
    assert alone == pytest.approx(30 * 0.8 + 0.02)
    assert united == pytest.approx(30 * 0.8 * 1.25 + 0.02)


@pytest.mark.parametrize(("fit", "worth"), [(0.0, 1.0), (0.69, 1.0), (0.7, 1.25), (1.0, 1.25)])
def test_a_union_whose_marks_fewer_bear_weighs_what_others_do(fit: float, worth: float) -> None:
    one, other = strengths(("waves", 20.0, 10.0, fit), ("waves", 50.0, 0.0, 1.0))
    assert one == pytest.approx(10 * fit * worth + 0.02)
    assert other == pytest.approx(0.05)  # of no harm whatever


@pytest.mark.parametrize("seed", ["ties", "hub", "crowds", "wave", ""])
def test_no_other_group_weighs_more(seed: str) -> None:
    assert strengths((seed, 20.0, 10.0, 1.0), ("waves", 20.0, 10.0, 1.0)) == pytest.approx([10.02, 12.52])


def test_a_union_weaker_than_its_strongest_wave_may_win() -> None:
    """Both have all the harm that a mark may count; the union has less coordination: 30 against 35, but for its worth."""
    wave, union = strengths(("ties", 30.0, 40.0, 1.0), ("waves", 20.0, 40.0, 1.0))
    assert (wave, union) == (pytest.approx(35.03), pytest.approx(37.52))
    assert strengths(("ties", 30.0, 40.0, 1.0), ("waves", 14.0, 40.0, 1.0)) == pytest.approx([35.03, 33.764])


# In a city

WAVES = (range(6), range(6, 12), range(12, 18))
DAYS = ((20, 110, 215), (50, 146, 251), (80, 182, 290))
HOSPITALS, EVERYBODY = 6, 1500


def city(seed: int) -> View:
    """A year of stays of all lengths and prices, for twelve illnesses, each at one of six hospitals.

    Three waves of six come to hospital 0 on three occasions, 85 in 100 of them, for nine days and about 9,000 yuan.
    """
    rng = np.random.default_rng(seed)
    where = rng.integers(0, HOSPITALS, EVERYBODY)
    when = rng.integers(0, 365, EVERYBODY) * DAY + rng.integers(8, 18, EVERYBODY) * HOUR
    met = [(p, d) for wave, days in zip(WAVES, DAYS, strict=True) for d in days for p in wave if rng.random() < 0.85]
    member, day = np.array(met).T
    m = len(met)
    start = np.r_[when, day * DAY + rng.integers(0, 2 * DAY, m)]
    length = np.r_[rng.integers(2, 25, EVERYBODY), np.full(m, 9)]
    usual = (1_000 * np.exp(rng.normal(6, 0.9, EVERYBODY))).astype(np.int64)
    return quick_view(
        np.r_[100 + np.arange(EVERYBODY), member],
        np.r_[where, np.zeros(m, np.int64)],
        start,
        end=start + length * DAY,
        service=INPATIENT,
        cents=np.r_[usual, rng.integers(870_000, 930_000, m)],
        diagnosis=rng.integers(0, 12, EVERYBODY + m),
    )


def assembled(view: View) -> Assembly:
    """The three waves and, after them, their union."""
    presence = observe(view)
    parts = [("ties", -1, np.array(wave, np.int32)) for wave in WAVES]
    groups = collect([*parts, (SEED, -1, np.arange(18, dtype=np.int32))], NOBODY)
    return judge(presence, rates(presence, mark(view)), groups, meet(presence, groups))


def people(view: View) -> list[list[int]]:
    return sorted(c.patients.tolist() for c in search(view))


@pytest.mark.parametrize("seed", [2, 3])
def test_a_union_that_is_nothing_beyond_chance_leaves_its_waves_standing(seed: int) -> None:
    """It would be the strongest by far: all bear its marks."""
    view = city(seed)
    state = assembled(view)
    assert (state.together.score[:3] > 0).all()
    assert state.together.score[3] < 0
    assert state.strength[3] > state.strength[:3].max()
    assert people(view) == [list(wave) for wave in WAVES]


def test_a_union_beyond_chance_wins_over_its_waves() -> None:
    view = city(0)
    state = assembled(view)
    assert (state.together.score > 0).all()
    assert state.together.score[3] < state.together.score[:3].min()
    assert state.strength[3] > state.strength[:3].max()
    assert people(view) == [list(range(18))]
