"""How often a key may ask: a token bucket for each key.

A bucket holds `burst` tokens and gains `rate` a second; a request takes what its rule costs. The libraries for this
(limits, slowapi) start a timer thread or call a store for each request, which is more than a score takes; this is a
dictionary and two numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass
class _Bucket:
    tokens: float
    at: float


class Allowance:
    """The buckets of all keys. `rate` in tokens a second; times are a monotonic clock's seconds."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key_id: str, cost: int, now: float) -> int:
        """0 where the request may go on, else the whole seconds after which it may."""
        bucket = self._buckets.get(key_id)
        if bucket is None:
            bucket = self._buckets[key_id] = _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return 0
        return max(1, math.ceil((cost - bucket.tokens) / self._rate))
