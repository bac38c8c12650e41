from __future__ import annotations

import csv
import gc
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from worlds import at, claim_set_of, visit

from ringfinder.claims import read
from ringfinder.claims.city import make_city
from ringfinder.evidence.view import Finding
from ringfinder.model import ENTITY_TYPES, KINDS, ClaimSet, Findings
from ringfinder.pipeline.cycles import not_sought
from ringfinder.rings import find
from ringfinder.rings.certainty import score
from ringfinder.rings.find import clock, money, others_counted
from ringfinder.rings.registry import CHANNELS
from ringfinder.settings import ClaimsSettings, DetectionSettings
from ringfinder.words import LANGUAGES, say

PEOPLE, RINGS = 3000, 6
ONE = DetectionSettings(threads=1, memory_gb=1.0, shuffles=1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    make_city(folder, PEOPLE, seed=11, rings=RINGS)
    return folder


@pytest.fixture(scope="module")
def claim_set(city: Path, tmp_path_factory: pytest.TempPathFactory) -> ClaimSet:
    return read(city, tmp_path_factory.mktemp("tables"), ClaimsSettings())


@pytest.fixture(scope="module")
def findings(claim_set: ClaimSet) -> Findings:
    return find(claim_set, ONE)


def people(findings: Findings) -> dict[str, frozenset[str]]:
    """ring_id -> patient ids."""
    return {r.ring_id: frozenset(m.entity_id for m in r.members if m.entity_type == "patient") for r in findings.rings}


def planted(city: Path) -> list[frozenset[str]]:
    truth = json.loads((city / "truth.json").read_text(encoding="utf-8"))
    return [frozenset(m["entity_id"] for m in r["members"] if m["entity_type"] == "patient") for r in truth]


def test_shuffled_rows_and_more_threads_give_the_same_bytes(city: Path, findings: Findings, tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for file in city.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            head, *rows = csv.reader(lines)
        with (mixed / file.name).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, *(rows[i] for i in rng.permutation(len(rows)))])
    again = find(read(mixed, tmp_path / "tables", ClaimsSettings()), replace(ONE, threads=2))
    assert repr(again) == repr(findings)


@pytest.mark.usefixtures("findings")
def test_the_detection_leaves_no_cycles_of_objects(claim_set: ClaimSet) -> None:
    """A run does not look for them meanwhile (`pipeline.cycles`); what is imported late has made its own by now."""
    gc.collect()
    with not_sought():
        assert not gc.isenabled()
        find(claim_set, ONE)
        assert gc.collect() == 0
    assert gc.isenabled()


def test_planted_rings_are_listed_and_most_of_the_city_is_not(city: Path, findings: Findings) -> None:
    listed = list(people(findings).values())
    found = [max((len(p & q) / len(p | q) for q in listed), default=0.0) >= 0.5 for p in planted(city)]
    assert sum(found) >= RINGS - 2
    alerts = [people(findings)[r.ring_id] for r in findings.rings if r.alert]
    assert alerts
    assert sum(max(len(p & q) / len(p | q) for q in planted(city)) >= 0.5 for p in alerts) >= 0.8 * len(alerts)


def test_rings_are_listed_best_first_and_alert_by_the_settings(findings: Findings) -> None:
    scores = [r.score for r in findings.rings]
    assert scores == sorted(scores, reverse=True)
    q = [r.q_value for r in findings.rings]
    assert q == sorted(q)
    for ring in findings.rings:
        nats = min(ring.harm, (ring.coordination + ring.harm) / 2)
        assert ring.score == pytest.approx(float(score(np.array([nats]))[0]), abs=0.2)
        if ring.alert:
            assert ring.q_value <= ONE.alert_q
            assert ring.harm >= ONE.alert_harm
    assert any(not r.alert for r in findings.rings)


@pytest.fixture(scope="module")
def next_run(claim_set: ClaimSet, findings: Findings) -> Findings:
    """A run with a bar nobody reaches, after a run whose rings R-0, R-1, ... each lacked one of today's members."""
    before = []
    for number, who in enumerate(people(findings).values()):
        one_left = frozenset(sorted(who)[1:]) if len(who) > 3 else who
        before.append((f"R-{number}", one_left))
    return find(claim_set, replace(ONE, alert_harm=1e6), previous=before)


def test_rings_keep_the_ids_of_the_run_before(findings: Findings, next_run: Findings) -> None:
    assert [r.ring_id for r in next_run.rings] == [f"R-{number}" for number in range(len(findings.rings))]


def test_neither_the_run_before_nor_the_bar_changes_anything_else(findings: Findings, next_run: Findings) -> None:
    assert not any(r.alert for r in next_run.rings)
    bare = [[replace(r, ring_id="", alert=False) for r in run.rings] for run in (findings, next_run)]
    assert bare[0] == bare[1]
    assert findings.ties == next_run.ties


def test_a_rings_figures_are_those_of_its_claims(claim_set: ClaimSet, findings: Findings) -> None:
    rows = {r["claim_id"]: r for r in pq.read_table(claim_set.path("claims")).to_pylist()}
    home = {r["patient_id"]: r["district"] for r in pq.read_table(claim_set.path("patients")).to_pylist()}
    served: set[str] = set()
    assert findings.rings
    for ring in findings.rings:
        claims = [rows[c] for c in ring.claim_ids]
        assert list(ring.claim_ids) == sorted(set(ring.claim_ids))
        assert not served & set(ring.claim_ids)  # a claim serves one ring
        served |= set(ring.claim_ids)
        assert ring.total_amount == sum((c["total_amount"] for c in claims), Decimal(0))
        assert ring.fund_amount == sum((c["fund_amount"] or Decimal(0) for c in claims), Decimal(0))
        assert ring.first_time == min(c["start_time"] for c in claims)
        assert ring.last_time == max(max(c["end_time"] or c["start_time"], c["start_time"]) for c in claims)
        who = people(findings)[ring.ring_id]
        assert ring.patients == len(who)
        assert set(ring.districts) == {home[p] for p in who} - {None}
        assert list(ring.districts) == sorted(ring.districts)


def test_members_are_entities_of_the_claims_each_once(claim_set: ClaimSet, findings: Findings) -> None:
    for ring in findings.rings:
        assert ring.kind in KINDS
        keys = [(m.entity_type, m.entity_id) for m in ring.members]
        assert len(keys) == len(set(keys))
        assert {t for t, _ in keys} <= set(ENTITY_TYPES)
        assert all(0.0 <= m.strength <= 1.0 for m in ring.members)


def test_every_reason_can_be_said_and_names_claims_of_the_set(claim_set: ClaimSet, findings: Findings) -> None:
    known = set(pq.read_table(claim_set.path("claims"), columns=["claim_id"])["claim_id"].to_pylist())
    for ring in findings.rings:
        assert ring.reasons
        assert {"for", "harm"} & {reason.side for reason in ring.reasons}
        for reason in ring.reasons:
            assert set(reason.claim_ids) <= known
            for language in LANGUAGES:
                assert say(reason.key, language, **reason.values)


def test_ties_are_inside_rings_and_each_pair_once(findings: Findings) -> None:
    pairs = [(t.patient_a, t.patient_b) for t in findings.ties]
    assert pairs == sorted(set(pairs))
    together = list(people(findings).values())
    for tie in findings.ties:
        assert tie.patient_a < tie.patient_b
        assert any({tie.patient_a, tie.patient_b} <= who for who in together)
        assert tie.observed > tie.expected


def test_all_channels_say_whether_they_ran(findings: Findings) -> None:
    assert [name for name, _ in findings.channels] == list(CHANNELS)
    assert dict(findings.channels)["together"] == "on"


def test_channels_without_what_they_need_are_off_and_say_why(tmp_path: Path) -> None:
    rows = [visit(f"p{i}", "f", at(i, 9 + i % 5)) for i in range(30)]
    none = find(claim_set_of(tmp_path, rows), ONE)
    assert none.rings == ()
    assert none.ties == ()
    state = dict(none.channels)
    assert state["together"] == "on"
    assert state["transfers"] == "channels.no_stays"
    for key in set(state.values()) - {"on"}:
        assert say(key, "zh")
        assert say(key, "en")


@pytest.mark.parametrize("refunds", [0, 1])
def test_a_claim_set_without_live_claims_has_no_rings(tmp_path: Path, refunds: int) -> None:
    rows = [visit("p", "f", at(0, 9), -5)] * refunds
    none = find(claim_set_of(tmp_path, rows), ONE)
    assert none.rings == none.ties == ()
    assert dict(none.channels)["together"] == "channels.no_claims"
    assert dict(none.channels)["transfers"] == "channels.no_stays"


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    find(
        claim_set_of(tmp_path, [visit("p", "f", at(0, 9))]),
        ONE,
        progress=lambda stage, share: told.append((stage, share)),
    )
    shares = [share for _, share in told]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert told[-1] == ("done", 1.0)


@pytest.mark.parametrize(
    ("counted", "told"),
    [
        (None, {}),
        ([2, 3, 5], {}),
        ([2, 3, 4, 9], {"counted": 4, "counted_members": 2}),
        ([7], {"counted": 1, "counted_members": 0}),
    ],
)
def test_a_finding_tells_how_many_of_those_it_counts_are_members(
    counted: list[int] | None, told: dict[str, int]
) -> None:
    nothing = np.zeros(0, np.int32)
    people = None if counted is None else np.array(counted, np.int32)
    finding = Finding("together", "for", "reasons.hub", {}, 1.0, 0.0, nothing, people=people)
    assert others_counted(finding, np.array([2, 3, 5], np.int32)) == told


def test_times_and_money_come_back_as_they_went_in() -> None:
    for moment in (datetime(1969, 12, 31, 23), datetime(2024, 2, 29, 23, 59, 59), datetime(2100, 1, 1)):
        assert clock(np.int64(moment.replace(tzinfo=UTC).timestamp())) == moment
    for cents, yuan in ((0, "0"), (29, "0.29"), (99_999_999_999_999, "999999999999.99")):
        assert money(np.int64(cents)) == Decimal(yuan)
