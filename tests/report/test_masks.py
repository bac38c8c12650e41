from __future__ import annotations

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
        ("facility", "H31011500123", "H31011500123"),
    ],
)
def test_ids_are_masked_only_where_they_are_personal_numbers(kind: str, given_id: str, shown: str) -> None:
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


@given(DIGITS)
def test_no_mask_gives_a_long_number_away(number: str) -> None:
    for mask in (mask_number, mask_account):
        assert number not in mask(number)
        assert sum(character.isdigit() for character in mask(number)) <= 5


@given(st.lists(st.text("王李赵张abcdef", min_size=2, max_size=4), min_size=1, max_size=4), st.text("王李赵张abc ,"))
def test_masked_sentence_never_holds_a_name_of_two_characters_as_a_word(names: list[str], rest: str) -> None:
    masked = mask_sentence(" ".join(names) + " " + rest, names)
    assert not set(masked.replace(",", " ").split(" ")) & {n for n in names if n not in rest}
