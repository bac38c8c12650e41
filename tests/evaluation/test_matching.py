from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfinder.evaluation.matching import Match, jaccard, match

GROUPS = st.lists(st.frozensets(st.sampled_from("abcdef"), max_size=5), max_size=5)


def exact(a: frozenset[str], b: frozenset[str]) -> Fraction:
    return Fraction(len(a & b), len(a | b)) if a | b else Fraction(0)


def best_by_trying_all(found: list[frozenset[str]], planted: list[frozenset[str]]) -> tuple[int, Fraction, int]:
    """Most pairs, then the largest sum of Jaccard indices, then the best ranks (a larger number is better)."""
    pairs = [(i, j) for i, f in enumerate(found) for j, p in enumerate(planted) if exact(f, p) >= Fraction(1, 2)]
    best = (0, Fraction(0), 0)
    for size in range(1, min(len(found), len(planted)) + 1):
        for chosen in combinations(pairs, size):
            if len({i for i, _ in chosen}) == size == len({j for _, j in chosen}):
                total = sum((exact(found[i], planted[j]) for i, j in chosen), Fraction(0))
                best = max(best, (size, total, sum(len(found) - i for i, _ in chosen)))
    return best


def test_half_overlap_matches_and_less_does_not() -> None:
    assert match([frozenset("ab")], [frozenset("abcd")]) == (Match(0, 0, 0.5),)
    assert match([frozenset("a")], [frozenset("abc")]) == ()


def test_each_ring_is_used_once() -> None:
    assert match([frozenset("abcd"), frozenset("abc")], [frozenset("abcd")]) == (Match(0, 0, 1.0),)


def test_more_pairs_beat_one_better_pair() -> None:
    # The first found ring is nearest to the first planted one, but then the second found ring would have none.
    found = [frozenset("abcd"), frozenset("abce")]
    planted = [frozenset("abc"), frozenset("abd")]
    assert [(m.found, m.planted) for m in match(found, planted)] == [(0, 1), (1, 0)]


def test_equal_candidates_go_to_the_better_rank() -> None:
    assert match([frozenset("abd"), frozenset("abe")], [frozenset("abc")]) == (Match(0, 0, 0.5),)


def test_two_empty_groups_have_nothing_in_common() -> None:
    assert jaccard(frozenset(), frozenset()) == 0.0


@settings(max_examples=150)
@given(GROUPS, GROUPS)
def test_matching_is_as_good_as_the_best_of_all_matchings(
    found: list[frozenset[str]], planted: list[frozenset[str]]
) -> None:
    chosen = match(found, planted)
    assert len({m.found for m in chosen}) == len(chosen) == len({m.planted for m in chosen})
    assert all(m.jaccard == jaccard(found[m.found], planted[m.planted]) >= 0.5 for m in chosen)
    total = sum((exact(found[m.found], planted[m.planted]) for m in chosen), Fraction(0))
    assert (len(chosen), total, sum(len(found) - m.found for m in chosen)) == best_by_trying_all(found, planted)
