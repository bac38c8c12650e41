"""The files: same arguments same bytes, the canonical contract, the truth, and what is refused."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import duckdb
import pytest

from ringfinder.claims.city import City, CityParameters, grow, make_city
from ringfinder.errors import UsageError
from ringfinder.model import ENTITY_TYPES, KINDS
from ringfinder.tables import BY_NAME

COLUMN_OF = {
    "patient": "patient_id",
    "card": "card_id",
    "doctor": "doctor_id",
    "facility": "facility_id",
    "recruiter": "recruiter_id",
    "account": "payee_account",
    "operator": "operator_id",
    "terminal": "terminal_id",
}


def digests(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


@pytest.mark.parametrize("form", ["canonical", "nhsa"])
def test_same_arguments_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        make_city(tmp_path / name, 900, 3, 5, form, CityParameters.draw(3))  # type: ignore[arg-type]
    make_city(tmp_path / "c", 900, 4, 5, form)  # type: ignore[arg-type]
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_both_forms_have_the_same_truth_and_scenes(tmp_path: Path) -> None:
    make_city(tmp_path / "a", 900, 3, 5)
    make_city(tmp_path / "b", 900, 3, 5, "nhsa")
    a, b = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert {n: a[n] for n in ("truth.json", "scenes.json")} == {n: b[n] for n in ("truth.json", "scenes.json")}


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    make_city(tmp_path / "city", 900, 1, 1)
    assert stat.S_IMODE((tmp_path / "city").stat().st_mode) == 0o700
    assert {stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "city").iterdir()} == {0o600}


def test_files_hold_the_tables_as_they_are(tmp_path: Path) -> None:
    make_city(tmp_path, 900, 5, 3)
    city = grow(900, 5, 3)
    assert json.loads((tmp_path / "truth.json").read_text()) == city.truth
    assert json.loads((tmp_path / "scenes.json").read_text()) == city.scenes
    connection = duckdb.connect()
    for name, table in city.tables.items():
        connection.register("made", table)
        types = ", ".join(f"{c}::VARCHAR AS {c}" for c in table.column_names)
        read = f"(SELECT {types} FROM read_csv('{tmp_path / name}.csv', all_varchar = true, nullstr = ''))"
        times = {c.name for c in BY_NAME[name].columns if c.type == "time"}
        made = ", ".join(
            f"replace({c}::VARCHAR, ' ', 'T')" if c in times else f"{c}::VARCHAR" for c in table.column_names
        )
        made = f"(SELECT {made} FROM made)"
        assert connection.sql(f"SELECT count(*) FROM ({read} EXCEPT ALL {made})").fetchall() == [(0,)], name
        assert connection.sql(f"SELECT (SELECT count(*) FROM {read}) - {len(table)}").fetchall() == [(0,)], name


def test_tables_follow_the_canonical_contract(city: City, sql: duckdb.DuckDBPyConnection) -> None:
    assert set(city.tables) == set(BY_NAME)
    for name, table in city.tables.items():
        contract = BY_NAME[name]
        assert tuple(table.column_names) == contract.column_names
        assert len(set(table[contract.key].to_pylist())) == len(table)
        for column in contract.columns:
            if column.required:
                assert table[column.name].null_count == 0, column.name
            if column.choices:
                assert set(table[column.name].drop_null().unique().to_pylist()) <= set(column.choices), column.name
            if column.type == "id":
                assert "" not in set(table[column.name].drop_null().unique().to_pylist()), column.name


def test_ids_on_claims_are_in_their_tables(sql: duckdb.DuckDBPyConnection) -> None:
    for table in ("patients", "cards", "doctors", "facilities", "recruiters"):
        key = BY_NAME[table].key
        unknown = f"SELECT count(*) FROM claims ANTI JOIN {table} USING ({key}) WHERE {key} IS NOT NULL"
        assert sql.sql(unknown).fetchall() == [(0,)], table


def test_a_card_is_used_for_its_holder_only(sql: duckdb.DuckDBPyConnection) -> None:
    wrong = "SELECT count(*) FROM claims c JOIN cards k USING (card_id) WHERE c.patient_id <> k.patient_id"
    assert sql.sql(wrong).fetchall() == [(0,)]


def test_care_ends_after_it_begins_and_lies_in_the_citys_year(sql: duckdb.DuckDBPyConnection) -> None:
    row = sql.sql("SELECT min(end_time - start_time) > INTERVAL 0 SECOND, min(start_time), max(start_time) FROM claims")
    fine, first, last = row.fetchall()[0]
    assert fine
    assert first.date().isoformat() >= "2024-01-01"
    assert last.date().isoformat() <= "2024-12-30"


def test_thirty_rings_are_every_kind_at_every_level_once(city: City) -> None:
    assert sorted((r["kind"], r["level"]) for r in city.truth) == sorted(
        (kind, level) for kind in KINDS for level in ("plain", "camouflaged", "sparse")
    )


def test_ten_rings_are_every_kind_once_with_levels_mixed() -> None:
    truth = grow(1500, 2, 10).truth
    assert sorted(r["kind"] for r in truth) == sorted(KINDS)
    levels = [r["level"] for r in truth]
    assert sorted(levels.count(level) for level in ("plain", "camouflaged", "sparse")) == [3, 3, 4]


def test_every_member_of_the_truth_acts_in_the_claims(city: City, sql: duckdb.DuckDBPyConnection) -> None:
    for kind, column in COLUMN_OF.items():
        absent = sql.sql(
            f"SELECT count(*) FROM members WHERE entity_type = '{kind}' "
            f"AND entity_id NOT IN (SELECT {column} FROM claims WHERE {column} IS NOT NULL)"
        ).fetchall()
        assert absent == [(0,)], kind
    assert {m["entity_type"] for r in city.truth for m in r["members"]} == set(ENTITY_TYPES)


def test_members_have_ordinary_care_besides_the_ring(city: City) -> None:
    claims = city.tables["claims"]["patient_id"].to_pylist()
    besides = {p for p, ring in zip(claims, city.ring.tolist(), strict=True) if ring < 0}
    living = {
        m["entity_id"]
        for r in city.truth
        for m in r["members"]
        if m["entity_type"] == "patient" and r["kind"] != "after_death"
    }
    assert len(living) > 300
    assert len(living & besides) > 0.95 * len(living)


def test_a_city_without_rings_has_no_ring_but_all_scenes(clean_city: City) -> None:
    assert clean_city.truth == []
    assert clean_city.ring.max() == -1
    assert len({s["kind_of_scene"] for s in clean_city.scenes}) == 38


def test_rings_leave_the_honest_part_of_a_city_as_it_was() -> None:
    """Planting rings books claims beside everyday care; it does not reshuffle who lives where and who is ill when."""
    with_rings, without = grow(1500, 6, 5), grow(1500, 6, 0)
    birth = [sorted(c.tables["patients"]["id_number"].to_pylist()) for c in (with_rings, without)]
    assert birth[0] == birth[1]
    honest = [
        {(row["start_time"], row["total_amount"]) for row in c.tables["claims"].filter(c.ring < 0).to_pylist()}
        for c in (with_rings, without)
    ]
    assert len(honest[0] & honest[1]) > 0.97 * len(honest[1])


@pytest.mark.parametrize(
    ("people", "seed", "rings", "form", "word"),
    [(10, 1, 1, "canonical", "small"), (900, -1, 1, "canonical", "seed"), (900, 1, -1, "canonical", "rings"),
     (900, 1, 1, "excel", "excel")],
)  # fmt: skip
def test_wrong_arguments_are_named(tmp_path: Path, people: int, seed: int, rings: int, form: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        make_city(tmp_path / "x", people, seed, rings, form)  # type: ignore[arg-type]
    assert not (tmp_path / "x").exists()
