"""The same city as the national platform exports it: visits, settlements, charge lines, people, institutions, with the platform's traps.

How a canonical claim reads here (a reader gets it back exactly by the right column):

    claim_id, patient_id, facility_id   setl_d: setl_id, psn_no, fixmedins_code
    service_type                        setl_d: med_type; 41 and 9929 pharmacy, 2... and 52 inpatient, else outpatient
    start, end, settled                 setl_d: begndate, enddate, setl_time
    total, fund                         setl_d: medfee_sumamt, fund_pay_sumamt
    card_id                             setl_d: mdtrt_cert_no where mdtrt_cert_type is 03 (01 is a one-off token, no card)
    recruiter_id, payee_account         setl_d: agnter_certno, bankacct
    operator_id, terminal_id, invoice   setl_d: opter_id, term_no, invono
    refund_of                           setl_d: init_setl_id where refd_setl_flag is 1; a refund shares its visit (mdtrt_id)
    doctor_id                           mdtrt_d: ATDDR_NO
    diagnosis_code                      mdtrt_d: DSCG_MAINDIAG_CODE, else DISE_CODG
    drug_code                           fee_list_d: med_list_codg of the line with the largest amount, where it has one

The traps: rows with vali_flag 0 in all three tables; visits and lines without a settlement (still in hospital, not settled yet); several
lines a settlement, whose sums are the settlement's; med_type and hosp_lv whole numbers in setl_d and text with leading zeros in
mdtrt_d; ipt_days nearly empty; upper-case headers in mdtrt_d; cancelled settlements with amounts that must not count.
"""

from __future__ import annotations

import zlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfinder.claims.city import labels
from ringfinder.claims.city.draws import Longs, Rng

INVALID_SHARE = 0.006  # settlements that were cancelled and left in the export
OPEN_VISITS = 0.003  # visits not settled yet
OLD_CATEGORIES = {"employee": "1101", "retired": "1201", "resident": "1401", "student": "1402", "poor": "1501"}
INSTITUTION = {"hospital": "1", "pharmacy": "2", "clinic": "3"}
PHARMACY_LEVEL = "11"
VISITS_OF_CHRONIC = "140104"
SERVICES = ("001102000010000", "001203000010000", "002503010010000", "003111000060000")  # in-house codes of services


def nhsa_tables(tables: dict[str, pa.Table], seed: int, hours_known: bool) -> dict[str, pa.Table]:
    """File name (without .csv) -> table, every column text, in the platform's form."""
    rng = np.random.default_rng([seed, zlib.crc32(b"nhsa")])
    claims = tables["claims"]
    visit_of = _visits(rng, claims)
    kind = _med_type(rng, claims)
    settlements, extra = _settlements(rng, tables, visit_of, kind, hours_known)
    return {
        "mdtrt_d": _visit_table(rng, tables, visit_of, kind, extra, hours_known),
        "setl_d": settlements,
        "fee_list_d": _lines(rng, claims, visit_of, kind, extra, hours_known),
        **_registers(tables),
    }


def _visits(rng: Rng, claims: pa.Table) -> pa.Array:
    """The visit of each settlement; a refund belongs to the visit of what it refunds."""
    own = pc.index_in(claims["refund_of"], claims["claim_id"])
    index = np.where(_known(own), own.to_numpy(zero_copy_only=False), np.arange(len(claims)))
    numbers = labels.padded(labels.distinct_numbers(rng, len(claims), 10**13, 10**14), 16)
    return labels.joined("3408", numbers).take(pa.array(index.astype(np.int64)))


def _known(column: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(
        column.is_valid().to_numpy(zero_copy_only=False)
        if isinstance(column, pa.Array)
        else column.is_valid().to_numpy()
    )


def _med_type(rng: Rng, claims: pa.Table) -> Longs:
    """Whole-number kind of care; provinces have finer codes than the plain ones."""
    service = np.asarray(claims["service_type"].to_pylist())
    n = len(claims)
    u = rng.random(n)
    outpatient = np.select([u < 0.08, u < 0.25], [13, int(VISITS_OF_CHRONIC)], 11)
    inpatient = np.select([u < 0.06, u < 0.16], [24, 2102], 21)
    pharmacy = np.where(u < 0.1, 9929, 41)
    result: Longs = np.select([service == "inpatient", service == "pharmacy"], [inpatient, pharmacy], outpatient)
    refund = pc.index_in(claims["refund_of"], claims["claim_id"])  # the same visit, the same kind
    result = np.where(
        _known(refund), result[np.nan_to_num(refund.to_numpy(zero_copy_only=False)).astype(np.int64)], result
    )
    return result.astype(np.int64)


def moments(column: pa.ChunkedArray, hours_known: bool) -> pa.Array:
    """Times as the platform writes them: `2024-03-01 08:30:00`, or bare days."""
    text = pc.cast(column, pa.string()).combine_chunks()
    return text if hours_known else pc.utf8_slice_codeunits(text, 0, 10)


def _text(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    text = pc.cast(column, pa.string())
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text


def _constant(value: str | None, n: int) -> pa.Array:
    return pa.nulls(n, pa.string()) if value is None else pa.array([value]).take(pa.array(np.zeros(n, dtype=np.int64)))


def _pick(mask: NDArray[np.bool_], yes: pa.Array, no: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), yes, no)


def _lookup(keys: pa.ChunkedArray, table: pa.Table, key: str, value: str) -> pa.Array:
    return _text(table[value]).take(pc.index_in(keys, table[key]).combine_chunks())


def _settlements(
    rng: Rng, tables: dict[str, pa.Table], visit_of: pa.Array, kind: Longs, hours_known: bool
) -> tuple[pa.Table, Longs]:
    """setl_d with cancelled rows mixed in; also the claims that the cancelled rows were made from."""
    claims, people = tables["claims"], tables["patients"]
    n = len(claims)
    card = _text(claims["card_id"])
    token = labels.joined("TK", labels.padded(labels.distinct_numbers(rng, n, 10**14, 10**16), 20))
    has_card, tokened = _known(card), rng.random(n) < 0.6
    none = _constant(None, n)
    refund = _known(claims["refund_of"])
    total, fund = claims["total_amount"], claims["fund_amount"]
    gender = _lookup(claims["patient_id"], people, "patient_id", "sex")
    columns = {
        "setl_id": _text(claims["claim_id"]),
        "mdtrt_id": visit_of,
        "psn_no": _text(claims["patient_id"]),
        "psn_name": _lookup(claims["patient_id"], people, "patient_id", "name"),
        "gend": pc.if_else(pc.equal(gender, "M"), "1", "2"),
        "brdy": _lookup(claims["patient_id"], people, "patient_id", "birth_date"),
        "fixmedins_code": _text(claims["facility_id"]),
        "hosp_lv": _levels(claims, tables["facilities"]),
        "med_type": pc.cast(pa.array(kind), pa.string()),
        "begndate": moments(claims["start_time"], hours_known),
        "enddate": moments(claims["end_time"], hours_known),
        "setl_time": moments(claims["settled_at"], hours_known),
        "mdtrt_cert_type": _pick(has_card, _constant("03", n), _pick(tokened, _constant("01", n), none)),
        "mdtrt_cert_no": _pick(has_card, card, _pick(tokened, token, none)),
        "medfee_sumamt": _text(total),
        "fund_pay_sumamt": _text(fund),
        "psn_pay": _text(pc.subtract(total, fund)),
        "agnter_certno": _text(claims["recruiter_id"]),
        "bankacct": _text(claims["payee_account"]),
        "term_no": _text(claims["terminal_id"]),
        "invono": _text(claims["invoice_number"]),
        "opter_id": _text(claims["operator_id"]),
        "refd_setl_flag": _pick(refund, _constant("1", n), _constant("0", n)),
        "init_setl_id": _text(claims["refund_of"]),
        "vali_flag": _constant("1", n),
    }
    table = pa.table(columns)
    dead = np.sort(rng.choice(np.flatnonzero(~refund), max(1, round(n * INVALID_SHARE)), replace=False)).astype(
        np.int64
    )
    cancelled = table.take(pa.array(dead))
    cancelled = _replace(cancelled, "setl_id", labels.joined("X", columns["setl_id"].take(pa.array(dead))))
    cancelled = _replace(cancelled, "mdtrt_id", labels.joined("X", visit_of.take(pa.array(dead))))
    cancelled = _replace(cancelled, "vali_flag", _constant("0", len(dead)))
    return _shuffled(rng, pa.concat_tables([table, cancelled])), dead


def _replace(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _shuffled(rng: Rng, table: pa.Table) -> pa.Table:
    """Exports come in no order."""
    return table.take(pa.array(rng.permutation(len(table))))


def _levels(claims: pa.Table, facilities: pa.Table) -> pa.Array:
    level = pc.fill_null(_lookup(claims["facility_id"], facilities, "facility_id", "level"), "")
    shop = pc.equal(_lookup(claims["facility_id"], facilities, "facility_id", "kind"), "pharmacy")
    return pc.if_else(shop, PHARMACY_LEVEL, level)


def _visit_table(
    rng: Rng, tables: dict[str, pa.Table], visit_of: pa.Array, kind: Longs, extra: Longs, hours_known: bool
) -> pa.Table:
    """mdtrt_d: one row a visit; then visits that were cancelled, and visits of people still there."""
    claims, people = tables["claims"], tables["patients"]
    n = len(claims)
    bed = np.asarray(claims["service_type"].to_pylist()) == "inpatient"
    diagnosis, none = _text(claims["diagnosis_code"]), _constant(None, n)
    sparse = bed & (rng.random(n) < 0.05)
    days = pc.cast(
        pc.days_between(claims["start_time"], pc.coalesce(claims["end_time"], claims["start_time"])), pa.string()
    ).combine_chunks()
    contact = _lookup(claims["patient_id"], people, "patient_id", "contact_phone")
    names = labels.people_names(rng, n)
    level = _levels(claims, tables["facilities"])
    text_kind = pc.utf8_lpad(pc.cast(pa.array(kind), pa.string()), 2, "0")
    table = pa.table(
        {
            "MDTRT_ID": visit_of,
            "PSN_NO": _text(claims["patient_id"]),
            "FIXMEDINS_CODE": _text(claims["facility_id"]),
            "HOSP_LV": pc.if_else(pc.equal(level, ""), level, pc.utf8_lpad(level, 2, "0")),
            "MED_TYPE": text_kind,
            "BEGNTIME": moments(claims["start_time"], hours_known),
            "ENDTIME": moments(claims["end_time"], hours_known),
            "ATDDR_NO": _text(claims["doctor_id"]),
            "DSCG_MAINDIAG_CODE": _pick(bed, diagnosis, none),
            "DISE_CODG": _pick(bed, none, diagnosis),
            "CONER_NAME": _pick(bed & _known(contact), names, none),
            "TEL": _pick(bed, contact, none),
            "IPT_DAYS": _pick(sparse, days, none),
            "INHOSP_STAS": _constant("0", n),
            "VALI_FLAG": _constant("1", n),
        }
    )
    first = np.flatnonzero(~_known(claims["refund_of"]))
    cancelled = table.take(pa.array(extra))
    cancelled = _replace(cancelled, "MDTRT_ID", labels.joined("X", visit_of.take(pa.array(extra))))
    cancelled = _replace(cancelled, "VALI_FLAG", _constant("0", len(extra)))
    open_now = np.sort(rng.choice(first, max(1, round(n * OPEN_VISITS)), replace=False))
    unsettled = table.take(pa.array(open_now))
    unsettled = _replace(unsettled, "MDTRT_ID", labels.joined("U", visit_of.take(pa.array(open_now))))
    unsettled = _replace(unsettled, "ENDTIME", _constant(None, len(open_now)))
    unsettled = _replace(unsettled, "INHOSP_STAS", _constant("1", len(open_now)))
    return _shuffled(rng, pa.concat_tables([table.take(pa.array(first)), cancelled, unsettled]))


def _lines(rng: Rng, claims: pa.Table, visit_of: pa.Array, kind: Longs, extra: Longs, hours_known: bool) -> pa.Table:
    """fee_list_d: one to three lines a settlement, in whole cents, the first the largest; cancelled and unsettled ones besides."""
    n = len(claims)
    cents = pc.cast(pc.multiply(claims["total_amount"], pa.scalar(100, pa.int64())), pa.int64()).to_numpy()
    refund = _known(claims["refund_of"])
    count = np.where(refund | (np.abs(cents) < 1000), 1, rng.integers(1, 4, n))
    share = rng.uniform(0.08, 0.2, (n, 2))
    second = np.where(count >= 2, np.round(cents * share[:, 0]), 0).astype(np.int64)
    third = np.where(count >= 3, np.round(cents * share[:, 1]), 0).astype(np.int64)
    parts = np.stack([cents - second - third, second, third], axis=1)
    owner = np.repeat(np.arange(n), count)
    line = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    drug = _text(claims["drug_code"]).take(pa.array(owner))
    main = line == 0
    is_drug = main & _known(drug)
    m = len(owner)
    dead = np.isin(owner, extra)
    pending = rng.random(m) < OPEN_VISITS
    rows = np.concatenate([np.arange(m), np.flatnonzero(dead), np.flatnonzero(pending)])
    state = np.concatenate([np.zeros(m), np.ones(int(dead.sum())), np.full(int(pending.sum()), 2)])
    amount = parts[owner, line]
    none = _constant(None, m)
    services = pa.array(SERVICES).take(pa.array(rng.integers(0, len(SERVICES), m)))
    table = pa.table(
        {
            "setl_id": _text(claims["claim_id"]).take(pa.array(owner)),
            "mdtrt_id": visit_of.take(pa.array(owner)),
            "psn_no": _text(claims["patient_id"]).take(pa.array(owner)),
            "fixmedins_code": _text(claims["facility_id"]).take(pa.array(owner)),
            "med_type": pc.utf8_lpad(pc.cast(pa.array(kind[owner]), pa.string()), 2, "0"),
            "fee_ocur_time": moments(claims["start_time"].take(pa.array(owner)), hours_known),
            "list_type": _pick(is_drug, _constant("101", m), _constant("201", m)),
            "med_list_codg": _pick(is_drug, drug, none),
            "medins_list_codg": _pick(is_drug, none, services),
            "cnt": _constant("1", m),
            "pric": yuan(np.abs(amount)),
            "det_item_fee_sumamt": yuan(amount),
            "vali_flag": _constant("1", m),
        }
    ).take(pa.array(rows))
    setl = _marked(table["setl_id"], state, dead="X", pending=None)
    table = _replace(table, "setl_id", setl)
    table = _replace(table, "mdtrt_id", _marked(table["mdtrt_id"], state, dead="X", pending="U"))
    table = _replace(table, "vali_flag", _pick(state == 1, _constant("0", len(rows)), _constant("1", len(rows))))
    serial = labels.joined("B", labels.padded(labels.distinct_numbers(rng, len(rows), 1, 10**10), 12))
    return _shuffled(rng, table.add_column(0, "bkkp_sn", serial))


def _marked(column: pa.ChunkedArray, state: NDArray[np.float64], *, dead: str, pending: str | None) -> pa.Array:
    """Ids of cancelled (1) rows and of rows not settled yet (2)."""
    text = _text(column)
    later = _constant(None, len(text)) if pending is None else labels.joined(pending, text)
    return _pick(state == 1, labels.joined(dead, text), _pick(state == 2, later, text))


def yuan(cents: Longs) -> pa.Array:
    """Whole cents as text with two decimals."""
    from ringfinder.claims.city.tables import money  # noqa: PLC0415 - tables needs labels first

    return pc.cast(money(np.asarray(cents, dtype=np.int64)), pa.string())


def _registers(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    people, places = tables["patients"], tables["facilities"]
    cards, doctors, agents = tables["cards"], tables["doctors"], tables["recruiters"]
    codes = [OLD_CATEGORIES[c] for c in people["category"].to_pylist()]
    level = pc.if_else(pc.equal(places["kind"], "pharmacy"), PHARMACY_LEVEL, pc.fill_null(places["level"], ""))
    return {
        "psn_info": _renamed(
            people,
            ("psn_no", "patient_id"),
            ("psn_name", "name"),
            ("gend", pc.if_else(pc.equal(people["sex"], "M"), "1", "2")),
            ("brdy", "birth_date"),
            ("certno", "id_number"),
            ("tel", "phone"),
            ("coner_tel", "contact_phone"),
            ("addr", "address"),
            ("insuplc_admdvs", "district"),
            ("bankacct", "bank_account"),
            ("psn_type", pa.array(codes)),
            ("die_date", "death_date"),
        ),
        "fixmedins": _renamed(
            places,
            ("fixmedins_code", "facility_id"),
            ("fixmedins_name", "name"),
            ("fixmedins_type", pa.array([INSTITUTION[k] for k in places["kind"].to_pylist()])),
            ("hosp_lv", level),
            ("admdvs", "district"),
            ("lat", "latitude"),
            ("lng", "longitude"),
        ),
        "cards": _renamed(cards, ("card_no", "card_id"), ("psn_no", "patient_id")),
        "doctors": _renamed(doctors, ("dr_code", "doctor_id"), ("dr_name", "name"), ("fixmedins_code", "facility_id")),
        "agents": _renamed(
            agents,
            ("agnter_certno", "recruiter_id"),
            ("agnter_name", "name"),
            ("agnter_tel", "phone"),
            ("bankacct", "bank_account"),
        ),
    }


def _renamed(table: pa.Table, *columns: tuple[str, str | pa.Array]) -> pa.Table:
    return pa.table({new: _text(table[old] if isinstance(old, str) else old) for new, old in columns})
