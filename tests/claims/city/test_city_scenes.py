"""Honest scenes are what they say, and common enough to mislead whoever looks at one mark only."""

from __future__ import annotations

import duckdb
import networkx as nx
import pytest

from ringfinder.claims.city import CityParameters, grow
from ringfinder.claims.city.scenes import SCENES

Sql = duckdb.DuckDBPyConnection


def of(kind: str) -> str:
    """The claims of the people of each scene of a kind, with the scene."""
    return f"(SELECT scene, c.* FROM scenes s JOIN claims c USING (patient_id) WHERE kind = '{kind}')"


def every_scene(sql: Sql, kind: str, condition: str, source: str | None = None) -> list[tuple[object, ...]]:
    """Scenes of the kind, each with the value of an aggregate."""
    found = sql.sql(f"SELECT scene, {condition} FROM {source or of(kind)} GROUP BY 1 ORDER BY 1").fetchall()
    assert found
    return found


def test_scene_slugs_are_unique() -> None:
    assert len({scene.slug for scene in SCENES}) == len(SCENES)


def test_every_scene_is_played_and_names_people_of_the_city(clean_sql: Sql) -> None:
    assert clean_sql.sql("SELECT count(*) FROM scenes ANTI JOIN patients USING (patient_id)").fetchall() == [(0,)]
    played = {row[0] for row in clean_sql.sql("SELECT DISTINCT kind FROM scenes").fetchall()}
    assert played == {scene.slug for scene in SCENES}


def test_a_factor_of_zero_leaves_a_scene_out() -> None:
    kinds = {s["kind_of_scene"] for s in grow(800, 1, 0, CityParameters(scene_factors=(("dialysis", 0.0),))).scenes}
    assert "dialysis" not in kinds
    assert "nursing_home" in kinds


def test_twice_the_scenes_are_about_twice_as_many() -> None:
    few, many = (len(grow(4000, 1, 0, CityParameters(scenes=f)).scenes) for f in (1.0, 2.0))
    assert 1.7 < many / few < 2.2


def test_nursing_homes_have_one_address_one_phone_and_monthly_rounds(clean_sql: Sql) -> None:
    people = "(SELECT scene, p.* FROM scenes s JOIN patients p USING (patient_id) WHERE kind = 'nursing_home')"
    for _, addresses, phones, n in every_scene(
        clean_sql, "", "count(DISTINCT address), count(DISTINCT contact_phone), count(*)", people
    ):
        assert addresses == phones == 1
        assert n >= 6  # type: ignore[operator]
    rounds = "count(DISTINCT start_time::DATE) FILTER (recruiter_id IS NOT NULL AND service_type = 'outpatient')"
    assert all(n >= 8 for _, n in every_scene(clean_sql, "nursing_home", rounds))  # type: ignore[operator]


def test_dialysis_comes_three_times_a_week_at_one_price(clean_sql: Sql) -> None:
    kidneys = "diagnosis_code = 'N18.5' AND service_type = 'outpatient' AND total_amount > 0"
    shift = f"(SELECT * FROM {of('dialysis')} WHERE {kidneys})"
    days = every_scene(clean_sql, "", "count(DISTINCT start_time::DATE)", shift)
    assert all(n > 100 for _, n in days)  # type: ignore[operator]
    top = (
        f"SELECT min(n / total) FROM (SELECT scene, max(n) AS n, sum(n) AS total FROM "
        f"(SELECT scene, total_amount, count(*) AS n FROM {shift} GROUP BY ALL) GROUP BY 1)"
    )
    assert clean_sql.sql(top).fetchall()[0][0] > 0.85


def test_check_up_days_are_many_people_one_place_one_price(clean_sql: Sql) -> None:
    day = (
        f"(SELECT scene, start_time::DATE AS day, count(DISTINCT patient_id) AS people, "
        f"count(DISTINCT facility_id) AS places, mode(total_amount) AS price "
        f"FROM {of('check_up_day')} WHERE diagnosis_code = 'Z00.0' GROUP BY ALL)"
    )
    best = clean_sql.sql(f"SELECT scene, max(people) FROM {day} GROUP BY 1").fetchall()
    assert best
    assert all(people >= 15 for _, people in best)


def test_charities_and_employers_are_paid_for_others_at_several_hospitals(clean_sql: Sql) -> None:
    for kind in ("charity", "employer_account"):
        paid = (
            f"(SELECT scene, payee_account, facility_id, patient_id FROM {of(kind)} JOIN patients p USING (patient_id) "
            "WHERE payee_account <> coalesce(p.bank_account, ''))"
        )
        hub = (
            f"SELECT scene, max(people), max(places) FROM (SELECT scene, payee_account, count(DISTINCT patient_id) AS "
            f"people, count(DISTINCT facility_id) AS places FROM {paid} GROUP BY ALL) GROUP BY 1"
        )
        found = clean_sql.sql(hub).fetchall()
        assert found
        assert all(people >= 5 and places >= 3 for _, people, places in found)


def test_bodies_in_the_register_go_on_living(clean_sql: Sql) -> None:
    late = (
        "SELECT count(DISTINCT patient_id) FROM claims JOIN patients USING (patient_id) "
        "WHERE start_time::DATE > death_date + 3"
    )
    assert clean_sql.sql(late).fetchall()[0][0] >= 3


def test_honest_people_carry_marks_of_harm_too(clean_sql: Sql) -> None:
    """In bed and out, two places at once, the same invoice number, the wrong sex: a mark alone proves nothing."""
    in_bed = (
        "SELECT count(DISTINCT s.claim_id) FROM claims s JOIN claims o USING (patient_id) WHERE s.service_type = "
        "'inpatient' AND o.facility_id <> s.facility_id AND o.start_time > s.start_time + INTERVAL 6 HOUR "
        "AND o.start_time < s.end_time - INTERVAL 6 HOUR"
    )
    invoices = (
        "SELECT count(*) FROM (SELECT invoice_number FROM claims WHERE refund_of IS NULL GROUP BY 1 "
        "HAVING count(DISTINCT patient_id) > 1)"
    )
    pregnant_men = (
        "SELECT count(*) FROM claims JOIN patients USING (patient_id) WHERE sex = 'M' "
        "AND diagnosis_code IN ('Z34.9', 'N76.0', 'N92.6', 'O20.0')"
    )
    for query, fewest in ((in_bed, 20), (invoices, 1), (pregnant_men, 2)):
        assert clean_sql.sql(query).fetchall()[0][0] >= fewest


def test_shared_phones_addresses_and_accounts_tie_many_honest_groups(clean_sql: Sql) -> None:
    """The naive recipe: components of what people share. It must drown in honest groups of four and more."""
    graph = nx.Graph()
    for column in ("phone", "contact_phone", "address", "bank_account"):
        for person, value in clean_sql.sql(
            f"SELECT patient_id, {column} FROM patients WHERE {column} NOT NULL"
        ).fetchall():
            graph.add_edge(person, (column if column not in {"phone", "contact_phone"} else "phone", value))
    sizes = [sum(isinstance(node, str) for node in c) for c in nx.connected_components(graph)]
    assert sum(size >= 4 for size in sizes) > 80


@pytest.mark.parametrize("people", [500, 700])
def test_the_smallest_cities_hold_together(people: int) -> None:
    city = grow(people, 1, 10)
    assert len(city.truth) == 10
    assert len(city.tables["patients"]) == people
