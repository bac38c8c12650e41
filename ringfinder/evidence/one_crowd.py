"""Which hubs rest on one crowd of the dead: account, agent and till of one crowd are one ring, and a wide hub may be two.

Hubs that share half of the smaller one's households are one ring with several hubs, each of another type. A hub whose households are
mostly those of two narrower crowds, which an account or an agent names and which share nobody, is no ring of its own; nor is a place,
however little of each crowd comes there: two rings use the same pharmacies, till by till.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from ringfinder.evidence import likelihood as nats
from ringfinder.evidence.second_hub import NAMING, NONE, Second
from ringfinder.evidence.view import HubType, Ints

SAME_CROWD = 0.5  # hubs sharing this part of the smaller one's dead households rest on one crowd
NARROWER, MADE_OF = 0.8, 0.75  # a hub with so many more dead, this part of them of two narrower crowds: two rings


@dataclass(frozen=True)
class Bundle:
    """The dead of one hub: `households` and `patients` sorted, `claims` their late claims through it."""

    hubs: tuple[tuple[HubType, int, str], ...]
    patients: Ints
    households: Ints
    claims: Ints
    count: int
    expected: float
    gain: float
    batches: float
    batch_days: int
    second: Second = NONE

    @property
    def score(self) -> float:
        return self.gain + min(self.batches, 2 * self.gain) + min(self.second.gain, self.gain)


def one_ring_each(bundles: list[Bundle]) -> list[Bundle]:
    """Each crowd once, with all hubs that it shares; a wide hub made of two narrower crowds gives way to them."""
    ranked = sorted(bundles, key=lambda b: (-b.score, b.hubs))
    common = overlaps(ranked)
    kept: list[int] = []
    joins: dict[int, Bundle] = {}
    for i, b in enumerate(ranked):
        parts = disjoint_parts(i, ranked, common)
        if len(parts) >= 2 and sum(common[i][p] for p in parts) >= MADE_OF * len(b.households):
            continue
        twin = next((k for k in kept if common[i].get(k, 0) >= SAME_CROWD * min(b.count, ranked[k].count)), None)
        if twin is None:
            kept.append(i)
            joins[i] = b
        elif (
            all(h[0] != b.hubs[0][0] for h in joins[twin].hubs)
            and common[i].get(twin, 0) >= SAME_CROWD * ranked[twin].count
        ):
            joins[twin] = joined(joins[twin], b)
    return [joins[i] for i in kept]


def overlaps(bundles: list[Bundle]) -> list[dict[int, int]]:
    """For each bundle the bundles that share households with it, and how many; by one sparse product."""
    if not bundles:
        return []
    sizes = [len(b.households) for b in bundles]
    homes = np.concatenate([b.households for b in bundles])
    row = np.repeat(np.arange(len(bundles)), sizes)
    shape = (len(bundles), int(homes.max()) + 1)
    incidence = csr_array((np.ones(len(homes), np.int32), (row, homes)), shape=shape)
    product = csr_array(incidence @ incidence.T)
    ends = product.indptr
    return [
        dict(
            zip(
                product.indices[ends[i] : ends[i + 1]].tolist(),
                product.data[ends[i] : ends[i + 1]].tolist(),
                strict=True,
            )
        )
        for i in range(len(bundles))
    ]


def disjoint_parts(whole: int, ranked: list[Bundle], common: list[dict[int, int]]) -> list[int]:
    """Bundles that an account or an agent names, and of whose people `whole` holds most, or some if it is a place; they share nobody,
    best first; indices into `ranked`."""
    parts: list[int] = []
    for i, both in sorted(common[whole].items()):
        b = ranked[i]
        # an account or an agent names its people; a till or a ward is only where they come, and clerks are whoever is on duty
        names, wide = b.hubs[0][0] in NAMING, ranked[whole].hubs[0][0] in NAMING
        inside = both >= SAME_CROWD * len(b.households) and (not wide or b.count < NARROWER * ranked[whole].count)
        passing = not wide and both >= nats.FEWEST_HOUSEHOLDS
        if names and (inside or passing) and all(p not in common[i] for p in parts):
            parts.append(i)
    return parts


def joined(main: Bundle, other: Bundle) -> Bundle:
    """`main` with the hubs and claims of another hub of the same crowd; its score stays the better one's."""
    claims = np.union1d(main.claims, other.claims).astype(np.int32)
    return replace(
        main,
        hubs=(*main.hubs, *other.hubs),
        claims=claims,
        patients=np.union1d(main.patients, other.patients).astype(np.int32),
        households=np.union1d(main.households, other.households).astype(np.int32),
    )
