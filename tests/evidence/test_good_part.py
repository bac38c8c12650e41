"""What a good part of the other places' bills of a diagnosis reach, against the plain definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.evidence.bills import GOOD_PART, good_part

PACKAGES = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.1, 0.4, 0.9]), st.integers(0, 30)), min_size=1, max_size=12)


def plain(chance: np.ndarray, weight: np.ndarray, group: np.ndarray, here: int) -> float:
    others = group[group != here]
    heavy = np.cumsum(weight[others][::-1])[::-1]
    if not heavy.size or heavy[0] <= 0:
        return -np.inf
    return float(chance[others[heavy >= GOOD_PART * heavy[0]]].max())


@given(PACKAGES)
def test_the_chance_that_a_good_part_reaches_is_the_largest_with_enough_weight_above(
    packages: list[tuple[float, int]],
) -> None:
    chance = np.array([c for c, _ in packages])
    weight = np.array([w for _, w in packages], np.int64)
    group = np.lexsort((np.arange(len(chance)), chance))
    left_out = np.arange(len(chance))
    got = good_part(chance, weight, group, left_out)
    assert got.tolist() == [plain(chance, weight, group, here) for here in left_out]


def test_a_package_price_of_one_place_alone_explains_nothing() -> None:
    chance, weight = np.array([0.02, 0.9]), np.array([40, 60])
    assert good_part(chance, weight, np.array([0, 1]), np.array([0, 1])).tolist() == [0.9, 0.02]
