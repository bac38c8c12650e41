from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from worlds import at, purchase, quick_view, view_of, visit

from evidence.town import Town
from ringfinder.evidence import after_death, doctor_pharmacy, fake_bills, insider, lent_cards
from ringfinder.words import catalogue, say

CHANNELS = [after_death, doctor_pharmacy, fake_bills, insider, lent_cards]
by_name = pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.__name__.rsplit(".", 1)[-1])


@by_name
def test_a_channel_is_silent_where_next_to_nothing_is_known(tmp_path: Path, channel: ModuleType) -> None:
    view = view_of(tmp_path, [visit("p", "f", at(0)), visit("q", "f", at(1)), purchase("p", "g", at(2))])
    assert channel.search(view) == []
    assert channel.search(channel.shuffled(view, 1)) == []


@by_name
def test_a_channel_survives_a_view_without_claims(channel: ModuleType) -> None:
    none = np.zeros(0, np.int64)
    view = quick_view(none, none, none)
    assert channel.search(view) == []


@by_name
def test_an_honest_town_raises_nothing(tmp_path: Path, channel: ModuleType) -> None:
    view = Town().view(tmp_path)
    assert [c for c in channel.search(view) if min(c.coordination, c.harm) > 0] == []


@by_name
def test_a_channel_names_the_columns_it_needs_and_why_it_is_off(channel: ModuleType) -> None:
    assert all("." in column for column in channel.needs)
    off = channel.off(quick_view([0], [0], [0], hours_known=False))
    assert say(off, "en") != say(off, "zh")


@by_name
def test_every_sentence_of_a_channel_stands_in_the_catalogue(channel: ModuleType) -> None:
    name = channel.__name__.rsplit(".", 1)[-1]
    keys = [k for k in catalogue() if k.startswith(f"reasons_kinds.{name}")]
    assert f"reasons_kinds.{name}_off" in keys
    assert len(keys) >= 4
