"""Files and their marks at a desk."""

from __future__ import annotations

from pathlib import Path

from worlds import at, code, visit

from evidence.test_irregular import RING, bill, town_with_bills
from ringfinder.evidence.desk_files import gather


def test_a_number_that_comes_twice_to_one_desk_counts_once(tmp_path: Path) -> None:
    town = town_with_bills()
    for k, who in enumerate(RING[:6]):
        bill(town, who, "hospital0", 20.0 + 11 * k, "clerk", f"copy {k // 2}")
    files = gather(town.view(tmp_path))
    assert int(files.flags["invoice"].sum()) == 6
    assert int(files.counted["invoice"].sum()) == 3


def test_at_the_till_a_card_that_is_elsewhere_is_no_irregular_file(tmp_path: Path) -> None:
    town = town_with_bills()
    for days in (0.0, 20.0):
        who = RING[int(days > 0)]
        stay = visit(who, "hospital1", at(200, 8), 5000, service_type="inpatient", end_time=at(206, 8))
        town.add(stay)
        bill(town, who, "hospital2", 203.0, "clerk", f"in bed {days}", days)
    view = town.view(tmp_path)
    files = gather(view)
    marked = view.claims.patient[files.claim[files.flags["in_bed"]]]
    assert set(marked.tolist()) == {code(view, "patient", RING[1])}
