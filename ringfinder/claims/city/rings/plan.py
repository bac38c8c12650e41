"""What all rings share: levels of disguise, whom they recruit, when they meet, who comes, and how the plan is noted.

Plain rings use most of their people most of the time and name the go-between. Camouflaged ones send only some each
time, hide the go-between behind phones and accounts, and let amounts and days vary. Sparse ones meet few times, with
honest bystanders among them. Members are ordinary people of the town and keep their ordinary care; a recruiter knows
people, so they come from a few quarters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringfinder.claims.city.calendar import draw_seconds
from ringfinder.claims.city.desk import visit
from ringfinder.claims.city.draws import DAY, Bools, Ints, Longs, Rng, between, choose, count_between, draw_rows
from ringfinder.claims.city.ledger import EVERYDAY, SCENE
from ringfinder.claims.city.places import HOSPITAL, idle_first
from ringfinder.claims.city.population import POOR, RETIRED
from ringfinder.claims.city.world import RingNote, World
from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence

SHY = 0.85  # rings that keep away from places where another ring is at work
FEWEST_VISITS = 0.6  # a year: a recruiter finds people where they go for care


@dataclass(frozen=True)
class Disguise:
    """One level: ranges drawn once a ring."""

    occasions: tuple[int, int]
    turnout: tuple[float, float]  # share of members at an occasion
    named: tuple[float, float]  # share of claims that name the go-between
    hidden: tuple[float, float]  # share of members who carry his phone, where he is not named
    spread: tuple[float, float]  # sigma of ln(amount)
    scatter: tuple[int, int]  # days by which members miss the common day
    marks: tuple[float, float]  # share of claims that carry the kind's mark of harm
    profit: tuple[float, float]  # factor on the usual price
    bystanders: tuple[float, float]  # honest people a meeting


DISGUISE: dict[str, Disguise] = {
    "plain": Disguise(
        (6, 11), (0.65, 0.92), (0.6, 1.0), (0.0, 0.2), (0.02, 0.08), (0, 1), (0.5, 0.85), (1.7, 2.8), (0.0, 0.3)
    ),
    "camouflaged": Disguise(
        (6, 12), (0.38, 0.6), (0.0, 0.12), (0.3, 0.6), (0.12, 0.28), (1, 2), (0.28, 0.5), (1.4, 2.2), (0.3, 1.0)
    ),
    "sparse": Disguise(
        (4, 6), (0.34, 0.55), (0.1, 0.4), (0.2, 0.5), (0.05, 0.2), (0, 1), (0.35, 0.6), (1.6, 2.6), (1.0, 2.0)
    ),
}


@dataclass
class Plan:
    """A ring in the making. `number` marks its claims in the ledger."""

    world: World
    rng: Rng
    number: int
    kind: str
    level: str
    size: int
    disguise: Disguise
    members: list[tuple[str, int, str]] = field(default_factory=list)

    def between(self, bounds: tuple[float, float]) -> float:
        return between(self.rng, bounds)

    def count(self, bounds: tuple[int, int]) -> int:
        return count_between(self.rng, bounds)

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def add(self, entity_type: str, codes: NDArray[Any] | int, role: str) -> None:
        """Members of one type and role."""
        for code in np.unique(np.atleast_1d(codes)):
            member = (entity_type, int(code), role)
            if code >= 0 and member not in self.members:
                self.members.append(member)

    def recruit(self, *, near: tuple[float, float] | None = None, far_from: int | None = None) -> Longs:
        """Adults from a few quarters: old, poor and retired people rather than others, not yet in a ring.

        `near` is a point around which the quarters lie; `far_from` a facility from which they are distant.
        """
        world, rng = self.world, self.rng
        people, land = world.people, world.land
        free = world.alive()
        busy = ring_patients(world)
        cared_for = (people.rate[free] > FEWEST_VISITS) | (people.chronic[free] >= 0)
        free = free[(people.age[free] >= 18) & cared_for & ~np.isin(free, busy)]
        if not len(free):
            raise UsageError(Sentence("faults_claims.city_crowded", people=len(people.age)))
        centre = near
        if centre is None:
            weights = land.weight.copy()
            if far_from is not None:
                km = np.hypot(land.x - world.places.x[far_from], land.y - world.places.y[far_from])
                weights = weights * (km > np.quantile(km, 0.6))
            seat = int(draw_rows(rng, np.cumsum(weights)[None, :] / weights.sum(), np.zeros(1, dtype=np.int64))[0])
            centre = (float(land.x[seat]), float(land.y[seat]))
        km = np.hypot(people.x[free] - centre[0], people.y[free] - centre[1])
        reach = max(1.5, float(np.quantile(km, min(1.0, (60 + 12 * self.size) / len(free)))))
        taste = np.exp(-km / reach) * np.where(np.isin(people.category[free], (POOR, RETIRED)), 2.5, 1.0)
        chosen = choose(rng, free, self.size, taste).astype(np.int64)
        again = np.flatnonzero(rng.random(len(chosen)) < world.parameters.double_members)
        old = choose(rng, busy[people.death[busy] > world.first_day + world.days], len(again))
        chosen[again[: len(old)]] = old
        return np.unique(chosen)

    def occasions(self, n: int, gap: tuple[int, int], *, tail: int = 15, weekdays: bool = False) -> Longs:
        """`n` days, `gap` days apart, that end `tail` days before the city does; fewer when there is no room."""
        room = self.world.days - tail
        steps = self.rng.integers(gap[0], gap[1] + 1, n)
        while n > 2 and steps.sum() > room - 5:
            steps = np.maximum(4, steps * 4 // 5)
            if steps.max() <= 4:
                break
        first = int(self.rng.integers(2, max(3, room - int(steps[1:].sum()))))
        day = first + np.concatenate([[0], np.cumsum(steps[1:])])
        if weekdays:
            weekday = (self.world.first_day + day + 3) % 7
            day = day + np.where(weekday >= 5, 7 - weekday, 0)
        result: Longs = self.world.first_day + np.unique(day[day < room])
        return result

    def attendance(self, occasions: int, members: int, turnout: float, fewest: int = 3, each: int = 2) -> Bools:
        """Who comes when (occasions x members): at least `fewest` each time, everybody at least `each` times."""
        rng = self.rng
        comes: Bools = rng.random((occasions, members)) < turnout / self.world.parameters.camouflage**0.5
        for row in comes:
            row[rng.permutation(members)[: max(0, min(fewest, members) - int(row.sum()))]] = True
        for column in comes.T:
            away = np.flatnonzero(~column)
            column[rng.permutation(away)[: max(0, min(each, occasions) - int(column.sum()))]] = True
        return comes

    def go_between(self, patients: Longs, *, always_hidden: bool = False) -> tuple[int, float]:
        """A recruiter and the share of claims that name him; where he hides, some members carry his phone and honest
        people his name."""
        world, rng = self.world, self.rng
        recruiter = world.new_recruiter(rng)
        named = 0.0 if always_hidden else self.between(self.disguise.named)
        phone = world.recruiters[recruiter].phone
        carriers = choose(rng, patients, round(self.between(self.disguise.hidden) * len(patients)))
        world.people.contact[carriers] = phone
        if named < 0.3:
            lend_name(world, rng, recruiter, int(rng.integers(3, 9)))
        self.add("recruiter", recruiter, "go_between")
        return recruiter, named

    def naming(self, recruiter: int, share: float, n: int) -> Ints:
        """The recruiter on a share of `n` claims."""
        return np.where(self.rng.random(n) < share, recruiter, -1).astype(np.int32)

    def amounts(self, base: NDArray[Any] | float, n: int, spread: float | None = None) -> Longs:
        """Bills around `base` yuan with the ring's spread, in cents."""
        sigma = self.between(self.disguise.spread) if spread is None else spread
        result: Longs = np.round(np.asarray(base) * np.exp(self.rng.normal(0, sigma, n)) * 100).astype(np.int64)
        return result

    def sites(self, facilities: Ints) -> Longs:
        """Facilities by how well they suit a ring; those that serve another ring already mostly come last."""
        world = self.world
        order = idle_first(self.rng, world.places, facilities, world.parameters.ring_traffic)
        taken = [code for ring in world.rings for kind, code, _ in ring.members if kind == "facility"]
        used = np.isin(order, taken) & (self.rng.random() < SHY)
        return np.concatenate([order[~used], order[used]])

    def hospital(self, levels: tuple[int, ...] = (1, 2)) -> int:
        """A local hospital that colludes: by the city's taste mostly an idle one."""
        places = self.world.places
        local = places.of_kind[HOSPITAL]
        fit = local[np.isin(places.level[local], levels)]
        return int(self.sites(fit if len(fit) else local)[0])

    def doctors(self, facility: int, most: int) -> Longs:
        """One to `most` doctors of a facility."""
        places = self.world.places
        own = places.first_doctor[facility] + np.arange(places.n_doctors[facility])
        return choose(self.rng, own.astype(np.int64), self.count((1, most)))

    def bystanders(self, facility: int, moments: Longs, minutes: int = 40) -> None:
        """Honest people who happen to be there when the ring is: ordinary visits at ordinary prices."""
        world, rng = self.world, self.rng
        count = rng.poisson(self.between(self.disguise.bystanders), len(moments))
        when = np.repeat(moments, count) + rng.integers(0, minutes * 60, int(count.sum()))
        km = np.hypot(world.people.x - world.places.x[facility], world.people.y - world.places.y[facility])
        pool = np.setdiff1d(world.alive(), ring_patients(world))
        who = choose(rng, pool, len(when), np.exp(-km[pool] / max(1.0, world.land.side / 8)))
        visit(world, rng, who, np.full(len(who), facility), when[: len(who)], origin=SCENE)

    def note(self) -> None:
        """The finished ring goes into the book."""
        self.world.rings.append(RingNote(self.kind, self.level, self.members))


def ring_patients(world: World) -> Longs:
    """Everybody who already is in a ring."""
    found = [code for ring in world.rings for kind, code, _ in ring.members if kind == "patient"]
    return np.unique(np.array(found, dtype=np.int64))


def lend_name(world: World, rng: Rng, recruiter: int, claims: int) -> None:
    """A go-between also runs honest errands: name him on a few ordinary claims."""
    blocks = [b for b in world.ledger.blocks if b["origin"][0] == EVERYDAY and len(b["patient"]) > 20]
    for _ in range(claims):
        block = blocks[int(rng.integers(0, len(blocks)))]
        block["recruiter"][int(rng.integers(0, len(block["recruiter"])))] = recruiter


def ordinary_moments(world: World, patients: Longs) -> tuple[Longs, Longs, Longs]:
    """Patient, facility and start of the everyday claims of some people, sorted by start."""
    found: list[tuple[Longs, Longs, Longs]] = []
    for block in world.ledger.blocks:
        if block["origin"][0] == EVERYDAY:
            mine = np.isin(block["patient"], patients) & (block["service"] > 0)
            found.append(tuple(block[name][mine].astype(np.int64) for name in ("patient", "facility", "start")))  # type: ignore[arg-type]
    who, where, when = (np.concatenate(columns) for columns in zip(*found, strict=True))
    order = np.lexsort((who, when))
    return who[order], where[order], when[order]


def moments_elsewhere(plan: Plan, patients: Longs, facility: int, days: Longs, share: float) -> Longs:
    """A second of each day: for a share of them (where there is one within a few days) the moment at which a member
    is elsewhere.

    The ring does not know where its card holders are, so some swipes fall on their real visits; the marks of the
    level say how many.
    """
    world, rng = plan.world, plan.rng
    _, where, when = ordinary_moments(world, patients)
    far = world.places.distance(where, world.places.x[facility], world.places.y[facility]) > 5
    when = when[far]
    usual = days * DAY + draw_seconds(rng, "pharmacy", len(days))
    for i, day in enumerate(days):
        nearby = when[(when >= (day - 3) * DAY) & (when < (day + 4) * DAY)]
        if len(nearby) and rng.random() < share:
            usual[i] = nearby[int(rng.integers(0, len(nearby)))] + int(rng.integers(-900, 900))
    return usual
