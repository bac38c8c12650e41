from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ringfinder.errors import UsageError
from ringfinder.lab.accepted import dated, of_trials, read
from ringfinder.lab.figures import GOALS, Figures, figures_of, total
from ringfinder.lab.page import Table, label, page
from ringfinder.lab.readme import NONE, block, errors, with_block, with_blocks
from ringfinder.lab.results import Trial
from ringfinder.words import LANGUAGES, Language

from .rows import CLEAN, TRIAL

ROOT = Path(__file__).parents[2]
BOTH = total([figures_of(TRIAL), figures_of(CLEAN)])


def tables(trials: list[Trial], accepted: Figures | None, lang: Language = "en") -> dict[str, Table]:
    """The tables of a page by the first words of their titles."""
    parts = page("tune", trials, total(figures_of(t) for t in trials), accepted, lang)
    return {part.title.partition(":")[0]: part for part in parts if isinstance(part, Table)}


def test_goals_stand_beside_figures_and_what_moved() -> None:
    before = BOTH | {"average_precision": (0.5, 1), "clean_alerts": (0, 1), "missing": (0, 22)}
    shown = tables([TRIAL, CLEAN], before)
    rows = {row[0]: row[1:] for row in shown["Goals"].rows}
    assert len(rows) == len(GOALS)
    assert rows["average precision (mean of the worlds)"] == (">= 0.95", "0.750", "not yet", "0.500", "+0.250")
    assert rows["alerts in worlds without rings"] == ("<= 0", "1", "not yet", "0", "+1")
    assert rows["doctor: precision"] == (">= 0.9", "0.500 (1/2)", "not yet", "0.500", "=")
    assert rows["card: recall"] == (">= 0.9", "-", "", "-", "")
    assert shown["What else moved against the accepted run"].rows == (
        ("patients of found rings who are not shown", "0.000", "0.318", "+0.318"),
    )


def test_kinds_and_bins_of_q_that_moved_are_told_last() -> None:
    before = BOTH | {"cell.rotation.plain.alerted": (0, 1), "q.0.05.honest": (0, 3), "stray": (0, 16)}
    assert [row[0] for row in tables([TRIAL, CLEAN], before)["What else moved against the accepted run"].rows] == [
        "patients shown who are not of that ring",
        "rotation plain: alerted",
        "honest in the bin of q up to 0.05",
    ]


def test_accepted_run_is_told_with_its_day_its_code_and_its_seconds() -> None:
    kept = dated(of_trials([TRIAL, CLEAN]), date(2026, 11, 28))
    parts = page("tune", [TRIAL, CLEAN], BOTH, BOTH, "en", kept)
    assert f"Accepted run: of 2026-11-28, with the detection {kept.detection} (the same as now)." in parts
    (costs,) = [part for part in parts if isinstance(part, Table) and part.title == "Worlds and seconds"]
    assert costs.heads[6:] == ("make", "read", "find", "find, accepted", "failed")
    assert [row[8:10] for row in costs.rows] == [("3.0", "3.0"), ("1.0", "1.0"), ("4.0", "4.0")]
    other = page("tune", [TRIAL, CLEAN], BOTH, BOTH, "en", replace(kept, detection="0123456789ab"))
    assert "Accepted run: of 2026-11-28, with the detection 0123456789ab (another one than now)." in other


def test_misses_are_told_with_the_stage_that_lost_them() -> None:
    shown = tables([TRIAL, CLEAN], None)
    assert shown["Missed rings and the stage that lost them"].rows == (
        ("1001", "T3", "sham stay", "plain", "10", "trimmed away", "0.90", "0.40", "0.45", "0.00", "0.0"),
    )
    assert shown["Rings listed that do not alert"].rows == (
        ("1001", "T2", "sham stay", "sparse", "10", "0.60", "0.08", "5.0", "9.0", "q, strength"),
    )


def test_false_alerts_are_told_with_what_they_were_made_of() -> None:
    rows = [(r[0], r[1], *r[7:]) for r in tables([TRIAL, CLEAN], None)["False alerts"].rows]
    assert rows == [
        ("1001", "R3", "piece or mixture of rings", "6", "T1 (0.30)", "-"),
        ("1001", "R4", "honest group", "1", "-", "S1 dialysis (8)"),
        ("1101", "R9", "honest group", "0", "-", "-"),
    ]


def test_kinds_levels_and_costs_are_told() -> None:
    shown = tables([TRIAL, CLEAN], None)
    kinds = shown["By kind and level"]
    assert kinds.heads == ("kind", "all", "plain", "sparse")
    assert kinds.rows == (
        ("sham stay", "1 (0) / 2", "0 (0) / 1", "1 (0) / 1"),
        ("rotation", "1 (1) / 1", "1 (1) / 1", "-"),
        ("all", "2 (1) / 3", "1 (1) / 2", "1 (0) / 1"),
    )
    assert shown["Worlds and seconds"].rows == (
        ("1001", "20000", "1000", "2 (1) / 3", "2", "0.750", "1.0", "2.0", "3.0", ""),
        ("1101", "15000", "500", "0 (0) / 0", "1", "-", "1.0", "1.0", "1.0", ""),
        ("all", "35000", "1500", "2 (1) / 3", "3", "-", "2.0", "3.0", "4.0", ""),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_has_a_name(lang: Language) -> None:
    names = [label(figure, lang) for figure in {*BOTH, *(goal.figure for goal in GOALS)}]
    assert len(set(names)) == len(names)
    assert page("tune", [replace(TRIAL, planted=(), listed=())], {}, None, lang)


def test_readme_shows_the_accepted_run_of_the_confirming_set() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = block(read(ROOT / "docs" / "lab" / "confirm.json"))
    assert with_block(text, made) == text, "run `python -m ringfinder.lab.readme README.md docs/lab/confirm.json`"


def test_error_rates_for_who_defends_a_verdict_are_those_of_the_accepted_run() -> None:
    file = ROOT / "docs" / "defending.md"
    text = file.read_text(encoding="utf-8")
    assert text.count("<!-- errors ") == 2
    made = with_blocks(text, read(ROOT / "docs" / "lab" / "confirm.json"))
    assert made == text, "run `python -m ringfinder.lab.readme docs/defending.md docs/lab/confirm.json`"


def test_error_rates_are_told_in_plain_words() -> None:
    assert errors(of_trials([TRIAL, CLEAN]), "en").splitlines()[1:] == [
        "- Of 4 alerts, 3 matched no planted ring (75.0%, 95 % interval 30.1% to 95.4%): 2 were groups of honest people,"
        " the others pieces or mixtures of rings.",
        "- In 1 worlds without any ring (500 claims), alerts: 1.",
        "- Of 40 people shown in alerts, 24 were in no ring (60.0%, 95 % interval 44.6% to 73.7%).",
        "- Of 2 rings found, 1 had their kind named wrongly.",
        "- Named as belonging to a ring that was found, doctor: 2, of which 1 did not.",
        "- Of 3 planted rings, 2 raised no alert: no alert is no proof that nothing happened.",
        "",
    ]
    assert errors(None, "zh") == NONE


def test_the_block_says_when_and_by_which_detection_where_that_is_known() -> None:
    kept = dated(of_trials([TRIAL, CLEAN]), date(2026, 11, 28))
    assert f"wide ranges; run of 2026-11-28, detection `{kept.detection}`. How" in block(kept)
    assert "wide ranges. How" in block(of_trials([TRIAL, CLEAN]))


def test_the_block_tells_goals_roles_kinds_and_calibration() -> None:
    made = block(of_trials([TRIAL, CLEAN]))
    assert "on 2 worlds set apart from those for tuning, 1 of them without rings: 1,500 claims, 3 planted rings" in made
    for line in (
        "| average precision (mean of the worlds) | >= 0.95 | 0.750 | not yet |",
        "| doctor | 0.500 (1/2) | 0.500 (1/2) |",
        "| sham stay | 1 (0) / 2 | 0 (0) / 1 | 1 (0) / 1 |",
        "| <= 0.05 | 4 | 3 | 0.750 | 0.301 to 0.954 | 2 |",
    ):
        assert line in made.splitlines()
    assert block(None) == NONE


def test_the_block_goes_between_its_marks_and_nowhere_else() -> None:
    assert with_block("a\n<!-- lab -->\nold\n<!-- /lab -->\nb", "new\n") == "a\n<!-- lab -->\nnew\n<!-- /lab -->\nb"
    with pytest.raises(UsageError, match="no marks"):
        with_block("a page", "new\n")
    with pytest.raises(UsageError, match="no marks"):
        with_blocks("a page", None)
