from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.casebook.sealing import ENVIRONMENT, FILE_ENVIRONMENT, Sealed, SealKeys, id_of, new_key, read_keys
from ringfinder.errors import StoreError, UsageError

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place_alone(value: bytes, place: str) -> None:
    keys = SealKeys((OLD,))
    sealed = keys.seal(value, f"tip/{place!r}")
    assert keys.open(sealed, f"tip/{place!r}") == value
    with pytest.raises(StoreError, match="changed or moved"):
        keys.open(sealed, f"tap/{place!r}")


def test_same_value_is_never_sealed_alike_and_is_not_in_it() -> None:
    keys = SealKeys((OLD,))
    first, second = keys.seal(b"somebody", "x"), keys.seal(b"somebody", "x")
    assert first.content != second.content
    assert b"somebody" not in first.content


@given(st.integers(0, 35), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    keys = SealKeys((OLD,))
    sealed = keys.seal(b"somebody", "x")
    assert len(sealed.content) == 36
    content = bytearray(sealed.content)
    content[place] ^= change
    with pytest.raises(StoreError, match="changed or moved"):
        keys.open(Sealed(sealed.key_id, bytes(content)), "x")


def test_old_key_opens_and_the_first_seals() -> None:
    sealed = SealKeys((OLD,)).seal(b"somebody", "x")
    keys = SealKeys((NEW, OLD))
    assert keys.open(sealed, "x") == b"somebody"
    assert keys.seal(b"", "x").key_id == id_of(NEW)
    with pytest.raises(StoreError, match=f"key {id_of(OLD)}"):
        SealKeys((NEW,)).open(sealed, "x")


def test_without_a_key_nothing_is_sealed() -> None:
    keys = read_keys({})
    assert (keys.first, keys.ids) == (None, frozenset())
    with pytest.raises(StoreError, match=ENVIRONMENT):
        keys.seal(b"somebody", "x")


def test_keys_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    made = new_key()
    old = base64.b64encode(OLD).decode()
    (tmp_path / "keys").write_text(f"{made}\n{old}\n", encoding="ascii")
    for environment in ({ENVIRONMENT: f"{made} {old}"}, {FILE_ENVIRONMENT: str(tmp_path / "keys")}):
        keys = read_keys(environment)
        assert keys.first == id_of(base64.b64decode(made))
        assert id_of(OLD) in keys.ids


@pytest.mark.parametrize(
    "wrong",
    [
        {ENVIRONMENT: "c2VjcmV0"},
        {ENVIRONMENT: "no-base64!secret"},
        {FILE_ENVIRONMENT: "/nowhere/secret"},
        {ENVIRONMENT: "secret", FILE_ENVIRONMENT: "secret"},
    ],
)
def test_what_is_no_key_is_told_and_not_quoted(wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError) as told:
        read_keys(wrong)
    assert "secret" not in str(told.value)
    assert "c2Vj" not in str(told.value)
