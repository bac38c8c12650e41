"""Synthea's CSV export: a simulated population of the United States, without rings.

An encounter is a claim; organizations are facilities, providers are doctors. Times are in UTC and become those of
Massachusetts, the simulator's usual place, unless the settings name another zone. What Synthea does not have (cards,
go-betweens, payees, tills) stays unknown.
"""

from __future__ import annotations

from ringfinder.claims.profiles.canonical import BOUNDS, SEX
from ringfinder.claims.profiles.profile import Available, Profile, SourceColumn, SourceTable

ENCOUNTER_CLASS = {
    **dict.fromkeys(("inpatient", "hospice", "snf"), "inpatient"),
    **dict.fromkeys(
        ("ambulatory", "emergency", "home", "outpatient", "urgentcare", "virtual", "wellness"), "outpatient"
    ),
}

ENCOUNTERS = SourceTable(
    "encounters",
    ("encounters",),
    (
        SourceColumn("id", "id", required=True, identity=True),
        SourceColumn("patient", "id", required=True, identity=True),
        SourceColumn("organization", "id", required=True, identity=True),
        SourceColumn("provider", "id"),
        SourceColumn("encounterclass", "text", required=True, choices=ENCOUNTER_CLASS),
        SourceColumn("start", "time", required=True),
        SourceColumn("stop", "time"),
        SourceColumn("total_claim_cost", "money", required=True),
        SourceColumn("payer_coverage", "money"),
        SourceColumn("reasoncode", "text"),
    ),
    key="id",
)
PATIENTS = SourceTable(
    "patients",
    ("patients",),
    (
        SourceColumn("id", "id", required=True),
        SourceColumn("birthdate", "date", personal=True),
        SourceColumn("deathdate", "date"),
        SourceColumn("ssn", "id", personal=True),
        SourceColumn("first", "text", personal=True),
        SourceColumn("last", "text", personal=True),
        SourceColumn("gender", "text", choices=SEX),
        SourceColumn("address", "text", personal=True),
        SourceColumn("city", "text"),
        SourceColumn("county", "text"),
    ),
    key="id",
)
ORGANIZATIONS = SourceTable(
    "organizations",
    ("organizations",),
    (
        SourceColumn("id", "id", required=True),
        SourceColumn("name", "text"),
        SourceColumn("city", "text"),
        SourceColumn("lat", "number", bounds=BOUNDS["latitude"]),
        SourceColumn("lon", "number", bounds=BOUNDS["longitude"]),
    ),
    key="id",
)
PROVIDERS = SourceTable(
    "providers",
    ("providers",),
    (
        SourceColumn("id", "id", required=True),
        SourceColumn("organization", "id"),
        SourceColumn("name", "text", personal=True),
    ),
    key="id",
)


def _selects(available: Available) -> dict[str, str]:
    selects = {
        "claims": """SELECT _file, _row, id AS claim_id, patient AS patient_id, organization AS facility_id,
            encounterclass AS service_type, start AS start_time, total_claim_cost AS total_amount,
            provider AS doctor_id, stop AS end_time, reasoncode AS diagnosis_code, payer_coverage AS fund_amount
            FROM src_encounters""",
        # Street names repeat from town to town, so an address is street and town.
        "patients": """SELECT _file, _row, id AS patient_id, nullif(concat_ws(' ', first, last), '') AS name,
            birthdate AS birth_date, gender AS sex, ssn AS id_number,
            CASE WHEN address IS NOT NULL THEN concat_ws(', ', address, city) END AS address, county AS district,
            deathdate AS death_date FROM src_patients""",
        "doctors": """SELECT _file, _row, id AS doctor_id, organization AS facility_id, name FROM src_providers""",
        "facilities": """SELECT _file, _row, id AS facility_id, name, city AS district, lat AS latitude,
            lon AS longitude FROM src_organizations""",
    }
    needs = {"claims": "encounters", "patients": "patients", "doctors": "providers", "facilities": "organizations"}
    return {table: select for table, select in selects.items() if needs[table] in available}


SYNTHEA = Profile(
    "synthea",
    "encounters",
    (ENCOUNTERS, PATIENTS, ORGANIZATIONS, PROVIDERS),
    _selects,
    time_zone="America/New_York",
)
