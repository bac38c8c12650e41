"""The national platform's form holds exactly the canonical claims, and its stated traps."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ringfinder.claims import read
from ringfinder.claims.city import CityParameters, grow, make_city
from ringfinder.settings import ClaimsSettings
from ringfinder.tables import TABLES

PEOPLE, SEED, RINGS = 1200, 11, 6
PARAMETERS = CityParameters(e_credentials=0.3, refunds=0.02)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The exported files as text tables, and the canonical tables as `canonical_...`, also as text."""
    folder = tmp_path_factory.mktemp("nhsa")
    make_city(folder, PEOPLE, SEED, RINGS, "nhsa", PARAMETERS)
    connection = duckdb.connect()
    for file in folder.glob("*.csv"):
        connection.sql(f"CREATE TABLE {file.stem} AS FROM read_csv('{file}', all_varchar = true, nullstr = '')")
    for name, table in grow(PEOPLE, SEED, RINGS, PARAMETERS).tables.items():
        connection.register("made", table)
        columns = ", ".join(f"{c}::VARCHAR AS {c}" for c in table.column_names)
        connection.sql(f"CREATE TABLE canonical_{name} AS SELECT {columns} FROM made")
    return connection


READ_BACK = """
    SELECT s.setl_id AS claim_id, s.psn_no AS patient_id, s.fixmedins_code AS facility_id,
        CASE WHEN s.med_type IN ('41', '9929') THEN 'pharmacy'
            WHEN s.med_type LIKE '2%' OR s.med_type = '52' THEN 'inpatient' ELSE 'outpatient' END AS service_type,
        s.begndate AS start_time, s.medfee_sumamt AS total_amount,
        CASE WHEN s.mdtrt_cert_type = '03' THEN s.mdtrt_cert_no END AS card_id, v.ATDDR_NO AS doctor_id,
        s.agnter_certno AS recruiter_id, s.opter_id AS operator_id, s.term_no AS terminal_id, s.enddate AS end_time,
        s.setl_time AS settled_at, coalesce(v.DSCG_MAINDIAG_CODE, v.DISE_CODG) AS diagnosis_code,
        s.fund_pay_sumamt AS fund_amount, s.bankacct AS payee_account, s.invono AS invoice_number,
        l.code AS drug_code, CASE WHEN s.refd_setl_flag = '1' THEN s.init_setl_id END AS refund_of
    FROM setl_d s JOIN mdtrt_d v ON v.MDTRT_ID = s.mdtrt_id
    JOIN (SELECT setl_id, arg_max(coalesce(med_list_codg, ''), abs(det_item_fee_sumamt::DECIMAL(14, 2))) AS largest,
            CASE WHEN largest <> '' THEN largest END AS code
        FROM fee_list_d WHERE vali_flag = '1' GROUP BY 1) l ON l.setl_id = s.setl_id
    WHERE s.vali_flag = '1' AND v.VALI_FLAG = '1'
"""


def test_canonical_claims_come_back_exactly(export: duckdb.DuckDBPyConnection) -> None:
    total = export.sql("SELECT count(*) FROM canonical_claims").fetchall()[0][0]
    assert export.sql(f"SELECT count(*) FROM ({READ_BACK})").fetchall() == [(total,)]
    assert export.sql(f"({READ_BACK}) EXCEPT ALL FROM canonical_claims").fetchall() == []


def test_lines_sum_to_their_settlement(export: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT count(*) FROM setl_d s LEFT JOIN
            (SELECT setl_id, sum(det_item_fee_sumamt::DECIMAL(14, 2)) AS total, count(*) AS n
             FROM fee_list_d WHERE setl_id IS NOT NULL GROUP BY 1) l USING (setl_id)
        WHERE l.total IS DISTINCT FROM s.medfee_sumamt::DECIMAL(14, 2) OR l.n > 3
    """
    assert export.sql(wrong).fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("file", "table", "columns"),
    [
        ("psn_info", "patients", {"psn_no": "patient_id", "psn_name": "name", "brdy": "birth_date", "tel": "phone",
                                  "certno": "id_number", "coner_tel": "contact_phone", "addr": "address",
                                  "insuplc_admdvs": "district", "bankacct": "bank_account", "die_date": "death_date",
                                  "psn_type": "category"}),
        ("fixmedins", "facilities", {"fixmedins_code": "facility_id", "admdvs": "district", "fixmedins_name": "name"}),
        ("cards", "cards", {"card_no": "card_id", "psn_no": "patient_id"}),
        ("doctors", "doctors", {"dr_code": "doctor_id", "dr_name": "name", "fixmedins_code": "facility_id"}),
        ("agents", "recruiters", {"agnter_certno": "recruiter_id", "agnter_name": "name", "agnter_tel": "phone",
                                  "bankacct": "bank_account"}),
    ],
)  # fmt: skip
def test_registers_hold_the_same_rows(
    export: duckdb.DuckDBPyConnection, file: str, table: str, columns: dict[str, str]
) -> None:
    there, here = ", ".join(columns), ", ".join(columns.values())
    total = export.sql(f"SELECT count(*) FROM canonical_{table}").fetchall()
    assert export.sql(f"SELECT count(*) FROM {file}").fetchall() == total
    assert export.sql(f"SELECT {there} FROM {file} EXCEPT ALL SELECT {here} FROM canonical_{table}").fetchall() == []


def test_sex_is_one_for_men_and_two_for_women(export: duckdb.DuckDBPyConnection) -> None:
    pairs = "SELECT DISTINCT gend, sex FROM psn_info JOIN canonical_patients ON psn_no = patient_id ORDER BY 1"
    assert export.sql(pairs).fetchall() == [("1", "M"), ("2", "F")]


def test_the_stated_traps_are_there(export: duckdb.DuckDBPyConnection) -> None:
    def count(query: str) -> int:
        return int(export.sql(f"SELECT count(*) FROM {query}").fetchall()[0][0])

    assert count("setl_d WHERE vali_flag = '0'") == count("mdtrt_d WHERE VALI_FLAG = '0'") > 20
    assert count("fee_list_d WHERE vali_flag = '0'") > 20
    assert count("fee_list_d WHERE setl_id IS NULL") > 10
    assert count("mdtrt_d WHERE INHOSP_STAS = '1' AND MDTRT_ID NOT IN (SELECT mdtrt_id FROM setl_d)") > 10
    assert count("setl_d WHERE refd_setl_flag = '1' AND medfee_sumamt LIKE '-%'") > 20
    assert count("setl_d WHERE mdtrt_cert_type = '01' AND mdtrt_cert_no LIKE 'TK%'") > 500
    assert count("(SELECT mdtrt_cert_no FROM setl_d WHERE mdtrt_cert_type = '01' GROUP BY 1 HAVING count(*) > 1)") < 20
    assert count("setl_d WHERE hosp_lv = '1'") > 0
    assert count("mdtrt_d WHERE HOSP_LV = '01'") > 0
    assert count("setl_d WHERE hosp_lv = '11' AND med_type NOT IN ('41', '9929')") == 0


def test_headers_differ_in_case_between_files(tmp_path: Path) -> None:
    make_city(tmp_path, 600, 1, 0, "nhsa")
    heads = {f.stem: f.read_text().split("\n", 1)[0] for f in tmp_path.glob("*_d.csv")}
    assert heads["mdtrt_d"].isupper()
    assert heads["setl_d"].islower()


def test_a_city_that_knows_only_days_exports_bare_days(tmp_path: Path) -> None:
    make_city(tmp_path, 600, 1, 1, "nhsa", CityParameters(hours_known=False))
    read = duckdb.sql(f"SELECT DISTINCT length(begndate) FROM read_csv('{tmp_path}/setl_d.csv', all_varchar = true)")
    assert read.fetchall() == [(10,)]


@pytest.mark.parametrize("seed", [1, 2])
def test_both_forms_are_read_as_the_same_tables(tmp_path: Path, seed: int) -> None:
    folders = {}
    for form in ("canonical", "nhsa"):
        make_city(tmp_path / form, 800, seed, 4, form, CityParameters.draw(seed))  # type: ignore[arg-type]
        folders[form] = read(tmp_path / form, tmp_path / f"{form}_read", ClaimsSettings()).folder
    for table in TABLES:
        a, b = (f"FROM '{folders[form]}/{table.name}.parquet'" for form in ("canonical", "nhsa"))
        assert duckdb.sql(f"SELECT count(*) {a}").fetchall()[0][0] > 0, table.name
        assert duckdb.sql(f"({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a})").fetchall() == [], table.name
