"""Tips and the watch list against a plain model, whatever order things come in.

RINGFINDER_SOAK asks for the long form (`make soak`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from ringfinder.casebook import audit, reporters, tips, watching
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.sealing import SealKeys
from ringfinder.casebook.tip_list import Wanted, page
from ringfinder.casebook.tip_states import MACHINE, TRUE, Done
from ringfinder.errors import Refused
from tests.casebook.reports import ACTOR, MONDAY, REPORTER, recorded

SOAK = bool(os.environ.get("RINGFINDER_SOAK"))
KEYS = SealKeys((b"k" * 32,))
OUTCOMES = st.sampled_from(("substantiated", "partly", "unsubstantiated", "out_of_scope", "duplicate"))


def tried(work: Callable[..., Any], *arguments: Any) -> tuple[Any, str | None]:
    """(what came of it, the code with which it was refused)."""
    try:
        return work(*arguments), None
    except Refused as refused:
        return None, refused.code


class Desk(RuleBasedStateMachine):
    """A tip's model: (state, version, named, outcome); an entry's: (state, version, last day)."""

    made, watched = Bundle("made"), Bundle("watched")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.rules_ = read_rules(Path(self.folder.name))
        self.book = open_casebook(Path(self.folder.name), f"sqlite:///{self.folder.name}/casebook.db")
        self.today = self.rules_.today()
        self.tips: dict[str, tuple[str, int, bool, str | None]] = {}
        self.entries: dict[str, tuple[str, int, date]] = {}
        self.subjects: dict[str, int] = {}

    def teardown(self) -> None:
        self.book.close()
        self.folder.cleanup()

    @rule(target=made)
    def record(self) -> str:
        tip = recorded(self.book, self.rules_)
        self.tips[tip.tip_id] = ("received", 1, False, None)
        return tip.tip_id

    @rule(tip_id=made, seen=st.integers(0, 1))
    def identify(self, tip_id: str, seen: int) -> None:
        state, version, _, outcome = self.tips[tip_id]
        given = (self.book, tip_id, version - seen, REPORTER, KEYS, self.rules_, ACTOR)
        _, code = tried(reporters.identify, *given)
        assert code == ("changed_meanwhile" if seen else None)
        if code is None:
            self.tips[tip_id] = (state, version + 1, True, outcome)

    @rule(tip_id=made, step=st.sampled_from(sorted(MACHINE.steps)), outcome=OUTCOMES)
    def go_on(self, tip_id: str, step: Any, outcome: Any) -> None:
        state, version, named, before = self.tips[tip_id]
        given = outcome if step == "check" else None
        leads = MACHINE.steps[step].get(state)
        if step == "close" and state == "checked" and named:
            leads = None
        _, code = tried(tips.take, self.book, tip_id, version, Done(step, MONDAY, given), self.rules_, ACTOR)
        assert (code is None) == (leads is not None)
        assert code in {None, "step_refused", "answer_first"}
        if leads is not None:
            kept = {"check": given, "reopen": None}.get(step, before)
            self.tips[tip_id] = (leads, version + 1, named, kept)

    @rule(target=watched, days=st.integers(0, 40), entity=st.integers(0, 3))
    def watch(self, days: int, entity: int) -> Any:
        last = self.today + timedelta(days=days)
        entry = watching.Entry("patient", f"P{entity}", None, "x", "why", "hand", None, self.today, last)
        open_ = {self.subjects[one] for one, (state, *_) in self.entries.items() if state == "active"}
        found, code = tried(watching.watch, self.book, entry, self.rules_, ACTOR)
        assert code == ("watched_already" if entity in open_ else None)
        if found is None:
            return multiple()
        self.entries[found.watch_id], self.subjects[found.watch_id] = ("active", 1, last), entity
        return found.watch_id

    @rule(watch_id=watched)
    def end(self, watch_id: str) -> None:
        state, version, last = self.entries[watch_id]
        _, code = tried(watching.end, self.book, watch_id, version, "x", self.rules_, ACTOR)
        assert code == (None if state == "active" else "step_refused")
        if code is None:
            self.entries[watch_id] = ("ended", version + 1, last)

    @invariant()
    def tips_are_as_the_model_says(self) -> None:
        lines, total, _ = page(self.book, Wanted(), "received", None, 200)
        assert {one.tip_id: (one.state, one.version, one.named, one.outcome) for one in lines} == self.tips
        assert total == len(self.tips)
        assert all((one.due_on is None) == (one.state == "closed") for one in lines)
        lifting = {one.tip_id for one in tips.mentions(self.book)}
        assert lifting == {tip for tip, (*_, outcome) in self.tips.items() if outcome is None or outcome in TRUE}
        assert reporters.seal_state(self.book, KEYS).open == sum(named for _, _, named, _ in self.tips.values())

    @invariant()
    def the_watch_list_is_as_the_model_says_on_every_day(self) -> None:
        for day in (self.today, self.today + timedelta(days=20), self.today + timedelta(days=41)):
            for state in ("active", "ended", "expired"):
                found = watching.page(self.book, watching.Wanted(state=state), day, None, 200)[0]  # type: ignore[arg-type]
                expected = {
                    watch_id
                    for watch_id, (kept, _, last) in self.entries.items()
                    if ("expired" if kept == "active" and last < day else kept) == state
                }
                assert {one.watch_id for one in found} == expected

    @invariant()
    def trail_is_whole(self) -> None:
        assert audit.verify(self.book).broken is None


def test_tips_and_the_watch_list_do_as_a_plain_model() -> None:
    examples, steps = (200, 40) if SOAK else (6, 12)
    rules = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Desk, settings=rules)  # type: ignore[no-untyped-call]
