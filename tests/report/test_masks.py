from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfinder.report.masks import mask_account, mask_id, mask_name, mask_number, mask_sentence

DIGITS = st.text("0123456789", min_size=8, max_size=25)


@pytest.mark.parametrize(
    ("name", "masked"), [("", ""), ("王", "王*"), ("李四", "李*"), ("欧阳小明", "欧***"), ("Jonathan", "J***")]
)
def test_names_keep_their_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13812345678", "138******78"), ("1234567", "*******"), ("110101195001011234", "110*************34")],
)
def test_numbers_keep_three_and_two(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@pytest.mark.parametrize(
    ("account", "masked"),
    [("6222020200011112222", "****2222"), ("A1234567", "****4567"), ("12345", "****45"), ("1234", "****")],
)
def test_accounts_keep_their_end(account: str, masked: str) -> None:
    assert mask_account(account) == masked


@pytest.mark.parametrize(
    ("kind", "given_id", "shown"),
    [
        ("patient", "P0001", "P0001"),
        ("patient", "11010119500101123X", "110*************3X"),
        ("recruiter", "13812345678", "138******78"),
        ("card", "6222020200011112222", "****2222"),
        ("account", "A-17-0042", "****0042"),
        ("card", "110101195001011234", "110*************34"),
        ("card", "110101500101123", "110**********23"),
        ("card", "K110101195001011234", "K110*************34"),
        ("card", "11010119500101123X-2", "110*************3X-2"),
        ("card", "K110101195013011234", "K110101195013011234"),  # nobody is born in a month 13
        ("operator", "OP-0042", "OP-0042"),
        ("operator", "13812345678", "138******78"),
        ("doctor", "D310115000123", "D310115000123"),
        ("recruiter", "R0042", "R0042"),
        ("recruiter", "EA1234567", "EA1****67"),
        ("recruiter", "赵介绍", "赵**"),
        ("recruiter", "John Smith", "J***"),
        ("facility", "H31011500123", "H31011500123"),
        ("facility", "121000004000013452", "121000004000013452"),  # the official code of a hospital
        ("facility", "110101195001011234", "110*************34"),  # a doctor's own practice
        ("terminal", "6222020200011112222", "6222020200011112222"),
        ("", "121000004000013452", "121*************52"),
    ],
)
def test_ids_are_masked_only_where_they_are_personal_values(kind: str, given_id: str, shown: str) -> None:
    assert mask_id(kind, given_id) == shown


def test_sentence_hides_known_values_longest_first_and_whole_words_only() -> None:
    sentence = "李四 and 李四光 were paid to A12 and A123; XA12 is a code"
    assert mask_sentence(sentence, ["李四光", "李四"], [], ["A12"]) == (
        "李* and 李** were paid to **** and A123; XA12 is a code"
    )


def test_sentence_hides_whatever_looks_personal_but_not_claim_ids() -> None:
    sentence = "Claims 310115000000000017 and 310115000000000018 named 13812345678."
    assert mask_sentence(sentence, shown={"310115000000000017"}) == (
        "Claims 310115000000000017 and 310*************18 named 138******78."
    )


def test_sentence_hides_an_identity_number_within_an_id() -> None:
    sentence = "card K110101195001011234 at S110101195001011235, 卡K110101195001011236使用"
    assert mask_sentence(sentence, shown={"S110101195001011235"}) == (
        "card K110*************34 at S110101195001011235, 卡K110*************36使用"
    )


@given(st.sampled_from(["patient", "card", "recruiter", "doctor", "operator", "account", ""]), DIGITS)
def test_no_id_of_a_person_gives_a_personal_number_away(kind: str, number: str) -> None:
    personal = re.fullmatch(r"\d{15}|\d{16,19}|1[3-9]\d{9}", number)
    leading_zero = number.startswith("0") and len(number) in {16, 17, 19}  # no bank card begins so
    assert (mask_id(kind, number) != number) == (kind == "account" or bool(personal and not leading_zero))


@given(DIGITS)
def test_no_mask_gives_a_long_number_away(number: str) -> None:
    for mask in (mask_number, mask_account):
        assert number not in mask(number)
        assert sum(character.isdigit() for character in mask(number)) <= 5


@given(st.lists(st.text("王李赵张abcdef", min_size=2, max_size=4), min_size=1, max_size=4), st.text("王李赵张abc ,"))
def test_masked_sentence_never_holds_a_name_of_two_characters_as_a_word(names: list[str], rest: str) -> None:
    masked = mask_sentence(" ".join(names) + " " + rest, names)
    assert not set(masked.replace(",", " ").split(" ")) & {n for n in names if n not in rest}
