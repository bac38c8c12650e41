from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.rings.lineage import SAME, name

Kind = str


def people(names: str) -> frozenset[str]:
    return frozenset(names)


def ids(now: list[str], before: dict[str, str] | None = None, kind: Kind = "sham_stay") -> list[str]:
    """Ids of groups of one-letter people."""
    previous = [(ring_id, people(names)) for ring_id, names in (before or {}).items()]
    return name([(kind, people(names)) for names in now], previous)


def test_ring_keeps_its_id_when_one_member_leaves() -> None:
    assert ids(["abcde"], {"R1": "abcdef"}) == ["R1"]


def test_ring_keeps_its_id_when_members_join() -> None:
    assert ids(["abcdefgh"], {"R1": "abcde"}) == ["R1"]


def test_ring_keeps_its_id_when_its_kind_changes() -> None:
    assert ids(["abc"], {"R1": "abc"}, kind="rotation") == ["R1"]


def test_half_the_people_are_enough_and_less_are_not() -> None:
    assert SAME == 0.5
    assert ids(["abcx"], {"R1": "abcde"}) == ["R1"]  # 3 of 6
    assert ids(["abxy"], {"R1": "abcd"}) != ["R1"]  # 2 of 6


def test_of_a_split_the_larger_part_keeps_the_id() -> None:
    small, large = ids(["abcd", "efghijk"], {"R1": "abcdefghijk"})
    assert large == "R1"
    assert small != "R1"


def test_an_even_split_gives_the_id_to_one_part_only() -> None:
    first, second = ids(["abc", "def"], {"R1": "abcdef"})
    assert [first, second].count("R1") == 1


def test_merged_rings_take_the_id_of_the_larger() -> None:
    assert ids(["abcdefg"], {"R1": "abc", "R2": "defg"}) == ["R2"]


def test_the_nearest_pairs_are_made_first() -> None:
    now = ["abcdex", "abcdef"]
    assert ids(now, {"R1": "abcdef", "R2": "abcdey"}) == ["R2", "R1"]


def test_of_equally_near_rings_the_first_id_is_kept() -> None:
    assert ids(["abcd"], {"R2": "abcd", "R1": "abcd"}) == ["R1"]


def test_a_fresh_id_is_made_from_kind_and_people() -> None:
    first = ids(["abc"])
    assert re.fullmatch(r"R[0-9A-F]{10}", first[0])
    assert ids(["cab"]) == first
    assert ids(["abc", "xyz"])[0] == first[0]
    assert ids(["xyz", "abc"])[1] == first[0]
    assert ids(["abd"]) != first
    assert ids(["abc"], kind="rotation") != first


def test_ids_do_not_blur_who_is_who() -> None:
    assert name([("k", frozenset({"a", "b"}))], []) != name([("k", frozenset({"ab"}))], [])


def test_two_rings_of_the_same_people_have_two_ids() -> None:
    first, second = ids(["abc", "abc"])
    assert first != second
    assert ids(["abc", "abc"]) == [first, second]


def test_an_id_of_other_people_is_not_given_again() -> None:
    taken = ids(["abc"])[0]
    assert ids(["abc"], {taken: "xyz"}) != [taken]


letters = st.frozensets(st.sampled_from("abcdefgh"), min_size=1)


@settings(max_examples=100, deadline=None)
@given(st.lists(letters, max_size=6), st.lists(letters, max_size=6), st.randoms(use_true_random=False))
def test_ids_are_unique_and_do_not_depend_on_the_order_of_the_run_before(
    now: list[frozenset[str]], before: list[frozenset[str]], order: object
) -> None:
    previous = [(f"R{i}", who) for i, who in enumerate(before)]
    rings = [("k", who) for who in now]
    given_ids = name(rings, previous)
    assert len(set(given_ids)) == len(now)
    mixed = list(previous)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert name(rings, mixed) == given_ids


@settings(max_examples=100, deadline=None)
@given(st.lists(letters, max_size=6, unique=True))
def test_the_same_rings_keep_all_their_ids(now: list[frozenset[str]]) -> None:
    rings = [("k", who) for who in now]
    before = name(rings, [])
    assert name(rings, list(zip(before, now, strict=True))) == before
