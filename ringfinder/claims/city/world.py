"""The city while it grows: land, places, people, ledger, registers, and the two ways to put care into it.

`visit` and `stay` book care for many people at once and fill in whatever the caller leaves open as honest life would:
the regular doctor, a fitting diagnosis, the price list, the clerk on duty, the card in force. Scenes and rings thus
state only what is special about them. Registers (phones, accounts, addresses, recruiters, invoices) hand out new
numbers; names are made when the tables are written, so that no number betrays who got it when. Every stage draws from
a stream of its own: a change in one leaves the others as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringfinder.claims.city.draws import DAY, Bools, Ints, Longs, Rng
from ringfinder.claims.city.ledger import Ledger
from ringfinder.claims.city.parameters import CityParameters
from ringfinder.claims.city.places import Land, Places, make_land, make_places
from ringfinder.claims.city.population import People, make_people


@dataclass
class Recruiter:
    """A go-between, agent or referrer, honest or not."""

    phone: int
    account: int
    name: int  # a person whose name he bears


@dataclass
class SceneNote:
    """An honest scene, so that a false alert can be named by what it was made of."""

    scene: str
    kind: str
    patients: Longs
    entities: list[tuple[str, int]]


@dataclass
class RingNote:
    """A planted ring: members as (entity type, number, role)."""

    kind: str
    level: str
    members: list[tuple[str, int, str]]


@dataclass
class World:
    """Everything about a city but the files."""

    seed: int
    parameters: CityParameters
    land: Land
    places: Places
    people: People
    first_day: int
    days: int
    in_institution: Bools  # by person: lives in a home or on a ward
    wrong_sex: Bools  # by person: the register has the other sex
    ledger: Ledger = field(default_factory=Ledger)
    recruiters: list[Recruiter] = field(default_factory=list)
    scenes: list[SceneNote] = field(default_factory=list)
    rings: list[RingNote] = field(default_factory=list)
    invoices: int = 0
    invoice_text: dict[int, str] = field(default_factory=dict)  # placeholders such as 00000000
    hotlines: dict[int, str] = field(default_factory=dict)  # phones with a number of their own
    street: dict[int, str] = field(default_factory=dict)  # addresses with a text of their own
    wrong_death: dict[int, int] = field(default_factory=dict)  # the living whom the register calls dead since a day

    def rng(self, stage: str) -> Rng:
        """The stream of random numbers of a stage."""
        return np.random.default_rng([self.seed, zlib.crc32(stage.encode())])

    @property
    def first_second(self) -> int:
        return self.first_day * DAY

    @property
    def last_second(self) -> int:
        return (self.first_day + self.days) * DAY

    def new_phone(self) -> int:
        self.people.phones += 1
        return self.people.phones - 1

    def new_account(self) -> int:
        self.people.accounts += 1
        return self.people.accounts - 1

    def new_address(self, text: str) -> int:
        self.people.addresses += 1
        self.street[self.people.addresses - 1] = text
        return self.people.addresses - 1

    def new_recruiter(self, rng: Rng, *, phone: int | None = None, account: int | None = None) -> int:
        """A new agent with a phone and mostly an account of his own."""
        self.recruiters.append(
            Recruiter(
                self.new_phone() if phone is None else phone,
                self.new_account() if account is None else account,
                int(rng.integers(0, len(self.people))),
            )
        )
        return len(self.recruiters) - 1

    def new_invoices(self, n: int) -> Longs:
        """`n` fresh invoice numbers."""
        self.invoices += n
        return np.arange(self.invoices - n, self.invoices, dtype=np.int64)

    def note_scene(
        self, scene: str, kind: str, patients: NDArray[Any], entities: Iterable[tuple[str, int]] = ()
    ) -> None:
        """Remember an honest scene. Entities that stand for nobody (BLANK) are left out."""
        found = sorted({(t, int(i)) for t, i in entities if i >= 0})
        self.scenes.append(SceneNote(scene, kind, np.unique(patients).astype(np.int64), found))

    def alive(self, day: int | None = None) -> Longs:
        """People alive on a day (default: to the end)."""
        last = self.first_day + self.days if day is None else day
        return np.flatnonzero(self.people.death > last).astype(np.int64)

    def card(self, patient: Ints, second: Longs) -> Ints:
        """The card in force."""
        p = self.people
        result: Ints = np.where(second >= p.card_switch[patient], p.second_card[patient], p.first_card[patient])
        return result


def make_world(people: int, seed: int, parameters: CityParameters) -> World:
    """Land, places and people; no care yet."""
    land = make_land(np.random.default_rng([seed, 1]), people, parameters)
    places = make_places(np.random.default_rng([seed, 2]), people, land, parameters)
    persons = make_people(np.random.default_rng([seed, 3]), people, land, places, parameters)
    nobody = np.zeros(people, dtype=bool)
    first, days = parameters.first_day_number, parameters.days
    return World(seed, parameters, land, places, persons, first, days, nobody, nobody.copy())
