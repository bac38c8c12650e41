"""docs/api.md does what it says: its commands are run, one block after the other, against a real service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny

from ringfinder.report.results import Results
from ringfinder_api.access.rules import RULES
from ringfinder_api.problems import STATUS
from tests.api.conftest import Served, serving, until

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "api.md").read_text(encoding="utf-8")


KEPT = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


@pytest.fixture(scope="module")
def environment(served: Served) -> dict[str, str]:
    return KEPT | {"RINGFINDER_URL": served.url, "RINGFINDER_KEY": served.key("analyst")}


@pytest.fixture
def own(ran: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A service of its own, since the page starts a run, with a claim set that is run in no time."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ran, folder / "workspace")
    tiny.write_csv(folder / "claims" / "city")
    with serving(folder / "workspace", "--claims", str(folder / "claims"), "--webhook-allow", "127.0.0.1") as service:
        until(service.ready)
        yield KEPT | {
            "RINGFINDER_URL": service.url,
            "RINGFINDER_KEY": service.key("analyst"),
            "RINGFINDER_RECEIVER": "http://127.0.0.1:9/nobody",
            "RINGFINDER_KEEPER": service.key("supervisor", "admin"),
            "RINGFINDER_LINK": "".join(service.printed).split()[-1],
        }


def test_every_command_of_the_page_works(own: dict[str, str], tmp_path: Path) -> None:
    lines = [
        line
        for block in re.findall(r"^```bash\n(.*?)^```", PAGE, re.M | re.S)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    shown = [line for line in lines if line.startswith("curl")]
    assert len(shown) == 53
    shutil.make_archive(str(tmp_path / "city"), "zip", tiny.write_csv(tmp_path / "city"))
    # Each answer on a line of its own, with its status before it.
    script = "\n".join(
        re.sub(r"^curl -s", "curl -s -w '\\n%{http_code}\\n'", line) if line.startswith("curl") else line
        for line in lines
    )
    done = subprocess.run(
        ["bash", "-eu", "-c", script], env=own, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    answers = [line for line in done.stdout.splitlines() if line]
    statuses = [line for line in answers if re.fullmatch(r"\d{3}", line)]
    bodies = [json.loads(line) for line in answers if line.startswith("{")]
    assert Counter(statuses) == {"200": 51, "202": 1, "401": 1}
    assert [body["code"] for body in bodies if "code" in body] == ["no_key"]
    scores = [body for body in bodies if "entity_id" in body]
    assert scores[0]["score"] > 50
    assert scores[0]["rings"][0]["reason"] != scores[1]["rings"][0]["reason"]
    batch = next(body for body in bodies if "items" in body)
    assert [item["status"] for item in batch["items"]] == [200, 404]
    claim = next(body for body in bodies if "entities" in body)
    assert claim["score"] == scores[0]["score"]
    job = next(body for body in bodies if "job_id" in body)
    assert (job["state"], job["claims"]) == ("finished", "city")
    assert next(body for body in bodies if "webhooks" in body)["webhooks"][0]["events"] == ["ring.alerted"]
    shown_in_full = next(body for body in bodies if "members" in body and "case_id" in body)
    assert [one["member"] for one in shown_in_full["members"]] == ["m1", "m2"]
    assert "*" not in json.dumps(shown_in_full)
    assert "event: progress" in done.stdout
    assert "event: finished" in done.stdout
    assert [body["pinned"] for body in bodies if "pinned" in body and "settings" not in body] == [True, False]
    assert (tmp_path / "ring.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "ring.xlsx").read_bytes().startswith(b"PK")


def test_page_names_every_code_with_its_status() -> None:
    told = {
        code: int(status)
        for status, codes in re.findall(r"^\| (\d{3}) \| (.+) \|$", PAGE, re.M)
        for code in re.findall(r"`(\w+)`", codes)
    }
    assert told == dict(STATUS)


def test_page_tells_roles_as_the_rules_are() -> None:
    told = {
        role for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", PAGE, re.M) for role in re.findall(r"`(\w+)`", row)
    }
    assert told >= {role for rule in RULES.values() for role in rule.roles or ()}


def test_python_client_judges_a_claim(environment: dict[str, str], tmp_path: Path, results: Results) -> None:
    def judged(patient: str) -> subprocess.CompletedProcess[str]:
        claim = {"patient_id": patient, "facility_id": "H0024", "start_time": "2024-03-01T09:00:00"}
        (tmp_path / "claim.json").write_text(json.dumps(claim), encoding="utf-8")
        return subprocess.run(
            [sys.executable, DOCS / "examples" / "case_system.py", "claim.json"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    ring = next(ring for ring in results.rings if ring.alert)
    member = next(m for m in results.members_of(ring.ring_id) if m.entity_type == "patient")
    found = judged(member.entity_id)
    assert (found.returncode, found.stdout.splitlines()[0]) == (3, "look first")
    assert f"{ring.ring_id} " in found.stdout
    assert (judged("P00001").returncode, judged("P00001").stdout) == (0, "pay\n")
    environment = environment | {"RINGFINDER_KEY": "wrong"}
    refused = judged("P00001")
    assert refused.returncode == 1
    assert "wrong_key" in refused.stderr


def test_curl_client_tells_the_score(environment: dict[str, str]) -> None:
    script = DOCS / "examples" / "case_system.sh"
    done = subprocess.run(["bash", script, "P00001"], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["items"][0]["score"]["score"] == 0
