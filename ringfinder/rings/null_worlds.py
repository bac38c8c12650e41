"""Null worlds: the claims without what was found, shuffled by each channel and searched again, as if nobody had arranged anything.

How many strong chance groups there are grows with the claims, and so does the number of rings listed. What has to be known is
how many of them there are a claim; some `ENOUGH` claims tell it as well as ten million. So worlds are made until they hold
`shuffles` times that many, and each holds no more districts than it needs: all people of some districts, drawn by the seed, with
all their care, since whoever meets by chance lives near. `worlds` says how many times the claims were searched in all.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from ringfinder.evidence.arrays import tally
from ringfinder.evidence.view import BLANK, Bools, Floats, Ints, View
from ringfinder.rings.competition import strength
from ringfinder.rings.registry import Channel
from ringfinder.settings import DetectionSettings

ENOUGH = 750_000  # claims of a null world: 100 to 200 chance groups above the list's end


@dataclass(frozen=True)
class Null:
    """`strengths` of all candidates of all null worlds, rising; `worlds`: claims searched in them, as a multiple of all."""

    strengths: Floats
    worlds: float


@dataclass(frozen=True)
class Samples:
    """Views that null worlds are made of, drawn out of so many `claims`."""

    views: Sequence[View]
    claims: int
    settings: DetectionSettings


def samples(view: View) -> Samples:
    """Districts drawn again and again until there are claims enough, `shuffles` times at most."""
    settings = view.settings
    drawn: list[View] = []
    searched, wanted = 0, settings.shuffles * min(ENOUGH, len(view.claims.row))
    while len(drawn) < settings.shuffles and searched < wanted:
        drawn.append(sample(view, settings.seed * 1000 + len(drawn)))
        searched += len(drawn[-1].claims.row)
    return Samples(drawn, len(view.claims.row), settings)


def search(drawn: Samples, channels: Sequence[Channel]) -> Null:
    """The candidates that the channels find in their null worlds; worlds run side by side."""
    settings = drawn.settings

    def world(job: tuple[int, Channel]) -> list[float]:
        number, channel = job
        shuffled = channel.shuffled(drawn.views[number], settings.seed * 1000 + number)
        return [strength(c) for c in channel.search(shuffled)]

    # a world's channels after one another: no two of one channel, which may be the largest, side by side
    jobs = [(number, channel) for number in range(len(drawn.views)) for channel in channels]
    with ThreadPoolExecutor(settings.threads or os.cpu_count() or 1) as pool:
        strengths = np.sort(np.array([s for found in pool.map(world, jobs) for s in found], np.float64))
    searched = sum(len(view.claims.row) for view in drawn.views)
    return Null(strengths, searched / max(1, drawn.claims))


def sample(view: View, seed: int) -> View:
    """All people of some districts with their claims, `ENOUGH` of them or a little more; all where so few are there.

    Who has no district stays; without districts nothing is left out.
    """
    district = view.people.district
    if len(view.claims.row) <= ENOUGH or not (district != BLANK).any():
        return view
    claims = tally(district[view.claims.patient] + 1, np.ones(len(view.claims.patient)), int(district.max()) + 2)
    drawn = 1 + np.random.default_rng(seed).permutation(len(claims) - 1)
    needed = int(np.searchsorted(claims[0] + np.cumsum(claims[drawn]), ENOUGH)) + 1
    kept = np.zeros(len(claims), np.bool_)
    kept[drawn[:needed]] = True
    kept[0] = True
    return of_people(view, kept[district + 1])


def of_people(view: View, kept: Bools) -> View:
    """The view of the people marked (by patient code): their claims and visits, the people recoded."""
    code = np.where(kept, np.cumsum(kept) - 1, BLANK).astype(np.int32)
    small = narrowed(view, kept[view.claims.patient], kept[view.visits.patient])
    people = replace(view.people, **{n: getattr(view.people, n)[kept] for n in view.people.__dataclass_fields__})
    holder = view.card_holder
    return replace(
        small,
        claims=replace(small.claims, patient=code[small.claims.patient]),
        visits=replace(small.visits, patient=code[small.visits.patient]),
        people=people,
        codes=replace(view.codes, patient=view.codes.patient[kept]),
        card_holder=np.where(holder == BLANK, BLANK, code[holder]).astype(np.int32),
    )


def without(view: View, evidence: Sequence[Ints]) -> View:
    """The view without these claims and their visits: what was found must not fatten the null's tail."""
    gone: Bools = np.zeros(len(view.visits.patient), np.bool_)
    for claims in evidence:
        gone[view.claims.visit[claims]] = True
    return narrowed(view, ~gone[view.claims.visit], ~gone)


def narrowed(view: View, claims: Bools, visits: Bools) -> View:
    """The view of some claims and of some visits; every claim's visit is among these."""
    number = (np.cumsum(visits) - 1).astype(np.int32)
    fewer = replace(view.claims, **{n: getattr(view.claims, n)[claims] for n in view.claims.__dataclass_fields__})
    return replace(
        view,
        claims=replace(fewer, visit=number[fewer.visit]),
        visits=replace(view.visits, **{n: getattr(view.visits, n)[visits] for n in view.visits.__dataclass_fields__}),
    )
