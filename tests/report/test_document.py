from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tiny

from ringfinder.model import Findings
from ringfinder.report.document import Intake, document
from ringfinder.report.register import Register
from ringfinder.report.results import results_of
from ringfinder.words import Language, say

INTAKE = Intake(
    sources=(("claims.csv", 6, "ab" * 32),),
    rows={"claims": 6},
    patients=4,
    facilities=2,
    first=datetime(2024, 3, 1),
    last=datetime(2024, 5, 2),
    rejected=1,
    set_aside=2,
    off=(("transfers", "channels.no_stays"),),
    version="0.1.0",
    alert_harm=8.0,
)
CLAIMS_OF = {ring.ring_id: ring.claim_ids for ring in tiny.FINDINGS.rings}
WITH_ADDRESS = {"href", "src", "srcset", "action", "data", "poster", "xlink:href"}


def page(folder: Path, lang: Language = "en", unmask: bool = False, findings: Findings = tiny.FINDINGS) -> str:
    tiny.write_tables(folder)
    return document(results_of(findings), CLAIMS_OF, INTAKE, Register(folder, unmask), lang)


class Outline(HTMLParser):
    """Elements that are open at the end, tags, addresses and visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.handlers: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name in WITH_ADDRESS:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.add(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_well_formed_and_loads_nothing(tmp_path: Path, lang: Language) -> None:
    text = page(tmp_path, lang)
    outline = Outline(text)
    assert outline.open == []
    assert outline.handlers == []
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & set(outline.tags)
    assert all(address.startswith("#") and address[1:] in outline.ids for address in outline.addresses)
    assert not re.search(r"url\(|@import|http-equiv", text)


def test_hostile_name_is_only_ever_text(tmp_path: Path) -> None:
    text = page(tmp_path, unmask=True)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;alert('x')&lt;/script&gt;" in text


def test_personal_values_are_masked(tmp_path: Path) -> None:
    text = page(tmp_path)
    assert [secret for secret in tiny.SECRETS if secret in text] == []
    assert "王**" in text
    assert "****2222" in text


def test_unmasked_page_says_so_and_shows_them(tmp_path: Path) -> None:
    text = page(tmp_path, unmask=True)
    assert "王小明" in text
    assert tiny.PAYEE in text
    assert "shows personal data in full" in text


def test_alert_is_told_in_full_and_the_rest_is_listed(tmp_path: Path) -> None:
    outline = Outline(page(tmp_path))
    lines = outline.text.split("\n")
    assert "1 alert: 3 patients, 3 claims, 180.50 paid by the fund." in lines
    assert lines.count(say("reasons.dead", "en", visits=3, borne=2)) == 2  # the lead, and the evidence
    assert say("report.q_meaning", "en", percent="0.31") in lines
    assert say("reasons.dead", "en", visits=1, borne=0) in lines
    assert f"transfers between hospitals: {say('channels.no_stays', 'en')}" in lines
    assert outline.tags.count("svg") == 2
    assert outline.ids == {"ring-R-1"}


def test_harm_that_is_not_sure_enough_is_listed_apart(tmp_path: Path) -> None:
    unsure = replace(tiny.HARMLESS, ring_id="R7", harm=9.0)
    text = page(tmp_path, findings=Findings((unsure, tiny.HARMLESS), (), ()))
    first, second = text.index("not sure enough to alert</h2>"), text.index("without marks of harm</h2>")
    assert first < text.index(">R7<") < second < text.index(">R0<")
    assert text.count(">R7<") == text.count(">R0<") == 1


def test_group_with_neither_coordination_nor_harm_is_listed_too(tmp_path: Path) -> None:
    weak = replace(tiny.HARMLESS, ring_id="R8", coordination=-3.25, harm=-1.0, score=11.0, q_value=0.7611)
    lines = Outline(page(tmp_path, findings=Findings((*tiny.FINDINGS.rings, weak), (), ()))).text.split("\n")
    heading = lines.index("Groups with too little of both")
    row = lines[lines.index("R8", heading) :]
    assert row[:7] == [
        "R8",
        say("reasons.dead", "en", visits=1, borne=0),
        "1",
        "11",
        "0.76",
        "-3.2",
        "-1.0",
    ]
    assert "0 or less is no more than chance" in lines[lines.index("How to read the numbers") + 3]


def test_every_group_of_the_results_is_on_the_page_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    kinds = {"A": tiny.ALERT, "H": tiny.HARMLESS, "U": replace(tiny.HARMLESS, harm=9.0)}
    kinds["W"] = replace(tiny.HARMLESS, coordination=0.0)
    many = tuple(replace(ring, ring_id=f"{key}{i:03}") for key, ring in kinds.items() for i in range(103))
    outline = Outline(page(tmp_path, findings=Findings(many, (), ())))
    assert {ring.ring_id for ring in many} <= set(outline.text.split("\n"))
    assert outline.text.count(say("reasons.dead", "en", visits=1, borne=0)) == 3 * 100 + 100  # lists; alerts' evidence
    assert [a for a in outline.addresses if a[1:] not in outline.ids] == []
    assert outline.text.count("103 in all, the first 100 with their main reason") == 3


def test_page_without_alerts_says_so(tmp_path: Path) -> None:
    text = page(tmp_path, findings=Findings((tiny.HARMLESS,), (), ()))
    assert "No alert: no group was found" in text
    assert "<svg" not in text


def test_same_findings_give_the_same_page(tmp_path: Path) -> None:
    assert page(tmp_path / "a") == page(tmp_path / "b")
