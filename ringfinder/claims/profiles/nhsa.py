"""The national platform's export: settlements (`setl_d`), visits (`mdtrt_d`), charge lines (`fee_list_d`), registers.

A claim is a settlement; its visit gives the doctor and the diagnosis, its lines the medicine. Columns are found by
name or alias in any case, since provinces rename them. The export's traps, and what is done about them:

- `vali_flag` 0: the row was cancelled and is not there.
- A refund is a settlement with a negative amount. It cancels the one it names (`init_setl_id`) or else the settlement
  of the same visit with the opposite amount, pairwise in order of time; one that cancels nothing in the export is left
  out and counted. A positive amount marked as a refund is refused when it names what it cancels, or stands beside
  the same amount of the same visit unmarked.
- `med_type` and `hosp_lv` are numbers here and text there: leading zeros and `.0` do not count.
- Lines without `setl_id` are not settled and make no claim. Lines are summed before they meet settlements, and their
  sum stands in only where the settlement has no amount.
- `mdtrt_cert_no` is a one-off token for certificate type 01: only 02 (id card) and 03 (social security card) are cards.
- `tel` of a visit stands beside the contact person's name, so it is the contact's phone; `tel` of a person is their
  own.
"""

from __future__ import annotations

from ringfinder.claims.profiles.nhsa_tables import AGENTS, CARDS, DOCTORS, FEE, FIXMEDINS, MDTRT, PSN, SETL
from ringfinder.claims.profiles.profile import Available, Profile

MEDICINE = "(list_type LIKE '10%' OR list_type IS NULL AND ltrim(med_chrgitm_type, '0') IN ('9', '10', '11'))"


def _code(column: str) -> str:
    """A code without what number formats add to it: leading zeros, `.0`."""
    return rf"ltrim(regexp_replace({column}, '\.0+$', ''), '0')"


# Both tables of a claim may carry these; the settlement's word counts first.
_EITHER = ("med_type", "hosp_lv", "agnter_certno", "agnter_tel", "agnter_name", "opter_id")


def _claims() -> str:
    either = ", ".join(f"coalesce(s.{c}, m.{c}) AS {c}" for c in _EITHER)
    return f"""
    WITH lines AS (
        SELECT setl_id, sum(det_item_fee_sumamt) AS amount,
               max_by(coalesce(med_list_codg, hilist_code),
                      (abs(det_item_fee_sumamt), coalesce(med_list_codg, hilist_code)))
                   FILTER ({MEDICINE} AND coalesce(med_list_codg, hilist_code) IS NOT NULL) AS drug_code,
               max_by(coalesce(bilg_dr_codg, orders_dr_code),
                      (abs(det_item_fee_sumamt), coalesce(bilg_dr_codg, orders_dr_code)))
                   FILTER (coalesce(bilg_dr_codg, orders_dr_code) IS NOT NULL) AS doctor_id
        FROM src_fee_list_d WHERE setl_id IS NOT NULL GROUP BY setl_id),
    joined AS (
        SELECT s.* EXCLUDE (med_type, hosp_lv, agnter_certno, agnter_tel, agnter_name, opter_id), {either},
               coalesce(s.medfee_sumamt, CAST(l.amount AS DECIMAL(14,2))) AS amount,
               -- A bare day beside a full time of the same day: the full time knows more.
               CASE WHEN s.begndate IS NULL OR s.begndate = date_trunc('day', m.begntime) THEN m.begntime
                    ELSE s.begndate END AS begun,
               CASE WHEN s.enddate IS NULL OR s.enddate = date_trunc('day', m.endtime) THEN m.endtime
                    ELSE s.enddate END AS ended,
               coalesce(m.atddr_no, m.chfpdr_code, l.doctor_id) AS doctor_id, l.drug_code,
               coalesce(m.dscg_maindiag_code, m.dise_codg, s.dise_codg) AS diagnosis_code,
               CASE WHEN {_code("s.mdtrt_cert_type")} IN ('2', '3') THEN s.mdtrt_cert_no
                    WHEN s.mdtrt_cert_no IS NULL AND {_code("m.mdtrt_cert_type")} IN ('2', '3') THEN m.mdtrt_cert_no
               END AS card_id,
               coalesce(s.refd_setl_flag, '0') IN ('1', '01', '1.0', '是') AS marked
        FROM src_setl_d s LEFT JOIN src_mdtrt_d m ON s.mdtrt_id = m.mdtrt_id
        LEFT JOIN lines l ON s.setl_id = l.setl_id),
    -- Refunds without a name for what they cancel: the nth of a visit and amount cancels the nth settlement of that
    -- amount.
    unnamed AS (
        SELECT setl_id, mdtrt_id, -amount AS amount,
               row_number() OVER (PARTITION BY mdtrt_id, amount ORDER BY setl_time, setl_id) AS nth
        FROM joined WHERE amount < 0 AND init_setl_id IS NULL AND mdtrt_id IS NOT NULL),
    original AS (
        SELECT setl_id, mdtrt_id, amount, setl_time FROM joined WHERE amount > 0 AND NOT marked
          AND mdtrt_id IN (SELECT mdtrt_id FROM joined WHERE amount < 0 OR marked)),
    open AS (
        SELECT setl_id, mdtrt_id, amount,
               row_number() OVER (PARTITION BY mdtrt_id, amount ORDER BY setl_time, setl_id) AS nth
        FROM original
        WHERE setl_id NOT IN (SELECT init_setl_id FROM joined WHERE init_setl_id IS NOT NULL)),
    cancels AS (
        SELECT u.setl_id, o.setl_id AS refund_of FROM unnamed u JOIN open o USING (mdtrt_id, amount, nth)
        UNION ALL
        SELECT j.setl_id, min(o.setl_id) FROM joined j JOIN original o USING (mdtrt_id, amount)
        WHERE j.marked AND j.init_setl_id IS NULL GROUP BY j.setl_id)
    SELECT j._file, j._row, j.setl_id AS claim_id, psn_no AS patient_id, fixmedins_code AS facility_id,
           CASE WHEN {_code("med_type")} LIKE '2%' OR {_code("med_type")} LIKE '52%' THEN 'inpatient'
                WHEN {_code("med_type")} LIKE '41%' OR {_code("med_type")} LIKE '9929%' OR {_code("hosp_lv")} = '11'
                THEN 'pharmacy'
                WHEN med_type IS NOT NULL THEN 'outpatient' END AS service_type,
           coalesce(begun, setl_time) AS start_time, amount AS total_amount, card_id, doctor_id,
           coalesce(agnter_certno, agnter_tel, agnter_name) AS recruiter_id, opter_id AS operator_id,
           term_no AS terminal_id, ended AS end_time, setl_time AS settled_at, diagnosis_code,
           coalesce(fund_pay_sumamt, hifp_pay) AS fund_amount, bankacct AS payee_account,
           invono AS invoice_number, drug_code,
           CASE WHEN amount < 0 OR marked THEN coalesce(init_setl_id, refund_of) END AS refund_of
    FROM joined j LEFT JOIN cancels USING (setl_id)
    WHERE amount IS NULL OR amount >= 0 OR coalesce(init_setl_id, refund_of) IS NOT NULL"""


# Canonical column -> columns of the register, of visits and of settlements that tell it, the first that knows wins.
_PATIENT = {
    "name": ("psn_name", "psn_name", "psn_name"),
    "birth_date": ("brdy", "brdy", "brdy"),
    "sex": ("gend", "gend", "gend"),
    "id_number": ("certno", "certno", "certno"),
    "phone": ("tel", "", ""),
    "contact_phone": ("coner_tel", "coner_tel", ""),
    "address": ("addr", "addr", ""),
    "district": ("insu_optins", "insu_optins", "insu_optins"),
    "bank_account": ("bankacct", "", ""),
    "category": ("psn_type", "psn_type", "psn_type"),
    "death_date": ("die_date", "die_date", ""),
}


def _patients(available: Available) -> str:
    """Everybody of whom something is known. Of visits and settlements the latest that tells a thing counts."""
    sources = (("psn_info", 0, ""), ("mdtrt_d", 1, "begntime"), ("setl_d", 2, "begndate"))
    parts: list[str] = []
    for rank, (table, place, when) in enumerate(sources):
        told = {c: names[place] for c, names in _PATIENT.items() if names[place] in available.get(table, ())}
        if not told:
            continue
        values = ", ".join(
            f"max_by({told[c]}, (coalesce({when}, TIMESTAMP '1900-01-01'), {told[c]})) "
            f"FILTER ({told[c]} IS NOT NULL) AS {c}"
            if c in told and when
            else f"any_value({told[c]}) AS {c}"
            if c in told
            else f"NULL AS {c}"
            for c in _PATIENT
        )
        parts.append(
            f"SELECT psn_no, {rank} AS rank, {values} FROM src_{table} WHERE psn_no IS NOT NULL GROUP BY psn_no"
        )
    if not parts:
        return ""
    first = ", ".join(f"min_by({c}, rank) FILTER ({c} IS NOT NULL) AS {c}" for c in _PATIENT)
    return f"SELECT psn_no AS patient_id, {first} FROM ({' UNION ALL BY NAME '.join(parts)}) GROUP BY psn_no"


def _facilities(available: Available) -> str:
    kind = f"""CASE {_code("fixmedins_type")} WHEN '1' THEN 'hospital' WHEN '2' THEN 'pharmacy' WHEN '3' THEN 'clinic'
        ELSE CASE WHEN {_code("hosp_lv")} = '11' THEN 'pharmacy' END END"""
    level = f"CASE WHEN {_code('hosp_lv')} <> '11' THEN hosp_lv END"
    if "fixmedins" in available:
        return f"""SELECT fixmedins_code AS facility_id, fixmedins_name AS name, {kind} AS kind, {level} AS level,
            admdvs AS district, lat AS latitude, lng AS longitude FROM src_fixmedins"""
    if "fixmedins_name" in available.get("setl_d", ()):
        return f"""SELECT fixmedins_code AS facility_id, max(fixmedins_name) AS name,
            CASE WHEN bool_and({_code("hosp_lv")} = '11') THEN 'pharmacy' END AS kind, max({level}) AS level
            FROM src_setl_d GROUP BY fixmedins_code"""
    return ""


def _recruiters(available: Available) -> str:
    if "agents" in available:
        return """SELECT agnter_certno AS recruiter_id, agnter_name AS name, agnter_tel AS phone,
            bankacct AS bank_account FROM src_agents"""
    parts = [
        f"SELECT agnter_certno, agnter_tel, agnter_name FROM src_{t}"
        for t in ("setl_d", "mdtrt_d")
        if available.get(t, frozenset()) & {"agnter_tel", "agnter_name"}
    ]
    if not parts:
        return ""
    return f"""SELECT coalesce(agnter_certno, agnter_tel, agnter_name) AS recruiter_id, max(agnter_name) AS name,
        max(agnter_tel) AS phone FROM ({" UNION ALL ".join(parts)})
        WHERE coalesce(agnter_certno, agnter_tel, agnter_name) IS NOT NULL GROUP BY 1"""


def _selects(available: Available) -> dict[str, str]:
    selects = {
        "claims": _claims(),
        "patients": _patients(available),
        "facilities": _facilities(available),
        "recruiters": _recruiters(available),
    }
    if "cards" in available:
        selects["cards"] = "SELECT card_no AS card_id, psn_no AS patient_id FROM src_cards"
    if "doctors" in available:
        selects["doctors"] = (
            "SELECT dr_code AS doctor_id, fixmedins_code AS facility_id, dr_name AS name FROM src_doctors"
        )
    return {table: select for table, select in selects.items() if select}


NHSA = Profile(
    "nhsa",
    "setl_d",
    (SETL, MDTRT, FEE, PSN, FIXMEDINS, CARDS, DOCTORS, AGENTS),
    _selects,
    joins=True,
    counts={
        "claims.note_unsettled": ("rows", "SELECT count(*) FROM src_fee_list_d WHERE setl_id IS NULL"),
        "claims.note_refunds_unmatched": (
            "claims",
            "SELECT count(*) FROM src_setl_d s ANTI JOIN canonical_claims c ON s._file = c._file AND s._row = c._row",
        ),
    },
)
