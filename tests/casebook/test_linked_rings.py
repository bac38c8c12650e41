"""Rings of cases over later runs, and false positives that stay quiet until their evidence grows; on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.casebook import cases, inquiry, suppressing
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.linked_rings import FATES, create_from_ring, fate, link, rings_of
from ringfinder.casebook.suppressing import Closing, Suppression
from ringfinder.errors import Refused
from ringfinder.rings.lineage import name
from tests.casebook.people_of_cases import EAST, WEST, draft, person, ring

HERE = frozenset({EAST})
PEOPLE = frozenset("abcdefghij")


@pytest.mark.parametrize(
    ("now", "became", "holders"),
    [
        ({"R1": "abcdefghij"}, "unchanged", ("R1",)),
        ({"R1": "abcdefghijkl"}, "grown", ("R1",)),
        ({"R1": "abcdefgh"}, "shrunk", ("R1",)),
        ({"R1": "abcdefghix"}, "changed", ("R1",)),
        ({"R1": "abcdef", "R2": "ghij"}, "split", ("R1", "R2")),
        ({"R3": "abcde", "R2": "fghij"}, "split", ("R2", "R3")),
        ({"R1": "abcdefghi", "R2": "jxyz"}, "shrunk", ("R1",)),
        ({"R2": "abcdefghijklmnopqrstuvwxyz"}, "merged", ("R2",)),
        ({"R2": "abcd"}, "shrunk", ("R2",)),
        ({"R1": "abcdefghij", "R0": "abcdexyz"}, "unchanged", ("R1",)),
        ({"R2": "abcdefgx", "R3": "defghijy"}, "split", ("R2", "R3")),
        ({"R2": "axyz"}, "vanished", ()),
        ({}, "vanished", ()),
    ],
)
def test_what_became_of_a_ring_is_seen_by_its_people(
    now: dict[str, str], became: str, holders: tuple[str, ...]
) -> None:
    found = fate("R1", PEOPLE, {ring_id: frozenset(people) for ring_id, people in now.items()})
    assert (found.became, tuple(ring_id for ring_id, _ in found.now)) == (became, holders)


RINGS = st.lists(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=1), max_size=4)


@given(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=3), RINGS)
def test_ring_that_keeps_its_id_by_lineage_is_never_vanished_or_merged(
    people: frozenset[str], later: list[frozenset[str]]
) -> None:
    ids = name([("rotation", one) for one in later], [("R1", people)])
    found = fate("R1", people, dict(zip(ids, later, strict=True)))
    assert found.became in FATES
    if "R1" in ids:
        assert found.became not in ("vanished", "merged")
        assert "R1" in dict(found.now)


def test_case_keeps_the_ring_as_it_was_linked(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = create_from_ring(casebook, boss, draft(), ring())
    other = ring("R2", "xyz", fund="0.10")
    link(casebook, boss, made.case_id, other)
    link(casebook, boss, made.case_id, ring("R1", "ab"))
    found = rings_of(casebook, boss, made.case_id)
    assert [(one.ring, one.linked_by) for one in found] == [(ring(), boss.caller_id), (other, boss.caller_id)]


def test_ring_is_in_one_open_case(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    first = create_from_ring(casebook, boss, draft(), ring())
    second = cases.create(casebook, boss, draft())
    for work in (
        lambda: create_from_ring(casebook, boss, draft(), ring()),
        lambda: link(casebook, boss, second.case_id, ring()),
    ):
        with pytest.raises(Refused, match=f"the open case {first.case_id} has that ring already"):
            work()
    suppressing.close(casebook, boss, first.case_id, 1, Closing("false_positive", "a nursing home"))
    with pytest.raises(Refused, match="link does not lead on"):
        link(casebook, boss, first.case_id, ring("R9"))
    assert link(casebook, boss, second.case_id, ring()).case_id == second.case_id
    with pytest.raises(Refused, match=f"the open case {second.case_id} has that ring already"):
        suppressing.reopen(casebook, boss, first.case_id, 2)


def test_district_does_not_learn_whether_another_one_has_a_case_on_a_ring(casebook: Casebook) -> None:
    east, west = (person(casebook, one, "supervisor", one) for one in (EAST, WEST))
    boss = person(casebook, "boss", "supervisor")
    first = create_from_ring(casebook, east, draft("x", EAST), ring())
    second = create_from_ring(casebook, west, draft("x", WEST, EAST), ring())
    third = cases.create(casebook, west, draft("x", WEST))
    for who, made in ((west, second), (east, first), (boss, first)):
        with pytest.raises(Refused) as told:
            create_from_ring(casebook, who, draft("x", EAST, WEST), ring())
        assert (told.value.code, told.value.values) == ("ring_has_case", {"case_id": made.case_id})
    with pytest.raises(Refused, match=second.case_id):
        link(casebook, west, third.case_id, ring())
    suppressing.close(casebook, boss, second.case_id, 1, Closing("duplicate", "east has it", first.case_id))
    assert link(casebook, west, third.case_id, ring()).case_id == third.case_id


def test_who_is_only_asked_links_no_ring(casebook: Casebook) -> None:
    boss, west = person(casebook, "boss", "supervisor"), person(casebook, "w", "investigator", WEST)
    east = person(casebook, "e", "investigator", EAST)
    made = cases.create(casebook, boss, draft())
    cases.assign(casebook, boss, made.case_id, 1, boss.caller_id)
    cases.begin(casebook, boss, made.case_id, 2)
    inquiry.ask_check(casebook, boss, made.case_id, 3, WEST, "is the ward real?")
    with pytest.raises(Refused) as told:
        link(casebook, west, made.case_id, ring())
    assert told.value.code == "not_assignee"
    link(casebook, east, made.case_id, ring())
    assert [one.ring.ring_id for one in rings_of(casebook, west, made.case_id)] == ["R1"]


@pytest.mark.parametrize(
    ("patients", "harm", "fund", "quiet"),
    [
        (10, 10.0, "4000.00", True),
        (12, 12.0, "4800.00", True),
        (13, 10.0, "4000.00", False),
        (10, 12.01, "4000.00", False),
        (10, 10.0, "4800.01", False),
        (1, 0.0, "0.00", True),
    ],
)
def test_suppression_holds_until_something_grew_by_more_than_its_share(
    patients: int, harm: float, fund: str, quiet: bool
) -> None:
    assert Suppression("R1", "C1", 10, 10.0, Decimal("4000.00"), 20, HERE).holds(patients, harm, Decimal(fund)) is quiet


def test_ring_whose_marks_speak_for_honesty_stays_quiet_until_they_speak_of_harm() -> None:
    quiet = Suppression("R1", "C1", 10, -3.89, Decimal("4000.00"), 20, HERE)
    assert [quiet.holds(10, harm, Decimal("4000.00")) for harm in (-3.89, -1.0, 0.0, 0.01)] == [True, True, True, False]


def test_false_positive_is_suppressed_as_it_is_now_and_until_its_case_is_opened_again(casebook: Casebook) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = create_from_ring(casebook, boss, draft(), ring())
    link(casebook, boss, made.case_id, ring("R2", "xyz"))
    closing = Closing("false_positive", "a nursing home", suppress=50)
    suppressing.close(casebook, boss, made.case_id, 1, closing, [ring("R1", "abcdefg", 20.0, "9000.00")])
    assert suppressing.active(casebook) == {
        "R1": (Suppression("R1", made.case_id, 7, 20.0, Decimal("9000.00"), 50, HERE),),
        "R2": (Suppression("R2", made.case_id, 3, 10.0, Decimal("4000.00"), 50, HERE),),
    }
    suppressing.reopen(casebook, boss, made.case_id, 2)
    assert suppressing.active(casebook) == {}
    suppressing.close(casebook, boss, made.case_id, 3, Closing("false_positive", "still one", suppress=10))
    assert {one.percent for marks in suppressing.active(casebook).values() for one in marks} == {10}
