"""Each kind's defining pattern, counted on the written tables and the truth alone, for every ring at every level."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest

from ringfinder.claims.city.codebook import DIAGNOSES

Sql = duckdb.DuckDBPyConnection
LIVE = "refund_of IS NULL AND total_amount > 0"


def rings(sql: Sql, kind: str) -> list[str]:
    found = [r[0] for r in sql.sql(f"SELECT DISTINCT ring_id FROM members WHERE kind = '{kind}' ORDER BY 1").fetchall()]
    assert len(found) == 3
    return found


def ids(sql: Sql, ring: str, entity_type: str) -> str:
    """Members of one type as an SQL list."""
    query = f"SELECT entity_id FROM members WHERE ring_id = '{ring}' AND entity_type = '{entity_type}'"
    return "(" + ", ".join(f"'{r[0]}'" for r in sql.sql(query).fetchall()) + ")"


def one(sql: Sql, query: str) -> Any:
    return sql.sql(query).fetchall()[0][0]


def mine(sql: Sql, ring: str, where: str = "true") -> str:
    """The live claims of the ring's patients."""
    return f"(SELECT * FROM claims WHERE {LIVE} AND patient_id IN {ids(sql, ring, 'patient')} AND {where})"


def test_paid_referral_brings_dear_admissions_in_waves(sql: Sql) -> None:
    for ring in rings(sql, "paid_referral"):
        hospital, doctors = ids(sql, ring, "facility"), ids(sql, ring, "doctor")
        stays = mine(sql, ring, f"service_type = 'inpatient' AND facility_id IN {hospital} AND doctor_id IN {doctors}")
        waves = (
            f"SELECT count(*) FROM (SELECT start_time::DATE AS d, (SELECT count(DISTINCT patient_id) FROM {stays} b "
            f"WHERE abs(b.start_time::DATE - a.start_time::DATE) <= 2) AS n FROM {stays} a) WHERE n >= 3"
        )
        assert one(sql, waves) >= 9
        usual = (
            f"SELECT diagnosis_code, median(total_amount) AS price FROM claims WHERE {LIVE} "
            "AND service_type = 'inpatient' AND patient_id NOT IN (SELECT entity_id FROM members) GROUP BY 1"
        )
        assert one(sql, f"SELECT avg(total_amount / price) FROM {stays} JOIN ({usual}) USING (diagnosis_code)") > 1.1
        assert one(sql, f"SELECT count(DISTINCT doctor_id) FROM {stays}") <= 3


def test_paid_referral_hides_the_go_between_behind_contact_phones_when_camouflaged(sql: Sql) -> None:
    for ring in rings(sql, "paid_referral"):
        agent = ids(sql, ring, "recruiter")
        level = one(sql, f"SELECT any_value(level) FROM members WHERE ring_id = '{ring}'")
        named = one(sql, f"SELECT count(*) FROM {mine(sql, ring)} WHERE recruiter_id IN {agent}")
        carriers = one(
            sql,
            f"SELECT count(*) FROM patients WHERE patient_id IN {ids(sql, ring, 'patient')} AND contact_phone IN "
            f"(SELECT phone FROM recruiters WHERE recruiter_id IN {agent})",
        )
        stays = one(sql, f"SELECT count(*) FROM {mine(sql, ring)} WHERE facility_id IN {ids(sql, ring, 'facility')}")
        assert named >= 0.5 * stays if level == "plain" else carriers + named >= 2


def test_sham_stay_beds_are_left_far_more_often_than_others(sql: Sql) -> None:
    outside = (
        "SELECT avg(EXISTS (SELECT 1 FROM claims o "
        "WHERE o.patient_id = s.patient_id AND o.facility_id <> s.facility_id "
        "AND o.start_time > s.start_time + INTERVAL 6 HOUR AND o.start_time < s.end_time - INTERVAL 6 HOUR)::INT) "
    )
    everybody = one(sql, f"{outside} FROM claims s WHERE service_type = 'inpatient' AND {LIVE}")
    for ring in rings(sql, "sham_stay"):
        where = f"service_type = 'inpatient' AND facility_id IN {ids(sql, ring, 'facility')}"
        stays = mine(sql, ring, where)
        assert one(sql, f"{outside} FROM {stays} s") > max(0.2, 3 * everybody)
        together = (
            f"SELECT count(*) FROM {stays} a JOIN {stays} b ON a.patient_id < b.patient_id AND "
            "abs(a.start_time::DATE - b.start_time::DATE) <= 2 AND abs(a.end_time::DATE - b.end_time::DATE) <= 4"
        )
        assert one(sql, together) >= 0.8 * one(sql, f"SELECT count(*) FROM {stays}")


def test_rotation_readmits_elsewhere_within_days(sql: Sql) -> None:
    for ring in rings(sql, "rotation"):
        hospitals, doctors = ids(sql, ring, "facility"), ids(sql, ring, "doctor")
        where = f"service_type = 'inpatient' AND facility_id IN {hospitals} AND doctor_id IN {doctors}"
        stays = mine(sql, ring, where)
        moves = (
            f"SELECT count(*) FROM {stays} a JOIN {stays} b USING (patient_id) WHERE a.facility_id <> b.facility_id "
            "AND b.start_time > a.end_time AND b.start_time < a.end_time + INTERVAL 15 DAY"
        )
        people = one(sql, f"SELECT count(DISTINCT patient_id) FROM {stays}")
        assert one(sql, moves) >= 0.8 * people
        assert 2 <= one(sql, f"SELECT count(DISTINCT facility_id) FROM {stays}") <= 3


def test_retained_cards_run_through_one_till_under_a_limit(sql: Sql) -> None:
    for ring in rings(sql, "retained_cards"):
        swipes = mine(sql, ring, f"terminal_id IN {ids(sql, ring, 'terminal')} AND card_id IN {ids(sql, ring, 'card')}")
        near = (
            f"(SELECT s.* FROM {swipes} s WHERE EXISTS (SELECT 1 FROM {swipes} o WHERE o.patient_id <> s.patient_id "
            "AND abs(epoch(o.start_time) - epoch(s.start_time)) < 720))"
        )
        in_runs = one(sql, f"SELECT count(*) FROM {near}")
        assert in_runs > 0.4 * one(sql, f"SELECT count(*) FROM {swipes}")
        assert one(sql, f"SELECT count(DISTINCT start_time::DATE) FROM {near}") >= 4
        top = float(one(sql, f"SELECT max(total_amount) FROM {near} WHERE total_amount <= 500"))
        assert one(sql, f"SELECT count(*) FROM {near} WHERE total_amount BETWEEN 0.7 * {top} AND {top}") > 0.9 * in_runs


def test_lent_cards_treat_others_than_their_holders(sql: Sql) -> None:
    only = {sex: ", ".join(repr(d.code) for d in DIAGNOSES if d.sex == sex) for sex in "FM"}
    young = ", ".join(repr(d.code) for d in DIAGNOSES if d.ages[1] < 15)
    misfit = (
        f"SELECT avg(((sex = 'M' AND diagnosis_code IN ({only['F']})) "
        f"OR (sex = 'F' AND diagnosis_code IN ({only['M']})) "
        f"OR (diagnosis_code IN ({young}) AND birth_date < DATE '2005-01-01'))::INT) "
        "FROM {} JOIN patients USING (patient_id)"
    )
    base = one(sql, misfit.format("claims"))
    assert base < 0.02
    for ring in rings(sql, "lent_cards"):
        used = mine(sql, ring, f"service_type = 'outpatient' AND card_id IN {ids(sql, ring, 'card')}")
        sessions = (
            f"(SELECT u.* FROM {used} u JOIN (SELECT facility_id, start_time::DATE AS day FROM {used} GROUP BY ALL "
            "HAVING count(DISTINCT patient_id) > 2) d ON d.facility_id = u.facility_id AND d.day = u.start_time::DATE)"
        )
        assert one(sql, f"SELECT count(DISTINCT start_time::DATE) FROM {sessions}") >= 4
        assert one(sql, misfit.format(sessions)) > 0.12


def test_drug_resale_goes_round_pharmacies_together(sql: Sql) -> None:
    costly = (
        "(SELECT drug_code FROM claims WHERE service_type = 'pharmacy' GROUP BY 1 HAVING median(total_amount) > 250)"
    )
    for ring in rings(sql, "drug_resale"):
        sales = mine(sql, ring, f"service_type = 'pharmacy' AND drug_code IN {costly}")
        trips = (
            "SELECT start_time::DATE FROM " + sales + " GROUP BY 1 "
            "HAVING count(DISTINCT patient_id) >= 3 AND count(DISTINCT facility_id) >= 2"
        )
        assert one(sql, f"SELECT count(*) FROM ({trips})") >= 4
        assert one(sql, f"SELECT sum(total_amount) FROM {sales}") > 20_000


def test_fake_bills_of_far_places_flow_to_few_accounts(sql: Sql) -> None:
    for ring in rings(sql, "fake_bills"):
        accounts = ids(sql, ring, "account")
        bills = mine(sql, ring, f"invoice_number IS NOT NULL AND payee_account IN {accounts}")
        places = sql.sql(f"SELECT facility_id FROM {bills} GROUP BY 1 HAVING count(*) >= 3").fetchall()
        assert 1 <= len(places) <= 2
        people = one(sql, f"SELECT count(DISTINCT patient_id) FROM {bills}")
        assert people >= 0.6 * one(
            sql, f"SELECT count(*) FROM members WHERE ring_id = '{ring}' AND entity_type = 'patient'"
        )
        far = one(
            sql,
            f"SELECT min(abs(latitude - 31.2) + abs(longitude - 118.6)) FROM facilities "
            f"WHERE facility_id IN (SELECT facility_id FROM {bills} GROUP BY 1 HAVING count(*) >= 3)",
        )
        assert far > 1.0  # degrees: more than a hundred kilometres
        amounts = np.array([float(r[0]) for r in sql.sql(f"SELECT total_amount FROM {bills}").fetchall()])
        near = np.abs(np.log(amounts[:, None] / amounts)) < 0.15
        assert near.mean() > 0.35


def test_fake_bills_use_invoice_numbers_again(sql: Sql) -> None:
    again = 0
    for ring in rings(sql, "fake_bills"):
        numbers = mine(sql, ring, "invoice_number IS NOT NULL")
        again += one(sql, f"SELECT count(*) - count(DISTINCT invoice_number) FROM {numbers}")
    assert again >= 8


def test_doctor_and_pharmacy_share_far_more_than_others(sql: Sql) -> None:
    for ring in rings(sql, "doctor_pharmacy"):
        doctor, shop = ids(sql, ring, "doctor"), ids(sql, ring, "facility")
        share = f"SELECT avg((facility_id IN {shop})::INT) FROM {{}} WHERE service_type = 'pharmacy' AND doctor_id {{}}"
        inside = one(sql, share.format(mine(sql, ring), f"IN {doctor}"))
        outside = one(sql, share.format("claims", f"NOT IN {doctor}"))
        assert inside > 0.55
        assert outside < 0.45
        # the medicine is the same for nearly everybody
        top = (
            f"SELECT max(n) / sum(n) FROM (SELECT count(*) AS n FROM {mine(sql, ring)} "
            f"WHERE facility_id IN {shop} AND doctor_id IN {doctor} GROUP BY drug_code)"
        )
        assert one(sql, top) > 0.35


def test_insider_settles_the_groups_files_in_runs(sql: Sql) -> None:
    for ring in rings(sql, "insider"):
        operator = ids(sql, ring, "operator")
        files = mine(sql, ring, f"operator_id IN {operator}")
        people = one(sql, f"SELECT count(*) FROM members WHERE ring_id = '{ring}' AND entity_type = 'patient'")
        assert one(sql, f"SELECT count(DISTINCT patient_id) FROM {files}") >= 0.8 * people
        gaps = (
            f"SELECT settled_at - lag(settled_at) OVER (ORDER BY settled_at) AS gap, "
            f"patient_id <> lag(patient_id) OVER (ORDER BY settled_at) AS other FROM {files}"
        )
        assert one(sql, f"SELECT count(*) FROM ({gaps}) WHERE other AND gap < INTERVAL 15 MINUTE") > 0.45 * one(
            sql, f"SELECT count(*) FROM {files}"
        )


def test_after_death_goes_on_through_one_hub(sql: Sql) -> None:
    for ring in rings(sql, "after_death"):
        dead = ids(sql, ring, "patient")
        assert one(sql, f"SELECT count(*) FROM patients WHERE patient_id IN {dead} AND death_date IS NULL") == 0
        late = (
            f"(SELECT c.* FROM {mine(sql, ring)} c JOIN patients p USING (patient_id) "
            "WHERE c.start_time::DATE > p.death_date + 3)"
        )
        hub = f"(payee_account IN {ids(sql, ring, 'account')} OR terminal_id IN {ids(sql, ring, 'terminal')})".replace(
            "payee_account IN ()", "false"
        ).replace("terminal_id IN ()", "false")
        through = one(sql, f"SELECT count(*) FROM {late} WHERE {hub}")
        people = dead.count(",") + 1
        assert through >= 1.5 * people
        assert through > 0.7 * one(sql, f"SELECT count(*) FROM {late}")


@pytest.mark.parametrize("level", ["plain", "camouflaged", "sparse"])
def test_rings_are_worth_their_while(sql: Sql, level: str) -> None:
    """A ring that takes little is no crime worth a ring: some thousand yuan at the very least."""
    query = (
        "SELECT m.ring_id, sum(c.total_amount) FROM members m JOIN claims c ON c.patient_id = m.entity_id "
        f"WHERE m.entity_type = 'patient' AND level = '{level}' GROUP BY 1"
    )
    found = sql.sql(query).fetchall()
    assert len(found) == 10
    assert min(float(amount) for _, amount in found) > 5_000
