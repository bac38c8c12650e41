"""Who sees and does what across districts: random work of several people against a plain model, on both databases.

The model knows districts, assignees, cross-checks and rings, and says beforehand what is refused; after every step everybody sees
exactly the cases that the model says, by list, by id and beside rings, and no refusal names a case that the caller may not see.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from ringfinder.casebook import audit, cases, inquiry
from ringfinder.casebook.case_lists import CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_notes import add_note
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.linked_rings import create_from_ring, link
from ringfinder.casebook.ring_cases import ring_cases
from ringfinder.casebook.suppressing import Closing, close, reopen
from ringfinder.casebook.who import Who
from ringfinder.errors import Refused
from tests.casebook.people_of_cases import EAST, WEST, person, ring
from tests.casebook.walking import walks

NORTH = "north"
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
PEOPLE = (("supervisor",), ("supervisor", EAST), ("supervisor", WEST), ("investigator", EAST), ("investigator", WEST))
STAFF = (*PEOPLE, ("investigator", EAST, NORTH))
WHO, CHOSEN = st.integers(0, len(STAFF) - 1), st.integers(0, 50)
PLACES = st.sets(st.sampled_from([EAST, WEST, NORTH]), min_size=1)
RING = st.sampled_from(["R1", "R2"])
INQUIRY = {"under_inquiry", "heard", "decided"}
SOAK = bool(os.environ.get("RINGFINDER_SOAK"))  # the full form, `make soak`


@dataclass
class Thing:
    """A case in the model. `checks`: number -> [district, answered, who asked]."""

    districts: set[str]
    rings: set[str]
    version: int = 1
    state: str = "new"
    assignee: str | None = None
    checks: dict[int, list[Any]] = field(default_factory=dict)

    def here(self, who: Who) -> bool:
        return who.districts is None or bool(who.districts & self.districts)

    def seen(self, who: Who) -> bool:
        asked = {district for district, *_ in self.checks.values()}
        return self.here(who) or who.caller_id == self.assignee or bool(who.districts and who.districts & asked)

    def worked_on(self, who: Who) -> bool:
        return who.caller_id == self.assignee or (who.decides and self.here(who))


class Sights(RuleBasedStateMachine):
    """What six people of three districts do. Rings of an example have names of their own."""

    book: Casebook
    staff: tuple[Who, ...]

    def __init__(self) -> None:
        super().__init__()
        self.name = uuid.uuid4().hex
        self.things: dict[str, Thing] = {}

    @initialize()
    def begin_with_two(self) -> None:
        self.open(1, {EAST}, "R1")
        self.open(0, {WEST, NORTH}, None)

    def pick(self, n: int) -> tuple[str, Thing]:
        return list(self.things.items())[n % len(self.things)]

    def taken(self, who: Who, rings: set[str], besides: str | None = None) -> bool:
        """Whether another open case that this person sees has one of these rings."""
        return any(
            thing.state != "closed" and rings & thing.rings and thing.seen(who)
            for case_id, thing in self.things.items()
            if case_id != besides
        )

    def attempt(self, who: Who, allowed: bool, work: Callable[[], Any]) -> Any:
        """What was done; None where it was refused, as the model said."""
        done, refused = None, None
        try:
            done = work()
        except Refused as error:
            refused = error
        assert allowed == (refused is None), (refused, who)
        if refused is not None and refused.code == "ring_has_case":
            assert self.things[str(refused.values["case_id"])].seen(who)
        return done

    def step(
        self,
        w: int,
        n: int,
        allowed: Callable[[Who, Thing], bool],
        after: Callable[[Thing], None],
        work: Any,
        *given: Any,
    ) -> None:
        """A step against the version that stands, and what it makes of the case; to who does not see it, it is one that is not there."""
        who, (case_id, thing) = self.staff[w], self.pick(n)
        seen = thing.seen(who)
        if not seen:
            told = [
                self.refusal(lambda one=one: work(self.book, who, one, thing.version, *given))
                for one in (case_id, "C0")
            ]
            assert told[0] == told[1]
        fits = seen and allowed(who, thing)
        done = self.attempt(who, fits, lambda: work(self.book, who, case_id, thing.version, *given, now=NOW))
        if done is not None:
            thing.version += 1
            after(thing)
            assert (done.version, done.state, done.assignee) == (thing.version, thing.state, thing.assignee)
        self.look()

    def refusal(self, work: Callable[[], Any]) -> str:
        with pytest.raises(Refused) as told:
            work()
        return str(told.value)

    def look(self) -> None:
        """What everybody sees is what the model says."""
        beside = ring_cases(self.book)
        for who in self.staff:
            expected = {case_id for case_id, thing in self.things.items() if thing.seen(who)}
            page = listed(self.book, who, CasesWanted(campaign=self.name), "created", None, 200)
            assert ({one.case_id for one in page.cases}, page.total) == (expected, len(expected))
            for name in ("R1", "R2"):
                told = {one.case_id for one in beside.get(self.name + name, ()) if one.seen_by(who)}
                assert told == {one for one in expected if name in self.things[one].rings}

    @rule(w=WHO, districts=PLACES, name=st.none() | RING)
    def open(self, w: int, districts: set[str], name: str | None) -> None:
        who, draft = self.staff[w], Draft("x", tuple(sorted(districts)), campaign=self.name)
        allowed = who.districts is None or bool(who.districts & districts)
        if name is None:
            made = self.attempt(who, allowed, lambda: cases.create(self.book, who, draft, NOW))
        else:
            allowed = allowed and not self.taken(who, {name})
            seen = ring(self.name + name)
            made = self.attempt(who, allowed, lambda: create_from_ring(self.book, who, draft, seen, NOW))
        if made is not None:
            self.things[made.case_id] = Thing(districts, set() if name is None else {name})

    @rule(w=WHO, name=RING)
    def take_up(self, w: int, name: str) -> None:
        """A case about a ring where one is oneself."""
        self.open(w, set(self.staff[w].districts or {NORTH}), name)
        self.look()

    @rule(w=WHO, n=CHOSEN, name=RING)
    def link(self, w: int, n: int, name: str) -> None:
        who, (case_id, thing) = self.staff[w], self.pick(n)
        allowed = thing.here(who) or who.caller_id == thing.assignee
        if name not in thing.rings:
            allowed = allowed and thing.state != "closed" and not self.taken(who, {name}, case_id)
        if self.attempt(who, allowed, lambda: link(self.book, who, case_id, ring(self.name + name), NOW)) is not None:
            thing.rings.add(name)
        self.look()

    @rule(w=WHO, n=CHOSEN)
    def note(self, w: int, n: int) -> None:
        who, (case_id, thing) = self.staff[w], self.pick(n)
        self.attempt(who, thing.seen(who), lambda: add_note(self.book, who, case_id, "x", NOW))

    @rule(w=WHO, n=CHOSEN, to=WHO)
    def assign(self, w: int, n: int, to: int) -> None:
        whom = self.staff[to]

        def allowed(who: Who, thing: Thing) -> bool:
            own = whom == who and thing.assignee in (None, who.caller_id)
            return (own or (who.decides and thing.here(who))) and thing.here(whom) and thing.state != "closed"

        def after(thing: Thing) -> None:
            thing.assignee = whom.caller_id
            thing.state = "assigned" if thing.state == "new" else thing.state

        self.step(w, n, allowed, after, cases.assign, whom.caller_id)

    @rule(w=WHO, n=CHOSEN)
    def begin(self, w: int, n: int) -> None:
        def allowed(who: Who, thing: Thing) -> bool:
            return thing.worked_on(who) and thing.state == "assigned"

        self.step(w, n, allowed, lambda thing: setattr(thing, "state", "under_inquiry"), cases.begin)

    @rule(w=WHO, n=CHOSEN, districts=PLACES)
    def move(self, w: int, n: int, districts: set[str]) -> None:
        def allowed(who: Who, thing: Thing) -> bool:
            own = who.districts
            fits = own is None or (bool(own & districts) and not thing.districts - districts - own)
            return thing.worked_on(who) and thing.state != "closed" and fits

        wanted = {"districts": sorted(districts)}
        self.step(w, n, allowed, lambda thing: setattr(thing, "districts", districts), cases.change, wanted)

    @rule(w=WHO, n=CHOSEN, district=st.sampled_from([EAST, WEST, NORTH]))
    def ask(self, w: int, n: int, district: str) -> None:
        def allowed(who: Who, thing: Thing) -> bool:
            return thing.worked_on(who) and thing.state in INQUIRY and district not in thing.districts

        def after(thing: Thing) -> None:
            thing.checks[len(thing.checks) + 1] = [district, False, self.staff[w].caller_id]

        self.step(w, n, allowed, after, inquiry.ask_check, district, "?")

    @rule(w=WHO, n=CHOSEN, m=CHOSEN)
    def answer(self, w: int, n: int, m: int) -> None:
        number = m % (len(self.pick(n)[1].checks) + 1) + 1

        def allowed(who: Who, thing: Thing) -> bool:
            district, answered, _ = thing.checks.get(number, ("", True, ""))
            part = {asker for *_, asker in thing.checks.values()} | {thing.assignee}
            return not answered and who.caller_id not in part and (who.districts is None or district in who.districts)

        def after(thing: Thing) -> None:
            thing.checks[number][1] = True

        self.step(w, n, allowed, after, inquiry.answer_check, number, True, "so")

    @rule(w=WHO, n=CHOSEN)
    def close(self, w: int, n: int) -> None:
        def allowed(who: Who, thing: Thing) -> bool:
            return who.decides and thing.worked_on(who) and thing.state != "closed"

        self.step(w, n, allowed, lambda thing: setattr(thing, "state", "closed"), close, Closing("handed_over", "x"))

    @rule(w=WHO, n=CHOSEN)
    def reopen(self, w: int, n: int) -> None:
        case_id = self.pick(n)[0]

        def allowed(who: Who, thing: Thing) -> bool:
            alone = not self.taken(who, thing.rings, case_id)
            return who.decides and thing.worked_on(who) and thing.state == "closed" and alone

        def after(thing: Thing) -> None:
            thing.state, thing.assignee = "new", None

        self.step(w, n, allowed, after, reopen)


def test_everybody_sees_and_does_what_the_model_says(casebook: Casebook) -> None:
    Sights.book = casebook
    Sights.staff = tuple(person(casebook, f"n{number}", *rights) for number, rights in enumerate(STAFF))
    run_state_machine_as_test(Sights, settings=walks(*((100, 60) if SOAK else (6, 30))))
    assert audit.verify(casebook).broken is None
