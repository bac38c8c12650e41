from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringfinder.casebook import keys
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.errors import UsageError


def test_key_comes_back_as_it_was_made_without_its_secret(casebook: Casebook) -> None:
    made, shown = keys.create(casebook, " case system ", ["viewer", "system", "system"], ["b", "a"], 30)
    (found,) = keys.all_keys(casebook)
    assert found == made
    assert (found.name, found.roles, found.districts) == ("case system", {"viewer", "system"}, {"a", "b"})
    assert found.expires_at is not None
    assert found.expires_at - found.created_at >= timedelta(days=29, hours=23)
    key_id, secret = keys.split(shown)
    assert key_id == found.key_id
    assert found.digest == hashlib.sha256(secret.encode()).digest()
    assert len(secret) == 43  # 32 bytes in base64 without padding
    assert secret not in repr(found)


def test_no_two_keys_are_alike(casebook: Casebook) -> None:
    made = [keys.create(casebook, "same", ["system"], None, None) for _ in range(5)]
    assert len({shown for _, shown in made}) == len({key.key_id for key, _ in made}) == 5
    assert all(key.districts is None and key.expires_at is None for key, _ in made)


@pytest.mark.parametrize(
    ("name", "roles", "districts", "said"),
    [
        (" ", ["system"], None, "needs a name"),
        ("x" * 201, ["system"], None, "needs a name"),
        ("x", [], None, "needs a role"),
        ("x", ["root"], None, "no role root"),
        ("x", ["system"], [" "], "a district needs"),
    ],
)
def test_wrong_key_is_refused(
    casebook: Casebook, name: str, roles: list[str], districts: list[str] | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        keys.create(casebook, name, roles, districts, None)
    assert keys.all_keys(casebook) == ()


def test_rotated_key_has_the_same_rights_and_the_old_one_ends(casebook: Casebook) -> None:
    old, _ = keys.create(casebook, "x", ["analyst"], ["a"], 30)
    new, shown = keys.rotate(casebook, old.key_id, hours=2)
    assert (new.name, new.roles, new.districts, new.replaces) == (old.name, old.roles, old.districts, old.key_id)
    assert new.expires_at == old.expires_at
    assert keys.digest_of(keys.split(shown)[1]) == new.digest != old.digest
    kept = next(key for key in keys.all_keys(casebook) if key.key_id == old.key_id)
    assert kept.expires_at is not None
    now = datetime.now(UTC)
    assert kept.works(now)
    assert not kept.works(now + timedelta(hours=2))
    assert new.works(now + timedelta(hours=2))


def test_rotation_does_not_prolong_a_key(casebook: Casebook) -> None:
    old, _ = keys.create(casebook, "x", ["analyst"], None, days=1 / 24)
    keys.rotate(casebook, old.key_id, hours=48)
    assert {key.expires_at for key in keys.all_keys(casebook)} == {old.expires_at}


def test_revoked_key_stays_revoked_at_its_first_moment_and_cannot_be_rotated(casebook: Casebook) -> None:
    key, _ = keys.create(casebook, "x", ["analyst"], None, None)
    first = keys.revoke(casebook, key.key_id)
    assert first.revoked_at is not None
    assert not first.works(datetime.now(UTC))
    assert keys.revoke(casebook, key.key_id) == first
    with pytest.raises(UsageError, match="no key"):
        keys.rotate(casebook, key.key_id, hours=1)
    for change in (keys.revoke, lambda book, key_id: keys.rotate(book, key_id, 1)):
        with pytest.raises(UsageError, match="no key nothing"):
            change(casebook, "nothing")
    assert len(keys.all_keys(casebook)) == 1


def test_keys_stay_when_the_casebook_is_opened_again(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book:
        made, _ = keys.create(book, "x", ["analyst"], ["a"], 1)
    with open_casebook(tmp_path, url) as book:
        assert keys.all_keys(book) == (made,)


def test_what_is_no_key_has_no_id() -> None:
    assert [keys.split(text) for text in ("", "rf", "x_1_2", "Rf_1_2")] == [("", "")] * 4
    assert keys.split("rf_a_b_c") == ("a", "b_c")
