"""What a process does that writes cases, decisions and tips until it is killed.

Two threads write at once. What is acknowledged is told through a pipe: whose it is, the version, the state.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ringfinder.casebook import cases, decisions, inquiry, reporters, rewards, tips
from ringfinder.casebook.case_files import add_file
from ringfinder.casebook.case_notes import add_note
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Hearing, Violation
from ringfinder.casebook.linked_rings import create_from_ring
from ringfinder.casebook.rewards import Worth
from ringfinder.casebook.rules import Rules, read_rules
from ringfinder.casebook.sealing import SealKeys
from ringfinder.casebook.suppressing import Closing, close, reopen
from ringfinder.casebook.tip_states import Done
from ringfinder.casebook.who import Who
from tests.casebook.people_of_cases import EAST, WEST, ring
from tests.casebook.reports import ACTOR, MONDAY, REPORTER, said

THREADS = 2  # one decides cases, the other one goes on with tips and closes rings that are none
KEYS = SealKeys((b"k" * 32,))
DAY, LATER = date(2026, 3, 9), date(2026, 3, 16)
Line = tuple[str, int | None, str]  # whose, version, state
Tell = Callable[[str, int | None, str], None]


class Desk:
    """One case after the other. `tell`: it is acknowledged."""

    def __init__(self, book: Casebook, boss: Who, other: Who, tell: Tell) -> None:
        self.book, self.boss, self.other, self.tell = book, boss, other, tell
        self.case: Any = None

    def open(self) -> None:
        name = os.urandom(6).hex()
        self.case = create_from_ring(self.book, self.boss, cases.Draft("stays", (EAST,), "beds"), ring(name))
        self.tell(self.case.case_id, 1, self.case.state)

    def do(self, step: Any, *arguments: Any, who: Who | None = None, **more: Any) -> None:
        self.case = step(self.book, who or self.boss, self.case.case_id, self.case.version, *arguments, **more)
        self.tell(self.case.case_id, self.case.version, self.case.state)

    def decided(self) -> None:
        """From a ring to a fine that was paid."""
        self.open()
        self.do(cases.assign, self.boss.caller_id)
        self.do(cases.begin)
        self.do(cases.change, {"title": "other words", "districts": [EAST, "north"], "priority": "urgent"})
        add_note(self.book, self.boss, self.case.case_id, "nobody answers")
        self.tell(self.case.case_id, None, "note")
        add_file(self.book, self.boss, self.case.case_id, "letter.txt", os.urandom(8).hex().encode())
        self.tell(self.case.case_id, None, "file")
        self.do(inquiry.establish, Violation("F1", "fictitious_services", Decimal("10000.00"), DAY, True, "no beds"))
        self.do(decisions.propose, Proposal(1, "fine", Decimal("30000.00"), reason="twice"))
        self.do(decisions.propose, Proposal(1, "end_agreement"))
        self.do(inquiry.ask_check, WEST, "is the ward real?")
        self.do(inquiry.answer_check, 1, True, "no", who=self.other)
        heard = Hearing("facility", "F1", "written", DAY, LATER, "we treated them", "no records were shown")
        self.do(inquiry.hear, heard)
        self.do(decisions.issue, 1, LATER, rights_told=True)
        self.do(decisions.withdraw, 2, "not needed")
        self.do(decisions.receive, 1, Decimal("10000.00"), LATER)
        self.do(decisions.receive, 1, Decimal("20000.00"), LATER)
        self.do(close, Closing("confirmed"))

    def no_ring(self) -> None:
        """A ring that was none, and is opened again."""
        self.open()
        self.do(close, Closing("false_positive", "a nursing home", suppress=20))
        self.do(reopen)

    def tip(self, rules: Rules) -> None:
        """A tip from its letter to its reward."""
        found: Any = tips.record(self.book, said(), rules, ACTOR)
        self.tell(found.tip_id, 1, found.state)
        found = reporters.identify(self.book, found.tip_id, 1, REPORTER, KEYS, rules, ACTOR)
        self.tell(found.tip_id, 2, found.state)
        found = tips.change(self.book, found.tip_id, 2, said(entities=()), rules, ACTOR)
        self.tell(found.tip_id, 3, found.state)
        for done in (Done("acknowledge", MONDAY), Done("check", DAY, "partly"), Done("answer", DAY, None, "thanks")):
            found = tips.take(self.book, found.tip_id, found.version, done, rules, ACTOR)
            self.tell(found.tip_id, found.version, found.state)
        found = rewards.book(self.book, found.tip_id, found.version, Worth(1, Decimal("9000.00"), False), rules, ACTOR)
        self.tell(found.tip_id, found.version, found.state)
        found = tips.take(self.book, found.tip_id, found.version, Done("close", LATER), rules, ACTOR)
        self.tell(found.tip_id, found.version, found.state)


def write_on(place: Path, url: str, boss: Who, other: Who, to: Connection) -> None:
    """Write on and on."""
    rules, one_at_a_time = read_rules(place), threading.Lock()

    def tell(whose: str, version: int | None, state: str) -> None:
        with one_at_a_time:
            to.send((whose, version, state))

    with open_casebook(place, url) as book:

        def decide_on(desk: Desk) -> None:
            while True:
                desk.decided()

        def go_on(desk: Desk) -> None:
            while True:
                desk.tip(rules)
                desk.no_ring()

        threads = [threading.Thread(target=work, args=(Desk(book, boss, other, tell),)) for work in (decide_on, go_on)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
