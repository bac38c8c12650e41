from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.evidence.view import Candidate, Finding, HubType
from ringfinder.rings.competition import (
    PART,
    SAME_PEOPLE,
    SPENT,
    SURE,
    WAVE,
    compete,
    strength,
    wholes,
)

PEOPLE, CLAIMS = 60, 200


def group(
    people: Iterable[int],
    claims: Iterable[int],
    harm: float = 20.0,
    coordination: float = 30.0,
    kind: str = "sham_stay",
    channel: str = "together",
    hubs: tuple[tuple[HubType, int, str], ...] = (),
) -> Candidate:
    who = np.array(sorted(people), np.int32)
    evidence = np.array(sorted(claims), np.int32)
    return Candidate(
        kind=kind,
        channel=channel,
        patients=who,
        strength=np.full(len(who), harm / 100),
        hubs=hubs,
        claims=evidence,
        coordination=coordination,
        harm=harm,
        findings=(Finding(channel, "for", f"reasons.{channel}", {}, 1.0, 0.0, evidence),),
    )


def run(*candidates: Candidate) -> list[Candidate]:
    return compete(list(candidates), CLAIMS)


@pytest.mark.parametrize(
    ("coordination", "harm", "nats"), [(30.0, 20.0, 20.0), (10.0, 20.0, 15.0), (-10.0, 20.0, 5.0), (99.0, 0.0, 0.0)]
)
def test_strength_is_harm_or_the_mean_where_coordination_is_weaker(
    coordination: float, harm: float, nats: float
) -> None:
    assert strength(group([1], [1], harm, coordination)) == nats


def test_rings_that_share_nothing_all_stand_strongest_first() -> None:
    a, b, c = group([1, 2], [1], 10), group([3, 4], [2], 30), group([5, 6], [3], 20)
    assert [r.patients.tolist() for r in run(a, b, c)] == [[3, 4], [5, 6], [1, 2]]


def test_equal_rings_are_ordered_by_kind_and_people() -> None:
    a, b, c = group([3, 4], [1]), group([1, 2], [2]), group([5, 6], [3], kind="rotation")
    for candidates in ([a, b, c], [c, b, a], [b, c, a]):
        assert [r.patients.tolist() for r in run(*candidates)] == [[5, 6], [1, 2], [3, 4]]


def test_the_last_bit_of_strength_ranks_what_stands() -> None:
    """Though more coordination comes first where strengths are equal to nine digits."""
    stands = run(group([1], [1], 15.0, 40.0), group([2], [2], 15.000000000000002, 30.0))
    assert [ring.harm for ring in stands] == [15.000000000000002, 15.0]


def test_a_claim_serves_one_ring() -> None:
    strong = group(range(10), range(10), 30)
    weak = group(range(10, 20), range(6, 16), 20, coordination=25)
    first, second = run(strong, weak)
    assert first.claims.tolist() == list(range(10))
    assert second.claims.tolist() == list(range(10, 16))
    assert second.patients.tolist() == list(range(10, 20))
    # four of ten claims were spent: the scores shrink
    assert (second.harm, second.coordination) == (pytest.approx(12), pytest.approx(15))


def test_what_counts_against_a_ring_does_not_shrink() -> None:
    weak = group(range(10, 20), range(6, 16), 20, coordination=-8)
    assert run(group(range(10), range(10), 30), weak)[1].coordination == -8


def test_a_ring_most_of_whose_claims_are_spent_is_gone() -> None:
    assert SPENT == 0.5
    strong = group(range(10), range(10), 30)
    assert len(run(strong, group(range(10, 20), range(5, 15), 20))) == 1
    assert len(run(strong, group(range(10, 20), range(6, 15), 20))) == 2
    assert run(group([1], [])) == []


def test_a_shrunken_ring_falls_behind() -> None:
    strong, weak = group(range(10), range(10), 30), group(range(10, 20), range(6, 16), 20)
    third = group(range(30, 35), [50], 15)
    assert [r.patients[0] for r in run(strong, weak, third)] == [0, 30, 10]


def test_two_witnesses_of_the_same_people_are_one_ring() -> None:
    first = group(range(10), range(10), 30, coordination=40, hubs=(("doctor", 1, "attending"),))
    second = group(
        range(4, 12),
        range(50, 60),
        20,
        coordination=60,
        kind="rotation",
        channel="transfers",
        hubs=(("doctor", 1, "other"), ("facility", 2, "hospital")),
    )
    (ring,) = run(first, second)
    assert ring.kind == "sham_stay"
    assert ring.patients.tolist() == list(range(10))
    assert ring.claims.tolist() == [*range(10), *range(50, 60)]
    assert (ring.harm, ring.coordination) == (30, 60)
    assert ring.hubs == (("doctor", 1, "attending"), ("facility", 2, "hospital"))
    assert [f.channel for f in ring.findings] == ["together", "transfers"]
    assert whom_they_count(ring) == [list(range(10)), list(range(4, 12))]


def whom_they_count(ring: Candidate) -> list[list[int] | None]:
    return [None if f.people is None else f.people.tolist() for f in ring.findings]


def test_a_ring_of_one_witness_is_counted_over_its_people() -> None:
    (ring,) = run(group(range(10), range(10)))
    assert whom_they_count(ring) == [None]


def test_each_of_three_witnesses_counts_its_own_people() -> None:
    """The third shows most harm, and names the people; the sentences of the others stay theirs."""
    first = group(range(10), range(10), 20, coordination=60)
    second = group(range(2, 12), range(50, 60), 25, coordination=15, channel="transfers")
    third = group(range(3, 12), range(70, 80), 30, coordination=5, channel="insider")
    (ring,) = run(first, second, third)
    assert [f.channel for f in ring.findings] == ["insider", "transfers", "together"]
    assert whom_they_count(ring) == [list(range(3, 12)), list(range(2, 12)), list(range(10))]


def test_of_two_witnesses_the_more_harmful_names_kind_and_people() -> None:
    """Strength goes by harm and coordination; the weaker one may show more harm."""
    first = group(range(10), range(10), 20, coordination=40)
    second = group(range(2, 12), range(50, 60), 25, coordination=5, kind="rotation", channel="transfers")
    (ring,) = run(first, second)
    assert ring.kind == "rotation"
    assert ring.patients.tolist() == list(range(2, 12))
    assert ring.strength.tolist() == [0.25] * 10
    assert [f.channel for f in ring.findings] == ["transfers", "together"]


def join_of(first: Candidate, second: Candidate) -> str:
    """The kind of two witnesses about the same people."""
    (ring,) = run(first, second)
    return ring.kind


@pytest.mark.parametrize("guess", ["paid_referral", "retained_cards"])
@pytest.mark.parametrize("told", ["rotation", "doctor_pharmacy", "after_death"])
def test_what_a_channel_tells_names_better_than_a_guess_from_the_shape_of_visits(guess: str, told: str) -> None:
    assert SURE == 8.0
    shape = group(range(10), range(10), 30, kind=guess)
    assert join_of(shape, group(range(10), range(50, 60), 8, kind=told, channel="transfers")) == told
    assert join_of(shape, group(range(10), range(50, 60), 7.9, kind=told, channel="transfers")) == guess


def test_a_kind_told_by_its_marks_keeps_its_name() -> None:
    stays = group(range(10), range(10), 30, kind="sham_stay")
    assert join_of(stays, group(range(10), range(50, 60), 20, kind="rotation", channel="transfers")) == "sham_stay"
    guess = group(range(10), range(10), 30, kind="paid_referral")
    assert join_of(guess, group(range(10), range(50, 60), 20, kind="lent_cards", channel="lent_cards")) == guess.kind


@pytest.mark.parametrize(
    ("harm", "coordination", "channel", "kind"),
    [
        (4.0, 8.0, "together", "paid_referral"),
        (3.9, 8.0, "together", "fake_bills"),
        (4.0, 7.9, "together", "fake_bills"),
        (9.0, 30.0, "insider", "fake_bills"),
    ],
)
def test_who_comes_together_to_be_treated_has_no_fake_bills(
    harm: float, coordination: float, channel: str, kind: str
) -> None:
    bills = group(range(10), range(10), 30, kind="fake_bills", channel="fake_bills")
    other = group(range(10), range(50, 60), harm, coordination, kind="paid_referral", channel=channel)
    assert join_of(bills, other) == kind


def test_people_that_a_witness_brought_are_the_rings() -> None:
    first = group(range(10), range(10), 20, coordination=40)
    second = group(range(4, 14), range(50, 60), 25, coordination=5)
    third = group([*range(10, 14), 40], range(70, 75), 10)
    assert len(run(first, second, third)) == 1


def test_empty_beds_of_who_lie_there_together_and_of_who_do_not_are_one_ring() -> None:
    """Whoever tells more; of one channel, or of another kind, the people are those of the more harmful one."""
    lying, empty = group(range(10), range(30)), group(range(4, 13), range(20, 50), 30.0, channel="transfers")
    for first, second in ((lying, empty), (lying, replace(empty, harm=10.0))):
        (ring,) = run(first, second)
        assert ring.patients.tolist() == list(range(13))
        assert ring.strength.tolist() == [
            (second if p >= 10 else first if p < 4 else max(first, second, key=lambda c: c.harm)).strength[0]
            for p in range(13)
        ]
        assert whom_they_count(ring) == [
            sorted(c.patients.tolist()) for c in sorted((first, second), key=lambda c: -c.harm)
        ]
    (same,) = run(lying, replace(empty, channel="together"))
    (other,) = run(lying, replace(empty, kind="rotation"))
    assert same.patients.tolist() == other.patients.tolist() == list(range(4, 13))


def test_a_claim_of_a_witness_that_another_ring_has_spent_stays_there() -> None:
    first, other = group(range(10), range(10), 40), group(range(20, 30), range(20, 30), 30)
    witness = group(range(10), [*range(20, 22), *range(50, 58)], 10)
    rings = run(first, other, witness)
    assert [r.claims.tolist() for r in rings] == [[*range(10), *range(50, 58)], list(range(20, 30))]


def clients(people: Iterable[int], dead: int, claims: Iterable[int] = range(100, 140)) -> Candidate:
    """An agent's group with two facts: so many dead for 15 nats, and something else for 5."""
    one = group(people, claims, harm=20.0, coordination=50.0)
    told = Finding("marks", "harm", "reasons.dead", {}, float(dead), 0.5, one.claims, 15.0)
    return replace(one, kind="after_death", findings=(*one.findings, told), living=("paid_referral", 5.0))


def dead_people(people: Iterable[int], harm: float = 60.0) -> Candidate:
    return group(people, range(30), harm, 60.0, kind="after_death", channel="after_death")


def test_living_clients_of_whoever_claims_for_the_dead_are_no_ring_of_the_dead() -> None:
    """Thirty people, ten of them dead; the ring of the dead holds five of these, or four."""
    told, untold = (run(dead_people(range(n)), clients(range(1, 31), 10)) for n in (6, 5))
    ours = next(c for c in told if len(c.patients) == 30)
    assert (ours.kind, ours.harm, [f.key for f in ours.findings]) == ("paid_referral", 5.0, ["reasons.together"])
    ours = next(c for c in untold if len(c.patients) == 30)
    assert (ours.kind, ours.harm) == ("after_death", 20.0)
    assert [f.key for f in ours.findings] == ["reasons.together", "reasons.dead"]


def test_the_dead_are_told_where_no_ring_of_theirs_stands() -> None:
    other = group(range(11), range(30), 60.0, 60.0, kind="drug_resale")
    assert [c.harm for c in run(other, clients(range(1, 31), 10))] == [60.0, 20.0]
    weaker = run(dead_people(range(11), harm=10.0), clients(range(1, 31), 10))
    assert [c.harm for c in weaker] == [20.0]  # a part of them


def test_a_second_witness_of_the_dead_keeps_what_it_saw() -> None:
    """The same people found twice are one ring."""
    (one,) = run(dead_people(range(10)), clients(range(10), 10))
    assert [f.key for f in one.findings] == ["reasons.after_death", "reasons.together", "reasons.dead"]


def test_people_are_the_same_from_a_jaccard_on() -> None:
    assert SAME_PEOPLE == 0.4
    first = group(range(10), range(10), 30)
    assert len(run(first, group(range(6, 20), range(50, 60), 20))) == 2  # 4 of 20
    assert len(run(first, group(range(4, 15), range(50, 60), 20))) == 1  # 6 of 15


def test_a_part_of_a_ring_is_no_ring_of_its_own() -> None:
    assert PART == 0.75
    large = group(range(30), range(30), 30)
    assert len(run(large, group([0, 1, 2, 50], range(60, 70), 20))) == 1
    assert len(run(large, group([0, 1, 49, 50], range(60, 70), 20))) == 2


candidates = st.lists(
    st.builds(
        group,
        st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=12),
        st.sets(st.integers(0, 40), max_size=15),
        st.integers(0, 40).map(float),
        st.integers(-20, 60).map(float),
        st.sampled_from(["sham_stay", "rotation"]),
    ),
    max_size=8,
    unique_by=lambda c: (c.patients.tobytes(), c.claims.tobytes()),
)


@settings(max_examples=150, deadline=None)
@given(candidates)
def test_no_claim_serves_two_rings_and_strength_falls(given_candidates: list[Candidate]) -> None:
    rings = run(*given_candidates)
    served = [c for ring in rings for c in ring.claims.tolist()]
    assert len(served) == len(set(served))
    nats = [strength(ring) for ring in rings]
    assert nats == sorted(nats, reverse=True)
    assert all(len(ring.strength) == len(ring.patients) for ring in rings)


# Waves of one rotation


def rotation(people: Iterable[int], claims: Iterable[int], harm: float = 20.0, coordination: float = 30.0) -> Candidate:
    return group(
        people, claims, harm, coordination, kind="rotation", channel="transfers", hubs=(("facility", 1, "hospital"),)
    )


def wave(people: Iterable[int], claims: Iterable[int], harm: float = 40.0, kind: str = "sham_stay") -> Candidate:
    return group(people, claims, harm, 10.0, kind=kind, hubs=(("facility", 1, "ward"), ("recruiter", 3, "go_between")))


def test_a_wave_most_of_whose_people_go_back_and_forth_is_the_rotations() -> None:
    assert WAVE == 0.7
    (ring,) = wholes([wave(range(3, 13), [2, 5, 6]), rotation(range(10), [1, 2, 3])])
    assert (ring.kind, ring.channel) == ("rotation", "transfers")
    assert ring.patients.tolist() == list(range(10))
    assert ring.strength.tolist() == [0.2] * 10
    assert ring.claims.tolist() == [1, 2, 3, 5, 6]
    assert (ring.harm, ring.coordination) == (40.0, 30.0)
    assert ring.hubs == (("facility", 1, "hospital"), ("recruiter", 3, "go_between"))
    assert [f.channel for f in ring.findings] == ["transfers", "together"]


def test_all_waves_of_a_rotation_join_it() -> None:
    waves = [wave(range(4), [5], 10.0), wave(range(4, 8), [6], 30.0, kind="rotation"), wave(range(8, 12), [7], 20.0)]
    (ring,) = wholes([*waves, rotation(range(12), [1])])
    assert ring.claims.tolist() == [1, 5, 6, 7]
    assert ring.harm == 30.0
    assert len(ring.findings) == 4


def test_a_group_with_too_few_who_go_back_and_forth_stays_apart() -> None:
    other = wave(range(4, 14), [5])  # six of ten
    whole = rotation(range(10), [1])
    assert wholes([other, whole]) == [other, whole]


def test_a_wave_belongs_to_the_strongest_rotation_that_it_fits() -> None:
    strong, weak = rotation(range(10), [1], 30.0), rotation(range(10), [2], 20.0)
    both = wholes([weak, wave(range(8), [9], 5.0), strong])
    assert [ring.claims.tolist() for ring in both] == [[1, 9], [2]]


def test_what_other_channels_found_is_no_wave() -> None:
    bills = group(range(10), [5], kind="fake_bills", channel="fake_bills")
    shape = wave(range(20, 30), [6], kind="rotation")  # looks like one, but nobody was seen to go back and forth
    whole = rotation(range(10), [1])
    assert wholes([bills, shape, whole]) == [shape, bills, whole]


def of_strength(one: Candidate, *strengths: float) -> Candidate:
    """The candidate with its people's certainties."""
    return replace(one, strength=np.array(strengths))


def test_a_rotation_that_is_nothing_beyond_chance_has_the_people_and_claims_of_its_waves() -> None:
    """Over the same road go honest patients 30 to 39, who are of no wave."""
    whole = rotation([*range(8), *range(30, 40)], [*range(18)], 20.0, 0.0)
    first = of_strength(wave([1, 2, 3], [50, 52], 40.0), 0.5, 0.6, 0.7)
    second = of_strength(wave([2, 3, 4, 5, 9], [51, 52], 30.0), 0.4, 0.9, 0.1, 0.2, 0.3)  # four of five go to and fro
    (ring,) = wholes([whole, second, first])
    assert ring.patients.tolist() == [1, 2, 3, 4, 5, 9]
    assert ring.strength.tolist() == [0.5, 0.6, 0.9, 0.1, 0.2, 0.3]  # the surer one of two
    assert ring.claims.tolist() == [50, 51, 52]
    assert (ring.patients.dtype, ring.claims.dtype) == (np.int32, np.int32)
    assert (ring.kind, ring.channel) == ("rotation", "transfers")
    assert (ring.harm, ring.coordination) == (40.0, 10.0)
    assert ring.hubs == (("facility", 1, "hospital"), ("recruiter", 3, "go_between"))
    assert [f.channel for f in ring.findings] == ["together", "together"]  # its own tell of the honest patients too


@pytest.mark.parametrize(("coordination", "its_own"), [(-12.0, False), (0.0, False), (0.1, True), (30.0, True)])
def test_a_rotation_beyond_chance_keeps_its_people_and_claims(coordination: float, its_own: bool) -> None:
    (ring,) = wholes([rotation(range(10), [1, 2], 20.0, coordination), wave(range(4), [5])])
    assert ring.patients.tolist() == (list(range(10)) if its_own else [0, 1, 2, 3])
    assert ring.claims.tolist() == ([1, 2, 5] if its_own else [5])
    assert ring.strength.tolist() == ([0.2] * 10 if its_own else [0.4] * 4)
    assert ring.coordination == max(coordination, 10.0)


def test_a_rotation_without_waves_stays_what_it_is() -> None:
    weak = rotation(range(10), [1, 2], 20.0, -5.0)
    apart = wave(range(20, 30), [5])
    assert wholes([weak, apart]) == [apart, weak]


def test_each_weak_rotation_has_its_own_waves() -> None:
    one, other = rotation(range(10), [1], 30.0, -1.0), rotation(range(20, 30), [2], 20.0, 5.0)
    rings = wholes([wave([20, 21, 22], [7]), wave([3, 4, 5], [6]), other, one])
    assert sorted((r.patients.tolist(), r.claims.tolist()) for r in rings) == [
        ([3, 4, 5], [6]),
        (list(range(20, 30)), [2, 7]),
    ]
