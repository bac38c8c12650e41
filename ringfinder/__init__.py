"""RingFinder finds organised health-insurance fraud rings in claims.

In a notebook: `import ringfinder as rf; g = rf.open("ringfinder-data")` (see `ringfinder.notebook`).
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """`open`, imported when it is first used: the package itself stays light."""
    if name == "open":
        from ringfinder.notebook import open_workspace  # noqa: PLC0415

        return open_workspace
    raise AttributeError(f"module {__name__} has no attribute {name}")
