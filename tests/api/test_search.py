"""Search: what is found by which text, and what of it is shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny

from ringfinder.workspace import Workspace
from ringfinder_api.finding import find
from ringfinder_api.snapshot import Snapshot
from tests.api.conftest import Inside

Make = Callable[..., Inside]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("P1", [("patient", "P1", "王**", "id")]),
        ("王小明", [("patient", "P1", "王**", "name")]),
        ("王小", []),
        ("13812345678", [("patient", "P1", "王**", "phone")]),
        ("1381234567", []),
        ("13987654321", [("patient", "P2", "李*", "phone")]),
        ("110101195001011234", [("patient", "P1", "王**", "id_number")]),
        (tiny.PAYEE, [("account", tiny.PAYEE, None, "id"), ("patient", "P2", "李*", "account")]),
        ("13711112222", [("recruiter", "R1", "赵**", "phone")]),
        ("一药", [("facility", "F1", "第一药店", "part")]),
        ("F2", [("facility", "F2", None, "id")]),
        ("nobody", []),
        ("' OR 1=1 --", []),
    ],
)
def test_personal_values_are_found_whole_and_places_by_any_part(
    tiny_workspace: Path, text: str, found: list[tuple[str, str, str | None, str]]
) -> None:
    run_id = Workspace(tiny_workspace).needed().run_id
    assert find(tiny_workspace, run_id, f" {text} ") == (found, False)


def test_answer_is_masked_and_of_some_districts_only_what_is_in_a_ring_there(
    inside: Make, tiny_workspace: Path, tiny_snapshot: Snapshot, tmp_path: Path
) -> None:
    shutil.copytree(tiny_workspace, tmp_path / "workspace", dirs_exist_ok=True)
    service = inside()
    asked = [
        service.login("viewer"),
        service.login("viewer", districts=("西城",)),
        service.login("viewer", districts=("南城",)),
    ]
    answers = []
    for text in (tiny.PAYEE, "P4"):
        answers.append(
            service.ask(*(("POST", "/v1/search", who) for who in asked), snapshot=tiny_snapshot, json={"text": text})
        )
    payee, nobody = ([answer.json() for answer in found] for found in answers)
    assert [[(one["entity_type"], one["entity_id"], one["name"]) for one in told["found"]] for told in payee] == [
        [("account", "****2222", None), ("patient", "P2", "李*")],
        [("account", "****2222", None), ("patient", "P2", "李*")],
        [],
    ]
    assert [ring["ring_id"] for ring in payee[0]["found"][0]["rings"]] == ["R;1"]
    assert [[one["entity_id"] for one in told["found"]] for told in nobody] == [["P4"], [], []]
    assert tiny.PAYEE not in json.dumps(payee)
