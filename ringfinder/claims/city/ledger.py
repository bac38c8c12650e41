"""The ledger of claims while a city grows: blocks of columns, then one frame without what cannot have happened.

A block is a batch of claims of one origin: everyday care, an honest scene, a ring. `there` says whether the person
was really present. Closing the ledger drops everyday claims that real life excludes: after death, in bed elsewhere,
in two places at once. Some slips stay, as in every real claim set: relatives buy with the card, registers are wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ringfinder.claims.city.draws import DAY, HOUR, Bools, Floats, Longs, Rng
from ringfinder.claims.city.places import Places

EVERYDAY, SCENE, RING = 0, 1, 2
INPATIENT, OUTPATIENT, PHARMACY_SALE = 0, 1, 2
UNKNOWN = np.int64(np.iinfo(np.int64).min)  # a time or an amount that is not known

CODES = (
    "patient",
    "facility",
    "service",
    "card",
    "doctor",
    "recruiter",
    "operator",
    "terminal",
    "diagnosis",
    "account",
    "drug",
    "origin",
    "ring",
)
NUMBERS = ("start", "end", "settled", "amount", "fund", "invoice", "refund_of")
FLAGS = ("there",)
LEAK = 0.08  # everyday claims that stay although they are hardly possible: relatives buy with the card
USED_UP_DAYS = 45  # so long after a death relatives may still fetch with the card
SPEED = 60.0  # km/h between two places for the holder in person

Block = dict[str, NDArray[Any]]


class Ledger:
    """Collects blocks; `close` makes one frame of them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def add(self, n: int, **columns: Any) -> Block:
        """One block of `n` claims; columns not given are BLANK (-1) or UNKNOWN, flags True. Returns it for late
        changes."""
        block: Block = {}
        for names, kind, missing in ((CODES, np.int32, -1), (NUMBERS, np.int64, UNKNOWN), (FLAGS, np.bool_, True)):
            for name in names:
                value = columns.pop(name, missing)
                block[name] = np.array(np.broadcast_to(np.asarray(value).astype(kind), n))
        if columns:
            raise TypeError(f"the ledger has no columns {sorted(columns)}")
        if n:
            self.blocks.append(block)
        return block

    def close(self, rng: Rng, places: Places, death: Longs, first: int, last: int) -> Block:
        """All claims that can have happened, from second `first` to before `last`, sorted by (patient, start)."""
        frame: Block = {name: np.concatenate([b[name] for b in self.blocks]) for name in self.blocks[0]}
        order = np.lexsort((frame["facility"], frame["start"], frame["patient"]))
        frame = {name: column[order] for name, column in frame.items()}
        keep = (frame["start"] >= first) & (frame["start"] < last)
        leak = rng.random(len(order)) < LEAK
        gone = frame["start"] >= (death[frame["patient"]].astype(np.int64) + 1) * DAY
        keep &= ~(gone & frame["there"] & ~(leak & (rng.random(len(order)) < 0.1)))
        everyday = frame["origin"] == EVERYDAY
        long_gone = frame["start"] >= (death[frame["patient"]].astype(np.int64) + USED_UP_DAYS) * DAY
        keep &= ~(everyday & long_gone)
        keep &= ~(everyday & frame["there"] & ~leak & _in_bed(frame, keep))
        frame = {name: column[keep] for name, column in frame.items()}
        leak = leak[keep]
        torn = _torn(frame, places)
        keep = ~(torn & (frame["origin"] == EVERYDAY) & ~leak)
        return {name: column[keep] for name, column in frame.items()}


def _in_bed(frame: Block, keep: Bools) -> Bools:
    """Claims that fall into an earlier real stay of the same person."""
    stay = keep & frame["there"] & (frame["service"] == INPATIENT) & (frame["end"] != UNKNOWN)
    shift = frame["patient"].astype(np.int64) * np.int64(1 << 36)
    ends = np.where(stay, frame["end"] - HOUR, 0) + shift
    until = np.concatenate([[0], np.maximum.accumulate(ends)[:-1]])
    result: Bools = frame["start"] + shift < until
    return result


def _torn(frame: Block, places: Places) -> Bools:
    """Claims of people really there that leave too little time to come from, or go to, their neighbours in the list."""
    facility = frame["facility"]
    km: Floats = np.hypot(
        places.x[facility[1:]] - places.x[facility[:-1]], places.y[facility[1:]] - places.y[facility[:-1]]
    )
    hours = (frame["start"][1:] - frame["start"][:-1]) / HOUR
    same = (frame["patient"][1:] == frame["patient"][:-1]) & frame["there"][1:] & frame["there"][:-1]
    close = same & (km > 0.01) & (km > SPEED * np.maximum(hours - 0.2, 0))
    # the later of two everyday claims goes; an everyday claim goes before one of a scene
    later = close & (frame["origin"][1:] == EVERYDAY)
    earlier = close & ~later & (frame["origin"][:-1] == EVERYDAY)
    result: Bools = np.concatenate([[False], later]) | np.concatenate([earlier, [False]])
    return result
