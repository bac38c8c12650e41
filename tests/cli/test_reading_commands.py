from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
from typer.testing import Result

from ringfinder.model import Findings
from ringfinder.words import say

Invoke = Callable[..., Result]
MAIN_EN = say("reasons.dead", "en", visits=3, borne=2)
MAIN_ZH = say("reasons.dead", "zh", visits=3, borne=2)


def told(result: Result) -> str:
    """What was printed, in one line of single spaces, since tables break lines."""
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def ids(result: Result) -> list[str]:
    return [ring["ring_id"] for ring in json.loads(result.stdout)]


def test_rings_are_listed_surest_first(invoke: Invoke, workspace: Path) -> None:
    text = told(invoke("rings", "--workspace", workspace))
    assert text.index("R;1 97.1 claims after death alert 3 180.50 2024-03-01") < text.index("R0 12.0 rotation 1 60.00")
    assert MAIN_EN in text


def test_sentences_of_evidence_name_their_claims(invoke: Invoke, workspace: Path) -> None:
    assert f"{MAIN_EN} 2 0.01 claims C1, C3" in told(invoke("show", "R;1", "--workspace", workspace))
    assert "费用 C1、C3" in told(invoke("show", "R;1", "--workspace", workspace, "--lang", "zh"))


def test_rings_speak_chinese_when_asked_or_when_the_locale_does(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = told(invoke("rings", "--workspace", workspace, "--lang", "zh"))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("RINGFINDER_WORKSPACE", str(workspace))
    assert told(invoke("rings")) == asked.removesuffix(f" --workspace {workspace}") != asked
    assert "死亡冒领" in asked
    assert MAIN_ZH in asked


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["R;1", "R0"]),
        (("--alerts",), ["R;1"]),
        (("--harmless",), ["R0"]),
        (("--kind", "rotation"), ["R0"]),
        (("--kind", "insider"), []),
    ],
)
def test_rings_are_chosen_by_options(
    invoke: Invoke, workspace: Path, options: tuple[str, ...], expected: list[str]
) -> None:
    assert ids(invoke("rings", "--workspace", workspace, "--json", *options)) == expected


def test_groups_without_harm_are_listed_without_the_word_for_a_crime(invoke: Invoke, workspace: Path) -> None:
    shown = told(invoke("rings", "--workspace", workspace, "--harmless", "--lang", "en"))
    assert "R0" in shown
    assert "rotation" not in shown
    assert "rotation" in told(invoke("rings", "--workspace", workspace, "--lang", "en"))


def test_rings_as_json_are_rows_of_the_contract(invoke: Invoke, workspace: Path) -> None:
    ring = json.loads(invoke("rings", "--workspace", workspace, "--json").stdout)[0]
    assert ring == {
        "ring_id": "R;1",
        "kind": "after_death",
        "score": 97.13,
        "q_value": 0.00312346,
        "coordination": 45.68,
        "harm": 33.1,
        "alert": True,
        "patients": 3,
        "claims": 3,
        "total_amount": "300.00",
        "fund_amount": "180.50",
        "first_time": "2024-03-01T09:00:00",
        "last_time": "2024-03-01T09:07:00",
        "districts": ["东;城", "西城"],
        "reason_zh": MAIN_ZH,
        "reason_en": MAIN_EN,
    }


def test_long_list_says_how_many_more(invoke: Invoke, workspace: Path) -> None:
    assert told(invoke("rings", "--workspace", workspace, "--limit", "1")).endswith(
        f"1 more; see them with --limit. One of them in full: ringfinder show 'R;1' --workspace {workspace}"
    )


def test_limit_holds_for_json_where_it_is_given_and_else_all_are_printed(
    invoke: Invoke, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfinder.cli.reading.MOST_IN_A_TABLE", 1)
    assert ids(invoke("rings", "--workspace", workspace, "--json")) == ["R;1", "R0"]
    assert ids(invoke("rings", "--workspace", workspace, "--json", "--limit", "1")) == ["R;1"]
    assert "1 more; see them with --limit." in told(invoke("rings", "--workspace", workspace))


def test_no_such_rings_is_said(invoke: Invoke, workspace: Path) -> None:
    assert told(invoke("rings", "--workspace", workspace, "--kind", "insider")) == "There are no such rings."


def test_show_explains_a_ring_and_masks_it(invoke: Invoke, workspace: Path) -> None:
    text = told(invoke("show", "R;1", "--workspace", workspace))
    for part in (
        "R;1 consistent with claims after death",
        MAIN_EN,
        "score 97.1 of 100 (very sure)",
        "harm 33.1 nats",
        "patient P1 王** deceased 0.90 1",
        "account ****2222 payee account 0.25 2",
        "Marks of harm, beyond what honest care lets expect",
        "Honest explanations that were considered",
        "How to read the numbers",
    ):
        assert part in text
    assert [secret for secret in tiny.SECRETS if secret in text] == []
    assert "\x1b" not in text


def test_show_unmasks_when_asked(invoke: Invoke, workspace: Path) -> None:
    text = told(invoke("show", "R;1", "--workspace", workspace, "--unmask"))
    assert f"account {tiny.PAYEE} payee account" in text
    assert "王小明" in text


def test_show_as_json_holds_ring_members_and_evidence(invoke: Invoke, workspace: Path) -> None:
    content = json.loads(invoke("show", "R;1", "--workspace", workspace, "--json").stdout)
    assert [m["entity_id"] for m in content["members"]] == ["P1", "P3", "P2", "F1", "R1", "****2222"]
    assert content["members"][0]["name"] == "王**"
    assert content["evidence"][0]["claim_ids"] == ["C1", "C3"]
    assert content["ring"]["ring_id"] == "R;1"


def test_who_lists_the_rings_of_an_entity(invoke: Invoke, workspace: Path) -> None:
    assert ids(invoke("who", "patient", "P1", "--workspace", workspace, "--json")) == ["R;1", "R0"]
    assert ids(invoke("who", "account", tiny.PAYEE, "--workspace", workspace, "--json")) == ["R;1"]
    text = told(invoke("who", "account", tiny.PAYEE, "--workspace", workspace))
    assert text.startswith("account ****2222 is in 1 of the current run's rings:")


def test_who_says_plainly_when_there_is_none(invoke: Invoke, workspace: Path) -> None:
    result = invoke("who", "patient", "P4", "--workspace", workspace)
    assert told(result) == "patient P4 is in no ring of the current run."


def test_a_wrong_word_is_told_once(invoke: Invoke, workspace: Path) -> None:
    result = invoke("who", "Doctor", "D1", "--workspace", workspace)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: Invalid value for 'ENTITY_TYPE': 'Doctor' is not one of 'patient', 'card', 'doctor', 'facility', 'recruiter', "
        "'account', 'operator', 'terminal'."
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "R9"), "there is no ring R9 in this run; `ringfinder rings` lists them"),
        (("who", "patient", "P9"), "the claims of the current run name no patient P9; check the type and the id"),
        (("who", "patient", "13812345678"), "name no patient 138******78;"),
        (("rings", "--kind", "theft"), "there is no kind theft; there are paid_referral"),
        (("rings", "--alerts", "--harmless"), "--alerts and --harmless exclude each other"),
    ],
)
def test_wrong_names_end_with_2_and_one_sentence(
    invoke: Invoke, workspace: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = invoke(*arguments, "--workspace", workspace)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


@pytest.mark.parametrize("typed", ["rfdd4aa8039", "RFDD4AA803", "RFDD4AA8093"])
def test_slip_in_a_ring_id_is_told_with_the_nearest(invoke: Invoke, tmp_path: Path, typed: str) -> None:
    ring = replace(tiny.ALERT, ring_id="RFDD4AA8039")
    tiny.publish_run(tmp_path, Findings((ring, replace(tiny.HARMLESS, ring_id="R4DA804BAA6")), (), ()))
    result = invoke("show", typed, "--workspace", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: there is no ring {typed} in this run, the nearest is RFDD4AA8039; `ringfinder rings` lists them\n"
    )


@pytest.mark.parametrize("command", [("show", "R0"), ("similar", "R0"), ("export", "ring", "R0", "--html", "x.html")])
def test_ring_of_an_earlier_run_is_told_with_the_last_run_that_had_it(
    invoke: Invoke, tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "work"
    tiny.publish_run(folder)
    had = tiny.publish_run(folder)
    tiny.publish_run(folder, Findings((tiny.ALERT,), (), ()), graph=command[0] == "export")
    result = invoke(*command, "--workspace", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: there is no ring R0 in the current run, run {had} had it; "
        f"`ringfinder runs diff {had}` tells what became of it\n"
    )
    assert "R0" in invoke("runs", "diff", had, "--workspace", folder).stdout


def test_earlier_results_that_cannot_be_read_are_passed_over(invoke: Invoke, tmp_path: Path) -> None:
    had = tiny.publish_run(tmp_path)
    broken = tiny.publish_run(tmp_path)
    tiny.publish_run(tmp_path, Findings((tiny.ALERT,), (), ()))
    (tmp_path / "runs" / broken / "results" / "rings.csv").write_text("nothing")
    assert f"run {had} had it" in invoke("show", "R0", "--workspace", tmp_path).stderr


def test_empty_workspace_ends_with_2_and_the_cure(invoke: Invoke) -> None:
    result = invoke("rings")
    assert result.exit_code == 2
    assert "has no run yet; make one with `ringfinder run CLAIMS`" in result.stderr


def test_wrong_option_ends_with_2(invoke: Invoke) -> None:
    assert invoke("rings", "--nonsense").exit_code == 2
    assert invoke("who", "doctors", "D1").exit_code == 2
    assert invoke("rings", "--lang", "fr").exit_code == 2


def test_similar_rings_are_told_with_what_is_alike(invoke: Invoke, workspace: Path) -> None:
    content = json.loads(invoke("similar", "R;1", "--workspace", workspace, "--json").stdout)
    (ring,) = content["rings"]
    signs = {sign["sign"]: sign["agreement"] for sign in ring["signs"]}
    assert (ring["ring_id"], ring["kind"], signs["kind"], signs["size"]) == ("R0", "rotation", 0.0, round(1 / 3, 4))
    assert signs["amounts"] == round(60 / 60.17, 4)
    weighted = sum(sign["weight"] * sign["agreement"] for sign in ring["signs"])
    assert ring["likeness"] == pytest.approx(weighted / sum(sign["weight"] for sign in ring["signs"]), abs=1e-4)
    text = told(invoke("similar", "R;1", "--workspace", workspace, "--lang", "zh"))
    assert "患者人数：3 与 1" in text
    assert say("likeness.measure", "zh").replace(" ", "") in text.replace(" ", "")
    assert "no ring" in told(invoke("similar", "R;1", "--district", "nowhere", "--workspace", workspace))
    assert invoke("similar", "R9", "--workspace", workspace).exit_code == 2
