from __future__ import annotations

from dataclasses import replace

import tiny

from ringfinder.report.contract import RingRow
from ringfinder.report.news import news
from ringfinder.report.results import Results, results_of

ONE = results_of(tiny.FINDINGS).rings[0]


def ring(name: str, alert: bool, patients: int = 3) -> RingRow:
    return replace(ONE, ring_id=name, alert=alert, patients=patients)


def told(before: list[RingRow], after: list[RingRow]) -> list[tuple[str, str, int | None, int | None]]:
    found = news(Results(tuple(before), (), ()), Results(tuple(after), (), ()))
    return [(one.event, one.ring.ring_id, one.patients_before, one.patients_after) for one in found]


def test_ring_that_begins_to_alert_is_news_whether_or_not_it_was_known() -> None:
    assert told([ring("b", False)], [ring("a", True), ring("b", True, 4)]) == [
        ("ring.alerted", "a", None, 3),
        ("ring.alerted", "b", 3, 4),
    ]


def test_ring_that_alerts_still_is_news_where_it_has_more_patients() -> None:
    before = [ring("a", True), ring("b", True), ring("c", True)]
    assert told(before, [ring("a", True, 5), ring("b", True, 2), ring("c", True)]) == [("ring.grown", "a", 3, 5)]


def test_ring_that_alerts_no_more_is_closed() -> None:
    assert told([ring("a", True), ring("b", True)], [ring("b", False, 9)]) == [
        ("ring.closed", "b", 3, 9),
        ("ring.closed", "a", 3, None),
    ]


def test_ring_that_never_alerted_is_no_news() -> None:
    assert told([ring("a", False), ring("b", False)], [ring("a", False, 9), ring("c", False)]) == []
