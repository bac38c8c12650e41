"""The evidence package of a case: whole, checked by its own sums, masked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tiny

from ringfinder.casebook import cases
from ringfinder.casebook.case_files import add_file
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.cases import Draft
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.linked_rings import create_from_ring, link
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.who import Who
from ringfinder_api import packing
from ringfinder_api.packing import Packing, packed
from ringfinder_api.snapshot import Snapshot
from ringfinder_api.telling_cases import detail_of, seen_ring

BOSS = Who("user u1", "u1", frozenset({"supervisor"}), None)
FORMULA = '=HYPERLINK("http://x")'


def order(workspace: Path, snapshot: Snapshot, **more: Any) -> Packing:
    """A case about both rings of the tiny world and one that is gone, with a note and two files."""
    rings = {ring_id: snapshot.rings[ring_id] for ring_id in ("R;1", "R0")}
    with open_casebook(workspace) as book:
        made = create_from_ring(book, BOSS, Draft("<script>", ("西城",)), seen_ring(rings["R;1"], snapshot.run_id))
        link(book, BOSS, made.case_id, seen_ring(rings["R0"], snapshot.run_id))
        gone = seen_ring(rings["R0"], snapshot.run_id)
        link(book, BOSS, made.case_id, type(gone)("R9", *list(vars(gone).values())[1:]))
        add_file(book, BOSS, made.case_id, "信.pdf", b"%PDF- one")
        add_file(book, BOSS, made.case_id, "two.txt", b"two")
        content = detail_of(record_of(book, BOSS, made.case_id), snapshot, BOSS, "en", read_rules(workspace))
        assert cases.find(book, BOSS, made.case_id).version == 1
    claims = {ring_id: ring.claim_ids for ring_id, ring in rings.items()}
    notes = [{"number": 1, "at": made.created_at, "by": "u1", "text": FORMULA}]
    return Packing(workspace, None, BOSS, content, notes, snapshot.run_id, claims, "en")


def opened(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    tiny.publish_run(tmp_path / "workspace", graph=True)
    return tmp_path / "workspace"


@pytest.fixture
def snapshot(workspace: Path) -> Snapshot:
    from ringfinder.workspace import Workspace  # noqa: PLC0415
    from ringfinder_api.building import build  # noqa: PLC0415

    return build(workspace, Workspace(workspace).needed().run_id)


def test_package_is_whole_and_checks_itself(workspace: Path, snapshot: Snapshot) -> None:
    parts = opened(packed(order(workspace, snapshot)))
    named = {"case.html", "case.json", "rings/01.html", "rings/02.html", "evidence.json", "claims.xlsx"}
    assert set(parts) == named | {"files/001-信.pdf", "files/002-two.txt", "manifest.json", "SHA256SUMS"}
    manifest = json.loads(parts["manifest.json"])
    assert {one["path"]: one["sha256"] for one in manifest["parts"]} == {
        path: hashlib.sha256(content).hexdigest()
        for path, content in parts.items()
        if path not in ("manifest.json", "SHA256SUMS")
    }
    assert (manifest["run_id"], manifest["version"], manifest["rings_not_in_the_run"]) == (snapshot.run_id, 1, ["R9"])
    sums = dict(reversed(line.split("  ", 1)) for line in parts["SHA256SUMS"].decode().splitlines())  # type: ignore[arg-type]
    assert sums == {path: hashlib.sha256(c).hexdigest() for path, c in parts.items() if path != "SHA256SUMS"}
    assert parts["files/001-信.pdf"] == b"%PDF- one"


def test_package_shows_nothing_personal_and_runs_nothing(workspace: Path, snapshot: Snapshot) -> None:
    parts = opened(packed(order(workspace, snapshot)))
    with zipfile.ZipFile(io.BytesIO(parts["claims.xlsx"])) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    said = sheets + "".join(body.decode() for path, body in parts.items() if path.endswith(("html", "json")))
    assert not [secret for secret in tiny.SECRETS if secret in said]
    for path, body in parts.items():
        assert not path.endswith("html") or b"<script" not in body
    assert b"&lt;script&gt;" in parts["case.html"]


def test_claims_come_to_what_their_rings_say(workspace: Path, snapshot: Snapshot) -> None:
    book = openpyxl.load_workbook(io.BytesIO(opened(packed(order(workspace, snapshot)))["claims.xlsx"]))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1]) for row in rows] == [("R0", "C4"), ("R;1", "C1"), ("R;1", "C2"), ("R;1", "C3")]
    about = dict(row[:2] for row in book.worksheets[1].iter_rows(max_row=3, values_only=True))  # type: ignore[misc]
    assert list(about.values()) == [4, 400, 240]
    assert sum(row[7] for row in rows) == 400  # type: ignore[misc,arg-type]
    formats = {cell.number_format for line in book.worksheets[0].iter_rows(2, min_col=8) for cell in line}
    assert formats == {"#,##0.00"}


def test_file_that_is_too_much_is_left_out_and_named(
    workspace: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_FILES_BYTES", 5)
    parts = opened(packed(order(workspace, snapshot)))
    assert "files/002-two.txt" in parts
    (left,) = json.loads(parts["manifest.json"])["files_left_out"]
    assert (left["name"], left["sha256"]) == ("信.pdf", hashlib.sha256(b"%PDF- one").hexdigest())
