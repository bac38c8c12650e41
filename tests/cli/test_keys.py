from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

from ringfinder.casebook import keys

Invoke = Callable[..., Result]


def as_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_secret_is_shown_once(invoke: Invoke) -> None:
    made = invoke("keys", "create", "case system", "--role", "system", "--district", "340801", "--days", 30)
    assert made.exit_code == 0
    shown = made.output.splitlines()[0]
    key_id, secret = keys.split(shown)
    listed = invoke("keys", "list")
    assert key_id in listed.output
    assert "340801" in listed.output
    assert secret not in listed.output + invoke("keys", "list", "--json").output


def test_key_is_rotated_and_revoked(invoke: Invoke) -> None:
    first = as_json(invoke("keys", "create", "x", "--role", "viewer", "--role", "analyst", "--json"))
    second = as_json(invoke("keys", "rotate", first["key_id"], "--hours", 0, "--json"))
    assert (second["roles"], second["replaces"]) == (["analyst", "viewer"], first["key_id"])
    assert second["secret"] != first["secret"]
    revoked = invoke("keys", "revoke", second["key_id"])
    assert revoked.output == f"Key {second['key_id']} is revoked.\n"
    found = {key["key_id"]: key for key in as_json(invoke("keys", "list", "--json"))}
    assert [key["works"] for key in found.values()] == [False, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "x", "--role", "root"), "there is no role root"),
        (("revoke", "nothing"), "there is no key nothing"),
        (("rotate", "nothing"), "there is no key nothing"),
    ],
)
def test_wrong_use_is_one_sentence(invoke: Invoke, arguments: tuple[str, ...], said: str) -> None:
    result = invoke("keys", *arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_without_keys_the_list_says_how_to_make_one(invoke: Invoke) -> None:
    assert "keys create" in invoke("keys", "list").output
