"""People who come back to one operator with dear files, where several sit at the counters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import at, quick_view, visit

from evidence.test_irregular import RING, town_with_bills
from evidence.town import Town, alerts, hub, names
from ringfinder.evidence import irregular
from ringfinder.evidence.desk_files import PRICE, RETURNING, SOFT, WAYS, gather
from ringfinder.evidence.habits import DEAREST
from ringfinder.evidence.irregular import BEYOND
from ringfinder.evidence.likelihood import MARGIN
from ringfinder.evidence.returning import FEW, MOST_DAYS, SEVERAL, SURE, expected, returning
from ringfinder.evidence.view import BLANK, DAY, HOUR, INPATIENT, OUTPATIENT, View

Day = tuple[int, int, int, int]  # place, household, day, operator


def weeks(*clients: str, place: int = 0, first: int = 0) -> list[Day]:
    """Households that came on days 0, 1, ... to these operators: 'aba' to a, b and a."""
    return [(place, first + i, day, "abc".index(o)) for i, days in enumerate(clients) for day, o in enumerate(days)]


def counted(*parts: Iterable[Day], operators: int = 2) -> list[float]:
    """How many households are expected on three days or more, by operator."""
    place, household, day, operator = np.array([row for part in parts for row in part], np.int64).T
    client = np.unique(place * 1000 + household, return_inverse=True)[1]
    return expected(place, operator, client, day, operators).tolist()


def test_who_is_served_by_either_clerk_comes_thrice_to_one_by_chance() -> None:
    """Each clerk serves half: 1/8 of those who came on three days, 5/16 of those on four; two days are too few."""
    assert SEVERAL == 3
    assert counted(weeks("aba", "bab")) == pytest.approx([2 / 8] * 2)
    assert counted(weeks("abab", "baba")) == pytest.approx([2 * 5 / 16] * 2)
    assert counted(weeks("aba", "bab", "abab", "baba")) == pytest.approx([2 / 8 + 2 * 5 / 16] * 2)
    assert counted(weeks("ab", "ba")) == [0.0, 0.0]


def test_the_share_of_a_clerk_is_of_the_days_he_served() -> None:
    """Two of three days are a's, and nobody meets him oftener than that: 8/27 and 1/27."""
    assert counted(weeks("aba", "aba", "aba")) == pytest.approx([3 * 8 / 27, 3 * 1 / 27])


def test_a_clerk_alone_at_his_counter_is_come_back_to_by_everybody() -> None:
    assert counted(weeks("aaa", "aaaa", "aa")) == pytest.approx([2.0, 0.0])


def test_weekdays_bring_everybody_back_to_the_same_clerk() -> None:
    """Of eight visits that follow others six are to the same one, by the shares four: rho is 1/2, q' 3/4."""
    assert counted(weeks("aaa", "bbb", "aab", "bba")) == pytest.approx([4 * 27 / 64] * 2)
    assert counted(weeks("aaa", "bbb")) == pytest.approx([2.0, 2.0])


def test_each_place_has_its_own_clerks() -> None:
    """At the first a and b take turns, at the second a is alone."""
    rows = (weeks("aba", "bab"), weeks("aaa", place=1, first=10))
    # by the shares two of four and both of two visits would follow to the same clerk: none of four and both do
    assert counted(*rows) == pytest.approx([2 / 8 + 1, 2 / 8])


def test_several_files_of_a_day_at_one_desk_are_one_visit() -> None:
    once = weeks("aba", "bab")
    assert counted(once, once, once[:2]) == counted(once)


def plainly(rows: list[Day], operators: int) -> list[float]:
    """Said one by one: shares, rho, binomial tails."""
    visits = sorted({(p, h, d, o) for p, h, d, o in rows})
    share = {
        (p, o): sum(v[0] == p and v[3] == o for v in visits) / sum(v[0] == p for v in visits) for p, _, _, o in visits
    }
    same = {p: sum(q * q for (x, _), q in share.items() if x == p) for p, _ in share}
    follow = [(a, b) for a, b in pairwise(visits) if a[:2] == b[:2]]
    chance = sum(same[b[0]] for _, b in follow)
    rho = (sum(a[3] == b[3] for a, b in follow) - chance) / max(len(follow) - chance, 1.0)
    rho = min(max(rho, 0.0), 1.0)
    out = [0.0] * operators
    for p, h in {v[:2] for v in visits}:
        n = sum(v[:2] == (p, h) for v in visits)
        for (x, o), q in share.items():
            if x == p:
                r = q + (1 - q) * rho
                out[o] += sum(comb(n, k) * r**k * (1 - r) ** (n - k) for k in range(3, n + 1))
    return out


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=60
    )
)
def test_expected_is_what_a_plain_sum_says(rows: list[Day]) -> None:
    np.testing.assert_allclose(counted(rows, operators=3), plainly(rows, 3), atol=1e-9)


def test_who_comes_on_more_than_sixty_days_counts_as_on_sixty() -> None:
    assert MOST_DAYS == 60
    often = weeks("a" * 70 + "b" * 70)
    assert counted(often) == pytest.approx([1.0, 1.0])


# Of claims


def desk(
    rows: Sequence[tuple[int, float, int, int]],
    service: int = OUTPATIENT,
    household: Any = None,
    dear: Any = True,
    **more: Any,
) -> list[bool]:
    """Whether files are a returning household's; each (person, day, operator, place), all dear or as told."""
    patient, day, operator, place = (np.array(c) for c in zip(*rows, strict=True))
    start = (day * DAY).astype(np.int64) + 9 * HOUR
    view = quick_view(patient, place, start, service=service, operator=operator, household=household, **more)
    claims = view.claims
    got = returning(
        view,
        np.arange(len(rows)),
        claims.operator.astype(np.int64),
        claims.facility.astype(np.int64),
        np.ones(len(rows), np.bool_),
        np.broadcast_to(np.asarray(dear, np.bool_), len(rows))[claims.row],
    )
    back = np.empty(len(rows), np.bool_)
    back[claims.row] = got.flag
    return back.tolist()


THRICE = [(0, 1, 0, 0), (0, 5, 0, 0), (0, 40, 0, 0)]


def test_who_comes_to_one_desk_on_three_days_for_one_place_comes_back() -> None:
    assert desk(THRICE) == [True] * 3
    assert desk(THRICE[:2]) == [False] * 2
    assert desk([*THRICE[:2], (0, 5.1, 0, 0)]) == [False] * 3  # the same day
    assert desk([*THRICE[:2], (0, 40, 1, 0)]) == [False] * 3  # another clerk
    assert desk([*THRICE[:2], (0, 40, 0, 1)]) == [False] * 3  # another place
    assert desk([*THRICE, (0, 60, 1, 0), (7, 60, 0, 0)]) == [True] * 3 + [False] * 2


def test_who_comes_back_has_one_dear_file_there() -> None:
    for dear in ([True, False, False], [False, False, True]):
        assert desk(THRICE, dear=dear) == [True] * 3
    assert desk(THRICE, dear=False) == [False] * 3
    # at another place, or with another clerk, it says nothing of this desk
    assert desk([*THRICE, (0, 60, 0, 1)], dear=[False] * 3 + [True]) == [False] * 4
    assert desk([*THRICE, (0, 60, 1, 0)], dear=[False] * 3 + [True]) == [False] * 4


def test_a_household_comes_back_together() -> None:
    rows = [(0, 1, 0, 0), (1, 5, 0, 0), (2, 40, 0, 0)]
    assert desk(rows, household=[0, 0, 0]) == [True] * 3
    assert desk(rows, household=[0, 0, 1]) == [False] * 3


def test_a_course_of_treatment_brings_nobody_back() -> None:
    """Five weeks of physiotherapy: all but the first are a course."""
    weekly = [(0, 7 * k, 0, 0) for k in range(5)]
    assert desk(weekly) == [False] * 5
    assert desk([(0, d, 0, 0) for d in (0, 3, 20, 28, 90)]) == [True] * 5


def test_a_stay_settled_month_by_month_is_one() -> None:
    months = [(0, 30 * k, 0, 0) for k in range(4)]
    end = (np.arange(4) * 30 + 30) * DAY + 9 * HOUR
    assert desk(months, INPATIENT, end=end) == [False] * 4
    assert desk(THRICE, INPATIENT, end=np.array([2, 6, 41]) * DAY) == [True] * 3


def reckoned(clients: list[tuple[str, int]], dear: int, desk: bool = True) -> list[float]:
    """Expected households of clerks a and b at one place; (who served, how many such); the first `dear` files are dear."""
    served = [days for days, homes in clients for _ in range(homes)]
    household, operator = np.array([(h, "ab".index(o)) for h, days in enumerate(served) for o in days], np.int64).T
    n = len(household)
    rng = np.random.default_rng(4)
    start = np.cumsum(rng.permutation(np.arange(1, n + 1))) * DAY  # never two on one day, no rhythm
    view = quick_view(household, 0, start, operator=operator, cents=10_000 + 37 * np.arange(n))
    claims = view.claims
    is_dear = np.isin(claims.row, np.arange(dear))
    zero = np.zeros(n, np.int64)
    got = returning(view, np.arange(n), claims.operator.astype(np.int64), zero, np.full(n, desk), is_dear)
    return got.expected.tolist()


def test_people_who_come_back_for_no_other_reason_have_a_dear_file_as_others_do() -> None:
    """Half of eight households are expected back of each, and 1 - 0.98^3 of them have a dear file among three."""
    assert DEAREST == 0.02
    got = reckoned([("aba", 4), ("bab", 4)], 0)
    assert got == pytest.approx([8 / 8 * (1 - 0.98**3)] * 2)


def test_a_counter_that_is_dear_for_everybody_explains_who_comes_back() -> None:
    """Of a's files of those who come once 12 of 30 are dear: 12.4 of 50. Who comes back with three files has one at 1 - 0.752^3."""
    assert (FEW, SURE) == (20.0, 0.99)
    got = reckoned([("a", 12), ("a", 18), ("aaa", 2), ("bb", 3)], 12)
    assert got[0] == pytest.approx(2 * (1 - (1 - 12.4 / 50) ** 3))
    assert got[1] == pytest.approx(
        2 * (1 - 0.98**3)
    )  # with him they would have come back as well, and been served as others are


def test_dear_files_of_those_who_come_back_do_not_explain_themselves() -> None:
    """Six files of two households, all dear, and 30 of others that are not: the rate is 0.4 of 50."""
    got = reckoned([("aaa", 2), ("a", 30), ("bb", 3)], 6)
    would = 2 * (1 - 0.98**3)  # a's share is 36 of 42, and everybody comes back to the same clerk
    assert got[0] == pytest.approx(max(would, 2 * (1 - (1 - 0.4 / 50) ** 3)))


def test_what_is_no_desk_has_no_clients() -> None:
    assert reckoned([("aaa", 3)], 9)[0] > 0
    assert reckoned([("aaa", 3)], 9, desk=False) == [0.0]


# A clerk and his friends

FRIENDS = RING[:8]


def test_price_is_one_trait_and_coming_back_a_way_of_settling() -> None:
    assert PRICE == ("costly", "dear")
    assert RETURNING == "regular"
    assert RETURNING in WAYS
    assert {*PRICE, *WAYS} <= set(SOFT)


def office(folder: Path, yuan: float, clerks: tuple[str, ...] = ("clerk",), place: str = "hospital0") -> View:
    """Everybody hands in six bills of 400 yuan to any of five clerks; eight people five more at one place, to these clerks."""
    town: Town = town_with_bills(6)
    rng = np.random.default_rng(2)
    for i, who in enumerate(FRIENDS):
        for k, day in enumerate(np.sort(rng.choice(np.arange(5, 230), 5, replace=False)).tolist()):
            care, paid = at(day, 10), at(day + 12 + 3 * k, 9 + (i + k) % 8 * 0.9)
            row = visit(
                who, place, care, yuan - 17 * i - 5 * k, settled_at=paid, operator_id=clerks[(i + k) % len(clerks)]
            )
            town.add({**row, "invoice_number": f"friend {i}-{k}", "payee_account": f"own {int(who[1:]):03}"})
    return town.view(folder)


def test_friends_who_come_back_to_a_clerk_with_dear_bills_are_found(tmp_path: Path) -> None:
    view = office(tmp_path, 2500)
    (found,) = alerts(irregular.search(view))
    assert names(view, found) == set(FRIENDS)
    assert hub(view, found, "operator") == {"clerk"}
    told = {f.key: f.observed for f in found.findings if f.side == "harm"}
    assert told["reasons_kinds.irregular_regular"] == len(FRIENDS)
    assert told["reasons_kinds.irregular_dear"] == len(FRIENDS)


def test_a_clerk_whose_regulars_are_not_dear_is_no_alert(tmp_path: Path) -> None:
    view = office(tmp_path, 320)
    files = gather(view)
    assert not files.flags[RETURNING].any()
    found = irregular.search(view)
    assert alerts(found) == []
    assert all(c.harm <= BEYOND - MARGIN for c in found)


def test_dear_bills_that_any_clerk_settles_are_no_alert(tmp_path: Path) -> None:
    clerks = ("clerk", "clerk2", "clerk3", "clerk4", "clerk5")
    assert alerts(irregular.search(office(tmp_path, 2500, clerks))) == []


def test_a_clerk_alone_at_his_counter_is_no_alert(tmp_path: Path) -> None:
    """The same people, with the same bills, at a place whose only clerk he is."""
    view = office(tmp_path, 2500, ("alone",), "annex")
    alone = view.codes.operator.tolist().index("alone")
    files = gather(view)
    assert not files.flags["dear"][files.operator == alone].any()  # there are no others
    assert alerts(irregular.search(view)) == []


def test_a_world_without_files_has_nobody_who_comes_back() -> None:
    nothing = np.zeros(0, np.int64)
    view = quick_view([0], [0], [0], operator=[BLANK])
    assert returning(view, nothing, nothing, nothing, nothing > 0, nothing > 0).flag.tolist() == []
