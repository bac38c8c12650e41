"""Groups in tie graphs: seeds for rings, never verdicts."""

from __future__ import annotations

from collections.abc import Callable

from ringfinder.communities import leiden, louvain
from ringfinder.evidence.view import Floats, Ints, Longs

Method = Callable[[Ints | Longs, Ints | Longs, Floats, int], tuple[Longs, Longs]]
METHODS: dict[str, Method] = {"leiden": leiden.communities, "louvain": louvain.communities}
