"""The keys in memory, so that no request waits for a database.

A task reads the casebook every `REFRESH_SECONDS`: a revoked key stops within that time. A key that does not work is looked
for once more before it is refused, so that a new one works at once in every process; who guesses causes no more than one
reading each `APART_SECONDS`, and waits for `ANSWER_SECONDS` at the most. Where the casebook has not answered for
`TRUSTED_SECONDS`, no key is trusted any more. Expiry needs no reading: it is compared with the clock at each request.

The secret is compared as its SHA-256, in constant time, and an unknown key id is compared with a digest too, and waits as
a wrong secret does, so that the time of an answer tells nothing about which ids there are.
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
APART_SECONDS = 0.1
ANSWER_SECONDS = 5.0  # longer than a busy machine takes to read a few keys: a wrong key is called wrong, not unreadable
TRUSTED_SECONDS = 60.0
NOBODY = digest_of("")  # what the secret of an unknown key is compared with
LOG = logging.getLogger("ringfinder.service")


class Keyring:
    """Keys by id. `read` asks the casebook; it runs in a thread."""

    def __init__(self, read: Callable[[], tuple[Key, ...]]) -> None:
        self._read = read
        self._keys: Mapping[str, tuple[Key, Caller]] = {}
        self._read_at = -TRUSTED_SECONDS
        self._failed_at = -TRUSTED_SECONDS  # when somebody last waited for keys in vain
        self._one_waits = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Read the keys once; RingFinderError where the casebook does not answer."""
        asked = time.monotonic()
        keys = await asyncio.to_thread(self._read)
        if asked > self._read_at:  # a slow reading does not bring back what a later one saw ended
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

    async def check(self, header: str) -> Caller:
        """Whose key an Authorization header bears; Problem where there is none or it does not work."""
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise Problem("no_key")
        if time.monotonic() - self._read_at > TRUSTED_SECONDS:
            raise Problem("keys_unavailable")
        key_id, secret = split(text.strip())
        caller = self._known(key_id, secret)
        if caller is None:
            await self._read_since(time.monotonic())
            caller = self._known(key_id, secret)
        if caller is None:
            raise Problem("wrong_key")
        return caller

    def _known(self, key_id: str, secret: str) -> Caller | None:
        key, caller = self._keys.get(key_id, (None, None))
        same = hmac.compare_digest(digest_of(secret), NOBODY if key is None else key.digest)
        return caller if key is not None and same and key.works(datetime.now(UTC)) else None

    async def _read_since(self, asked: float) -> None:
        """Return when a reading that began after `asked` has ended; Problem where the casebook does not answer in time.

        One reading, or one failure, serves all who wait; none is begun while one is under way that nobody waits for any more.
        """
        async with self._one_waits:
            if self._read_at > asked:
                return
            if self._failed_at > asked:
                raise Problem("keys_unavailable")
            await asyncio.sleep(max(self._read_at, self._failed_at) + APART_SECONDS - time.monotonic())
            began = time.monotonic()
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self.refresh())
                # Its error is seen here where nobody waits for it any more.
                self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
            done, _ = await asyncio.wait({self._reading}, timeout=ANSWER_SECONDS)
            error = self._reading.exception() if done else None
            if error is not None and not isinstance(error, RingFinderError):
                raise error
            if error is not None or not done:
                self._failed_at = began
                raise Problem("keys_unavailable") from error
