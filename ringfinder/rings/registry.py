"""The channels, in the order in which they run; each describes itself in its module."""

from __future__ import annotations

from typing import Protocol

from ringfinder.evidence import after_death, doctor_pharmacy, fake_bills, insider, lent_cards
from ringfinder.evidence.view import Candidate, View
from ringfinder.rings import together, transfers


class Channel(Protocol):
    """A way to find rings. `off` gives the catalogue key of why it cannot run on a view, or None."""

    def search(self, view: View, /) -> list[Candidate]: ...
    def shuffled(self, view: View, seed: int, /) -> View: ...
    def off(self, view: View, /) -> str | None: ...


CHANNELS: dict[str, Channel] = {
    "together": together,
    "transfers": transfers,
    "after_death": after_death,
    "doctor_pharmacy": doctor_pharmacy,
    "fake_bills": fake_bills,
    "insider": insider,
    "lent_cards": lent_cards,
}
