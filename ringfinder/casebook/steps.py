"""A state machine as data: which steps there are, from which states each leads where. Everything that moves is one of these.

A step that does not lead on from a state is refused with a sentence that names the state and what is possible there; the
diagram in the docs is drawn from the same table (`diagram`), and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringfinder.casebook.refusals import refused


@dataclass(frozen=True)
class Machine:
    """`steps`: step -> (state before -> state after); `first`: where everything of that subject begins."""

    subject: str
    first: str
    steps: Mapping[str, Mapping[str, str]]

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order in which the table names them."""
        named = [self.first]
        named += [state for moves in self.steps.values() for pair in moves.items() for state in pair]
        return tuple(dict.fromkeys(named))

    def after(self, state: str, step: str) -> str:
        """Where the step leads; Refused where it does not lead on from that state."""
        found = self.steps[step].get(state)
        if found is None:
            raise refused("step_refused", step=step, state=state, possible=", ".join(self.possible(state)) or "-")
        return found

    def possible(self, state: str) -> tuple[str, ...]:
        """The steps that lead on from a state."""
        return tuple(step for step, moves in self.steps.items() if state in moves)

    def diagram(self) -> str:
        """The machine as Mermaid draws it: one arrow for each pair of states, with the steps that lead along it."""
        arrows: dict[tuple[str, str], list[str]] = {}
        for step, moves in self.steps.items():
            for pair in moves.items():
                arrows.setdefault(pair, []).append(step)
        ends = [state for state in self.states if not self.possible(state)]
        lines = [
            "stateDiagram-v2",
            f"    [*] --> {self.first}",
            *(f"    {before} --> {after}: {', '.join(steps)}" for (before, after), steps in arrows.items()),
            *(f"    {state} --> [*]" for state in ends),
        ]
        return "\n".join(lines) + "\n"
