from __future__ import annotations

from dataclasses import replace

import pytest
import tiny

from ringfinder.report.contract import RingRow
from ringfinder.report.rescoring import Thresholds, alerts, rescore, thresholds_of
from ringfinder.report.results import results_of

USUAL = Thresholds(0.05, 8.0, -8.0)
RESULTS = results_of(tiny.FINDINGS)


def ring(q: float, coordination: float, harm: float) -> RingRow:
    return replace(RESULTS.rings[0], q_value=q, coordination=coordination, harm=harm)


@pytest.mark.parametrize(
    ("q", "coordination", "harm", "would"),
    [
        (0.05, 8.0, 8.0, True),
        (0.0501, 8.0, 8.0, False),
        (0.01, 8.0, 7.99, False),
        (0.01, 7.9, 8.0, False),  # the mean of both is less than 8
        (0.01, -8.0, 24.0, True),
        (0.01, -8.1, 30.0, False),
    ],
)
def test_alert_is_what_the_contract_says(q: float, coordination: float, harm: float, would: bool) -> None:
    assert alerts(ring(q, coordination, harm), USUAL) is would


def test_ring_below_the_new_threshold_would_not_alert_and_nothing_else_changes() -> None:
    judged = rescore(RESULTS, USUAL, replace(USUAL, alert_q=0.003))
    assert [(one.ring.ring_id, one.alert_before, one.alert_after) for one in judged] == [
        ("R;1", True, False),
        ("R0", False, False),
    ]
    assert all(one.alert_before == one.alert_after for one in rescore(RESULTS, USUAL, replace(USUAL, alert_q=0.0032)))


def test_with_the_settings_of_the_run_every_ring_is_what_it_was() -> None:
    odd = replace(RESULTS, rings=tuple(replace(one, alert=not one.alert) for one in RESULTS.rings))
    assert all(one.alert_before == one.alert_after for one in rescore(odd, USUAL, USUAL))


def test_settings_of_a_run_are_read_from_its_file_or_are_the_usual_ones() -> None:
    assert thresholds_of({}) == USUAL
    assert thresholds_of({"settings": {"detection": {"alert_q": 0.2, "seed": 3}}}) == replace(USUAL, alert_q=0.2)
