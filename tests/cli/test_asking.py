from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.cli.asking import parameter
from ringfinder.errors import UsageError

Invoke = Callable[..., Result]
PEOPLE = "MATCH (p:Patient) WHERE p.name <> '' RETURN p.patient_id AS id, p.name AS called ORDER BY id"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("k=7", 7),
        ("k=-7", -7),
        ("k=0", 0),
        ("k=007", "007"),
        ("k=1.50", 1.5),
        ("k=1e3", "1e3"),
        ("k=1.0e3", 1000.0),
        ("k=true", True),
        ("k=True", "True"),
        ("k=", ""),
        ("k=a=b", "a=b"),
        ("k=9999999999", 9999999999),
        ("k=13812345678", "13812345678"),
        ("k=110101195001011234", "110101195001011234"),
        ("k:int=110101195001011234", 110101195001011234),
        ("k:text=7", "7"),
        ("k:int=007", 7),
        ("k:float=7", 7.0),
        ("k:bool=false", False),
    ],
)
def test_parameters_are_typed(given: str, value: object) -> None:
    name, typed = parameter(given)
    assert (name, typed, type(typed)) == ("k", value, type(value))


@pytest.mark.parametrize("given", ["k", "=7", "k:date=7", "k:int=x", "k:bool=1", ":int=7"])
def test_wrong_parameters_are_refused_without_their_value(given: str) -> None:
    with pytest.raises(UsageError, match="--param"):
        parameter(given)


def test_query_masks_names_under_any_heading(invoke: Invoke, workspace: Path) -> None:
    result = invoke("query", PEOPLE, "--workspace", workspace, "--format", "csv")
    assert result.stdout.splitlines()[:3] == ["id,called", "P1,王**", "P2,李*"]
    shown = invoke("query", PEOPLE, "--workspace", workspace, "--format", "csv", "--unmask")
    assert shown.stdout.splitlines()[1] == "P1,王小明"


def test_query_takes_typed_parameters_and_prints_json(invoke: Invoke, workspace: Path) -> None:
    statement = "MATCH (r:Ring) WHERE r.score > $least AND r.kind <> $kind RETURN r.ring_id, r.districts, r.first_time"
    result = invoke(
        "query", statement, "--param", "least=50", "--param", "kind=insider", "--workspace", workspace, "--json"
    )
    assert json.loads(result.stdout) == [
        {"r.ring_id": "R;1", "r.districts": ["西城", "东;城"], "r.first_time": "2024-03-01T09:00:00"}
    ]


def test_query_from_a_file_prints_a_table(invoke: Invoke, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "q.cypher").write_text("MATCH (p:Patient {patient_id: 'P1'}) RETURN p.phone IS NULL AS x, p", "utf-8")
    (tmp_path / "q.cypher").write_text("MATCH (c:Claim) RETURN count(*) AS claims", "utf-8")
    result = invoke("query", "--file", tmp_path / "q.cypher", "--workspace", workspace)
    assert result.stdout.split()[0] == "claims"
    assert result.stdout.split()[-1] == "6"


def test_columns_of_one_name_are_all_printed_and_refused_where_json_cannot_hold_them(
    invoke: Invoke, workspace: Path
) -> None:
    statement = "MATCH (r:Ring {ring_id: 'R0'}) RETURN r.ring_id AS a, r.kind AS a, r.patients AS b"
    result = invoke("query", statement, "--workspace", workspace, "--format", "csv")
    assert (result.exit_code, result.stdout) == (0, "a,a,b\nR0,rotation,1\n")
    refused = invoke("query", statement, "--workspace", workspace, "--json")
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        2,
        "",
        "Error: two columns are called a, which JSON cannot hold; call one otherwise with AS\n",
    )


def test_no_text_of_a_csv_is_computed_by_a_spreadsheet(invoke: Invoke, workspace: Path) -> None:
    statement = "RETURN '=1+1' AS `@a`, '+86' AS b, '-2' AS c, ['@d', 'e'] AS d, -2 AS number, 'a=b' AS text"
    result = invoke("query", statement, "--workspace", workspace, "--format", "csv")
    assert (result.exit_code, result.stdout) == (0, "'@a,b,c,d,number,text\n'=1+1,'+86,'-2,'@d;e,-2,a=b\n")


def test_query_file_that_cannot_be_read_is_told_in_words(invoke: Invoke, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "q.cypher").write_bytes("MATCH (n) RETURN '测试'".encode("gb18030"))
    for name, why in (("q.cypher", "it is not UTF-8 text"), ("none.cypher", "No such file or directory")):
        result = invoke("query", "--file", tmp_path / name, "--workspace", workspace)
        assert (result.exit_code, result.stderr) == (
            2,
            f"Error: query file {name} cannot be read ({why}); give a text file that is there\n",
        )


def test_cut_is_said_on_stderr(invoke: Invoke, workspace: Path) -> None:
    result = invoke(
        "query", "MATCH (c:Claim) RETURN c.claim_id", "--limit", "2", "--workspace", workspace, "--format", "csv"
    )
    assert len(result.stdout.splitlines()) == 3
    assert result.stderr == "Cut after 2 rows; ask for more with --limit.\n"


def test_nothing_found_is_said(invoke: Invoke, workspace: Path) -> None:
    result = invoke("query", "MATCH (c:Claim {claim_id: 'none'}) RETURN c.claim_id", "--workspace", workspace)
    assert result.stdout == "No rows.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (PEOPLE, "--file", "q.cypher"),
        ("--file", "missing.cypher"),
        ("MATCH (c:Claim) DELETE c",),
        ("MATCH (c:Claim) WHERE c.claim_id = $id RETURN c",),
        ("NONSENSE",),
        (PEOPLE, "--param", "k"),
    ],
)
def test_wrong_queries_end_with_2_and_one_sentence(invoke: Invoke, workspace: Path, arguments: tuple[str, ...]) -> None:
    result = invoke("query", *arguments, "--workspace", workspace)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert tiny.PAYEE not in result.stderr


def test_value_of_another_type_is_told_without_a_value_of_the_claims(invoke: Invoke, workspace: Path) -> None:
    statement = "MATCH (p:Patient) WHERE p.name = $x RETURN p"
    result = invoke("query", statement, "--param", "x=7", "--workspace", workspace)
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: the query cannot be run: it compares or casts a value to a type that it has not;"
        " give ids and phones as text (--param NAME:text=VALUE)\n",
    )
