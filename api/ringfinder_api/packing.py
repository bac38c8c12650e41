"""The evidence of a case as one ZIP, to be handed on and checked; the work of a process of its own.

    case.html, case.json      the case: what was established, said, checked and decided, notes, legal basis
    rings/RING_ID.html        each linked ring of the run that is served, as the report shows it
    evidence.json             its sentences with the claims that each rests on
    claims.xlsx               its claims with their amounts, and what they come to
    files/                    what people added
    manifest.json             every one of these with its bytes and SHA-256; from which run; rings that are not in it any more
    SHA256SUMS                the same for `sha256sum -c`, the manifest included

Personal values are masked as everywhere; what people typed stands as it was typed. Files beyond `MOST_FILES_BYTES` together are left
out, and named with their digest.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ringfinder.casebook.case_files import content_of, files_of
from ringfinder.casebook.database import open_casebook
from ringfinder.casebook.who import Who
from ringfinder.report import one_ring, workbook
from ringfinder.report.alert import Case as RingCase
from ringfinder.report.figures import word
from ringfinder.report.register import Register, hide
from ringfinder.words import Language, say
from ringfinder.workspace import Workspace
from ringfinder_api import case_page
from ringfinder_api.answers import as_json

MOST_FILES_BYTES = 100 * 1024**2
ALWAYS = (1980, 1, 1, 0, 0, 0)  # when everything in the ZIP was made, so that bytes do not differ by the clock
COLUMNS = (
    "claim_id",
    "patient",
    "facility",
    "service_type",
    "claim_begins",
    "claim_ends",
    "total_amount",
    "fund_amount",
)
AMOUNTS = "SELECT claim_id, total_amount, fund_amount FROM read_parquet($path) WHERE claim_id IN (SELECT unnest($ids))"


@dataclass(frozen=True)
class Packing:
    """What is packed. `content`: the case as answers tell it; `rings`: claims of each linked ring of the run `run_id`."""

    workspace: Path
    casebook: str | None
    who: Who
    content: Mapping[str, Any]
    notes: Sequence[Mapping[str, Any]]
    run_id: str | None
    rings: Mapping[str, tuple[str, ...]]
    lang: Language


def packed(order: Packing) -> bytes:
    """The ZIP; RingFinderError where run or casebook cannot be read."""
    parts: dict[str, bytes] = {}
    parts["case.html"] = case_page.page(order.content, order.notes, order.lang).encode()
    parts["case.json"] = as_json({**order.content, "notes": list(order.notes)})
    parts |= _of_rings(order)
    files, left_out = _files(order)
    parts |= files
    entries = [{"path": path, "bytes": len(body), "sha256": _digest(body)} for path, body in sorted(parts.items())]
    manifest = {
        "case_id": order.content["case_id"],
        "version": order.content["version"],
        "run_id": order.run_id,
        "parts": entries,
        "rings_not_in_the_run": sorted({one["ring_id"] for one in order.content["rings"]} - set(order.rings)),
        "files_left_out": left_out,
    }
    parts["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    sums = "".join(f"{_digest(body)}  {path}\n" for path, body in sorted(parts.items()))
    return _zipped(parts | {"SHA256SUMS": sums.encode()})


def _of_rings(order: Packing) -> dict[str, bytes]:
    """Pages, evidence and claims of the rings."""
    if order.run_id is None or not order.rings:
        return {}
    stored = Workspace(order.workspace).run(order.run_id)
    parts: dict[str, bytes] = {}
    told: list[dict[str, Any]] = []
    cases: list[tuple[RingCase, Register]] = []
    for place, (ring_id, claim_ids) in enumerate(sorted(order.rings.items()), 1):
        case, register = one_ring.look_up(stored.results, stored.tables, ring_id, claim_ids)
        cases.append((case, register))
        told += _evidence(case, order.lang)
        parts[f"rings/{place:02}.html"] = one_ring.page(case, register, order.lang).encode()
    parts["evidence.json"] = as_json({"run_id": order.run_id, "evidence": told})
    parts["claims.xlsx"] = _claims(cases, stored.tables, order.lang)
    return parts


def _evidence(case: RingCase, lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "ring_id": case.ring.ring_id,
            "channel": row.channel,
            "side": row.side,
            "sentence": hide(row.sentence_zh if lang == "zh" else row.sentence_en, case.secrets),
            "claim_ids": list(row.claim_ids),
        }
        for row in case.evidence
    ]


def _claims(cases: Iterable[tuple[RingCase, Register]], tables: Path, lang: Language) -> bytes:
    """One row a claim and ring, and the sums; a claim that two rings name is counted once."""
    found = [(case, register, line) for case, register in cases for line in case.claims]
    amounts = _amounts(tables, {line.claim_id for _, _, line in found})
    heads = [say("report.ring", lang), *(say(f"cases.col_{name}", lang) for name in COLUMNS)]
    rows: list[list[Any]] = [heads]
    for case, register, line in sorted(found, key=lambda one: (one[0].ring.ring_id, one[2].start, one[2].claim_id)):
        rows.append(
            [
                case.ring.ring_id,
                line.claim_id,
                register.shown("patient", line.patient_id),
                register.shown("facility", line.facility_id),
                word(line.service_type, lang),
                line.start,
                line.end,
                *amounts[line.claim_id],
            ]
        )
    sums = [sum((one[place] or Decimal(0) for one in amounts.values()), Decimal("0.00")) for place in (0, 1)]
    about: list[list[Any]] = [
        [say("cases.sum_claims", lang), len(amounts)],
        [say("cases.col_total_amount", lang), sums[0]],
        [say("cases.col_fund_amount", lang), sums[1]],
        [say("report.masked", lang)],
    ]
    return workbook.of_sheets({say("api.sheet_claims", lang): rows, say("api.sheet_about", lang): about})


def _amounts(tables: Path, claim_ids: set[str]) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    import duckdb  # noqa: PLC0415

    with duckdb.connect(config={"threads": 1}) as db:
        values = {"path": str(tables / "claims.parquet"), "ids": sorted(claim_ids)}
        return {one: (total, fund) for one, total, fund in db.execute(AMOUNTS, values).fetchall()}


def _files(order: Packing) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """What people added, as far as there is room; and what is left out."""
    parts: dict[str, bytes] = {}
    left_out: list[dict[str, Any]] = []
    room = MOST_FILES_BYTES
    case_id = str(order.content["case_id"])
    with open_casebook(order.workspace, order.casebook) as book:
        for file in files_of(book, order.who, case_id):
            if file.size > room:
                left_out.append({"name": file.name, "bytes": file.size, "sha256": file.digest})
                continue
            room -= file.size
            parts[f"files/{file.number:03}-{file.name}"] = content_of(book, order.who, case_id, file.number)[1]
    return parts, left_out


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, body in sorted(parts.items()):
            entry = zipfile.ZipInfo(path, ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, body)
    return made.getvalue()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
