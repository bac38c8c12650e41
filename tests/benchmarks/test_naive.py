from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import tiny

from benchmarks import measure, naive

PEOPLE = [
    {"patient_id": f"P{i}", "phone": phone, "contact_phone": contact, "address": address, "bank_account": account}
    for i, (phone, contact, address, account) in enumerate(
        [
            ("1", None, "A", None),
            ("1", None, "B", None),
            ("2", "1", "C", None),  # names the first two's phone
            ("3", None, "C", None),  # lives with the third
            ("4", None, "D", "X"),
            ("5", None, "E", "X"),  # two alone are no group of a plausible size
        ]
    )
]


def city(folder: Path, visits: list[tuple[str, str]]) -> duckdb.DuckDBPyConnection:
    claims = [
        {"claim_id": f"C{i}", "patient_id": patient, "facility_id": "F", "start_time": time, "payee_account": None}
        for i, (patient, time) in enumerate(visits)
    ]
    folder.mkdir(exist_ok=True)
    for name, rows in (("claims", claims), ("patients", PEOPLE)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return naive.open_city(folder)


def test_components_join_people_over_phone_contact_and_address(tmp_path: Path) -> None:
    db = city(tmp_path, [("P0", "2024-01-01T08:00:00")])
    (group,) = naive.components(db)
    assert (group.patients, group.alert) == ({"P0", "P1", "P2", "P3"}, True)
    db.close()


def test_louvain_joins_people_who_came_together_twice(tmp_path: Path) -> None:
    often = [(f"P{i}", f"2024-01-0{day}T08:{i}0:00") for day in (1, 2, 3) for i in (0, 4, 5)]
    once = [("P1", "2024-02-01T08:00:00"), ("P5", "2024-02-01T08:00:00")]
    db = city(tmp_path, often + once)
    assert [group.patients for group in naive.louvain(db)] == [{"P0", "P1", "P4", "P5"}]  # P2 and P3 are too few
    db.close()


def test_repeated_city_has_ids_of_its_own_in_every_copy(tmp_path: Path) -> None:
    full = {name: [{column: f"{column}1" for column in columns}] for name, columns in measure.TABLES.items()}
    for name, rows in full.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    assert measure.repeat(tmp_path, tmp_path / "many", 3) == 3
    with (tmp_path / "many" / "claims.csv").open(encoding="utf-8", newline="") as file:
        copies = list(csv.DictReader(file))
    assert sorted(row["claim_id"] for row in copies) == ["0-claim_id1", "1-claim_id1", "2-claim_id1"]
    assert {row["patient_id"][0] for row in copies} == {"0", "1", "2"}


def test_tables_to_repeat_are_canonical() -> None:
    assert set(measure.TABLES) == set(tiny.BY_NAME)
    for name, ids in measure.TABLES.items():
        assert set(ids) <= set(tiny.BY_NAME[name].column_names)
