"""The same city as the national platform exports it: visits, settlements, charge lines, people, institutions.

How a canonical claim reads here (a reader gets it back exactly by the right column):

    claim_id, patient_id, facility_id   setl_d: setl_id, psn_no, fixmedins_code
    service_type                        setl_d: med_type; 41, 9929 pharmacy; 2... and 52 inpatient; else outpatient
    start, end, settled                 setl_d: begndate, enddate, setl_time
    total, fund                         setl_d: medfee_sumamt, fund_pay_sumamt
    card_id                             setl_d: mdtrt_cert_no where mdtrt_cert_type is 03 (01: a one-off token)
    recruiter_id, payee_account         setl_d: agnter_certno, bankacct
    operator_id, terminal_id, invoice   setl_d: opter_id, term_no, invono
    refund_of                           setl_d: init_setl_id where refd_setl_flag is 1; it shares the visit (mdtrt_id)
    doctor_id                           mdtrt_d: ATDDR_NO
    diagnosis_code                      mdtrt_d: DSCG_MAINDIAG_CODE, else DISE_CODG
    drug_code                           fee_list_d: med_list_codg of the line with the largest amount, where it has one

The traps: rows with vali_flag 0 in all three tables; visits and lines without a settlement (still in hospital, not
settled yet); several lines a settlement, whose sums are the settlement's; med_type and hosp_lv whole numbers in setl_d
and text with leading zeros in mdtrt_d; ipt_days nearly empty; upper-case headers in mdtrt_d; rows in no order.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfinder.claims.city.arrow import constant, known, lookup, money, padded, picked, replaced, text
from ringfinder.claims.city.draws import Bools, Longs, Rng, distinct_numbers
from ringfinder.claims.city.labels import joined, people_names

INVALID_SHARE = 0.006  # settlements that were cancelled and left in the export
OPEN_SHARE = 0.003  # visits and lines not settled yet
INSTITUTION = {"hospital": "1", "pharmacy": "2", "clinic": "3"}
PHARMACY_LEVEL = "11"
SERVICES = ("001102000010000", "001203000010000", "002503010010000", "003111000060000")  # a hospital's own codes
LIVE, CANCELLED, OPEN = 0, 1, 2  # states of a row


@dataclass(frozen=True)
class Export:
    """What the three large tables share. `visit` is the visit of each claim, `kind` its whole-number med_type,
    `cancelled` the claims beside which a cancelled settlement was left."""

    tables: dict[str, pa.Table]
    visit: pa.Array
    kind: Longs
    cancelled: Longs
    refund: Bools
    hours_known: bool

    @property
    def claims(self) -> pa.Table:
        return self.tables["claims"]

    def times(self, column: str) -> pa.Array:
        """Times as the platform writes them: `2024-03-01 08:30:00`, or bare days."""
        moments = text(self.claims[column])
        return moments if self.hours_known else pc.utf8_slice_codeunits(moments, 0, 10)

    def of_person(self, column: str) -> pa.Array:
        return lookup(self.claims["patient_id"], self.tables["patients"], "patient_id", column)

    def of_place(self, column: str) -> pa.Array:
        return lookup(self.claims["facility_id"], self.tables["facilities"], "facility_id", column)

    def levels(self) -> pa.Array:
        """Grade of the place of each claim; 11 for pharmacies, empty for clinics."""
        return pc.if_else(pc.equal(self.of_place("kind"), "pharmacy"), PHARMACY_LEVEL, self.of_place("level"))


def nhsa_tables(tables: dict[str, pa.Table], seed: int, hours_known: bool) -> dict[str, pa.Table]:
    """File name (without .csv) -> table, every column text, in the platform's form."""
    rng = np.random.default_rng([seed, zlib.crc32(b"nhsa")])
    claims = tables["claims"]
    n = len(claims)
    refund = known(claims["refund_of"])
    origin = pc.index_in(claims["refund_of"].combine_chunks(), claims["claim_id"].combine_chunks())
    first = np.where(refund, np.nan_to_num(origin.to_numpy(zero_copy_only=False)), np.arange(n)).astype(np.int64)
    numbers = joined("3408", padded(distinct_numbers(rng, n, 10**13, 10**14), 16))
    cancelled = rng.choice(np.flatnonzero(~refund), max(1, round(n * INVALID_SHARE)), replace=False)
    export = Export(
        tables,
        numbers.take(pa.array(first)),
        _med_type(rng, claims)[first],
        np.sort(cancelled).astype(np.int64),
        refund,
        hours_known,
    )
    large = {"mdtrt_d": _visits(rng, export), "setl_d": _settlements(rng, export), "fee_list_d": _lines(rng, export)}
    shuffled = {name: table.take(pa.array(rng.permutation(len(table)))) for name, table in large.items()}
    return {**shuffled, **_registers(tables)}


def _med_type(rng: Rng, claims: pa.Table) -> Longs:
    """Whole-number kind of care; provinces have finer codes than the plain ones."""
    service = np.asarray(claims["service_type"].to_pylist())
    u = rng.random(len(claims))
    outpatient = np.select([u < 0.08, u < 0.25], [13, 140104], 11)
    inpatient = np.select([u < 0.06, u < 0.16], [24, 2102], 21)
    pharmacy = np.where(u < 0.1, 9929, 41)
    result: Longs = np.select([service == "inpatient", service == "pharmacy"], [inpatient, pharmacy], outpatient)
    return result


def _with_states(table: pa.Table, rows: list[NDArray[np.int64]], names: tuple[str, str, str]) -> pa.Table:
    """The rows that are live, cancelled and open, one after the other. `names`: the columns of settlement, visit and
    validity; cancelled rows get ids of their own, open ones lose the settlement."""
    settlement, visit, valid = names
    parts = []
    for state, mine in enumerate(rows):
        part = table.take(pa.array(mine))
        mark = {LIVE: "", CANCELLED: "X", OPEN: "U"}[state]
        part = replaced(part, visit, joined(mark, text(part[visit])))
        if settlement in part.column_names:
            named = constant(None, len(mine)) if state == OPEN else joined(mark, text(part[settlement]))
            part = replaced(part, settlement, named)
        parts.append(replaced(part, valid, constant("0" if state == CANCELLED else "1", len(mine))))
    return pa.concat_tables(parts)


def _settlements(rng: Rng, export: Export) -> pa.Table:
    claims, n = export.claims, len(export.claims)
    card, has_card = text(claims["card_id"]), known(claims["card_id"])
    tokened = rng.random(n) < 0.6
    token = joined("TK", padded(distinct_numbers(rng, n, 10**14, 10**16), 20))
    none = constant(None, n)
    total, fund = claims["total_amount"], claims["fund_amount"]
    table = pa.table(
        {
            "setl_id": text(claims["claim_id"]),
            "mdtrt_id": export.visit,
            "psn_no": text(claims["patient_id"]),
            "psn_name": export.of_person("name"),
            "gend": pc.if_else(pc.equal(export.of_person("sex"), "M"), "1", "2"),
            "brdy": export.of_person("birth_date"),
            "fixmedins_code": text(claims["facility_id"]),
            "hosp_lv": export.levels(),
            "med_type": text(pa.array(export.kind)),
            "begndate": export.times("start_time"),
            "enddate": export.times("end_time"),
            "setl_time": export.times("settled_at"),
            "mdtrt_cert_type": picked(has_card, constant("03", n), picked(tokened, constant("01", n), none)),
            "mdtrt_cert_no": picked(has_card, card, picked(tokened, token, none)),
            "medfee_sumamt": text(total),
            "fund_pay_sumamt": text(fund),
            "psn_pay": text(pc.subtract(total, fund)),
            "agnter_certno": text(claims["recruiter_id"]),
            "bankacct": text(claims["payee_account"]),
            "term_no": text(claims["terminal_id"]),
            "invono": text(claims["invoice_number"]),
            "opter_id": text(claims["operator_id"]),
            "refd_setl_flag": picked(export.refund, constant("1", n), constant("0", n)),
            "init_setl_id": text(claims["refund_of"]),
            "vali_flag": constant("1", n),
        }
    )
    return _with_states(table, [np.arange(n), export.cancelled], ("setl_id", "mdtrt_id", "vali_flag"))


def _visits(rng: Rng, export: Export) -> pa.Table:
    """One row a visit, none for refunds; then cancelled ones, and those of people still there."""
    claims, n = export.claims, len(export.claims)
    bed = np.asarray(claims["service_type"].to_pylist()) == "inpatient"
    diagnosis, none = text(claims["diagnosis_code"]), constant(None, n)
    days = text(pc.add(pc.days_between(claims["start_time"], claims["end_time"]), 1))
    contact = export.of_person("contact_phone")
    table = pa.table(
        {
            "MDTRT_ID": export.visit,
            "PSN_NO": text(claims["patient_id"]),
            "FIXMEDINS_CODE": text(claims["facility_id"]),
            "HOSP_LV": pc.utf8_lpad(export.levels(), 2, "0"),
            "MED_TYPE": text(pa.array(export.kind)),
            "BEGNTIME": export.times("start_time"),
            "ENDTIME": export.times("end_time"),
            "ATDDR_NO": text(claims["doctor_id"]),
            "DSCG_MAINDIAG_CODE": picked(bed, diagnosis, none),
            "DISE_CODG": picked(bed, none, diagnosis),
            "CONER_NAME": picked(bed & known(contact), people_names(rng, n), none),
            "TEL": picked(bed, contact, none),
            "IPT_DAYS": picked(bed & (rng.random(n) < 0.05), days, none),
            "INHOSP_STAS": constant("0", n),
            "VALI_FLAG": constant("1", n),
        }
    )
    own = np.flatnonzero(~export.refund)
    still = rng.choice(own, max(1, round(n * OPEN_SHARE)), replace=False)
    whole = _with_states(table, [own, export.cancelled, still], ("SETL_ID", "MDTRT_ID", "VALI_FLAG"))
    here = np.arange(len(whole)) >= len(own) + len(export.cancelled)
    whole = replaced(whole, "ENDTIME", picked(here, constant(None, len(whole)), text(whole["ENDTIME"])))
    return replaced(whole, "INHOSP_STAS", picked(here, constant("1", len(whole)), text(whole["INHOSP_STAS"])))


def _lines(rng: Rng, export: Export) -> pa.Table:
    """One to three lines a settlement, in whole cents, the first the largest; refunds have one."""
    claims, n = export.claims, len(export.claims)
    cents = pc.cast(pc.multiply(claims["total_amount"], pa.scalar(100, pa.int64())), pa.int64()).to_numpy()
    count = np.where(export.refund | (np.abs(cents) < 1000), 1, rng.integers(1, 4, n))
    share = rng.uniform(0.08, 0.2, (n, 2)) * (count[:, None] > np.array([1, 2]))
    rest = np.round(cents[:, None] * share).astype(np.int64)
    parts = np.concatenate([(cents - rest.sum(axis=1))[:, None], rest], axis=1)
    owner = np.repeat(np.arange(n), count)
    line = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    m, amount = len(owner), parts[owner, line]
    drug = text(claims["drug_code"]).take(pa.array(owner))
    is_drug = (line == 0) & known(drug)
    services = pa.array(SERVICES).take(pa.array(rng.integers(0, len(SERVICES), m)))
    of_claim = pa.array(owner)
    table = pa.table(
        {
            "setl_id": text(claims["claim_id"]).take(of_claim),
            "mdtrt_id": export.visit.take(of_claim),
            "psn_no": text(claims["patient_id"]).take(of_claim),
            "fixmedins_code": text(claims["facility_id"]).take(of_claim),
            "med_type": text(pa.array(export.kind[owner])),
            "fee_ocur_time": export.times("start_time").take(of_claim),
            "list_type": picked(is_drug, constant("101", m), constant("201", m)),
            "med_list_codg": picked(is_drug, drug, constant(None, m)),
            "medins_list_codg": picked(is_drug, constant(None, m), services),
            "cnt": constant("1", m),
            "pric": text(money(np.abs(amount))),
            "det_item_fee_sumamt": text(money(amount)),
            "vali_flag": constant("1", m),
        }
    )
    dead = np.flatnonzero(np.isin(owner, export.cancelled))
    waiting = np.flatnonzero(rng.random(m) < OPEN_SHARE)
    whole = _with_states(table, [np.arange(m), dead, waiting], ("setl_id", "mdtrt_id", "vali_flag"))
    serial = joined("B", padded(distinct_numbers(rng, len(whole), 1, 10**10), 12))
    return whole.add_column(0, "bkkp_sn", serial)


def _registers(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    people, places = tables["patients"], tables["facilities"]
    kind = pa.array([INSTITUTION[k] for k in places["kind"].to_pylist()])
    level = pc.if_else(pc.equal(places["kind"], "pharmacy"), PHARMACY_LEVEL, places["level"])
    return {
        "psn_info": _renamed(
            people,
            psn_no="patient_id",
            psn_name="name",
            gend=pc.if_else(pc.equal(people["sex"], "M"), "1", "2"),
            brdy="birth_date",
            certno="id_number",
            tel="phone",
            coner_tel="contact_phone",
            addr="address",
            insuplc_admdvs="district",
            bankacct="bank_account",
            psn_type="category",
            die_date="death_date",
        ),
        "fixmedins": _renamed(
            places,
            fixmedins_code="facility_id",
            fixmedins_name="name",
            fixmedins_type=kind,
            hosp_lv=level,
            admdvs="district",
            lat="latitude",
            lng="longitude",
        ),
        "cards": _renamed(tables["cards"], card_no="card_id", psn_no="patient_id"),
        "doctors": _renamed(tables["doctors"], dr_code="doctor_id", dr_name="name", fixmedins_code="facility_id"),
        "agents": _renamed(
            tables["recruiters"],
            agnter_certno="recruiter_id",
            agnter_name="name",
            agnter_tel="phone",
            bankacct="bank_account",
        ),
    }


def _renamed(table: pa.Table, **columns: str | pa.Array | pa.ChunkedArray) -> pa.Table:
    return pa.table({new: text(table[old] if isinstance(old, str) else old) for new, old in columns.items()})
