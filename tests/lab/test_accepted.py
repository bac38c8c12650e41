from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ringfinder.errors import InputError
from ringfinder.lab.accepted import Change, changes, dated, of_trials, path, read, write
from ringfinder.lab.figures import figures_of, total
from ringfinder.lab.version import detection

from .rows import CLEAN, TRIAL


def test_an_accepted_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "lab" / "tune.json"
    write(of_trials([TRIAL, CLEAN]), file)
    kept = read(file)
    assert kept == of_trials([TRIAL, CLEAN])
    assert kept is not None
    assert (kept.claims, kept.seconds) == ({"1001": 1000, "1101": 500}, {"1001": 3.0, "1101": 1.0})
    assert len(file.read_text(encoding="utf-8").splitlines()) == 4  # one world a line
    assert json.loads(file.read_text(encoding="utf-8"))["1101"]["figures"]["clean_alerts"] == [1, 1]


def test_a_dated_run_keeps_its_day_and_the_digest_of_its_code(tmp_path: Path) -> None:
    run = dated(of_trials([TRIAL]), date(2026, 11, 28))
    assert (run.day, run.detection) == ("2026-11-28", detection())
    write(run, tmp_path / "tune.json")
    assert read(tmp_path / "tune.json") == run


def test_the_digest_is_of_the_code_and_not_of_its_comments(tmp_path: Path) -> None:
    for room in ("evidence", "communities", "rings"):
        (tmp_path / room).mkdir()
    module = tmp_path / "rings" / "find.py"
    module.write_text("BAR = 8.0  # nats\n")
    first = detection(tmp_path)
    module.write_text("# nats\nBAR  =  8.0\n")
    assert detection(tmp_path) == first
    module.write_text("BAR = 9.0\n")
    assert detection(tmp_path) != first


def test_a_part_of_a_set_is_held_against_the_same_part() -> None:
    kept = of_trials([TRIAL, CLEAN])
    assert kept.part(["1001"]) == figures_of(TRIAL)
    assert kept.part(["1101", "1001"]) == total([figures_of(TRIAL), figures_of(CLEAN)])
    assert kept.part(["1001", "1002"]) is None
    assert kept.part([]) is None


def test_quick_is_held_against_tune(tmp_path: Path) -> None:
    assert [path(tmp_path, name).name for name in ("quick", "tune", "confirm")] == [
        "tune.json", "tune.json", "confirm.json",
    ]  # fmt: skip


def test_every_figure_that_moved_is_told_and_no_other() -> None:
    better = replace(TRIAL, listed=TRIAL.listed[:3], average_precision=0.8)
    before, after = figures_of(TRIAL), figures_of(better)
    moved = {change.figure: (change.before, change.after) for change in changes(before, after)}
    assert moved == {
        "average_precision": (0.75, 0.8),
        "false_at_q": (2 / 3, 1 / 2),
        "honest_alerts": (1 / 3, 0.0),
        "precision": (1 / 3, 1 / 2),
        "strangers": (14 / 30, 5 / 20),
        "q.0.05.honest": (0.5, 0.0),
        "q.1.false": (1.0, None),
        "q.1.honest": (1.0, None),
    }
    assert changes(before, before) == ()
    assert Change("x", 0.5, 0.75).difference == 0.25


def test_no_file_is_no_accepted_run_and_another_file_is_told(tmp_path: Path) -> None:
    assert read(tmp_path / "tune.json") is None
    for text in ("no json", "[]", '{"1001": {}}'):
        (tmp_path / "tune.json").write_text(text)
        with pytest.raises(InputError, match=r"tune\.json holds no accepted run"):
            read(tmp_path / "tune.json")
