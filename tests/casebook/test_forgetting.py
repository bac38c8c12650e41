"""What is forgotten by which rule, when, and what stays; on both databases, down to the bytes of their files."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from ringfinder.casebook import (
    audit,
    backup,
    case_files,
    cases,
    decisions,
    inquiry,
    reporters,
    rewards,
    screening,
    self_checks,
    tips,
)
from ringfinder.casebook.case_history import FieldChange, history_of
from ringfinder.casebook.case_lists import CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_notes import add_note, notes_of
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.forgetting import due, forget
from ringfinder.casebook.inquiry import Hearing, Violation
from ringfinder.casebook.linked_rings import create_from_ring
from ringfinder.casebook.rewards import Payment
from ringfinder.casebook.rules import Keep, Keeping, Rules, months_after, read_rules
from ringfinder.casebook.self_checks import Answer
from ringfinder.casebook.statistics import Span, statistics
from ringfinder.casebook.suppressing import Closing, close, reopen
from ringfinder.casebook.tip_list import Wanted, page
from ringfinder.casebook.tip_states import Tip
from ringfinder.casebook.who import Who
from ringfinder.errors import Refused, UsageError
from tests.casebook.people_of_cases import EAST, WEST, draft, person, ring
from tests.casebook.reports import ACTOR
from tests.casebook.test_backup import KEYS, filled

NOTHING = dict.fromkeys((field.name for field in fields(Keeping)), 0)
SECRETS = ("SECRET-TITLE", "SECRET-NOTE", "SECRET-LETTER", "SECRET-WORDS", "SECRET-ID", "SECRET-WHY", "SECRET-ANSWER")
DAY, LATER = date(2026, 3, 9), date(2026, 3, 16)
CLOSED = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return read_rules(tmp_path)


def kept(rules: Rules, **months: int) -> Rules:
    """Rules by which what is not named is kept for a century."""
    return replace(rules, keeping=Keeping(**{name: Keep(months.get(name, 1200), "法", "a law") for name in NOTHING}))


def forgotten(*what: Any) -> dict[str, int]:
    """How many matters were forgotten now, by rule."""
    return {name: len(one.ids) for name, one in forget(*what).items()}


def decided(casebook: Casebook, boss: Who, other: Who, kind: Any = "fine") -> str:
    """A case about a person, with everything that may name somebody, decided and closed; its id."""
    found: Any = create_from_ring(casebook, boss, draft("SECRET-TITLE"), ring("R1", "pqrst"))
    case_id = str(found.case_id)

    def do(step: Any, *values: Any, who: Who = boss, **more: Any) -> None:
        nonlocal found
        found = step(casebook, who, case_id, found.version, *values, **more)

    do(cases.assign, boss.caller_id)
    do(cases.begin)
    add_note(casebook, boss, case_id, "SECRET-NOTE")
    case_files.add_file(casebook, boss, case_id, "SECRET-LETTER.txt", b"SECRET-LETTER")
    do(inquiry.establish, Violation("SECRET-ID", "forged_by_person", Decimal("1000.00"), DAY, True, "SECRET-WORDS"))
    do(inquiry.ask_check, WEST, "SECRET-WORDS?")
    do(inquiry.answer_check, 1, True, "SECRET-WORDS", who=other)
    do(inquiry.hear, Hearing("person", "SECRET-ID", "written", DAY, LATER, "SECRET-WORDS", "SECRET-WORDS"))
    amounts = {"amount": Decimal("3000.00")} if kind == "fine" else {"months": 6}
    do(decisions.propose, decisions.Proposal(1, kind, **amounts, reason="SECRET-WHY"))
    do(decisions.issue, 1, LATER, rights_told=True)
    if kind == "fine":
        do(decisions.receive, 1, Decimal("3000.00"), LATER)
    else:
        do(decisions.carry_out, 1)
    do(close, Closing("confirmed", "SECRET-WHY"), now=CLOSED)
    return case_id


def test_identities_tips_and_the_watch_list_are_forgotten_by_rule(casebook: Casebook, rules: Rules) -> None:
    tip: Tip = filled(casebook, rules)
    assert tip.closed_on is not None
    rules = kept(rules, identities=1, tips=2, watch=3)
    day = months_after(tip.closed_on, 1)
    assert due(casebook, rules, day)["identities"].ids == ()  # its reward is not paid yet
    rewards.pay(casebook, tip.tip_id, tip.version, Payment(rules.today(), "V-1", None), rules, ACTOR)
    assert due(casebook, rules, day - timedelta(days=1))["identities"].ids == ()
    assert due(casebook, rules, day)["identities"].ids == (tip.tip_id,)
    far = months_after(rules.today(), 5)
    assert due(casebook, rules, far)["tips"].since == tip.closed_on
    assert forgotten(casebook, rules, far, ACTOR) == NOTHING | {"identities": 1, "tips": 1, "watch": 1}
    assert forgotten(casebook, rules, far, ACTOR) == NOTHING
    assert reporters.read(casebook, tip.tip_id, KEYS, ACTOR, "x") is None
    found = tips.find(casebook, tip.tip_id)
    assert found is not None
    assert (found.said.summary, found.told, found.said.entities, found.outcome) == ("", None, (), "substantiated")
    assert page(casebook, Wanted(text="曾氏"), "received", None, 9)[1] == 0
    assert backup.verify(casebook, KEYS).whole


def test_decided_case_is_forgotten_and_what_is_counted_stays(casebook: Casebook, rules: Rules) -> None:
    boss, other = (person(casebook, name, "supervisor") for name in ("boss", "other"))
    case_id = decided(casebook, boss, other)
    other_case = cases.create(casebook, boss, draft("open"))
    case_files.add_file(
        casebook, boss, other_case.case_id, "same.txt", b"SECRET-LETTER"
    )  # its content stays, for this one
    rules = kept(rules, decided=2, cases=1)
    day, span = months_after(rules.day_of(CLOSED), 2), Span(DAY, LATER)
    before = statistics(casebook, boss, span)
    assert due(casebook, rules, day - timedelta(days=1)) == {
        name: replace(one, ids=(), since=None) for name, one in due(casebook, rules, day).items()
    }
    assert due(casebook, rules, day)["decided"].ids == (case_id,)
    assert forgotten(casebook, rules, day, ACTOR) == NOTHING | {"decided": 1}
    record = record_of(casebook, boss, case_id)
    case = record.case
    assert (case.title, case.summary, case.reason, case.erased_on, case.state) == ("", "", None, day, "closed")
    assert [one.ring.people for one in record.rings] == [()]
    assert [(one["subject_id"], one["text"], one["amount"]) for one in record.violations] == [
        ("", "", Decimal("1000.00"))
    ]
    assert [(one["statement"], one["considered"], one["subject_id"]) for one in record.hearings] == [("", "", "")]
    assert [(one["question"], one["answer"], one["agrees"]) for one in record.checks] == [("", None, True)]
    assert [(one["reason"], one["kind"], one["received"]) for one in record.decisions] == [
        ("", "fine", Decimal("3000.00"))
    ]
    assert notes_of(casebook, boss, case_id) == case_files.files_of(casebook, boss, case_id) == ()
    assert case_files.content_of(casebook, boss, other_case.case_id, 1)[1] == b"SECRET-LETTER"
    happened = history_of(casebook, boss, case_id)
    assert happened[0].action == "case.erased"
    assert FieldChange("title", None, None) in happened[-1].fields
    assert statistics(casebook, boss, span) == before
    assert listed(casebook, boss, CasesWanted(text="SECRET"), "updated", None, 9).total == 0
    assert backup.verify(casebook, KEYS).whole
    (entry,) = audit.of_actions(casebook, ("case.erased",), None, 9)
    told = json.loads(entry.details)
    assert told == {"version": case.version, "rule": "decided", "months": 2}


def test_case_that_was_forgotten_is_ended_for_good(casebook: Casebook, rules: Rules) -> None:
    boss = person(casebook, "boss", "supervisor")
    made = cases.create(casebook, boss, draft())
    close(casebook, boss, made.case_id, 1, Closing("insufficient_evidence", "nobody came"), now=CLOSED)
    assert forgotten(casebook, kept(rules, cases=1), date(2026, 6, 1), ACTOR) == NOTHING | {"cases": 1}
    version = cases.find(casebook, boss, made.case_id).version
    for step in (
        lambda: reopen(casebook, boss, made.case_id, version),
        lambda: add_note(casebook, boss, made.case_id, "more"),
        lambda: case_files.add_file(casebook, boss, made.case_id, "a.txt", b"more"),
    ):
        with pytest.raises(Refused) as told:
            step()
        assert told.value.code == "step_refused"


def test_case_is_kept_while_a_suspension_holds_or_a_decision_waits(casebook: Casebook, rules: Rules) -> None:
    boss, other = (person(casebook, name, "supervisor") for name in ("boss", "other"))
    case_id = decided(casebook, boss, other, "suspend")
    rules = kept(rules, decided=1)
    free = record_of(casebook, boss, case_id).decisions[0]["free_on"]
    assert [due(casebook, rules, day)["decided"].ids for day in (free - timedelta(days=1), free)] == [(), (case_id,)]
    with casebook.session() as session:
        session.execute(text("UPDATE decisions SET state = 'in_force'"))
    assert due(casebook, rules, free)["decided"].ids == ()


def test_notes_of_looks_and_remarks_of_self_checks_are_forgotten_once_nothing_is_owed(
    casebook: Casebook, rules: Rules
) -> None:
    today = rules.today()
    planned = screening.plan(casebook, "F1", EAST, today, rules, ACTOR)
    look = screening.take(casebook, planned.look_id, 1, today, "found", "SECRET-NOTE", rules, ACTOR)
    screening.plan(casebook, "F1", EAST, today, rules, ACTOR)  # one that is planned still
    sent = self_checks.send(casebook, "F1", EAST, ["SECRET-WORDS"], rules, ACTOR)
    answers = [Answer(Decimal("10.00"), "SECRET-ANSWER")]
    self_checks.answer(casebook, sent.check_id, 1, answers, rules, ACTOR)
    far, rules = months_after(today, 3), kept(rules, looks=1, checks=2)
    assert forgotten(casebook, rules, far, ACTOR) == NOTHING | {"looks": 1}
    assert look is not None
    seen = screening.find(casebook, look.look_id)
    assert seen is not None
    assert (seen.note, seen.outcome, seen.version) == (None, "found", 3)
    self_checks.book_return(casebook, sent.check_id, 2, Decimal("10.00"), today, "V-1", rules, ACTOR)
    assert forgotten(casebook, rules, far, ACTOR) == NOTHING | {"checks": 1}
    check = self_checks.find(casebook, sent.check_id)
    assert check is not None
    assert (check.items, check.answers, check.returned) == (
        ("",),
        (Answer(Decimal("10.00"), ""),),
        Decimal("10.00"),
    )
    assert forgotten(casebook, rules, far, ACTOR) == NOTHING


def test_what_is_forgotten_is_in_no_byte_of_the_files_of_either_database(
    url: str, tmp_path: Path, rules: Rules
) -> None:
    with open_casebook(tmp_path, url) as book:
        boss, other = (person(book, name, "supervisor") for name in ("boss", "other"))
        decided(book, boss, other)
        tip = filled(book, rules)
        rewards.pay(book, tip.tip_id, tip.version, Payment(rules.today(), "V-1", None), rules, ACTOR)
        told = ("集中刷卡", "曾氏大药房", "查实了", "zengshi", "P77777", "空刷", *SECRETS[:-1])
        assert [one for one in told if one.encode() not in _bytes(book, tmp_path)] == []
        everything = kept(rules, **dict.fromkeys(NOTHING, 1))
        forget(book, everything, months_after(rules.today(), 9), ACTOR)
        assert [one for one in told if one.encode() in _bytes(book, tmp_path)] == []


def _bytes(book: Casebook, folder: Path) -> bytes:
    """All files of the database, once it has written down what it holds; without the log of PostgreSQL."""
    with book.at_one_moment() as connection:
        if connection.dialect.name == "postgresql":
            place = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
            oid = connection.exec_driver_sql(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).scalar_one()
            folder = place / "base" / str(oid)
            engine = create_engine(book._engine.url, isolation_level="AUTOCOMMIT")
            with engine.connect() as other:
                other.exec_driver_sql("CHECKPOINT")
            engine.dispose()
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


@pytest.mark.parametrize(
    ("keeping", "said"),
    [
        ({"tips": 3}, "needs months, basis_zh and basis_en"),
        ({"tips": {"months": 0}}, "months of 1 to 1200"),
        ({"tips": {"basis_en": " "}}, "its legal basis"),
        ({"letters": {"months": 3}}, "has the tables identities, tips, watch"),
    ],
)
def test_rule_that_is_none_is_told(tmp_path: Path, keeping: dict[str, Any], said: str) -> None:
    lines = [
        f"[keeping.{name}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())
        if isinstance(table, dict)
        else f"[keeping]\n{name} = {table}"
        for name, table in keeping.items()
    ]
    (tmp_path / "casebook.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_rules(tmp_path)
