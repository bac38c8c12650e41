"""The national platform's export and its traps, each on a few rows; and a whole city in both forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from claim_files import load, rejects, rows, table

from ringfinder.errors import InputError
from ringfinder.model import ClaimSet

Rows = list[dict[str, str]]


def settled(number: int, **changes: str) -> dict[str, str]:
    """A settlement without trap."""
    return {
        "setl_id": f"S{number}",
        "mdtrt_id": f"M{number}",
        "psn_no": f"P{number}",
        "fixmedins_code": "H1",
        "med_type": "11",
        "hosp_lv": "3",
        "begndate": "2024-03-05 10:20:00",
        "enddate": "2024-03-05 10:40:00",
        "setl_time": "2024-03-05 11:00:00",
        "medfee_sumamt": "100.00",
        "fund_pay_sumamt": "60.00",
        **changes,
    }


def export(at: Path, setl: Rows, **others: Rows) -> ClaimSet:
    """Reads an export of settlements and other tables; columns are all that any row has."""
    tables: Mapping[str, Rows] = {"setl_d": setl, **others}
    return load(
        at, {f"{name}.csv": table(made, list({c: 0 for row in made for c in row})) for name, made in tables.items()}
    )


def claims(found: ClaimSet, columns: str) -> list[tuple[Any, ...]]:
    return rows(found, f"SELECT claim_id, {columns} FROM claims")


def test_settlement_becomes_a_claim_column_by_column(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [
            settled(
                1, mdtrt_cert_type="03", mdtrt_cert_no="K1", agnter_certno="R1", opter_id="O1", term_no="T1",
                bankacct="6222", invono="0012",
            )
        ],
        mdtrt_d=[{"mdtrt_id": "M1", "atddr_no": "D1", "dscg_maindiag_code": "I10"}],
        fee_list_d=[
            {"setl_id": "S1", "det_item_fee_sumamt": "70", "med_list_codg": "", "list_type": "201"},
            {"setl_id": "S1", "det_item_fee_sumamt": "10", "med_list_codg": "XA", "list_type": "101"},
            {"setl_id": "S1", "det_item_fee_sumamt": "20", "med_list_codg": "XB", "list_type": "102"},
        ],
    )  # fmt: skip
    assert rows(found, "SELECT * FROM claims") == [
        (
            "S1", "P1", "H1", "outpatient", datetime(2024, 3, 5, 10, 20), Decimal("100.00"), "K1", "D1", "R1", "O1",
            "T1", datetime(2024, 3, 5, 10, 40), datetime(2024, 3, 5, 11, 0), "I10", Decimal("60.00"), "6222", "0012",
            "XB", None,
        )
    ]  # fmt: skip


KINDS_OF_CARE = [
    ("21", "3", "inpatient"),
    ("2102", "3", "inpatient"),
    ("52", "3", "inpatient"),
    ("021", "3", "inpatient"),
    ("21.0", "3", "inpatient"),
    ("41", "", "pharmacy"),
    ("9929", "3", "pharmacy"),
    ("14", "11", "pharmacy"),
    ("11", "11.0", "pharmacy"),
    ("11", "3", "outpatient"),
    ("140104", "", "outpatient"),
    ("51", "2", "outpatient"),
]


def test_kind_of_care_follows_med_type_and_hospital_level(tmp_path: Path) -> None:
    made = [settled(n, med_type=kind, hosp_lv=level) for n, (kind, level, _) in enumerate(KINDS_OF_CARE)]
    found = dict(claims(export(tmp_path, made), "service_type"))
    assert [(kind, level, found[f"S{n}"]) for n, (kind, level, _) in enumerate(KINDS_OF_CARE)] == KINDS_OF_CARE


def test_kind_of_care_is_looked_up_in_the_visit_and_never_guessed(tmp_path: Path) -> None:
    visits = [{"mdtrt_id": "M1", "med_type": "24"}]
    found = export(tmp_path, [settled(1, med_type=""), settled(2, med_type="", hosp_lv="")], mdtrt_d=visits)
    assert claims(found, "service_type") == [("S1", "inpatient")]
    assert [(file, row, column, slug) for file, row, column, _, slug in rejects(found)] == [
        ("setl_d.csv", 3, "service_type", "missing")
    ]


def test_cancelled_rows_are_not_there_even_when_they_are_broken(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [
            settled(1, vali_flag="1"),
            settled(1, vali_flag="0", medfee_sumamt="7"),
            settled(2, vali_flag="0", medfee_sumamt="seven"),
            settled(3, vali_flag=""),
        ],
        mdtrt_d=[
            {"mdtrt_id": "M1", "atddr_no": "D1", "vali_flag": "1"},
            {"mdtrt_id": "M1", "atddr_no": "D2", "vali_flag": "0"},
            {"mdtrt_id": "M3", "atddr_no": "D3", "vali_flag": "0"},
        ],
    )
    assert claims(found, "total_amount, doctor_id") == [
        ("S1", Decimal("100.00"), "D1"),
        ("S3", Decimal("100.00"), None),
    ]
    assert (found.rejected, rejects(found)) == (0, [])
    assert ("claims.note_cancelled", {"table": "setl_d", "rows": 2}) in found.notes
    assert ("claims.note_cancelled", {"table": "mdtrt_d", "rows": 2}) in found.notes


def test_refund_cancels_what_it_names_or_its_twin_in_the_visit_in_order_of_time(tmp_path: Path) -> None:
    def paid(number: int, hour: int, amount: str, **changes: str) -> dict[str, str]:
        return settled(number, mdtrt_id="M", psn_no="P", setl_time=f"2024-03-05 {hour}:00:00",
                       medfee_sumamt=amount, **changes)  # fmt: skip

    found = export(
        tmp_path,
        [
            paid(1, 11, "50.00"),
            paid(2, 12, "50.00"),
            paid(3, 13, "50.00"),
            paid(4, 14, "-50.00", refd_setl_flag="1"),  # cancels S2: S1 is cancelled by name
            paid(5, 15, "-50.00", refd_setl_flag="1", init_setl_id="S1"),
            paid(6, 16, "-50.00", refd_setl_flag="0"),
            paid(7, 17, "-50.00", refd_setl_flag="1"),  # nothing is left to cancel
            paid(8, 18, "-8.00", refd_setl_flag="1", init_setl_id="BEFORE"),
        ],
    )
    assert claims(found, "refund_of") == [
        ("S1", None), ("S2", None), ("S3", None), ("S4", "S2"), ("S5", "S1"), ("S6", "S3"), ("S8", "BEFORE"),
    ]  # fmt: skip
    assert ("claims.note_refunds_unmatched", {"claims": 1}) in found.notes
    assert ("claims.note_refund_target_missing", {"claims": 1}) in found.notes
    assert found.rejected == 0


def test_positive_refund_is_refused_and_a_marked_original_stays(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [
            settled(1),
            settled(2, refd_setl_flag="1", init_setl_id="S1"),
            settled(3, mdtrt_id="M1", refd_setl_flag="1"),
            settled(4, refd_setl_flag="1"),
        ],
    )
    assert claims(found, "refund_of") == [("S1", None), ("S4", None)]
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [
        (3, "total_amount", "refund_positive"),
        (4, "total_amount", "refund_positive"),
    ]


def test_lines_are_summed_only_where_the_settlement_has_no_amount(tmp_path: Path) -> None:
    lines = [{"bkkp_sn": f"B{n}", "setl_id": f"S{1 + n % 2}", "det_item_fee_sumamt": "0.10"} for n in range(6)]
    unsettled = [{"bkkp_sn": "B9", "setl_id": "", "det_item_fee_sumamt": "5"}]
    found = export(tmp_path, [settled(1), settled(2, medfee_sumamt="")], fee_list_d=lines + unsettled)
    assert claims(found, "total_amount") == [("S1", Decimal("100.00")), ("S2", Decimal("0.30"))]
    assert ("claims.note_unsettled", {"rows": 1}) in found.notes


def test_token_is_no_card(tmp_path: Path) -> None:
    kinds = ["01", "1", "02", "2", "03", "3.0", ""]
    made = [settled(n, mdtrt_cert_type=kind, mdtrt_cert_no=f"K{n}") for n, kind in enumerate(kinds)]
    found = export(tmp_path, made)
    assert claims(found, "card_id") == [
        ("S0", None), ("S1", None), ("S2", "K2"), ("S3", "K3"), ("S4", "K4"), ("S5", "K5"), ("S6", None),
    ]  # fmt: skip


def test_agent_is_known_by_certificate_else_phone_else_name(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [
            settled(1, agnter_certno="A1", agnter_tel="139", agnter_name="甲"),
            settled(2, agnter_certno="", agnter_tel="138", agnter_name="乙"),
            settled(3, agnter_certno="", agnter_tel="", agnter_name="丙"),
            settled(4),
        ],
    )
    assert claims(found, "recruiter_id") == [("S1", "A1"), ("S2", "138"), ("S3", "丙"), ("S4", None)]
    assert rows(found, "SELECT recruiter_id, name, phone FROM recruiters") == [
        ("138", "乙", "138"), ("A1", "甲", "139"), ("丙", "丙", None),
    ]  # fmt: skip


def test_time_of_the_visit_tells_the_hour_that_a_bare_day_does_not(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [settled(1, begndate="2024-03-05", enddate="2024-03-09"), settled(2, begndate="", enddate=""), settled(3, begndate="2024-03-04")],
        mdtrt_d=[
            {"mdtrt_id": f"M{n}", "begntime": "2024-03-05 08:30:00", "endtime": "2024-03-09 09:00:00"} for n in (1, 2, 3)
        ],
    )  # fmt: skip
    assert claims(found, "start_time") == [
        ("S1", datetime(2024, 3, 5, 8, 30)), ("S2", datetime(2024, 3, 5, 8, 30)), ("S3", datetime(2024, 3, 4)),
    ]  # fmt: skip
    assert claims(found, "end_time")[:2] == [("S1", datetime(2024, 3, 9, 9)), ("S2", datetime(2024, 3, 9, 9))]


def test_doctor_comes_from_the_visit_else_from_the_largest_line(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [settled(1), settled(2), settled(3)],
        mdtrt_d=[
            {"mdtrt_id": "M1", "atddr_no": "D1", "chfpdr_code": "D9"},
            {"mdtrt_id": "M2", "atddr_no": "", "chfpdr_code": "D2"},
        ],
        fee_list_d=[
            {"setl_id": "S1", "det_item_fee_sumamt": "9", "bilg_dr_codg": "D8"},
            {"setl_id": "S3", "det_item_fee_sumamt": "1", "bilg_dr_codg": "D7"},
            {"setl_id": "S3", "det_item_fee_sumamt": "2", "bilg_dr_codg": "D3"},
        ],
    )
    assert claims(found, "doctor_id") == [("S1", "D1"), ("S2", "D2"), ("S3", "D3")]


def test_names_of_columns_are_found_in_any_case_and_by_alias(tmp_path: Path) -> None:
    made = [{k.upper(): v for k, v in settled(1).items()}]
    made[0]["MEDINS_NO"] = made[0].pop("FIXMEDINS_CODE")
    made[0]["mdtrt_setl_time"] = made[0].pop("SETL_TIME")
    found = load(
        tmp_path, {"结算信息.csv": table(made), "FEE_LIST_D.csv": "feedetl_sn,setl_id,DET_ITEM_FEE_SUMAMT\n1,S1,2\n"}
    )
    assert claims(found, "facility_id, settled_at") == [("S1", "H1", datetime(2024, 3, 5, 11))]
    assert found.sources[1][0] == "FEE_LIST_D.csv"


def test_people_are_put_together_from_register_visits_and_settlements(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        [
            settled(1, psn_no="P1", psn_name="甲", gend="1", brdy="1950-05-06", begndate="2024-03-05"),
            settled(2, psn_no="P2", psn_name="乙旧", gend="2", brdy="", begndate="2024-03-05"),
            settled(3, psn_no="P2", psn_name="乙", gend="", brdy="1960-01-02", begndate="2024-04-05"),
        ],
        mdtrt_d=[{"mdtrt_id": "M1", "psn_no": "P1", "tel": "139", "die_date": "2024-05-01"}],
        psn_info=[
            {"psn_no": "P1", "psn_name": "甲甲", "tel": "138", "addr": "柳林村", "bankacct": "62"},
            {"psn_no": "P9", "psn_name": "丁", "tel": "", "addr": "", "bankacct": ""},
        ],
    )
    columns = "patient_id, name, sex, birth_date, phone, contact_phone, address, bank_account, death_date"
    assert rows(found, f"SELECT {columns} FROM patients") == [
        ("P1", "甲甲", "M", date(1950, 5, 6), "138", "139", "柳林村", "62", date(2024, 5, 1)),
        ("P2", "乙", "F", date(1960, 1, 2), None, None, None, None, None),
        ("P9", "丁", None, None, None, None, None, None, None),
    ]


def test_institutions_have_kind_and_level_and_none_is_invented(tmp_path: Path) -> None:
    register = [
        {"fixmedins_code": "H1", "fixmedins_type": "1", "hosp_lv": "3", "lat": "30.5", "lng": "117.1"},
        {"fixmedins_code": "H2", "fixmedins_type": "02", "hosp_lv": "11", "lat": "", "lng": ""},
        {"fixmedins_code": "H3", "fixmedins_type": "", "hosp_lv": "11", "lat": "", "lng": ""},
        {"fixmedins_code": "H4", "fixmedins_type": "77", "hosp_lv": "", "lat": "", "lng": ""},
    ]
    found = export(tmp_path / "register", [settled(1)], fixmedins=register)
    assert rows(found, "SELECT facility_id, kind, level FROM facilities") == [
        ("H1", "hospital", "3"), ("H2", "pharmacy", None), ("H3", "pharmacy", None), ("H4", None, None),
    ]  # fmt: skip
    assert dict(export(tmp_path / "bare", [settled(1)]).rows) == {"claims": 1}


def test_settlement_without_any_time_is_rejected(tmp_path: Path) -> None:
    found = export(tmp_path, [settled(1), settled(2, begndate="", setl_time="")])
    assert claims(found, "patient_id") == [("S1", "P1")]
    assert [(row, column, slug) for _, row, column, _, slug in rejects(found)] == [(3, "start_time", "missing")]


def test_export_without_settlements_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"setl_d\.csv"):
        load(tmp_path, {"mdtrt_d.csv": "mdtrt_id\nM1\n"}, profile="nhsa")
