"""A process for one world: `python -m ringfinder.lab.worker`. The order comes as JSON on stdin, the trial goes to stdout.

A fresh interpreter, so that memory goes with it, and a constant can be altered before the detection is imported. A world
that breaks is a trial too: the others go on.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ringfinder.errors import RingFinderError
from ringfinder.lab import altering
from ringfinder.lab.altering import Alteration
from ringfinder.lab.results import Trial
from ringfinder.lab.worlds import World
from ringfinder.settings import DetectionSettings


@dataclass(frozen=True)
class Order:
    """A trial to be done. `folder`: where the world is kept between trials; "" for a place that is gone afterwards."""

    world: World
    threads: int = 0
    folder: str = ""
    alteration: Alteration | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Order:
        content: dict[str, Any] = json.loads(text)
        alteration = content["alteration"] and Alteration(**content["alteration"])
        return Order(World(**content["world"]), content["threads"], content["folder"], alteration)


def work(order: Order) -> Trial:
    """The trial ordered; one that says why where it breaks."""
    try:
        settings = DetectionSettings(threads=order.threads)
        if order.alteration is not None:
            settings = altering.apply(order.alteration, settings)
        from ringfinder.lab.trial import run  # noqa: PLC0415 - the detection must be imported after the alteration

        if order.folder:
            return run(order.world, Path(order.folder), settings)
        with tempfile.TemporaryDirectory(prefix="ringfinder-lab-") as folder:
            return run(order.world, Path(folder), settings)
    except RingFinderError as error:
        return Trial(order.world, failed=str(error))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return Trial(replace(order.world), failed=f"{type(error).__name__} at {place}")


def main() -> None:
    """Order in, trial out."""
    trial = work(Order.from_json(sys.stdin.read()))
    print(json.dumps(trial.as_json()))


if __name__ == "__main__":
    main()
