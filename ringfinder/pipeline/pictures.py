"""Pictures of a ring. The engine does not import what draws on it: it is found by the entry point that its package declares."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from ringfinder.errors import UsageError
from ringfinder.words import Language
from ringfinder.words.sentences import Sentence
from ringfinder.workspace import StoredRun

if TYPE_CHECKING:
    from ringfinder.store.contract import GraphStore

GROUP, NAME = "ringfinder.pictures", "ring"


class Picture(Protocol):
    """A ring in each form; UsageError where a library or a font for it is missing."""

    def html(self) -> str:
        """One file to explore."""

    def svg(self) -> str:
        """One file to put into a document."""

    def png(self) -> bytes:
        """The same as PNG."""

    def cell(self) -> str:
        """A cell of a notebook."""


def picture_of(
    store: GraphStore, stored: StoredRun, ring_id: str, lang: Language, unmask: bool = False
) -> Picture:  # fmt: skip
    """The picture of one ring of a run; UsageError for an unknown ring. `store` is that run's graph."""
    try:
        (found,) = entry_points(group=GROUP, name=NAME)
    except ValueError as error:
        raise UsageError(Sentence("faults.viz_extra")) from error
    made: Picture = found.load()(store, stored, ring_id, lang, unmask)
    return made
