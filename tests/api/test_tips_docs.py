"""docs/tips.md does what it says, on a real service; and who gave the tip is nowhere that somebody but the tip officer reaches."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from ringfinder.casebook import backup
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.sealing import ENVIRONMENT, new_key
from tests.api.conftest import COMMAND, serving, until
from tests.api.test_docs import KEPT

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tips.md").read_text(encoding="utf-8")
REPORTER = {"NAME": "欧阳举报者", "PHONE": "13912345678", "ACCOUNT": "6222020200112233445"}


def test_made_parts_of_the_page_are_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    import tips_page  # type: ignore[import-not-found] # noqa: PLC0415 - a page's maker, beside the page

    assert tips_page.made(PAGE) == PAGE, "run `python docs/tips_page.py`"


def test_every_command_of_the_page_works_and_nobody_learns_who_gave_the_tip(
    tiny_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, new_key())
    shutil.copytree(tiny_workspace, tmp_path / "workspace")
    lines = [
        line
        for block in re.findall(r"^```bash\n(.*?)^```", PAGE, re.M | re.S)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    script = "\n".join(
        re.sub(r"^curl -s", "curl -s -w '\\n%{http_code}\\n'", line) if line.startswith("curl") else line
        for line in lines
    )
    with serving(tmp_path / "workspace") as service:
        until(service.ready)
        keys = {"OFFICER": service.key("tip_officer"), "SUPERVISOR": service.key("supervisor")}
        admin = service.key("admin", "analyst")
        done = subprocess.run(
            ["bash", "-eu", "-c", script],
            env=KEPT
            | {"RINGFINDER_URL": service.url}
            | {f"RINGFINDER_{name}": key for name, key in keys.items()}
            | {f"REPORTER_{name}": value for name, value in REPORTER.items()},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        answers = [line for line in done.stdout.splitlines() if line]
        statuses = Counter(line for line in answers if re.fullmatch(r"\d{3}", line))
        assert statuses == {"200": len([line for line in lines if line.startswith("curl")])}, done.stdout
        bodies = [json.loads(line) for line in answers if line.startswith("{")]
        reporters = [body for body in bodies if body.get("phone")]
        assert [body["name"] for body in reporters] == [REPORTER["NAME"]]
        tips = [body for body in bodies if "due_basis" in body]
        assert [body["state"] for body in tips[:8]] == [
            "received",
            "acknowledged",
            "acknowledged",
            "checked",
            "answered",
            "answered",
            "answered",
            "closed",
        ]
        assert tips[6]["reward"]["amount"] == "3000.00"
        checked = next(body for body in bodies if "check_id" in body)
        assert checked["amount"] == "0.00"

        tip = tips[0]["tip_id"]
        with service.client(admin) as client:
            told = [client.get(path).text for path in ("/metrics", "/v1/rings", "/openapi.json", f"/v1/tips/{tip}")]
        with service.client(keys["SUPERVISOR"]) as client:
            told += [client.get(path).text for path in (f"/v1/tips/{tip}", "/v1/rings", "/v1/rings/R;1/export.html")]
            told.append(client.post("/v1/tips:search", json={}).text)
            for value in REPORTER.values():
                found = client.post("/v1/tips:search", json={"text": value})
                assert found.json()["total"] == 0
        with service.client(keys["OFFICER"]) as client:  # errors, with the values in what was wrong
            broken = {"name": REPORTER["NAME"], "phone": 1, REPORTER["PHONE"]: "x"}
            told.append(client.post(f"/v1/tips/{tip}:identify", json=broken, headers={"if-match": '"9"'}).text)
            told.append(client.post(f"/v1/tips/{tip}:identify", content=json.dumps(broken)[:-1]).text)
            text = {"step": "reopen", "on": "2026-05-04", "told": f"致{REPORTER['NAME']}"}
            told.append(client.post(f"/v1/tips/{tip}:step", json=text, headers={"if-match": '"9"'}).text)
        with open_casebook(tmp_path / "workspace") as book:
            backup.backup(book, tmp_path / "workspace" / "copy.db")
    kept = b"".join(file.read_bytes() for file in sorted((tmp_path / "workspace").rglob("*")) if file.is_file())
    others = "".join([*told, *service.log, *service.printed, done.stderr])
    audit = subprocess.run(
        [COMMAND, "audit", "list", "--workspace", tmp_path / "workspace"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "tip.identity_read" in audit
    for value in REPORTER.values():
        for form in (value, json.dumps(value)[1:-1]):
            assert form.encode() not in kept
            assert form not in others + audit
    assert sum(value in line for value in REPORTER.values() for line in answers) == len(REPORTER)
