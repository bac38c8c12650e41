from __future__ import annotations

import re
from string import Formatter

import pytest

from ringfinder.evidence.marks import TYPICAL
from ringfinder.model import ENTITY_TYPES, KINDS
from ringfinder.rings.harm import GROUP_MARKS
from ringfinder.rings.registry import CHANNELS
from ringfinder.store.queries import library
from ringfinder.words import LANGUAGES, catalogue, say

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_text_stands_in_both_languages_with_the_same_placeholders(key: str) -> None:
    entry = catalogue()[key]
    assert set(entry) == set(LANGUAGES)
    assert placeholders(entry["zh"]) == placeholders(entry["en"])
    assert all(entry[lang].strip() for lang in LANGUAGES)
    assert not CHINESE.search(re.sub(r"\{[^}]*\}", "", entry["en"]))


def in_chinese() -> dict[str, str]:
    """All Chinese of the catalogue and of the named queries, by where it stands."""
    texts = {key: entry["zh"] for key, entry in catalogue().items()}
    for name, query in library().items():
        texts |= {f"{name} title": query.titles["zh"], f"{name} purpose": query.purposes["zh"]}
        texts |= {f"{name} {one.name}": one.meaning["zh"] for one in (*query.parameters, *query.columns)}
    return texts


def test_a_colon_of_a_chinese_sentence_is_a_chinese_one() -> None:
    half = re.compile(r"[\u3001-\u9fff\uff09}] ?:(?!\S)|: ?[\u4e00-\u9fff]|[\u4e00-\u9fff\uff09]:")
    assert [key for key, text in in_chinese().items() if half.search(text)] == []


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("结算单", "费用记录 for a claim"),
        ("监控名单", "关注名单 for the watch list"),
        ("(?<!关注)名单", "关注名单 for the watch list"),
        ("(?<!举报)渠道", "检测 for a channel of detection, 举报渠道 for how a tip came"),
        ("(?<!发现)途径", "检测 for a channel of detection, 发现途径 for how a case was found"),
    ],
)
def test_each_thing_has_one_chinese_word(word: str, instead: str) -> None:
    found = [key for key, text in in_chinese().items() if re.search(word, text)]
    assert found == [], f"write {instead}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_name_a_meaning_and_its_law(kind: str) -> None:
    for key in (kind, f"{kind}_meaning", f"{kind}_law"):
        assert say(f"kinds.{key}", "zh") != say(f"kinds.{key}", "en")


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_every_entity_type_has_a_name(entity_type: str) -> None:
    assert CHINESE.search(say(f"kinds.{entity_type}", "zh"))


def test_unknown_key_and_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        say("report.nothing", "en")
    with pytest.raises(KeyError):
        say("report.to", "en", first="a")


@pytest.mark.parametrize(("numbers", "said"), [(1, "1 invoice number came"), (2, "2 invoice numbers came")])
def test_one_is_told_in_the_singular(numbers: int, said: str) -> None:
    assert say("reasons_kinds.fake_bills_invoices", "en", numbers=numbers, bills=5).startswith(said)


@pytest.mark.parametrize(
    ("rows", "said"), [(1, "Wrote a: 1 row."), (2, "Wrote a: 2 rows."), (1000, "Wrote a: 1,000 rows.")]
)
def test_one_is_told_in_the_singular_also_where_thousands_are_parted(rows: int, said: str) -> None:
    assert say("library.written", "en", file="a", rows=rows) == said


COUNTS = (
    "rows",
    "claims",
    "count",
    "entries",
    "people",
    "rings",
    "patients",
    "alerts",
    "limit",
    "watched",
    "deadlines",
    "months",
)
ONE_OF_MANY = re.compile(r"\b1 (\w+ )?(?!is\b|was\b)\w+s\b|\b1 (\w+ ){1,2}(are|were|have|cancel)\b")


@pytest.mark.parametrize(
    "key", sorted(k for k in catalogue() if k.startswith(("claims.note_", "cli.", "library.", "report.")))
)
def test_what_a_run_or_a_command_tells_is_right_of_one_too(key: str) -> None:
    text = catalogue()[key]["en"]
    told = say(key, "en", **{name: 1 if name in COUNTS else 2 for name in placeholders(text)})
    assert not ONE_OF_MANY.search(told), told


@pytest.mark.parametrize("key", sorted(key for key, entry in catalogue().items() if "(s)" in entry["en"]))
def test_no_sentence_leaves_the_plural_to_the_reader(key: str) -> None:
    names = placeholders(catalogue()[key]["en"])
    for count in (0, 1, 11):
        assert "(s)" not in say(key, "en", **dict.fromkeys(names, count))


def test_every_channel_has_a_name() -> None:
    assert {f"channels.{channel}" for channel in CHANNELS} <= set(catalogue())


@pytest.mark.parametrize("mark", [*TYPICAL, *GROUP_MARKS])
def test_every_mark_has_a_sentence_with_its_counts(mark: str) -> None:
    """What `rings.sentences` says of a mark: how many visits, and how many of them bear it; of who brought them, how many would."""
    told = {lang: say(f"reasons.{mark}", lang, visits=1234, borne=567, expected=89.5) for lang in LANGUAGES}
    assert all(("89.5" if mark == "brought" else "1234") in text for text in told.values())
    assert CHINESE.search(told["zh"])
    assert (mark == "length") or all("567" in text for text in told.values())
