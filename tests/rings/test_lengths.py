"""Whether a group's stays are for many illnesses, so that no treatment explains their one length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from worlds import quick_view

from ringfinder.evidence.beds import ONE_ILLNESS
from ringfinder.evidence.presence import Presence, observe
from ringfinder.evidence.view import BLANK, DAY, INPATIENT, OUTPATIENT
from ringfinder.rings.lengths import of_many_illnesses
from ringfinder.rings.prices import Rows

from .planted import with_codes

Ill = str | None


def many(*groups: Sequence[Ill], outpatients: Sequence[Sequence[Ill]] = ()) -> list[bool]:
    """For groups that stay for these illnesses (None: not known), a person for each; group k's `outpatients` come as such."""
    seen = [(k, d, INPATIENT) for k, stays in enumerate(groups) for d in stays]
    seen += [(k, d, OUTPATIENT) for k, visits in enumerate(outpatients) for d in visits]
    codes = sorted({d for _, d, _ in seen if d})
    start = np.arange(len(seen)) * 10 * DAY
    view = quick_view(
        np.arange(len(seen)),
        0,
        start,
        end=start + 3 * DAY,
        service=[care for _, _, care in seen],
        diagnosis=[codes.index(d) if d else BLANK for _, d, _ in seen],
    )
    presence = observe(with_codes(view, codes))
    group = np.array([k for k, _, _ in seen])[presence.patient]
    row = np.lexsort((np.arange(len(group)), group))
    return of_many_illnesses(presence, rows_of(presence, group[row], row, len(groups)), len(groups)).tolist()


def rows_of(presence: Presence, group: np.ndarray, row: np.ndarray, groups: int) -> Rows:
    return Rows.of(presence, group.astype(np.int64), row.astype(np.int64), groups)


@pytest.mark.parametrize(
    ("stays", "differ"),
    [
        (["M54", "J20", "R42", "I10", "K29"], True),
        (["M54", "M51", "M47", "J20", "R42"], True),  # three of five are the back
        (["M54", "M51", "M47", "M50", "R42"], False),
        (["M54"] * 3 + ["J20", "R42"], True),
        (["M54"] * 4 + ["R42"], False),
        (["H25.0", "H25.1", "H25.9", "H26.2"], False),  # cataracts of all sorts
        (["H25.0", "I10", "H25.9", "J44"], True),
        (["M54"], False),
        (["M54", "J20"], True),
        ([None] * 5, False),
        (["M54", "J20", "R42", None, None], True),  # three of five are known
        (["M54", "J20", None, None, None], False),
        (["M54", "M51", "J20", None, None], False),  # two of the three that are known
        ([], False),
    ],
)
def test_stays_are_for_many_illnesses_where_no_chapter_has_more_than_three_fifths(
    stays: list[Ill], differ: bool
) -> None:
    assert ONE_ILLNESS == 0.6
    assert many(stays, ["M54", "J20"]) == [differ, True]


def test_each_group_has_illnesses_of_its_own() -> None:
    one, all_sorts = ["M54", "M51", "M47"], ["M54", "J20", "R42"]
    assert many(one, all_sorts, one, [None, None]) == [False, True, False, False]


def test_only_stays_count() -> None:
    all_sorts: list[Ill] = ["J20", "R42", "I10", "K29", "A09"]
    assert many(["M54", "M51", "M47"], outpatients=(all_sorts,)) == [False]
    assert many(["M54", "J20", "R42"], outpatients=([None] * 9,)) == [True]
    assert many([], outpatients=(all_sorts,)) == [False]
