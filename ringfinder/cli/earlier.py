"""A ring that the current run does not have but an earlier one had: whoever asks for it is told of that run.

A ring's id outlives a run only while its patients mostly do, so an id in last month's letter may be gone today. "There is no
such ring" would then be half the truth; the other half is where it was, and what tells what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ringfinder.errors import InputError, UnknownRing
from ringfinder.report.files import read_rings
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import StoredRun, Workspace


@contextmanager
def earlier_runs_named(place: Workspace, ring_id: str) -> Iterator[None]:
    """Around a look-up of that ring in the current run: UnknownRing names the last run that had it, if one did."""
    try:
        yield
    except UnknownRing as error:
        had = next((run for run in place.list_runs() if not run.current and _has(run, ring_id)), None)
        if had is None:
            raise
        raise UnknownRing(Sentence("faults.ring_was_earlier", ring_id=ring_id, run_id=had.run_id)) from error


def _has(run: StoredRun, ring_id: str) -> bool:
    try:
        return any(ring.ring_id == ring_id for ring in read_rings(run.results))
    except InputError:  # results of another version, or damaged ones: they tell nothing
        return False
