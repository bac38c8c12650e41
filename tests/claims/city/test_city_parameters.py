"""Parameters: what is refused, and worlds drawn at random that still are cities."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from ringfinder.claims.city import CityParameters, grow
from ringfinder.claims.city.rings import MAKERS, deal
from ringfinder.errors import UsageError


@pytest.mark.parametrize(
    ("name", "value"),
    [("years", 0), ("urban", 1.5), ("activity", 0.0), ("ring_size", 200.0), ("coding_noise", -0.1), ("drg", 2.0)],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=name):
        CityParameters(**{name: value})  # type: ignore[arg-type]


def test_unknown_kinds_and_levels_are_refused() -> None:
    with pytest.raises(UsageError, match="kind_weights"):
        CityParameters(kind_weights=(("arson", 1.0),))
    with pytest.raises(UsageError, match="level_weights"):
        CityParameters(level_weights=(("plain", 0.0),))
    with pytest.raises(UsageError, match="smallest_ring"):
        CityParameters(smallest_ring=50, largest_ring=20)


def test_draws_repeat_by_seed_and_differ_in_every_parameter() -> None:
    worlds = [CityParameters.draw(seed) for seed in range(60)]
    assert worlds[:3] == [CityParameters.draw(seed) for seed in range(3)]
    fixed = {"smallest_ring", "largest_ring"}
    for f in fields(CityParameters):
        values = {getattr(w, f.name) for w in worlds}
        assert (len(values) == 1) == (f.name in fixed), f.name


@pytest.mark.parametrize("seed", range(6))
def test_drawn_worlds_are_cities_with_their_rings(seed: int) -> None:
    city = grow(1500, seed, 8, CityParameters.draw(seed))
    assert len(city.truth) == 8
    assert all(sum(m["entity_type"] == "patient" for m in r["members"]) >= 3 for r in city.truth)
    claims = city.tables["claims"]
    assert {"inpatient", "outpatient", "pharmacy"} == set(claims["service_type"].unique().to_pylist())
    assert 2 < len(claims) / 1500 < 60


def test_a_field_that_is_not_known_stays_empty() -> None:
    p = CityParameters(operators_known=False, terminals_known=False, settlement_known=False, invoices_known=False)
    city = grow(700, 1, 10, p)
    claims = city.tables["claims"]
    for column in ("operator_id", "terminal_id", "settled_at", "invoice_number"):
        assert claims[column].null_count == len(claims), column
    assert not {m["entity_type"] for r in city.truth for m in r["members"]} & {"operator", "terminal"}


@pytest.mark.parametrize(
    ("style", "pattern"), [("prefixed", r"P\d+"), ("digits", r"0\d{19}"), ("hex", r"[0-9a-f]{12}")]
)
def test_id_styles(style: str, pattern: str) -> None:
    patients = grow(600, 1, 1, CityParameters(id_style=style)).tables["patients"]  # type: ignore[arg-type]
    assert all(__import__("re").fullmatch(pattern, i) for i in patients["patient_id"].to_pylist())


def test_two_years_are_about_twice_the_claims() -> None:
    one, two = (len(grow(1500, 1, 0, CityParameters(years=y)).tables["claims"]) for y in (1, 2))
    assert 1.6 < two / one < 2.3


def test_rings_are_dealt_by_weight_when_weights_are_given() -> None:
    p = CityParameters(kind_weights=(("insider", 1.0), ("rotation", 3.0)), level_weights=(("sparse", 1.0),))
    dealt = deal(np.random.default_rng(1), 400, p)
    assert {level for _, level in dealt} == {"sparse"}
    assert 60 < sum(kind == "insider" for kind, _ in dealt) < 140
    assert {kind for kind, _ in dealt} == {"insider", "rotation"}


def test_rings_are_dealt_evenly_without_weights() -> None:
    dealt = deal(np.random.default_rng(1), 60, CityParameters())
    assert {dealt.count((kind, level)) for kind in MAKERS for level in ("plain", "camouflaged", "sparse")} == {2}
