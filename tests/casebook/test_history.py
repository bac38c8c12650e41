"""Random histories of cases and decisions against a plain model, on both databases; the statistics come to the rows of the model.

All histories of a test share one database; each has a campaign of its own, by which its statistics are asked for.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from ringfinder.casebook import audit, cases, decisions, inquiry
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.changes import altered_texts
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Hearing, Violation
from ringfinder.casebook.law import Subject
from ringfinder.casebook.statistics import TOTAL, Span, statistics
from ringfinder.casebook.suppressing import Closing, close, reopen
from ringfinder.casebook.who import Who
from ringfinder.errors import Refused
from tests.casebook.people_of_cases import EAST, WEST, person
from tests.casebook.walking import walks

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY, LATER = date(2026, 5, 4), date(2026, 5, 10)
OPEN_INQUIRY = {"under_inquiry", "heard", "decided"}
FINES = {"split_stays": (1, 2), "other_fraud": (2, 5)}
ARTICLES = {"split_stays": "38", "other_fraud": "40", "lent_credential": "41-1"}
SUBJECTS: dict[str, Subject] = {"split_stays": "facility", "other_fraud": "facility", "lent_credential": "person"}
GIVEN = {
    "fine": {"38", "40"},
    "return_money": {"38", "40", "41-1"},
    "end_agreement": {"40"},
    "police": {"38", "40", "41-1"},
    "refuse_payment": {"38", "40", "41-1"},
}
CHOSEN = st.integers(0, 50)
SOAK = bool(os.environ.get("RINGFINDER_SOAK"))  # the full form, `make soak`


@dataclass
class Thing:
    """A case in the model. `violations`: number -> [behaviour, amount, stands]; `decisions`: number -> its values."""

    version: int = 1
    state: str = "new"
    assigned: bool = False
    resolution: str | None = None
    heard: set[str] = field(default_factory=set)
    agreed: bool | None = None
    violations: dict[int, list[Any]] = field(default_factory=dict)
    decisions: dict[int, dict[str, Any]] = field(default_factory=dict)


class Histories(RuleBasedStateMachine):
    """What one supervisor and another of all districts do. The model says beforehand whether a step is taken."""

    book: Casebook
    boss: Who
    other: Who

    def __init__(self) -> None:
        super().__init__()
        self.campaign = uuid.uuid4().hex
        self.things: dict[str, Thing] = {}

    @initialize()
    def begin_with_one(self) -> None:
        self.open()

    @rule()
    def open(self) -> None:
        made = cases.create(self.book, self.boss, Draft("x", (EAST,), campaign=self.campaign), NOW)
        self.things[made.case_id] = Thing()

    def pick(self, n: int) -> tuple[str, Thing]:
        return list(self.things.items())[n % len(self.things)]

    def take(
        self,
        case_id: str,
        allowed: bool,
        work: Callable[..., Any],
        *arguments: Any,
        who: Who | None = None,
        **more: Any,
    ) -> bool:
        """Do it, and hold the model against what is done or refused; whether it was done."""
        thing = self.things[case_id]
        try:
            done = work(self.book, who or self.boss, case_id, thing.version, *arguments, **more, now=NOW)
        except Refused:
            assert not allowed, (work.__name__, thing)
            return False
        assert allowed, (work.__name__, thing)
        thing.version += 1
        assert done.version == thing.version
        return True

    @rule(n=CHOSEN)
    def assign(self, n: int) -> None:
        case_id, thing = self.pick(n)
        if self.take(case_id, thing.state != "closed", cases.assign, self.boss.caller_id):
            thing.state = "assigned" if thing.state == "new" else thing.state

    @rule(n=CHOSEN)
    def begin(self, n: int) -> None:
        case_id, thing = self.pick(n)
        if self.take(case_id, thing.state == "assigned", cases.begin):
            thing.state = "under_inquiry"

    @rule(n=CHOSEN)
    def come_too_late(self, n: int) -> None:
        case_id, thing = self.pick(n)
        before = record_of(self.book, self.boss, case_id)
        with pytest.raises(Refused, match="somebody changed it"):
            cases.change(self.book, self.boss, case_id, thing.version - 1, {"title": "late"}, NOW)
        assert record_of(self.book, self.boss, case_id) == before

    @rule(n=CHOSEN, behaviour=st.sampled_from(sorted(ARTICLES)), cents=st.integers(0, 10**6))
    def establish(self, n: int, behaviour: Any, cents: int) -> None:
        case_id, thing = self.pick(n)
        amount = Decimal(cents) / 100
        if self.take(case_id, thing.state in OPEN_INQUIRY, inquiry.establish, Violation("S", behaviour, amount, DAY)):
            thing.violations[len(thing.violations) + 1] = [behaviour, amount, True]

    @rule(n=CHOSEN, m=CHOSEN)
    def remove(self, n: int, m: int) -> None:
        case_id, thing = self.pick(n)
        number = m % (len(thing.violations) + 1) + 1
        found = thing.violations.get(number, [None, None, False])
        held = any(
            one["violation"] == number and one["state"] in ("proposed", "in_force", "carried_out")
            for one in thing.decisions.values()
        )
        if self.take(case_id, thing.state in OPEN_INQUIRY and found[2] and not held, inquiry.remove, number):
            found[2] = False

    @rule(n=CHOSEN)
    def hear(self, n: int) -> None:
        case_id, thing = self.pick(n)
        for subject in ("facility", "person"):
            found = any(stands and SUBJECTS[behaviour] == subject for behaviour, _, stands in thing.violations.values())
            hearing = Hearing(subject, "S", "oral", DAY, DAY, "not so")
            if self.take(case_id, thing.state in OPEN_INQUIRY and found, inquiry.hear, hearing):
                thing.heard.add(subject)
                thing.state = "heard" if thing.state == "under_inquiry" else thing.state

    @rule(n=CHOSEN, agrees=st.booleans())
    def check(self, n: int, agrees: bool) -> None:
        case_id, thing = self.pick(n)
        if self.take(case_id, thing.state in OPEN_INQUIRY, inquiry.ask_check, WEST, "?"):
            thing.agreed = None
            number = len(record_of(self.book, self.boss, case_id).checks)
            assert self.take(case_id, True, inquiry.answer_check, number, agrees, "so", who=self.other)
            thing.agreed = agrees

    @rule(
        n=CHOSEN,
        m=CHOSEN,
        kind=st.sampled_from(sorted(GIVEN)),
        percent=st.sampled_from([0, 50, 100, 150, 200, 500, 501]),
    )
    def propose(self, n: int, m: int, kind: Any, percent: int) -> None:
        case_id, thing = self.pick(n)
        number = m % (len(thing.violations) + 1) + 1
        behaviour, loss, stands = thing.violations.get(number, ["other_fraud", Decimal(1), False])
        amount = None
        fits = ARTICLES[behaviour] in GIVEN[kind]
        if kind in ("fine", "return_money", "refuse_payment"):
            amount = (loss * percent / 100).quantize(Decimal("0.01"))
            low, high = FINES.get(behaviour, (0, 0))
            within = low * loss <= amount <= high * loss and loss > 0 if kind == "fine" else 0 < amount <= loss
            fits = fits and within
        same = [one for one in thing.decisions.values() if (one["violation"], one["kind"]) == (number, kind)]
        same = [one for one in same if one["state"] in ("proposed", "in_force", "carried_out")]
        in_parts = kind in ("return_money", "refuse_payment")
        if in_parts:
            same = [
                one
                for one in thing.decisions.values()
                if one["violation"] == number
                and one["kind"] in ("return_money", "refuse_payment")
                and one["state"] in ("proposed", "in_force", "carried_out")
            ]
        room = amount is not None and amount <= loss - sum(one["amount"] for one in same)
        fits = fits and (not same or (in_parts and room))
        allowed = thing.state in OPEN_INQUIRY and stands and fits
        if self.take(case_id, allowed, decisions.propose, Proposal(number, kind, amount)):
            new = {"violation": number, "kind": kind, "amount": amount, "state": "proposed", "received": Decimal(0)}
            thing.decisions[len(thing.decisions) + 1] = new

    def decision(self, n: int, m: int) -> tuple[str, Thing, int, dict[str, Any]]:
        case_id, thing = self.pick(n)
        number = m % max(len(thing.decisions), 1) + 1
        return case_id, thing, number, thing.decisions.get(number, {"state": None, "kind": None, "amount": None})

    def any_decision(self) -> bool:
        return any(thing.decisions for thing in self.things.values())

    @precondition(any_decision)
    @rule(n=CHOSEN, m=CHOSEN)
    def issue(self, n: int, m: int) -> None:
        case_id, thing, number, found = self.decision(n, m)
        allowed = thing.state in OPEN_INQUIRY and found["state"] == "proposed"
        subject = SUBJECTS[thing.violations[found["violation"]][0]] if found["state"] else None
        allowed = allowed and (subject in thing.heard or found["kind"] in ("police", "refuse_payment"))
        allowed = allowed and (bool(thing.agreed) or found["kind"] not in ("fine", "end_agreement"))
        if self.take(case_id, allowed, decisions.issue, number, LATER, rights_told=True):
            found["state"], thing.state = "in_force", "decided"

    @precondition(any_decision)
    @rule(n=CHOSEN, m=CHOSEN, step=st.sampled_from(["withdraw", "revoke"]))
    def end(self, n: int, m: int, step: str) -> None:
        case_id, _, number, found = self.decision(n, m)
        before = {"withdraw": {"proposed"}, "revoke": {"in_force", "carried_out"}}[step]
        if self.take(case_id, found["state"] in before, getattr(decisions, step), number, "why"):
            found["state"] = {"withdraw": "withdrawn", "revoke": "revoked"}[step]

    @precondition(any_decision)
    @rule(n=CHOSEN, m=CHOSEN, percent=st.sampled_from([0, 30, 50, 100]))
    def receive(self, n: int, m: int, percent: int) -> None:
        case_id, _, number, found = self.decision(n, m)
        amount = ((found["amount"] or Decimal(0)) * percent / 100).quantize(Decimal("0.01"))
        allowed = found["state"] == "in_force" and found["kind"] in ("fine", "return_money")
        allowed = allowed and 0 < amount <= found["amount"] - found["received"]
        if self.take(case_id, allowed, decisions.receive, number, amount, LATER):
            found["received"] += amount
            if found["received"] == found["amount"]:
                found["state"] = "carried_out"

    @rule(n=CHOSEN, resolution=st.sampled_from(["confirmed", "handed_over", "false_positive"]))
    def close(self, n: int, resolution: Any) -> None:
        case_id, thing = self.pick(n)
        states = {one["state"] for one in thing.decisions.values()}
        stands = bool(states & {"in_force", "carried_out"})
        fits = {"confirmed": stands, "handed_over": True, "false_positive": not stands}[resolution]
        allowed = thing.state != "closed" and "proposed" not in states and fits
        if self.take(case_id, allowed, close, Closing(resolution, "why")):
            thing.state, thing.resolution = "closed", resolution

    @rule(n=CHOSEN)
    def reopen(self, n: int) -> None:
        case_id, thing = self.pick(n)
        if self.take(case_id, thing.state == "closed", reopen):
            thing.state, thing.resolution = "new", None

    def teardown(self) -> None:
        for case_id, thing in self.things.items():
            found = record_of(self.book, self.boss, case_id)
            assert (found.case.version, found.case.state, found.case.resolution) == (
                thing.version,
                thing.state,
                thing.resolution,
            )
            assert [(one["state"], one["amount"], one["received"]) for one in found.decisions] == [
                (one["state"], one["amount"], one["received"]) for one in thing.decisions.values()
            ]
        self._reconcile()

    def _reconcile(self) -> None:
        """The statistics against the rows of the model, and their sums against themselves."""
        found = statistics(self.book, self.boss, Span(DAY, NOW.date(), self.campaign), NOW)
        standing = [
            (thing, one)
            for thing in self.things.values()
            for one in thing.decisions.values()
            if one["state"] in ("in_force", "carried_out")
        ]
        for line in found.outcomes[:-1]:
            mine = [one for _, one in standing if one["kind"] == line.name]
            assert line.count == len(mine)
            assert line.amount == sum(one["amount"] or 0 for one in mine)
            assert line.received == sum(one["received"] for one in mine)
        once = {(id(thing), one["violation"]): thing.violations[one["violation"]] for thing, one in standing}
        for line in found.behaviours[:-1]:
            losses = [amount for behaviour, amount, _ in once.values() if behaviour == line.name]
            assert (line.count, line.amount) == (len(losses), sum(losses))
        for table in (found.outcomes, found.behaviours):
            assert table[-1].name == TOTAL
            for name in ("count", "facility", "person", "staff", "amount", "received"):
                assert getattr(table[-1], name) == sum(getattr(line, name) for line in table[:-1])
            assert all(line.count == line.facility + line.person + line.staff for line in table)
        states = Counter(thing.state for thing in self.things.values())
        closed = Counter(thing.resolution for thing in self.things.values() if thing.state == "closed")
        assert found.opened == {"ring": 0, "tip": 0, "hand": len(self.things)}
        assert {name: n for name, n in found.closed.items() if n} == dict(closed)
        assert {name: n for name, n in found.open_now.items() if n} == {
            s: n for s, n in states.items() if s != "closed"
        }


def test_history_goes_as_the_model_says_and_statistics_come_to_its_rows(casebook: Casebook) -> None:
    Histories.book = casebook
    Histories.boss, Histories.other = (person(casebook, name, "supervisor") for name in ("boss", "other"))
    run_state_machine_as_test(Histories, settings=walks(*((50, 60) if SOAK else (4, 30))))
    assert altered_texts(casebook) == ()
    assert audit.verify(casebook).broken is None
