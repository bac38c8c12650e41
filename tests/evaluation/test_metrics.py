from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.evaluation.metrics import FalseAlert, Found, Group, MemberFigures, Share, average_precision, evaluate
from ringfinder.evaluation.truth import Planted, Scene


def people(letters: str) -> dict[str, frozenset[str]]:
    return {"patient": frozenset(letters)}


PLANTED = (
    Planted("T1", "sham_stay", "plain", people("abcd") | {"doctor": frozenset({"D1", "D2"})}),
    Planted("T2", "rotation", "sparse", people("efgh")),
    Planted("T3", "rotation", "plain", people("ijkl")),
)
FOUND = (
    Found("R1", "rotation", 90.0, True, people("efgh")),  # right
    Found("R2", "insider", 80.0, True, people("xyz")),  # false, nearest to nothing
    Found("R3", "rotation", 70.0, True, people("abc") | {"doctor": frozenset({"D1", "D9"})}),  # right, wrong kind
    Found("R4", "rotation", 70.0, False, people("ijk")),  # right, no alert
    Found("R5", "lent_cards", 95.0, True, people("jklmnop")),  # false, near T3
)
SCENES = (Scene("S1", "nursing_home", frozenset("xymn")), Scene("S2", "dialysis", frozenset("nop")))


def test_figures_worked_by_hand() -> None:
    judged = evaluate(FOUND, PLANTED, SCENES)
    assert (judged.planted, judged.listed, judged.alerts) == (3, 5, 4)
    assert (judged.recall, judged.precision) == (Share(3, 3), Share(3, 5))
    assert (judged.alert_recall, judged.alert_precision) == (Share(2, 3), Share(2, 4))
    # Ranked: R5 miss, R1 hit (1/2), R2 miss, R3 hit (2/4), R4 hit (3/5).
    assert judged.average_precision == pytest.approx((1 / 2 + 2 / 4 + 3 / 5) / 3)
    assert judged.mean_jaccard == pytest.approx((1 + 3 / 4 + 3 / 4) / 3)
    assert judged.missed == ()
    assert judged.kind_right == Share(2, 3)
    assert judged.confusion == (("rotation", "rotation", 2), ("sham_stay", "rotation", 1))


def test_false_alerts_name_the_nearest_ring_and_the_honest_scene() -> None:
    assert evaluate(FOUND, PLANTED, SCENES).false_alerts == (
        FalseAlert("R5", "lent_cards", 95.0, 7, "T3", 3 / 8, "S2", "dialysis", 3),
        FalseAlert("R2", "insider", 80.0, 3, "", 0.0, "S1", "nursing_home", 2),
    )


def test_groups_are_counted_by_kind_and_level() -> None:
    judged = evaluate(FOUND, PLANTED)
    assert judged.by_kind == (Group("rotation", 2, 2, 1), Group("sham_stay", 1, 1, 1))
    assert judged.by_level == (Group("plain", 2, 2, 1), Group("sparse", 1, 1, 1))
    assert judged.by_kind_and_level == (
        Group("rotation plain", 1, 1, 0),
        Group("rotation sparse", 1, 1, 1),
        Group("sham_stay plain", 1, 1, 1),
    )


def test_members_are_counted_over_matched_rings_only() -> None:
    assert evaluate(FOUND, PLANTED).members == (
        MemberFigures("doctor", Share(1, 2), Share(1, 2)),
        MemberFigures("patient", Share(10, 10), Share(10, 12)),
    )


def test_ring_below_the_bar_cannot_take_a_planted_ring_from_an_alert() -> None:
    planted = (Planted("T1", "rotation", "plain", people("abcd")),)
    found = (Found("R1", "rotation", 90.0, False, people("abcd")), Found("R2", "rotation", 80.0, True, people("abc")))
    judged = evaluate(found, planted)
    assert judged.alert_precision == Share(1, 1)
    assert judged.false_alerts == ()
    assert judged.precision == Share(1, 2)


def test_equal_scores_are_ranked_by_id() -> None:
    planted = (Planted("T1", "rotation", "plain", people("abcd")),)
    hit, miss = people("abcd"), people("xyz")
    first = evaluate([Found("B", "", 1.0, True, miss), Found("A", "", 1.0, True, hit)], planted)
    second = evaluate([Found("A", "", 1.0, True, miss), Found("B", "", 1.0, True, hit)], planted)
    assert (first.average_precision, second.average_precision) == (1.0, 0.5)


def test_nothing_planted_and_nothing_found_have_no_shares() -> None:
    judged = evaluate((), ())
    assert judged.recall.value is None
    assert judged.average_precision is None
    assert judged.mean_jaccard is None


def test_figures_as_json_are_plain() -> None:
    content = json.loads(json.dumps(evaluate(FOUND, PLANTED, SCENES).as_json()))
    assert content["alert_precision"] == {"hits": 2, "total": 4, "value": 0.5}
    assert content["confusion"][1] == {"planted": "sham_stay", "found": "rotation", "rings": 1}
    assert content["false_alerts"][1]["scene_kind"] == "nursing_home"
    assert content["by_level"][0] == {"name": "plain", "planted": 2, "found": 2, "alerted": 1}


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 3))
def test_average_precision_is_the_mean_precision_at_the_hits(hits: list[bool], missed: int) -> None:
    planted = sum(hits) + missed
    precisions = [Fraction(sum(hits[:rank]), rank) for rank in range(1, len(hits) + 1) if hits[rank - 1]]
    given = average_precision(hits, planted)
    if planted == 0:
        assert given is None
    else:
        assert given == pytest.approx(float(sum(precisions, Fraction(0)) / planted))
