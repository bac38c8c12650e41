"""One small world through the lab, held against `find` and `evaluate` themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ringfinder.evaluation import Evaluation, evaluate, read_scenes, read_truth
from ringfinder.lab.figures import figures_of
from ringfinder.lab.results import LOST, Trial
from ringfinder.lab.trial import found, prepare, run
from ringfinder.lab.worlds import World
from ringfinder.model import Findings
from ringfinder.rings import find
from ringfinder.settings import DetectionSettings

WORLD = World("12", 12, 1_500, 5)
ONE = DetectionSettings(threads=1, memory_gb=1.0, shuffles=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def trial(folder: Path) -> Trial:
    return run(WORLD, folder, ONE)


@pytest.fixture(scope="module")
def findings(folder: Path, trial: Trial) -> Findings:
    """The same world searched with nobody looking on."""
    return find(prepare(trial.world, folder, ONE, {})[1], ONE)


@pytest.fixture(scope="module")
def judged(folder: Path, findings: Findings) -> Evaluation:
    city = folder / "city"
    rings = [found(ring) for ring in findings.rings]
    return evaluate(rings, read_truth(city / "truth.json"), read_scenes(city / "scenes.json"))


def test_looking_on_changes_no_finding(trial: Trial, findings: Findings) -> None:
    theirs = [(r.ring_id, r.kind, r.q_value, r.coordination, r.harm, r.alert) for r in findings.rings]
    ours = [(r.ring_id, r.kind, r.q_value, r.coordination, r.harm, r.alert) for r in trial.listed]
    assert ours == sorted(theirs, key=lambda ring: [r[0] for r in ours].index(ring[0]))
    assert len(ours) == len(theirs) > 0


def test_figures_are_those_of_evaluate(trial: Trial, judged: Evaluation) -> None:
    figures = figures_of(trial)
    assert judged.planted == len(trial.planted) > 0
    assert figures["found"] == (judged.recall.hits, judged.recall.total)
    assert figures["alerted"] == (judged.alert_recall.hits, judged.alert_recall.total)
    assert figures["kind_right"] == (judged.kind_right.hits, judged.kind_right.total)
    assert trial.average_precision == pytest.approx(judged.average_precision, abs=1e-6)
    false = [row for row in trial.listed if row.alert and not row.alert_planted_id]
    assert [row.ring_id for row in false] == [alert.ring_id for alert in judged.false_alerts]
    for member in judged.members:
        assert figures.get(f"entity.{member.entity_type}.precision", (0, 0)) == (
            member.precision.hits, member.precision.total,
        )  # fmt: skip
        assert figures[f"entity.{member.entity_type}.recall"] == (member.recall.hits, member.recall.total)


def test_every_planted_ring_has_the_fate_that_fits_it(trial: Trial, judged: Evaluation) -> None:
    assert [ring.planted_id for ring in trial.planted if not ring.ring_id] == list(judged.missed)
    for ring in trial.planted:
        assert (ring.fate in LOST) == (not ring.ring_id)
        assert (ring.fate == "alerted") == ring.alerted
        assert bool(ring.why) == (ring.fate == "not_alerted")
        if ring.ring_id:
            assert ring.jaccard >= 0.5


def test_the_same_world_gives_the_same_trial_but_for_seconds(trial: Trial, folder: Path) -> None:
    again = run(WORLD, folder, replace(ONE, threads=2))
    assert set(trial.seconds) == {"make", "read", "find"}
    assert set(again.seconds) == {"find"}  # it was made and read already
    assert replace(again, seconds={}) == replace(trial, seconds={})
