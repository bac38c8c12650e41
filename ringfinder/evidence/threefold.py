"""Households whose files at one desk bear three kinds of trait: how many do, and how many would where one habit alone is at work.

A clerk who works late has late files of everybody, a desk for hardship has dear ones, an agent's piles go to his account: each is one
habit, and each alone is nobody's fault. What is done for friends is late *and* dear *and* paid to the same stranger, for the same people.

Model. The kinds of trait of a file that is settled on a later day are five: late, dear (for its illness, or for the facility), paid to a
stranger, borne by the fund in a larger part, wrong in itself. With the rates p of a desk and the n files of a household it bears a kind
with the chance 1 - (1 - p)^n, and three or more by chance as the kinds are independent. Expected at a desk is the largest
over the kinds of what the desk's *own* rate of that kind and the other desks' rates of all others give: one habit explains one kind. That
traits go together for honest reasons (thick files are left for the evening) is learnt from the other desks: as many times more
households as bear three there than by independence. Desks that stand out are left out of the rates, a few rounds long.

Blind spots: a desk with two honest habits that have one reason of its own; rings whose files bear one trait only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.arrays import coded, tally
from ringfinder.evidence.view import Bools, Floats, Longs

NEED = 3  # kinds of trait
ROUNDS, STANDS_OUT = 4, 2.0  # how often it is asked which desks stand out, and the nats from which one does
LEAST_RATE, CERTAIN = 1e-4, 0.99  # no trait is rarer than one file in 10,000, nor surer than this


@dataclass(frozen=True)
class Threefold:
    """`flag`: by file, whether it bears a trait and its household bears three at its desk. `expected`: households by operator."""

    flag: Bools
    expected: Floats


def threefold(operator: Longs, home: Longs, sort: Longs, kinds: list[Bools], operators: int) -> Threefold:
    """Of files settled on a later day: `operator`, household `home`, `sort` of care, and by kind of trait which files bear it."""
    if not len(operator):
        return Threefold(np.zeros(0, np.bool_), np.zeros(operators))
    client_keys, client = coded(operator * (home.max() + 1) + home)
    whose = client_keys // (home.max() + 1)
    cells, cell = coded(operator * (sort.max() + 1) + sort)
    desk_of, sort_of, size = cells // (sort.max() + 1), cells % (sort.max() + 1), np.bincount(cell)
    borne = np.stack([np.bincount(client, weights=kind) > 0 for kind in kinds])
    some = borne.sum(axis=0) >= NEED
    count = np.bincount(whose, weights=some, minlength=operators)
    own = [np.bincount(cell, weights=kind) for kind in kinds]

    def bears(rate: Floats) -> Floats:
        """By client, the chance to bear a kind of this rate by cell."""
        return -np.expm1(tally(client, np.log1p(-np.clip(rate, LEAST_RATE, CERTAIN))[cell], len(whose)))

    at_desk = [bears(n / size) for n in own]
    usual = np.ones(operators, np.bool_)
    expected = np.zeros(operators)
    for _ in range(ROUNDS):
        counts = usual[desk_of]
        total = tally(sort_of, size * counts)[sort_of] - size * counts
        in_town = [bears((tally(sort_of, n * counts)[sort_of] - n * counts + 0.5) / (total + 1.0)) for n in own]
        alone = tally(whose, at_least(in_town), operators)
        with_one = [
            tally(whose, at_least([*in_town[:k], np.maximum(here, in_town[k]), *in_town[k + 1 :]]), operators)
            for k, here in enumerate(at_desk)
        ]
        theirs, chance = (float((of * usual).sum()) - of * usual for of in (count, alone))
        expected = np.max(with_one, axis=0) * np.maximum((theirs + 1.0) / (chance + 1.0), 1.0)
        still = nats.surprise(count, expected) < STANDS_OUT
        if np.array_equal(still, usual):
            break
        usual = still
    return Threefold(np.logical_or.reduce(kinds) & some[client], expected)


def at_least(chances: list[Floats]) -> Floats:
    """The chance that `NEED` or more of these independent traits are borne."""
    exactly = np.zeros((NEED, len(chances[0])))
    exactly[0] = 1.0
    for chance in chances:
        exactly[1:] = exactly[1:] * (1.0 - chance) + exactly[:-1] * chance
        exactly[0] *= 1.0 - chance
    return 1.0 - exactly.sum(axis=0)
