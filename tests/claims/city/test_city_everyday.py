"""Everyday care looks like care: who has what, when, where and at what price."""

from __future__ import annotations

import duckdb
import numpy as np

from ringfinder.claims.city.codebook import DIAGNOSES, DRUGS, age_row, diagnosis_table

Sql = duckdb.DuckDBPyConnection


def value(sql: Sql, query: str) -> float:
    return float(sql.sql(query).fetchall()[0][0])


def test_codes_are_unique_and_every_sex_and_age_can_fall_ill() -> None:
    assert len({d.code for d in DIAGNOSES}) == len(DIAGNOSES)
    assert len({d.code for d in DRUGS}) == len(DRUGS)
    for kind in ("visits", "stays", "respiratory", "chronic"):
        table = diagnosis_table(kind)
        assert table.shape == (16, len(DIAGNOSES))
        assert (table[:, -1] == 1).all()


def test_age_rows_tell_sex_and_age_apart() -> None:
    rows = age_row(np.array([0, 0, 1, 1]), np.array([0, 80, 0, 80]))
    assert rows.tolist() == [0, 7, 8, 15]


def test_some_eight_claims_a_head_and_year(clean_sql: Sql) -> None:
    assert 6 < value(clean_sql, "SELECT (SELECT count(*) FROM claims) / (SELECT count(*) FROM patients)") < 14


def test_diagnoses_fit_sex_and_age_but_for_noise(clean_sql: Sql) -> None:
    women = ", ".join(f"'{d.code}'" for d in DIAGNOSES if d.sex == "F")
    share = value(
        clean_sql,
        f"SELECT avg((sex = 'M')::INT) FROM claims JOIN patients USING (patient_id) WHERE diagnosis_code IN ({women})",
    )
    assert 0 < share < 0.05


def test_stays_gather_at_few_large_hospitals(sql: Sql) -> None:
    counts = [
        r[0]
        for r in sql.sql(
            "SELECT count(*) AS n FROM claims WHERE service_type = 'outpatient' GROUP BY facility_id ORDER BY n DESC"
        ).fetchall()
    ]
    assert sum(counts[: len(counts) // 5]) > 0.4 * sum(counts)


def test_people_keep_to_their_doctor(clean_sql: Sql) -> None:
    top = (
        "SELECT avg(top) FROM (SELECT patient_id, max(n) / sum(n) AS top FROM (SELECT patient_id, doctor_id, "
        "count(*) AS n FROM claims WHERE service_type = 'outpatient' AND doctor_id IS NOT NULL GROUP BY ALL) "
        "GROUP BY 1 HAVING sum(n) >= 5)"
    )
    assert value(clean_sql, top) > 0.35


def test_chronic_people_fetch_their_medicine_about_monthly(clean_sql: Sql) -> None:
    gaps = (
        "SELECT median(gap) FROM (SELECT start_time::DATE - lag(start_time::DATE) OVER (PARTITION BY patient_id, "
        "drug_code ORDER BY start_time) AS gap FROM claims WHERE service_type = 'pharmacy' "
        "AND diagnosis_code IN ('I10', 'E11.9')) WHERE gap BETWEEN 10 AND 80"
    )
    assert 26 <= value(clean_sql, gaps) <= 36


def test_refunds_cancel_what_they_name(clean_sql: Sql) -> None:
    refunds = "FROM claims r JOIN claims c ON c.claim_id = r.refund_of"
    assert value(clean_sql, f"SELECT count(*) {refunds}") > 20
    assert value(clean_sql, "SELECT count(*) FROM claims WHERE (total_amount < 0) <> (refund_of IS NOT NULL)") == 0
    same = "r.patient_id = c.patient_id AND r.facility_id = c.facility_id AND r.total_amount = -c.total_amount"
    assert value(clean_sql, f"SELECT count(*) {refunds} WHERE NOT ({same}) OR r.settled_at <= c.settled_at") == 0


def test_price_points_make_honest_stays_equal(clean_sql: Sql) -> None:
    equal = (
        "SELECT avg((n > 1)::INT) FROM (SELECT count(*) OVER (PARTITION BY facility_id, diagnosis_code, "
        "total_amount) AS n FROM claims WHERE service_type = 'inpatient')"
    )
    assert value(clean_sql, equal) > 0.3


def test_paper_files_have_invoice_clerk_and_account_and_come_weeks_later(clean_sql: Sql) -> None:
    files = "FROM claims WHERE invoice_number IS NOT NULL AND refund_of IS NULL"
    assert value(clean_sql, f"SELECT count(*) {files}") > 300
    assert value(clean_sql, f"SELECT count(*) {files} AND (operator_id IS NULL OR terminal_id IS NOT NULL)") == 0
    assert 7 < value(clean_sql, f"SELECT median(date_diff('day', end_time, settled_at)) {files}") < 60


def test_the_fund_pays_part_of_the_bill(clean_sql: Sql) -> None:
    assert value(clean_sql, "SELECT count(*) FROM claims WHERE abs(fund_amount) > abs(total_amount)") == 0
    assert 0.45 < value(clean_sql, "SELECT sum(fund_amount) / sum(total_amount) FROM claims") < 0.85


def test_nights_are_quiet_and_mornings_busy(clean_sql: Sql) -> None:
    at_night = "SELECT avg((hour(start_time) < 6)::INT) FROM claims"
    assert value(clean_sql, at_night) < 0.04
    morning = "SELECT avg((hour(start_time) BETWEEN 8 AND 11)::INT) FROM claims WHERE service_type = 'outpatient'"
    assert value(clean_sql, morning) > 0.4
