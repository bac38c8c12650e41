"""The same request twice, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from ringfinder.casebook import repeats
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.tables import RepeatRow

A, B = "a" * 64, "b" * 64


def age(casebook: Casebook, by: timedelta) -> None:
    with casebook.session() as session:
        made = session.scalars(select(RepeatRow.created_at)).one()
        session.execute(update(RepeatRow).values(created_at=made - by))


def test_first_is_ours_to_do_and_the_next_gets_its_answer(casebook: Casebook) -> None:
    assert repeats.begin(casebook, "k", "n", A) is None
    assert repeats.begin(casebook, "k", "n", A) == repeats.Repeat(A, None, "", None)
    repeats.keep(casebook, "k", "n", B, 202, '{"住":1}', "/v1/jobs/1")
    assert repeats.begin(casebook, "k", "n", A) == repeats.Repeat(B, 202, '{"住":1}', "/v1/jobs/1")
    assert repeats.begin(casebook, "other", "n", B) is None
    assert repeats.begin(casebook, "k", "m", B) is None


def test_after_an_error_and_after_a_day_the_same_name_is_free_again(casebook: Casebook) -> None:
    repeats.begin(casebook, "k", "n", A)
    repeats.forget(casebook, "k", "n")
    assert repeats.begin(casebook, "k", "n", B) is None
    repeats.keep(casebook, "k", "n", B, 200, "{}", None)
    age(casebook, repeats.KEPT - timedelta(minutes=1))
    assert repeats.begin(casebook, "k", "n", B) is not None
    age(casebook, timedelta(minutes=1))
    assert repeats.begin(casebook, "k", "n", A) is None


@pytest.mark.parametrize(("minutes", "free"), [(59, False), (60, True)])
def test_request_whose_process_was_killed_holds_its_name_for_an_hour(
    casebook: Casebook, minutes: int, free: bool
) -> None:
    repeats.begin(casebook, "k", "n", A)
    age(casebook, timedelta(minutes=minutes))
    assert (repeats.begin(casebook, "k", "n", A) is None) is free


def test_of_many_at_once_one_is_the_first(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: repeats.begin(book, "k", "n", A), range(16)))
    assert found.count(None) == 1
