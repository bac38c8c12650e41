"""Values that only the tip officer may read: sealed by AES-256-GCM, under a key that is kept outside the database.

    RINGFINDER_TIP_KEY        the keys themselves, or
    RINGFINDER_TIP_KEY_FILE   a file that holds them: one or several, by spaces or lines, each 32 bytes in base64

The first key seals, all of them open: to rotate, put a new one in front, seal everything anew, then leave the old one out. A sealed
value bears its key's id (a digest of the key, which tells nothing about it), so that a lost or wrong key is noticed without trying;
and it is bound to the row and the field that it belongs to: moved to another place it does not open.

Blind spots: who has both database and key reads everything; the length of a value shows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ringfinder.errors import StoreError, UsageError
from ringfinder.words.sentences import Sentence, system_words

ENVIRONMENT = "RINGFINDER_TIP_KEY"
FILE_ENVIRONMENT = "RINGFINDER_TIP_KEY_FILE"
KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 6
MAKE = "ringfinder casebook new-key"


@dataclass(frozen=True)
class Sealed:
    """A value as the database keeps it: nonce, then ciphertext with its tag."""

    key_id: str
    content: bytes


class SealKeys:
    """The keys by id; `first` seals. Without any nothing can be sealed or opened."""

    def __init__(self, keys: tuple[bytes, ...] = ()) -> None:
        self._keys: Mapping[str, bytes] = {id_of(key): key for key in keys}
        self.first = next(iter(self._keys), None)

    @property
    def ids(self) -> frozenset[str]:
        """Of all keys that are there."""
        return frozenset(self._keys)

    def seal(self, value: bytes, bound_to: str) -> Sealed:
        """Seal a value for one place; StoreError without a key."""
        if self.first is None:
            raise StoreError(Sentence("faults_casebook.no_sealing_key", name=ENVIRONMENT, file=FILE_ENVIRONMENT))
        nonce = secrets.token_bytes(NONCE_BYTES)
        content = _cipher(self._keys[self.first]).encrypt(nonce, value, bound_to.encode())
        return Sealed(self.first, nonce + content)

    def open(self, sealed: Sealed, bound_to: str) -> bytes:
        """The value; StoreError where its key is not there, or where it was changed or moved."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as in `_cipher`

        key = self._keys.get(sealed.key_id)
        if key is None:
            raise StoreError(Sentence("faults_casebook.sealing_key_missing", key_id=sealed.key_id, name=ENVIRONMENT))
        nonce, content = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
        try:
            return _cipher(key).decrypt(nonce, content, bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError(Sentence("faults_casebook.seal_broken")) from error


def read_keys(environment: Mapping[str, str] | None = None) -> SealKeys:
    """The keys that the environment names, none where it names none; UsageError, which quotes nothing, for what is no key."""
    given = os.environ if environment is None else environment
    text, named = given.get(ENVIRONMENT, ""), given.get(FILE_ENVIRONMENT)
    if named:
        if text:
            raise UsageError(Sentence("faults_casebook.two_sealing_keys", name=ENVIRONMENT, file=FILE_ENVIRONMENT))
        try:
            text = Path(named).read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise UsageError(
                Sentence("faults_casebook.sealing_file", name=FILE_ENVIRONMENT, why=system_words(error))
            ) from error
    return SealKeys(tuple(_key(one) for one in text.split()))


def new_key() -> str:
    """A random key, as the environment takes it."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def id_of(key: bytes) -> str:
    """The name of a key."""
    return hashlib.sha256(b"ringfinder tip key\0" + key).hexdigest()[: 2 * ID_BYTES]


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError(Sentence("faults_casebook.no_base64", name=ENVIRONMENT, make=MAKE)) from error
    if len(key) != KEY_BYTES:
        raise UsageError(Sentence("faults_casebook.sealing_length", name=ENVIRONMENT, bytes=KEY_BYTES, make=MAKE))
    return key


def _cipher(key: bytes):  # type: ignore[no-untyped-def] # its type is imported when it is used: 30 ms
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key)
