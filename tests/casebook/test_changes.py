"""Writes against a seen version, with what was before and after; money to the cent on both databases."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Integer, MetaData, Table, create_engine, func, insert, select, text
from sqlalchemy.schema import Column

from ringfinder.casebook import audit
from ringfinder.casebook.changes import altered_texts, check_version, erase_texts, record_change, writing
from ringfinder.casebook.columns import MOST_MONEY, Money
from ringfinder.casebook.database import Casebook
from ringfinder.errors import Refused

AMOUNTS = st.decimals(-MOST_MONEY, MOST_MONEY, places=2)
BOOK = Table("book", MetaData(), Column("place", Integer, primary_key=True), Column("amount", Money))


def change(casebook: Casebook, before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """The details of the entry that the change leaves."""
    with writing(casebook) as session:
        record_change(session, "user u1", "case.changed", "C1", before, after, texts=("title",), version=2)
    (entry,) = audit.latest(casebook, 1)
    found: dict[str, object] = json.loads(entry.details)
    return found


def test_trail_holds_what_differs_before_and_after(casebook: Casebook) -> None:
    before = {"state": "new", "due_on": None, "districts": ["b", "a"], "amount": Decimal("1.50"), "same": 1}
    after = {"state": "assigned", "due_on": date(2026, 3, 1), "districts": ["a"], "amount": None, "same": 1}
    assert change(casebook, before, after) == {
        "version": 2,
        "changed": {
            "state": ["new", "assigned"],
            "due_on": [None, "2026-03-01"],
            "districts": [["b", "a"], ["a"]],
            "amount": ["1.50", None],
        },
    }


def test_typed_text_is_beside_the_trail_and_can_be_erased_while_the_chain_stays_whole(casebook: Casebook) -> None:
    details = change(casebook, {"title": "old words"}, {"title": "new words"})
    assert "words" not in json.dumps(details)
    assert altered_texts(casebook) == ()
    with casebook.session() as session:
        session.execute(text("UPDATE text_changes SET after = 'other words'"))
    assert altered_texts(casebook) == ((1, "title"),)
    with casebook.session() as session:
        erase_texts(session, "C1")
        assert session.execute(text("SELECT before, after FROM text_changes")).all() == [(None, None)]
    assert altered_texts(casebook) == ()
    assert audit.verify(casebook).broken is None


def test_row_that_no_entry_vouches_for_is_found(casebook: Casebook) -> None:
    with casebook.session() as session:
        session.execute(text("INSERT INTO text_changes VALUES (7, 'title', 'C1', 'n', 'a', 'b', false)"))
    assert altered_texts(casebook) == ((7, "title"),)


def test_who_saw_an_older_version_is_refused() -> None:
    check_version(3, 3)
    with pytest.raises(Refused, match="at version 3 now") as told:
        check_version(3, 2)
    assert told.value.code == "changed_meanwhile"


def test_amounts_and_their_sums_are_exact(casebook: Casebook) -> None:
    amounts = [Decimal("0.10"), Decimal("0.20"), MOST_MONEY, -MOST_MONEY, Decimal("-0.01")]
    with casebook.session() as session:
        connection = session.connection()
        BOOK.create(connection)
        connection.execute(insert(BOOK), [{"place": i, "amount": one} for i, one in enumerate(amounts)])
        assert list(connection.scalars(select(BOOK.c.amount).order_by(BOOK.c.place))) == amounts
        assert connection.scalar(select(func.sum(BOOK.c.amount))) == Decimal("0.29")
        assert connection.scalar(select(func.count()).where(BOOK.c.amount > Decimal("0.10"))) == 2


@pytest.mark.parametrize("written", ["0E-99999", "0E+99999", "1E+2", "12.3400"])
def test_amount_is_stored_in_cents_however_it_was_written(casebook: Casebook, written: str) -> None:
    with casebook.session() as session:
        connection = session.connection()
        BOOK.create(connection)
        connection.execute(insert(BOOK), [{"place": 0, "amount": Decimal(written)}])
        assert connection.scalar(select(BOOK.c.amount)) == Decimal(written).quantize(Decimal("0.01"))


@given(AMOUNTS)
def test_amount_comes_back_as_it_was_stored(amount: Decimal) -> None:
    for dialect in (create_engine("sqlite://").dialect, create_engine("postgresql+psycopg://").dialect):
        bound = Money().process_bind_param(amount, dialect)
        assert Money().process_result_value(bound, dialect) == amount


@pytest.mark.parametrize("amount", [Decimal("0.001"), MOST_MONEY + Decimal("0.01")])
def test_amount_that_would_be_rounded_or_cut_is_refused(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        Money().process_bind_param(amount, create_engine("sqlite://").dialect)
