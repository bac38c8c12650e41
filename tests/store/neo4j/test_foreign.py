"""A bureau's own graph: other labels, types and properties, other types of values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ringfinder.errors import UsageError
from ringfinder.store.mapping import Mapping, read
from ringfinder.store.neo4j.link import Link
from ringfinder.store.neo4j.store import Neo4jStore

from .conftest import wipe

pytestmark = pytest.mark.xdist_group("neo4j")

GRAPH = """
CREATE (h:House {code: 'F1', name: '医院', grade: 3})
CREATE (a:`Insured person` {id: 1, born: date('1950-01-31'), tags: ['a']}), (b:`Insured person` {id: 2})
CREATE (d:Doctor {doctor_id: 'D1'})-[:WORKS_AT]->(h)
CREATE (p:Phone {number: '0138'}), (a)-[:HAS_PHONE {use: 'own'}]->(p), (a)-[:CONTACT]->(p), (b)-[:CONTACT]->(p)
CREATE (s:Settlement {no: 7, kind: '门诊', from: datetime('2024-03-01T08:30:15[Asia/Shanghai]'), sum: 12345678.9, drug_code: '甲'})
CREATE (t:Settlement {no: 8, kind: 'inpatient', from: '2024-03-02', sum: '1,234.50', fund_amount: 5})
CREATE (s)-[:OF]->(a), (t)-[:OF]->(b), (s)-[:IN]->(h), (t)-[:IN]->(h), (d)-[:TREATED]->(s)
CREATE (:`RingFinder of others`)
"""
NAMES = """
[labels]
Claim = "Settlement"
Patient = "Insured person"
Facility = "House"
[properties.Claim]
claim_id = "no"
service_type = "kind"
start_time = "from"
total_amount = "sum"
drug_code = ""
[properties.Patient]
patient_id = "id"
birth_date = "born"
[properties.Facility]
facility_id = "code"
level = "grade"
[relationships]
FOR_PATIENT = "OF"
AT_FACILITY = "IN"
BY_DOCTOR = {type = "TREATED", reversed = true}
"patients.contact_phone" = "CONTACT"
"""


@pytest.fixture
def theirs(empty: Link) -> Iterator[Link]:
    empty.change(GRAPH)
    yield empty
    wipe(empty)


def mapping(tmp_path: Path, text: str = NAMES) -> Mapping:
    file = tmp_path / "theirs.toml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def tables_of(link: Link, names: Mapping, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What was read, without columns that hold nothing."""
    folder.mkdir()
    with Neo4jStore(link.address) as store:
        assert not store.has_graph()
        store.read_foreign(names, folder)
    found = {file.stem: pq.read_table(file).to_pylist() for file in sorted(folder.iterdir())}
    return {
        name: [{column: value for column, value in row.items() if value is not None} for row in rows]
        for name, rows in found.items()
    }


def test_claims_are_read_by_their_names_as_texts(theirs: Link, tmp_path: Path) -> None:
    found = tables_of(theirs, mapping(tmp_path), tmp_path / "out")
    assert sorted(found["claims"], key=lambda row: row["claim_id"]) == [
        {
            "claim_id": "7",
            "service_type": "门诊",
            "start_time": "2024-03-01T08:30:15+08:00",
            "total_amount": "12345678.90",
            "patient_id": "1",
            "facility_id": "F1",
            "doctor_id": "D1",
        },
        {
            "claim_id": "8",
            "service_type": "inpatient",
            "start_time": "2024-03-02",
            "total_amount": "1,234.50",
            "fund_amount": "5",
            "patient_id": "2",
            "facility_id": "F1",
        },
    ]
    assert sorted(found["patients"], key=lambda row: row["patient_id"]) == [
        {"patient_id": "1", "birth_date": "1950-01-31", "phone": "0138", "contact_phone": "0138"},
        {"patient_id": "2", "contact_phone": "0138"},
    ]
    assert found["facilities"] == [{"facility_id": "F1", "name": "医院", "level": "3"}]
    assert found["doctors"] == [{"doctor_id": "D1", "facility_id": "F1"}]
    assert set(found) == {"claims", "patients", "facilities", "doctors"}


@pytest.mark.parametrize(
    ("instead", "by", "said"),
    [
        ('"Settlement"', '"Setlement"', r"labels\.Claim is Setlement, and there are .*House, .*Settlement"),
        ('"OF"', '"FOR"', r"relationships\.FOR_PATIENT is FOR, and there are .*OF, .*TREATED"),
        ('"no"', '"nr"', r"no node Settlement has a property nr to be Claim\.claim_id; there are .*kind, no, sum"),
        ('"grade"', '"rank"', r"no node House has a property rank to be Facility\.level; there are code, grade, name"),
        (
            ", reversed = true",
            "",
            "no relationship TREATED goes from Settlement to Doctor; they point the other way: write reversed = true",
        ),
        (
            '"IN"',
            '"WORKS_AT"',
            r"no relationship WORKS_AT goes from Settlement to House; correct relationships\.AT_FACILITY",
        ),
    ],
)
def test_name_that_is_not_there_is_told_with_those_that_are(
    theirs: Link, tmp_path: Path, instead: str, by: str, said: str
) -> None:
    assert NAMES.count(instead) == 1
    names = mapping(tmp_path, NAMES.replace(instead, by))
    with pytest.raises(UsageError, match=rf"^mapping file theirs\.toml: {said}"):
        tables_of(theirs, names, tmp_path / "out")


def test_database_without_claims_says_how_to_name_theirs(theirs: Link, tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"^the Neo4j database: there is no node Claim to be a claim; name theirs as Claim"
    ):
        tables_of(theirs, Mapping(), tmp_path / "out")
