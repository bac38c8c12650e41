from __future__ import annotations

import csv
import errno
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from openpyxl import load_workbook
from typer.testing import Result

from ringfinder.cli.unknown import TYPE_OF
from ringfinder.store.queries import library

Invoke = Callable[..., Result]
PAID = ("hunt/payee-strangers", "--p", "least=2", "--p", "least_addresses=0")


def test_list_names_every_query_with_its_title_in_both_languages(invoke: Invoke) -> None:
    for lang in ("zh", "en"):
        rows = json.loads(invoke("cypher", "list", "--json", "--lang", lang).stdout)
        assert [(row["name"], row["title"]) for row in rows] == [
            (name, query.titles[lang]) for name, query in library().items()
        ]
    assert "hunt/admitted-together" in invoke("cypher", "list").stdout


def test_list_can_be_narrowed_to_a_folder_and_a_kind(invoke: Invoke) -> None:
    rows = json.loads(invoke("cypher", "list", "hunt", "--kind", "rotation", "--json").stdout)
    assert [row["name"] for row in rows] == ["hunt/readmitted", "hunt/rotation-between", "hunt/screen-frequent"]
    assert invoke("cypher", "list", "read", "--kind", "rotation").stdout == "No such queries.\n"


def test_show_prints_header_and_statement(invoke: Invoke) -> None:
    shown = invoke("cypher", "show", "hunt/readmitted").stdout
    assert "Discharged and admitted again" in shown
    assert "(rotation)" in shown
    assert "within so many days of the discharge" in shown
    assert shown.rstrip().endswith("ORDER BY returns DESC, patient_id")
    assert "出院几天内又入院" in invoke("cypher", "show", "hunt/readmitted", "--lang", "zh").stdout


def test_show_prints_the_statement_of_the_store_asked_for(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "* SHORTEST 1..8" in invoke("cypher", "show", "read/path").stdout
    assert "shortestPath(" in invoke("cypher", "show", "read/path", "--store", "neo4j").stdout
    assert "localdatetime.truncate(" in invoke("cypher", "show", "hunt/stays-alike", "--store", "neo4j").stdout
    assert "KeptRing" in invoke("cypher", "show", "result/changes").stdout
    monkeypatch.setenv("RINGFINDER_NEO4J_PREFIX", "RF_")
    assert (
        "MATCH (p:RF_Patient)<-[:RF_FOR_PATIENT]-(a:RF_Claim)"
        in invoke("cypher", "show", "hunt/readmitted", "--store", "neo4j").stdout
    )
    assert "RF_" not in invoke("cypher", "show", "hunt/readmitted").stdout
    shown = json.loads(invoke("cypher", "show", "hunt/spread", "--json").stdout)
    assert shown["parameters"][0] == {
        "name": "seeds",
        "type": "texts",
        "default": None,
        "meaning": "ids of known people, joined by semicolons",
    }
    assert shown["statement"].startswith("MATCH (s:Patient)")


def test_run_masks_personal_values_unless_told_otherwise(invoke: Invoke, workspace: Path) -> None:
    result = invoke("cypher", "run", *PAID, "--workspace", workspace, "--format", "csv")
    assert result.stdout.splitlines() == [
        "account,patients,addresses,claims,total_amount,first_time,last_time",
        "****2222,2,1,2,200.0,2024-03-01T09:00:00,2024-03-01T09:05:00",
    ]
    shown = invoke("cypher", "run", *PAID, "--workspace", workspace, "--json", "--unmask")
    assert json.loads(shown.stdout)[0]["account"] == tiny.PAYEE


def test_run_prints_a_table_and_says_what_was_cut_or_empty(invoke: Invoke, workspace: Path) -> None:
    result = invoke("cypher", "run", "result/rings", "--limit", "1", "--workspace", workspace)
    assert "R;1" in result.stdout
    assert result.stderr == "Cut after 1 row; ask for more with --limit.\n"
    nothing = invoke("cypher", "run", "hunt/readmitted", "--workspace", workspace)
    assert nothing.stdout == "No rows.\n"


@pytest.mark.parametrize(
    ("asked", "unknown"),
    [
        (("read/patient-timeline", "patient_id=P9"), "P9"),
        (("hunt/spread", "seeds=P1;P9;P8"), "P9, P8"),
        (("hunt/watch-list", "ids=D1;R1;K1;O1;T1;X1"), "X1"),
        (("hunt/watch-list", "ids=13812345677"), "138******77"),
        (("read/account-timeline", "account=6222020200011113333"), "****3333"),
        (("read/entity", "entity_type=doctor", "entity_id=P1"), "P1"),
        (("read/ring-members", "ring_id=R9"), "R9"),
        (("read/patient-timeline", "patient_id=P1"), ""),
        (("read/ring-members", "ring_id=R;1"), ""),
        (("read/account-timeline", f"account={tiny.PAYEE}"), ""),
    ],
)
def test_ids_that_the_run_does_not_know_are_told_beside_the_answer(
    invoke: Invoke, workspace: Path, asked: tuple[str, ...], unknown: str
) -> None:
    name, *values = asked
    given = [word for value in values for word in ("--p", value)]
    result = invoke("cypher", "run", name, *given, "--workspace", workspace)
    assert result.exit_code == 0
    assert result.stderr == (f"The current run knows no {unknown}; check the ids.\n" if unknown else "")
    written = invoke("cypher", "export", name, "x.csv", *given, "--workspace", workspace)
    assert written.stderr == result.stderr


def test_every_parameter_that_is_an_id_is_looked_up() -> None:
    texts = {
        p.name
        for query in library().values()
        for p in query.parameters
        if p.type in ("text", "texts") and not p.choices
    }
    assert texts == {*TYPE_OF, "entity_id", "excluded", "supported", "before"}


def test_all_doctors_is_no_id(invoke: Invoke, workspace: Path) -> None:
    (name,) = (n for n, query in library().items() if any(p.name == "doctor_id" for p in query.parameters))
    assert invoke("cypher", "run", name, "--workspace", workspace).stderr == ""


def test_explain_prints_the_plan(invoke: Invoke, workspace: Path) -> None:
    result = invoke("cypher", "explain", "result/rings", "--workspace", workspace)
    assert "SCAN_NODE_TABLE" in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.splitlines())


def export(invoke: Invoke, workspace: Path, name: str, *more: str) -> Path:
    result = invoke("cypher", "export", *PAID, name, *more, "--workspace", workspace)
    assert (result.exit_code, result.stdout) == (0, f"Wrote {name}: 1 row.\n")
    assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    return Path(name)


def test_export_writes_csv_and_json(invoke: Invoke, workspace: Path) -> None:
    with export(invoke, workspace, "x.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.DictReader(file))["account"] == "****2222"
    (row,) = json.loads(export(invoke, workspace, "x.json", "--unmask").read_text("utf-8"))
    assert (row["account"], row["patients"], row["total_amount"]) == (tiny.PAYEE, 2, 200.0)


def test_a_csv_for_a_spreadsheet_says_that_it_is_utf8_and_the_printed_one_for_programs_does_not(
    invoke: Invoke, workspace: Path
) -> None:
    assert export(invoke, workspace, "x.csv").read_bytes().startswith(b"\xef\xbb\xbfaccount,patients,")
    printed = invoke("cypher", "run", *PAID, "--workspace", workspace, "--format", "csv")
    assert printed.stdout_bytes.startswith(b"account,patients,")


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "html"])
def test_what_stood_in_the_file_stays_where_the_export_cannot_be_written_whole(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"x.{form}"
    file.write_text("of yesterday")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = invoke(
        "cypher", "export", "read/recruiter-timeline", file, "--p", "recruiter_id=R1", "--workspace", workspace
    )
    assert (result.exit_code, result.stderr) == (
        2,
        f"Error: x.{form} cannot be written (No space left on device); name a file in a folder that is there\n",
    )
    assert file.read_text() == "of yesterday"
    assert list(tmp_path.iterdir()) == [file]


def test_export_writes_a_workbook_that_says_what_was_asked(invoke: Invoke, workspace: Path) -> None:
    book = load_workbook(export(invoke, workspace, "x.xlsx"))
    rows = [[cell.value for cell in row] for row in book["rows"].iter_rows(max_col=3)]
    assert rows == [["account", "patients", "addresses"], ["****2222", 2, 1]]
    about = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    assert about[0] == ["query", "hunt/payee-strangers"]
    assert ["parameter", "least = 2"] in about
    assert ["column", "patients: patients"] in about


def test_a_colon_in_chinese_is_a_chinese_one(invoke: Invoke, workspace: Path) -> None:
    shown = invoke("cypher", "show", "hunt/admitted-together", "--lang", "zh").stdout
    assert "团伙类型：有偿推荐、诱导住院（paid_referral）、虚假住院、挂床（sham_stay）" in shown
    assert invoke("cypher", "export", *PAID, "x.xlsx", "--workspace", workspace, "--lang", "zh").exit_code == 0
    about = [[cell.value for cell in row] for row in load_workbook("x.xlsx")["about"].iter_rows()]
    assert ["列", "patients：参保人数"] in about


def test_workbook_masks_what_was_asked_for(invoke: Invoke, workspace: Path) -> None:
    question = ("read/account-timeline", "x.xlsx", "--p", f"account={tiny.PAYEE}", "--workspace", workspace)
    for more, shown in (((), "account = ****2222"), (("--unmask",), f"account = {tiny.PAYEE}")):
        assert invoke("cypher", "export", *question, *more).exit_code == 0
        about = [[cell.value for cell in row] for row in load_workbook("x.xlsx")["about"].iter_rows()]
        assert ["parameter", shown] in about


def test_export_draws_the_graph_of_an_answer(invoke: Invoke, workspace: Path) -> None:
    result = invoke(
        "cypher", "export", "read/recruiter-timeline", "x.html", "--p", "recruiter_id=R1", "--workspace", workspace
    )
    assert result.exit_code == 0
    page = Path("x.html").read_text("utf-8")
    assert page.count("<circle") == 7  # claims C1 C2, patients P1 P2, F1, D1 and the account
    assert tiny.PAYEE not in page
    assert "****2222" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("run", "hunt/readmited"),
            "there is no query hunt/readmited; the nearest are hunt/readmitted, hunt/spread, hunt/admitted-together",
        ),
        (("show", "readmitted"), "there is no query readmitted; the nearest are hunt/readmitted"),
        (("run", "hunt/readmitted", "--p", "day=3"), "the query has no parameter $day; it has $days, $least"),
        (("run", "hunt/readmitted", "--p", "days=x"), "parameter $days must be a number of days; that value is none"),
        (("list", "hunts"), "there is no folder hunts of queries; there are hunt, read, result, watch"),
        (("list", "hunt", "--kind", "sham-stay"), "there is no kind sham-stay; there are paid_referral"),
        (("run", "hunt/spread"), "hunt/spread needs a value for $seeds; give one with --p seeds=VALUE"),
        (("explain", "hunt/spread"), "hunt/spread needs a value for $seeds"),
        (("run", "hunt/readmitted", "--p", "days"), "--p needs NAME=VALUE, each name once; it got days"),
        (("run", "hunt/readmitted", "--p", "days=1", "--p", "days=2"), "--p needs NAME=VALUE, each name once; it got days"),
        (("run", "result/changes", "--p", "before=x"), "result/changes is answered only by the neo4j store"),
        (("show", "result/changes", "--store", "embedded"), "result/changes is answered only by the neo4j store"),
        (("export", "result/rings-by-kind", "x.html"), "result/rings-by-kind names no entities to draw; export it as"),
        (("export", "result/rings-by-kind", "x.doc"), "the file x.doc must end in .csv, .json, .xlsx, .html"),
        (("export", "result/rings-by-kind", "no/x.csv"), "x.csv cannot be written (No such file or directory)"),
        (("export", "result/rings-by-kind", "no/x.xlsx"), "x.xlsx cannot be written (No such file or directory)"),
    ],
)  # fmt: skip
def test_slips_end_with_2_and_one_sentence(
    invoke: Invoke, workspace: Path, arguments: tuple[str, ...], said: str
) -> None:
    more = () if arguments[0] in ("show", "list") else ("--workspace", workspace)
    result = invoke("cypher", *arguments, *more)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {said}")
    assert result.stderr.count("\n") == 1


def test_slip_is_told_before_a_run_is_looked_for(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("cypher", "run", "hunt/readmitted", "--p", "days=x", "--workspace", tmp_path / "none")
    assert result.stderr == "Error: parameter $days must be a number of days; that value is none\n"
    assert invoke("cypher", "run", "hunt/readmitted", "--workspace", tmp_path / "none").exit_code == 2
