from __future__ import annotations

import ast
import copy
import errno
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import ringfinder.errors
from ringfinder.errors import RingFinderError, UsageError
from ringfinder.words import catalogue
from ringfinder.words.sentences import SYSTEM, Listed, Sentence, in_both, system_words, told_error

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    file
    for folder in ("ringfinder", "api/ringfinder_api", "viz/ringfinder_viz")
    for file in (ROOT / folder).rglob("*.py")
    if "lab" not in file.relative_to(ROOT).parts and file.name != "lab.py"  # for who writes channels, and English
)
ERRORS = {
    name
    for name, kind in vars(ringfinder.errors).items()
    if isinstance(kind, type) and issubclass(kind, RingFinderError)
}
# What only a fault in our own files can bring about: told to whoever writes them, in English.
OURS = {"ringfinder/claims/contract.py", "ringfinder/store/headers.py", "ringfinder/store/queries.py"}


def calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def test_a_sentence_is_english_as_a_text_and_told_in_either_language() -> None:
    said = Sentence("faults.no_kind", kind="x", known=Listed(["a", "b"]))
    assert said == "there is no kind x; there are a, b"
    assert said.told("zh") == "没有类型 x；可用的有：a、b。"
    assert said.told("en") == said


def test_a_sentence_within_a_sentence_is_told_in_the_same_language() -> None:
    said = Sentence(
        "faults.file_not_writable", name="x.csv", why=system_words(OSError(errno.EACCES, "Permission denied"))
    )
    assert said == "x.csv cannot be written (Permission denied); name a file in a folder that is there"
    assert said.told("zh") == "x.csv 无法写入（没有权限）；请指定已有文件夹中的文件。"


@pytest.mark.parametrize("of", [pickle.loads, copy.deepcopy])
def test_an_error_keeps_its_sentence_from_process_to_process(of: object) -> None:
    error = UsageError(Sentence("faults.no_kind", kind="x", known=Listed(["a", "b"])))
    again = pickle.loads(pickle.dumps(error)) if of is pickle.loads else copy.deepcopy(error)
    assert told_error(again, "zh") == "没有类型 x；可用的有：a、b。"
    assert str(again) == str(error)


@pytest.mark.parametrize("name", SYSTEM)
def test_the_systems_reasons_are_its_own_words_in_english(name: str) -> None:
    number = getattr(errno, name)
    assert system_words(OSError(number, "")) == os.strerror(number)


def test_a_reason_that_nobody_put_into_words_is_told_by_its_name() -> None:
    assert system_words(OSError(errno.ENODEV, "No such device")).told("zh") == "系统错误 ENODEV"
    assert system_words(OSError("no number")).told("zh") == "系统错误 OSError"


def test_an_error_without_a_sentence_is_its_text_in_both_languages() -> None:
    assert in_both(UsageError("of the lab")) == {"zh": "of the lab", "en": "of the lab"}


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_error_is_a_sentence_with_exactly_its_values(file: Path) -> None:
    bare = []
    for call in calls(file):
        assert isinstance(call.func, ast.Name)
        if call.func.id in ERRORS and call.args and isinstance(call.args[0], (ast.Constant, ast.JoinedStr)):
            bare.append(call.lineno)
        if call.func.id != "Sentence" or not isinstance(call.args[0], ast.Constant):
            continue
        entry = catalogue()[str(call.args[0].value)]
        wanted = {name for _, name, _, _ in Formatter().parse(entry["en"]) if name is not None}
        if all(keyword.arg for keyword in call.keywords):
            assert {keyword.arg for keyword in call.keywords} == wanted, f"line {call.lineno}"
    if str(file.relative_to(ROOT)) in OURS:
        assert bare, "it has its sentences now: take it out of OURS"
    else:
        assert not bare, f"errors without a sentence in lines {bare}"
