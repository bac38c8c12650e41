"""Bills whose numbers come back where no stranger's account is paid: pooled by their numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from worlds import at, view_of, visit

from evidence.town import Town, alerts, names
from ringfinder.evidence import fake_bills, invoices
from ringfinder.evidence.piles import CHAINED
from ringfinder.evidence.pooled import COMMON, NOBODY, pooled
from ringfinder.evidence.view import BLANK, View
from ringfinder.words import say

RING = [f"p{i:03}" for i in range(10, 16)]


def town(*bills: tuple[int, str, float], own: bool = False, more: int = 600) -> Town:
    """Bills of these people with these numbers on these days, and as many others with numbers of their own, two a head."""
    one = Town()
    for who, number, day in bills:
        account = f"own {who:03}" if own else None
        one.distant_bill(f"p{who:03}", f"far{who % 3}", day, 4000 + 777 * day % 3000, account, invoice_number=number)
    rng = np.random.default_rng(3)
    for i in range(more):
        who, day = 30 + i // 2 % 120, float(rng.integers(250))
        yuan = round(float(np.exp(rng.normal(9, 0.6))), 2)
        one.distant_bill(f"p{who:03}", f"far{int(rng.integers(6))}", day, yuan, f"own {who:03}", invoice_number=f"N{i}")
    return one


def pools(view: View) -> dict[str, set[str]]:
    """The people of each pool, by its first."""
    claims, known = view.claims, len(view.codes.account)
    new = pooled(view, invoices.read(view))
    assert [str(name) for name in new.codes.account[:known]] == [str(name) for name in view.codes.account]
    assert all(name == NOBODY for name in new.codes.account[known:])
    found: dict[int, set[str]] = {}
    for row in np.flatnonzero(new.claims.account >= known):
        found.setdefault(int(new.claims.account[row]), set()).add(str(view.codes.patient[claims.patient[row]]))
    untouched = new.claims.account < known
    assert (new.claims.account[untouched] == claims.account[untouched]).all()
    return {min(people): people for people in found.values()}


@pytest.mark.parametrize("own", [False, True])
def test_bills_of_one_number_are_a_pool_whether_the_own_account_is_paid_or_none(tmp_path: Path, own: bool) -> None:
    view = town((10, "A", 5), (11, "A", 40), (12, "B", 50), (13, "B", 90), own=own).view(tmp_path)
    assert pools(view) == {"p010": {"p010", "p011"}, "p012": {"p012", "p013"}}


def test_who_has_bills_of_two_numbers_joins_their_pools(tmp_path: Path) -> None:
    view = town((10, "A", 5), (11, "A", 40), (11, "B", 50), (13, "B", 90)).view(tmp_path)
    assert pools(view) == {"p010": {"p010", "p011", "p013"}}


def test_a_number_within_a_household_or_a_day_makes_no_pool(tmp_path: Path) -> None:
    one = town((10, "A", 5), (11, "A", 40), (12, "B", 50), (13, "B", 50), (14, "C", 7), (14, "C", 70))
    one.register["p011"]["address"] = one.register["p010"]["address"]
    assert pools(one.view(tmp_path)) == {}


def test_bills_that_a_stranger_is_paid_for_stay_his(tmp_path: Path) -> None:
    one = town((10, "A", 5), (11, "A", 40))
    one.distant_bill("p012", "far1", 80, 5000, "agent", invoice_number="A")
    view = one.view(tmp_path)
    new = pooled(view, invoices.read(view))
    agent = view.codes.account.tolist().index("agent")
    assert np.count_nonzero(new.claims.account == agent) == 1
    assert pools(view) == {"p010": {"p010", "p011"}}


def test_where_numbers_come_back_often_they_say_nothing(tmp_path: Path) -> None:
    """Four bills of 400 share their numbers, or of 399."""
    assert COMMON == 0.01
    bills = ((10, "A", 5.0), (11, "A", 40.0), (12, "B", 50.0), (13, "B", 90.0))
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()
    assert len(pools(town(*bills, more=396).view(tmp_path / "few"))) == 2
    assert pools(town(*bills, more=395).view(tmp_path / "many")) == {}


def test_where_places_number_alike_a_number_tells_where_it_comes_back_at_its_own_place(tmp_path: Path) -> None:
    """Two places each use the numbers N0 to N29 once; one number comes back at one of them."""
    one = town(more=0)
    for k in range(2):
        for i in range(200):
            number = f"N{i % 30}" if i < 30 else f"M{k}-{i}"
            one.distant_bill(
                f"p{30 + (i + 60 * k) % 120:03}", f"far{k}", i + 50 * k, 4000 + 31 * i, None, invoice_number=number
            )
    one.distant_bill("p010", "far1", 150, 5000, None, invoice_number="N7")
    found = pools(one.view(tmp_path))
    assert found == {"p010": {"p010", "p097"}}


def test_no_number_and_no_pool(tmp_path: Path) -> None:
    view = Town().view(tmp_path)
    assert (view.claims.invoice == BLANK).all()
    assert pooled(view, invoices.read(view)) is view


def test_numbers_of_their_own_and_no_account_at_all_are_no_bills(tmp_path: Path) -> None:
    rows = [visit(f"p{i}", "far", at(i), 500 + i, invoice_number=f"N{i}") for i in range(8)]
    view = view_of(tmp_path, rows)
    assert len(view.codes.account) == 0
    assert fake_bills.off(view) is None
    assert fake_bills.search(view) == []


def sold(days: int) -> list[tuple[int, str, float]]:
    """Six people's bills of three numbers, on so many days each."""
    return [(10 + i, "XYZ"[(i + k) % 3], 5.0 + 9 * i + 61 * k) for k in range(days) for i in range(6)]


def test_bills_sold_again_and_again_are_found_without_any_account(tmp_path: Path) -> None:
    view = town(*sold(3), more=2000).view(tmp_path)
    (found,) = alerts(fake_bills.search(view))
    assert names(view, found) == set(RING)
    assert found.hubs == ()
    main = found.findings[0]
    assert main.key == "reasons_kinds.fake_bills_pooled"
    assert (main.values["accounts"], main.values["households"], main.values["bills"]) == (0, 6, 18)
    assert say(main.key, "en", **main.values) != say(main.key, "zh", **main.values)
    numbers = next(f for f in found.findings if f.key == "reasons_kinds.fake_bills_invoices")
    assert (numbers.observed, numbers.values["bills"]) == (3.0, 18)


def test_a_chain_of_slips_is_no_ring(tmp_path: Path) -> None:
    """Two mistyped numbers that one person has in common."""
    view = town((10, "A", 5), (11, "A", 40), (11, "B", 50), (12, "B", 90), more=2000).view(tmp_path)
    assert alerts(fake_bills.search(view)) == []
    pool = [c for c in fake_bills.search(view) if names(view, c) == {"p010", "p011", "p012"}]
    (numbers,) = [f for c in pool for f in c.findings if f.key == "reasons_kinds.fake_bills_invoices"]
    assert numbers.expected == CHAINED == 1.0
    assert numbers.nats == pytest.approx(2 * np.log(2) - 1)


def test_a_slip_shared_with_an_agents_bill_makes_him_none(tmp_path: Path) -> None:
    """An agent is paid for six strangers; one number of his also stands on a bill paid to its patient."""
    one = town((10, "A", 5), more=2000)
    for i in range(6):
        number = "A" if i == 0 else f"own {i}"
        one.distant_bill(f"p{20 + i:03}", "far1", 40 + 7 * i, 3000 + 900 * i, "agent", invoice_number=number)
    assert alerts(fake_bills.search(one.view(tmp_path))) == []
