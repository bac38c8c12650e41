"""Bringing claims over HTTP: what files would be read as, and which rows a run did not take."""

from __future__ import annotations

from base64 import b64encode

import httpx

from ringfinder.workspace import StoredRun, Workspace
from tests.api.conftest import Served


def looked(client: httpx.Client, *files: tuple[str, bytes], profile: str = "auto") -> httpx.Response:
    told = [{"name": name, "begins": b64encode(content).decode()} for name, content in files]
    return client.post("/v1/claims:look", json={"files": told, "profile": profile})


def test_files_are_looked_at_before_they_are_sent(served: Served) -> None:
    with served.client(served.key("supervisor")) as client:
        header = b"claim_id,patient_id,facility_id,service_type,start_time,weather\n"
        found = looked(client, ("claims.csv", header), ("readme.txt", b"read me")).json()
        claims, left = found["files"]
        assert (found["profile"], claims["table"], claims["missing"]) == ("canonical", "claims", ["total_amount"])
        assert claims["unknown"] == ["weather"]
        assert claims["known"][0] == {"column": "claim_id", "header": "claim_id"}
        assert (left["file"], left["table"]) == ("readme.txt", None)
        assert looked(client, ("prices.csv", b"a,b")).json()["fault"] == "no_claims"
        for wrong in ("../claims.csv", ".hidden", "a/b.csv"):
            assert looked(client, (wrong, b"a")).status_code == 422
        long = looked(client, ("门" * 251 + ".csv", header))
        assert long.status_code == 200
        assert long.json()["files"][0]["file"] == "门" * 83 + ".csv"
        assert looked(client, ("a." + "b" * 253, header)).status_code == 200
        damaged = {"files": [{"name": "claims.csv", "begins": "abcde"}]}
        assert client.post("/v1/claims:look", json=damaged).json()["files"][0]["told"] is False
    assert not [line for line in served.log if "weather" in line or "claims.csv" in line]


def test_rows_that_were_not_taken_are_told_by_reason_never_by_value(served: Served, stored: StoredRun) -> None:
    rejects = Workspace(served.workspace).run(stored.run_id).results / "rejects.csv"
    before = rejects.read_text(encoding="utf-8")
    rows = [
        "claims.csv,7,start_time,05/03/24,date_ambiguous: x / y",
        "claims.csv,9,start_time,06/03/24,date_ambiguous: x / y",
    ]
    rejects.write_text(
        "\n".join(["file,row,column,value,reason", *rows, "claims.csv,8,,,of_tomorrow: x / y", ""]), encoding="utf-8"
    )
    try:
        with served.client(served.key("admin"), "zh") as client:
            found = client.get(f"/v1/runs/{stored.run_id}/rejects").json()
            assert client.get("/v1/runs/none/rejects").json()["code"] == "unknown_run"
    finally:
        rejects.write_text(before, encoding="utf-8")
    first, second = found["reasons"]
    assert (first["file"], first["column"], first["reason"], first["times"], first["first_row"]) == (
        "claims.csv",
        "start_time",
        "date_ambiguous",
        2,
        7,
    )
    assert first["says"].startswith("日期有歧义")
    assert (second["reason"], second["says"], second["column"]) == ("of_tomorrow", "of_tomorrow", "")
    assert "05/03/24" not in str(found)
