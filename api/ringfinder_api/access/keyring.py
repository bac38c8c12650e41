"""The keys in memory, so that no request waits for a database.

A task reads the casebook every `REFRESH_SECONDS`: a revoked key stops within that time, a new one works within it. Where
the casebook has not answered for `TRUSTED_SECONDS`, no key is trusted any more. Expiry needs no reading: it is compared
with the clock at each request.

The secret is compared as its SHA-256, in constant time, and an unknown key id is compared with a digest too, so that the
time of an answer tells nothing about which ids there are.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ringfinder.casebook.keys import Key, digest_of, split
from ringfinder.errors import RingFinderError
from ringfinder_api.access.callers import Caller, of_key
from ringfinder_api.problems import Problem

REFRESH_SECONDS = 1.0
TRUSTED_SECONDS = 60.0
NOBODY = digest_of("")  # what the secret of an unknown key is compared with
LOG = logging.getLogger("ringfinder.service")


class Keyring:
    """Keys by id. `read` asks the casebook; it runs in a thread."""

    def __init__(self, read: Callable[[], tuple[Key, ...]]) -> None:
        self._read = read
        self._keys: Mapping[str, tuple[Key, Caller]] = {}
        self._read_at = -TRUSTED_SECONDS

    async def refresh(self) -> None:
        """Read the keys once; RingFinderError where the casebook does not answer."""
        asked = time.monotonic()
        keys = await asyncio.to_thread(self._read)
        self._keys = {key.key_id: (key, of_key(key)) for key in keys}
        self._read_at = asked

    async def follow(self) -> None:
        """Keep them fresh until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh()
            except RingFinderError as error:
                LOG.warning("keys not read", extra={"error": type(error).__name__})

    def check(self, header: str) -> Caller:
        """Whose key an Authorization header bears; Problem where there is none or it does not work."""
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise Problem("no_key")
        if time.monotonic() - self._read_at > TRUSTED_SECONDS:
            raise Problem("keys_unavailable")
        key_id, secret = split(text.strip())
        key, caller = self._keys.get(key_id, (None, None))
        same = hmac.compare_digest(digest_of(secret), NOBODY if key is None else key.digest)
        if key is None or caller is None or not same or not key.works(datetime.now(UTC)):
            raise Problem("wrong_key")
        return caller
