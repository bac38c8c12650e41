from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evidence.town import Town
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import SETTINGS, quick_view, with_people

from ringfinder.evidence.view import BLANK, DAY, HOUR, MINUTE, Candidate, View
from ringfinder.rings.null_worlds import ENOUGH, narrowed, of_people, sample, samples, search, without
from ringfinder.rings.registry import CHANNELS

HERE = "ringfinder.rings.null_worlds"
PEOPLE = [f"p{i:03}" for i in range(0, 30, 3)]


def districts(sizes: Sequence[int], unknown: int = 0, **more: Any) -> View:
    """One person a claim, on a day of his own: so many people in district 0, 1, ..., and of no known district."""
    district = np.r_[np.repeat(np.arange(len(sizes)), sizes), np.full(unknown, BLANK)].astype(np.int32)
    who = np.random.default_rng(5).permutation(len(district))  # districts lie mixed among the codes
    view = quick_view(np.arange(len(who)), 0, np.arange(len(who)) * DAY, **more)
    return with_people(view, district=district[who])


def kept(view: View) -> list[int]:
    """The districts of the people who stayed."""
    return sorted(set(view.people.district.tolist()))


# Districts


def test_a_small_claim_set_is_its_own_sample() -> None:
    view = districts([3, 4])
    assert len(view.claims.row) < ENOUGH == 750_000
    assert sample(view, 1) is view


@pytest.fixture
def hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred claims are enough."""
    monkeypatch.setattr(f"{HERE}.ENOUGH", 100)


@pytest.mark.usefixtures("hundred")
def test_a_large_claim_set_is_sampled_by_whole_districts() -> None:
    """Twenty claims of no district, and thirty a district: three of them make a hundred and a little more."""
    view = districts([30] * 10, unknown=20)
    some = sample(view, 4)
    assert len(some.claims.row) == 20 + 3 * 30
    assert len(kept(some)) == 1 + 3
    assert kept(some)[0] == BLANK
    chosen = np.isin(view.people.district, kept(some))
    assert some.codes.patient.tolist() == view.codes.patient[chosen].tolist()


@pytest.mark.usefixtures("hundred")
def test_a_sample_ends_on_the_district_that_makes_it_enough() -> None:
    assert len(sample(districts([50] * 8), 1).claims.row) == 100
    assert len(sample(districts([51] * 8), 1).claims.row) == 102
    assert len(sample(districts([49] * 8), 1).claims.row) == 147
    assert len(sample(districts([400] * 3), 1).claims.row) == 400
    assert sample(districts([50] * 2), 1).claims.row.tolist() == list(range(100))


@pytest.mark.usefixtures("hundred")
def test_the_seed_draws_the_districts() -> None:
    view = districts([30] * 10)
    drawn = [kept(sample(view, seed)) for seed in range(5)]
    assert drawn == [kept(sample(view, seed)) for seed in range(5)]
    assert len({tuple(d) for d in drawn}) > 1


@pytest.mark.usefixtures("hundred")
def test_without_districts_nothing_is_left_out() -> None:
    view = districts([], unknown=150)
    assert sample(view, 1) is view


# Smaller views

VISITS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 40)), min_size=1, max_size=30
)  # patient, place, hours
KEPT = st.lists(st.booleans(), min_size=6, max_size=6).map(np.array)


def world(visits: Sequence[tuple[int, int, int]]) -> View:
    """Claims at these hours, several a visit here and there; card c belongs to person c % 6, card 0 to nobody."""
    patient, place, hours = np.array([*visits, (5, 0, 0)]).T
    view = quick_view(
        patient, place, hours * HOUR, cents=100 + np.arange(len(patient)), card=np.arange(len(patient)) % 9
    )
    cards = len(view.codes.card)
    return replace(view, card_holder=np.r_[BLANK, np.arange(1, cards) % 6].astype(np.int32)[:cards])


def told(view: View) -> dict[str, tuple[object, ...]]:
    """By claim id, all that a view says of a claim, its visit, its patient and its card's holder, in ids."""
    claims, visits = view.claims, view.visits
    out = {}
    for i in range(len(claims.row)):
        v, p = claims.visit[i], claims.patient[i]
        holder = view.card_holder[claims.card[i]]
        of_claim = [getattr(claims, f.name)[i] for f in fields(claims) if f.name not in ("visit", "patient")]
        of_visit = [getattr(visits, f.name)[v] for f in fields(visits) if f.name != "patient"]
        of_person = [getattr(view.people, f.name)[p] for f in fields(view.people)]
        names = (
            view.codes.patient[p],
            view.codes.patient[visits.patient[v]],
            BLANK if holder < 0 else view.codes.patient[holder],
        )
        out[str(view.codes.claim[claims.row[i]])] = (*of_claim, *of_visit, *of_person, *names)
    return out


def test_the_view_of_some_people_has_their_claims_and_visits_and_nobody_elses_code() -> None:
    visits = [(0, 0, 1), (1, 0, 2), (1, 0, 3), (2, 1, 1), (4, 1, 9), (4, 2, 30)]
    view = world(visits)
    some = of_people(view, np.array([False, True, False, False, True, False]))
    assert some.codes.patient.tolist() == ["p00001", "p00004"]
    assert some.claims.patient.tolist() == [0, 0, 1, 1]
    assert some.claims.visit.tolist() == [0, 0, 1, 2]
    assert some.visits.patient.tolist() == [0, 1, 1]
    assert some.people.household.tolist() == [1, 4]
    # cards 0 to 6 belong to nobody, to the people 1 to 5, and to person 0
    assert view.card_holder.tolist() == [BLANK, 1, 2, 3, 4, 5, 0]
    assert some.card_holder.tolist() == [BLANK, 0, BLANK, BLANK, 1, BLANK, BLANK]


@settings(max_examples=60, deadline=None)
@given(VISITS, KEPT)
def test_of_those_who_stay_everything_is_told_as_before(visits: list[tuple[int, int, int]], mine: Any) -> None:
    view = world(visits)
    some = of_people(view, mine)
    assert some.codes.patient.tolist() == view.codes.patient[mine].tolist()
    before, after = told(view), told(some)
    theirs = {name for name, row in before.items() if row[-3] in set(some.codes.patient)}
    assert set(after) == theirs
    for name in theirs:
        holder = before[name][-1]
        assert after[name] == (*before[name][:-1], holder if holder in set(some.codes.patient) else BLANK)


@settings(max_examples=60, deadline=None)
@given(VISITS, st.sets(st.integers(0, 30)))
def test_without_what_was_found_neither_its_claims_nor_the_rest_of_their_visits_are_there(
    visits: list[tuple[int, int, int]], found: set[int]
) -> None:
    view = world(visits)
    evidence = np.array([c for c in sorted(found) if c < len(view.claims.row)], np.int32)
    rest = without(view, [evidence[::2], evidence[1::2]])
    spent = set(view.claims.visit[evidence].tolist())
    names = [
        str(view.codes.claim[r]) for r, v in zip(view.claims.row, view.claims.visit, strict=True) if v not in spent
    ]
    before, after = told(view), told(rest)
    assert after == {name: before[name] for name in names}
    assert len(rest.visits.patient) == len(view.visits.patient) - len(spent)
    assert rest.codes is view.codes


def test_nothing_found_leaves_all() -> None:
    view = world([(0, 0, 1), (1, 0, 2)])
    assert told(without(view, [])) == told(view)


def test_a_narrowed_view_counts_its_visits_anew() -> None:
    view = quick_view([0, 0, 0, 1], 0, np.array([0, 10 * MINUTE, 5 * HOUR, 9 * HOUR]))
    assert view.claims.visit.tolist() == [0, 0, 1, 2]
    some = narrowed(view, np.array([False, False, True, True]), np.array([False, True, True]))
    assert some.claims.visit.tolist() == [0, 1]
    assert some.claims.start.tolist() == some.visits.start.tolist() == [5 * HOUR, 9 * HOUR]


# The search


@dataclass
class Finder:
    """A channel that finds a candidate a claim number up to so many, and remembers what it was given."""

    harm: Sequence[float]
    searched: list[tuple[int, int]] = field(default_factory=list)  # claims, seed

    def shuffled(self, view: View, seed: int) -> View:
        self.searched.append((len(view.claims.row), seed))
        return view

    def search(self, view: View) -> list[Candidate]:
        nobody = np.zeros(0, np.int32)
        return [
            Candidate("rotation", "transfers", nobody, np.zeros(0), (), nobody, 100.0, harm, ()) for harm in self.harm
        ]

    def off(self, view: View) -> str | None:
        return None


def with_settings(view: View, **more: Any) -> View:
    return replace(view, settings=replace(SETTINGS, **more))


def test_every_channel_searches_every_null_world() -> None:
    one, two = Finder([5.0, -3.0]), Finder([1.0])
    null = search(samples(with_settings(districts([3, 4]), shuffles=2, seed=6)), [one, two])
    assert null.strengths.tolist() == [-3.0, -3.0, 1.0, 1.0, 5.0, 5.0]
    assert null.worlds == 2.0
    assert sorted(one.searched) == sorted(two.searched) == [(7, 6000), (7, 6001)]


@pytest.mark.usefixtures("hundred")
def test_worlds_are_counted_by_the_claims_that_they_hold() -> None:
    """Worlds of 120 claims of 300: the second brings those searched to twice the hundred that are enough."""
    view = districts([30] * 10)
    finder = Finder([2.0])
    assert search(samples(with_settings(view, shuffles=1)), [finder]).worlds == pytest.approx(120 / 300)
    assert search(samples(with_settings(view, shuffles=2)), [finder]).worlds == pytest.approx(240 / 300)
    assert [n for n, _ in finder.searched] == [120, 120, 120]


@pytest.mark.usefixtures("hundred")
def test_no_more_worlds_are_made_than_hold_the_claims_wanted() -> None:
    """Each district has 250 claims: two worlds hold more than three times a hundred."""
    finder = Finder([2.0])
    assert search(samples(with_settings(districts([250] * 3), shuffles=3)), [finder]).worlds == pytest.approx(500 / 750)
    assert len(finder.searched) == 2


def test_without_claims_or_channels_there_is_no_null_candidate() -> None:
    empty = search(samples(quick_view([0] * 0, [0] * 0, [0] * 0)), [Finder([2.0])])
    assert (empty.strengths.tolist(), empty.worlds) == ([], 0.0)
    none = search(samples(districts([3])), [])
    assert (none.strengths.tolist(), none.worlds) == ([], 1.0)


def test_every_channel_searches_the_null_world_of_some_districts(tmp_path: Path) -> None:
    town = Town()
    for i, who in enumerate(PEOPLE):
        town.died(who, 50 + i)
    view = town.view(tmp_path)
    d0 = view.codes.district.tolist().index("d0")
    some = of_people(view, view.people.district == d0)
    people, claims = len(some.codes.patient), len(some.claims.row)
    assert people == sum(i % 3 == 0 for i in range(town.people))
    for name, channel in CHANNELS.items():
        null = channel.shuffled(some, 3)
        assert (len(null.codes.patient), len(null.claims.row)) == (people, claims), name
        for c in channel.search(null):
            assert c.patients.max() < people, name
            assert c.claims.max() < claims, name
