from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ringfinder.lab.figures import BARS, GOALS, SURE_Q, Calibration, Goal, calibration, figures_of, total, value, wilson
from ringfinder.lab.results import Trial
from ringfinder.settings import DetectionSettings

from .rows import CLEAN, TRIAL, listed


def test_interval_of_a_share_is_wilson_s() -> None:
    """3 of 4: (0.75 + 3.8416 / 8 -+ 1.96 sqrt(0.75 * 0.25 / 4 + 3.8416 / 64)) / (1 + 3.8416 / 4)."""
    assert wilson(3, 4) == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert wilson(0, 0) is None
    assert wilson(0, 10) == pytest.approx((0.0, 3.8416 / 13.8416))
    assert wilson(10, 10) == pytest.approx((10 / 13.8416, 1.0))
    assert Calibration(0.05, 4, 3, 2).interval == wilson(3, 4)


def test_figures_of_a_world_worked_by_hand() -> None:
    assert figures_of(TRIAL) == {
        "average_precision": (0.75, 1),
        "found": (2, 3),
        "alerted": (1, 3),
        "recall_at_q": (1, 3),
        "precision": (1, 3),  # R1 of R1, R3, R4
        "honest_alerts": (1, 3),  # R4; R3 is a piece
        "false_at_q": (2, 3),
        "strangers": (1 + 4 + 9, 30),
        "kind_right": (1, 2),
        "stray": (1 + 0, 16),
        "missing": (3 + 4, 22),
        "entity.patient.precision": (15, 16),
        "entity.patient.recall": (15, 22),
        "entity.doctor.precision": (1, 2),
        "entity.doctor.recall": (1, 2),
        "fate.alerted": (1, 3),
        "fate.not_alerted": (1, 3),
        "fate.trimmed": (1, 3),
        "kind.rotation.found": (1, 1),
        "kind.rotation.alerted": (1, 1),
        "kind.sham_stay.found": (1, 2),
        "kind.sham_stay.alerted": (0, 2),
        "level.plain.found": (1, 2),
        "level.plain.alerted": (1, 2),
        "level.sparse.found": (1, 1),
        "level.sparse.alerted": (0, 1),
        "cell.rotation.plain.found": (1, 1),
        "cell.rotation.plain.alerted": (1, 1),
        "cell.sham_stay.plain.found": (0, 1),
        "cell.sham_stay.plain.alerted": (0, 1),
        "cell.sham_stay.sparse.found": (1, 1),
        "cell.sham_stay.sparse.alerted": (0, 1),
        "q.0.001.false": (0, 1),
        "q.0.001.honest": (0, 1),
        "q.0.05.false": (2, 2),
        "q.0.05.honest": (1, 2),
        "q.0.1.false": (0, 1),
        "q.0.1.honest": (0, 1),
        "q.1.false": (1, 1),
        "q.1.honest": (1, 1),
    }


def test_alerts_of_a_world_without_rings_are_counted_and_honest() -> None:
    assert figures_of(CLEAN) == {
        "clean_alerts": (1, 1),
        "false_at_q": (1, 1),
        "honest_alerts": (1, 1),
        "precision": (0, 1),
        "strangers": (10, 10),
        "q.0.05.false": (1, 1),
        "q.0.05.honest": (1, 1),
    }


def test_figures_add_up_over_worlds() -> None:
    both = total([figures_of(TRIAL), figures_of(CLEAN)])
    assert both["honest_alerts"] == (2, 4)
    assert (value(both, "honest_alerts"), value(both, "average_precision")) == (0.5, 0.75)
    assert value(both, "clean_alerts") == 1  # a count
    assert value(both, "entity.card.recall") is None
    assert total([figures_of(CLEAN), figures_of(TRIAL)]) == both


def test_a_world_that_broke_has_no_figures() -> None:
    assert figures_of(Trial(TRIAL.world, failed="ValueError at find.py:1")) == {}


def test_calibration_adds_the_bins_up_by_hand() -> None:
    assert calibration(figures_of(TRIAL)) == (
        Calibration(0.001, 1, 0, 0),
        Calibration(0.01, 1, 0, 0),
        Calibration(0.05, 3, 2, 1),
        Calibration(0.1, 4, 2, 1),
        Calibration(0.2, 4, 2, 1),
        Calibration(0.5, 4, 2, 1),
        Calibration(1.0, 5, 3, 2),
    )
    assert [point.false_share for point in calibration({})] == [None] * len(BARS)
    assert calibration(figures_of(TRIAL))[2].false_share == pytest.approx(2 / 3)


@pytest.mark.parametrize(("q", "bin_"), [(0.0, "0.001"), (0.001, "0.001"), (0.0011, "0.01"), (1.0, "1")])
def test_a_bin_of_q_holds_its_upper_end(q: float, bin_: str) -> None:
    one = replace(TRIAL, planted=(), listed=(listed("R1", q),))
    assert [name for name in figures_of(one) if name.startswith("q.")] == [f"q.{bin_}.false", f"q.{bin_}.honest"]


def test_goals_are_reached_at_their_value() -> None:
    assert [Goal("x", ">=", 0.9).reached(v) for v in (0.89, 0.9, None)] == [False, True, None]
    assert [Goal("x", "<=", 0.0).reached(v) for v in (0.0, 1.0, None)] == [True, False, None]
    assert len({goal.figure for goal in GOALS}) == len(GOALS) == 21
    assert DetectionSettings().alert_q == SURE_Q


def test_trials_go_through_json_unharmed() -> None:
    for trial in (TRIAL, CLEAN):
        assert Trial.from_json(json.loads(json.dumps(trial.as_json()))) == trial
