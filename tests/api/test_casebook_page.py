"""docs/casebook.md does what it says: a supervisor's month is run by its own commands, and its diagrams are those of the code."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import tiny

from ringfinder.casebook.case_states import CASE, DECISION
from ringfinder.casebook.case_states_page import FILE, filled
from tests.api.conftest import serving, until
from tests.api.test_docs import KEPT

PAGE = FILE.read_text(encoding="utf-8")


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A service on the tiny world, and two keys for it."""
    folder = tmp_path_factory.mktemp("casebook")
    tiny.publish_run(folder / "workspace", graph=True)
    with serving(folder / "workspace") as service:
        until(service.ready)
        keys = {
            "BOSS": service.key("supervisor"),
            "WEST": service.key("investigator", districts=("340802",)),
            "OFFICER": service.key("tip_officer"),
        }
        yield KEPT | keys | {"RINGFINDER_URL": service.url}


def read(said: str) -> list[Any]:
    """The documents that stand one after the other."""
    found = []
    said = said.strip()
    while said:
        one, end = json.JSONDecoder().raw_decode(said)
        found.append(one)
        said = said[end:].strip()
    return found


def test_month_of_a_supervisor_works(own: dict[str, str], tmp_path: Path) -> None:
    blocks = re.findall(r"^```bash\n(.*?)^```", PAGE, re.M | re.S)
    script = "\n".join(blocks).replace("curl -s ", "curl -s -w '\\n%{stderr}%{http_code}\\n' ")
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        env=own,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Counter(done.stderr.split()) == {"200": 41, "201": 7, "409": 1, "412": 1}
    answers = read(done.stdout)
    assert [one["code"] for one in answers if "code" in one] == ["changed_meanwhile", "not_heard"]
    closed = next(one for one in answers if one.get("resolution") == "confirmed")
    fine, bar = closed["decisions"]
    assert (fine["state"], fine["amount"], fine["received"], fine["basis"]) == (
        "carried_out",
        "30000.00",
        "30000.00",
        "40",
    )
    assert (bar["state"], bar["begins_on"], bar["free_on"]) == ("carried_out", "2025-04-01", "2028-04-01")
    assert closed["checks"][0]["agrees"] is True
    (ring,) = closed["rings"]
    assert (ring["became"], ring["now"][0]["ring_id"]) == ("unchanged", ring["ring_id"])
    rings = next(one for one in reversed(answers) if "rings" in one and "total" in one)
    assert (rings["total"], rings["rings"][0]["suppressed"]) == (1, True)
    tip_id = next(one["tip_id"] for one in answers if "tip_id" in one)
    tip = [one for one in answers if one.get("tip_id") == tip_id]
    assert [(one["state"], one["due_on"]) for one in tip] == [
        ("acknowledged", "2025-03-24"),
        ("checked", "2025-06-18"),
        ("answered", "2025-06-18"),
        ("closed", None),
    ]
    watched = next(one for one in answers if "watch_id" in one)
    assert (watched["state"], watched["entity_id"], watched["origin_id"]) == ("active", "H0024", closed["case_id"])
    checks = [one for one in answers if "check_id" in one]
    assert [(one["state"], one["amount"], one["returned"]) for one in checks] == [
        ("answered", "1200.50", "0.00"),
        ("closed", "1200.50", "1200.50"),
    ]
    weekly, statistics, _ = (one for one in answers if "outcomes" in one)
    assert (weekly["report"], weekly["first"], weekly["last"]) == ("weekly", "2025-03-17", "2025-03-23")
    week, year = ({line["name"]: line for line in one["outcomes"]} for one in (weekly, statistics))
    assert (week["total"]["count"], week["total"]["amount"], week["total"]["received"]) == (2, "30000.00", "0.00")
    assert year["total"] == week["total"] | {"received": "30000.00"}
    for table in (weekly["outcomes"], statistics["outcomes"], weekly["behaviours"], statistics["behaviours"]):
        *rows, total = table
        for column in ("count", "facility", "person", "staff"):
            assert total[column] == sum(row[column] for row in rows)
        for column in ("amount", "received"):
            assert Decimal(total[column]) == sum(Decimal(row[column]) for row in rows)
    lines = {line["name"]: line for line in statistics["outcomes"]}
    assert (lines["fine"]["amount"], lines["end_agreement"]["count"], lines["total"]["count"]) == ("30000.00", 1, 2)
    assert statistics["behaviours"][-1]["count"] == 1
    typical = next(one for one in answers if one.get("report") == "typical")
    assert (typical["groups"], typical["others"]) == ([], True)
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "letter.pdf").read_bytes()
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        assert {"case.html", "claims.xlsx", "manifest.json", "rings/01.html", "files/001-letter.pdf"} <= set(
            archive.namelist()
        )
    assert len(openpyxl.load_workbook(tmp_path / "campaign.xlsx").sheetnames) == 5


def test_diagrams_are_those_of_the_code() -> None:
    assert filled(PAGE) == PAGE, "run `python -m ringfinder.casebook.case_states_page`"
    for machine in (CASE, DECISION):
        assert machine.diagram() in PAGE
