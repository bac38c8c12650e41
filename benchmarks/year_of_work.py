"""A year of work as rows: tips, cases and what belongs to them, written at once; the trail's chain is not made."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from ringfinder.casebook import audit, backup, pinyin
from ringfinder.casebook.case_states import PRIORITIES, RESOLUTIONS
from ringfinder.casebook.cases import searched
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.law import BEHAVIOURS
from ringfinder.casebook.tables import AuditReadRow, AuditRow, DeliveryRow, WebhookRow
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseNoteRow, CaseRingRow, CaseRow, SuppressionRow
from ringfinder.casebook.tables_of_changes import TextChangeRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ReceiptRow, ViolationRow
from ringfinder.casebook.tables_of_screening import CheckRow as SelfCheckRow
from ringfinder.casebook.tables_of_screening import LookRow
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRow
from ringfinder.casebook.tables_of_watch import WatchRow

TIPS, CASES, WATCHED, FACILITIES, ENTRIES, MESSAGES = 20_000, 5_000, 2_000, 3_000, 300_000, 20_000
HOOK = "h" * 16
DISTRICTS = tuple(f"3408{number:02}" for number in range(1, 13))
INSPECTORS = tuple(f"u{number:03}" for number in range(60))
CAMPAIGNS = (None, None, "spring", "beds", "pharmacies")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周曾单解", "小明建国秀英伟芳娜敏静丽强磊军洋勇艳杰"
TEXTS = (
    "药店夜间集中刷卡",
    "住院楼没有病人，每天有记录",
    "车接车送住院，出院时发钱",
    "stays that begin together",
    "one doctor signs for three wards",
)
YEAR = timedelta(days=365)


def case_id(number: int, today: date) -> str:
    """As the casebook makes it."""
    return f"C{today.year}-{number:06}"


def year_of_work(book: Casebook, today: date) -> None:
    """Rows as a year of work leaves them, written at once; the trail's chain is not made."""
    chance, begin = random.Random(1), datetime.now(UTC) - YEAR
    _tips_of_the_year(book, chance, today)
    _cases_of_the_year(book, chance, today, begin)
    _decided(book, chance, today)
    _watched_and_screened(book, chance, today, begin)
    _trail(book, chance, today, begin)
    _told(book, chance, begin)
    backup.count_anew(book)


def _tips_of_the_year(book: Casebook, chance: random.Random, today: date) -> None:
    rows, entities = [], []
    for number in range(TIPS):
        tip_id = f"T{number:012x}"
        received = today - timedelta(days=chance.randrange(365))
        state = chance.choices(["received", "acknowledged", "checked", "answered", "closed"], [2, 4, 3, 2, 60])[0]
        outcomes = ["substantiated", "partly", "unsubstantiated", "out_of_scope", "duplicate"]
        name, facility = person(chance), f"F{chance.randrange(FACILITIES):05}"
        summary = f"{chance.choice(TEXTS)} {chance.randrange(10**6)}"
        rows.append(
            {
                "tip_id": tip_id,
                "version": 4,
                "state": state,
                "channel": chance.choice(["phone", "web", "letter", "messaging", "visit"]),
                "district": chance.choice(DISTRICTS),
                "kind": "sham_stay",
                "summary": summary,
                "named": bool(number % 2),
                "receipt": None,
                "received_on": received,
                "begins_on": received,
                "outcome": None if state in ("received", "acknowledged") else chance.choice(outcomes),
                "extended": False,
                "due_on": None if state == "closed" else received + timedelta(days=30),
                "due_term": None if state == "closed" else "tip_check",
                "due_provisional": False,
                "closed_on": today if state == "closed" else None,
                "recorded_at": datetime.now(UTC),
                "recorded_by": "user u000",
                "found_by": pinyin.forms(f"{summary} {facility}", [name]),
            }
        )
        entities += [
            {"tip_id": tip_id, "place": 0, "entity_type": "facility", "entity_id": facility, "name": None},
            {"tip_id": tip_id, "place": 1, "entity_type": "patient", "entity_id": None, "name": name},
        ]
    write(book, TipRow, rows)
    write(book, TipEntityRow, entities)


def _cases_of_the_year(book: Casebook, chance: random.Random, today: date, begin: datetime) -> None:
    rows, where, rings, notes, quiet = [], [], [], [], []
    for number in range(1, CASES + 1):
        made = begin + number * YEAR / CASES
        open_states = ["new", "assigned", "under_inquiry", "heard", "decided"]
        state = chance.choice(open_states) if number % 5 == 0 else "closed"
        row: dict[str, Any] = {
            "case_id": case_id(number, today),
            "number": number,
            "version": 9,
            "state": state,
            "title": f"{chance.choice(TEXTS)} {number}",
            "summary": " ".join(chance.choices(TEXTS, k=6)),
            "origin": chance.choice(["ring", "ring", "tip", "hand"]),
            "origin_id": f"R{number:07}",
            "priority": chance.randrange(len(PRIORITIES)),
            "assignee": None if state == "new" else chance.choice(INSPECTORS),
            "due_on": None if number % 3 == 0 else made.date() + timedelta(days=90),
            "campaign": chance.choice(CAMPAIGNS),
            "resolution": chance.choice(RESOLUTIONS) if state == "closed" else None,
            "reason": "the ward's books agree",
            "created_at": made,
            "created_by": "u000",
            "updated_at": made + timedelta(days=chance.randrange(30)),
            "closed_at": made + timedelta(days=30) if state == "closed" else None,
        }
        rows.append(row | {"search": searched(CaseRow(**row))})
        mine = {"case_id": row["case_id"]}
        where += [mine | {"district": one} for one in chance.sample(DISTRICTS, chance.choice([1, 1, 1, 2]))]
        people = [f"P{chance.randrange(500_000):06}" for _ in range(30)]
        ring = mine | {"ring_id": row["origin_id"], "harm": 12.5, "fund_amount": Decimal("51000.00")}
        rings.append(
            ring | {"run_id": "r", "kind": "sham_stay", "people": people, "linked_at": made, "linked_by": "u000"}
        )
        notes += [mine | {"number": n, "at": made, "by": "u000", "text": "nobody answers"} for n in range(1, 7)]
        if row["resolution"] == "false_positive":
            quiet.append(ring | {"at": made, "by": "u000", "patients": 30, "percent": 20})
    write(book, CaseRow, rows)
    for table, some in (
        (CaseDistrictRow, where),
        (CaseRingRow, rings),
        (CaseNoteRow, notes),
        (SuppressionRow, quiet),
    ):
        write(book, table, some)


def _decided(book: Casebook, chance: random.Random, today: date) -> None:
    violations, hearings, checks, decisions, receipts = [], [], [], [], []
    for number in range(1, CASES + 1, 2):
        mine = {"case_id": case_id(number, today)}
        day, at = today - timedelta(days=chance.randrange(365)), datetime.now(UTC)
        name = chance.choice(list(BEHAVIOURS))
        subject = {"subject": BEHAVIOURS[name].subject, "subject_id": f"F{number % FACILITIES:05}"}
        about: dict[str, Any] = {"at": at, "by": "u000", "number": 1}
        found = {"behaviour": name, "intent": False, "amount": Decimal("1000.00"), "established_on": day, "text": ""}
        violations.append(mine | subject | about | found)
        heard = {"form": "waived", "told_on": day, "held_on": day, "statement": "", "considered": ""}
        hearings.append(mine | subject | about | heard)
        asked = {"number": 1, "district": chance.choice(DISTRICTS), "question": "?", "asked_at": at, "asked_by": "u000"}
        checks.append(mine | asked)
        for place, kind in enumerate(("return_money", "fine"), 1):
            decision = {"number": place, "violation": 1, "kind": kind, "basis": "38", "amount": Decimal("1000.00")}
            state = {"state": chance.choice(["in_force", "carried_out", "revoked"]), "provisional": False, "reason": ""}
            on = {"proposed_at": at, "proposed_by": "u000", "decided_on": day, "begins_on": day, "ended_on": None}
            decisions.append(mine | decision | state | on)
            paid = {"decision": place, "number": 1, "received_on": day, "amount": Decimal("400.00"), "by": "u000"}
            receipts.append(mine | paid)
    for table, some in (
        (ViolationRow, violations),
        (HearingRow, hearings),
        (CheckRow, checks),
        (DecisionRow, decisions),
        (ReceiptRow, receipts),
    ):
        write(book, table, some)


def _watched_and_screened(book: Casebook, chance: random.Random, today: date, begin: datetime) -> None:
    watched, looks = [], []
    for number in range(WATCHED):
        name, starts = person(chance), today - timedelta(days=chance.randrange(365))
        watched.append(
            {
                "watch_id": f"W{number:012x}",
                "version": 1,
                "state": "ended" if number % 7 == 0 else "active",
                "entity_type": "patient",
                "entity_id": f"P{number:06}",
                "name": name,
                "district": chance.choice(DISTRICTS),
                "reason": "a fine was not paid",
                "origin": "case",
                "starts_on": starts,
                "ends_on": starts + timedelta(days=300),
                "created_at": begin,
                "created_by": "user u000",
                "found_by": pinyin.forms(f"P{number:06}", [name]),
            }
        )
    for number in range(2 * FACILITIES):
        taken = number % 4 != 0
        looks.append(
            {
                "look_id": f"L{number:012x}",
                "version": 1,
                "state": "taken" if taken else "planned",
                "facility_id": f"F{number % FACILITIES:05}",
                "district": DISTRICTS[number % 12],
                "planned_on": today,
                "looked_on": today - timedelta(days=chance.randrange(600)) if taken else None,
                "created_at": begin,
                "created_by": "user u000",
            }
        )
    checks = [
        {
            "check_id": f"S{number:012x}",
            "version": 1,
            "state": "answered" if number % 4 else "sent",
            "facility_id": f"F{number:05}",
            "district": DISTRICTS[number % 12],
            "items": ["beds", "cards"],
            "sent_on": today - timedelta(days=60),
            "due_on": today - timedelta(days=chance.randrange(60)),
            "created_by": "user u000",
        }
        for number in range(FACILITIES)
    ]
    write(book, WatchRow, watched)
    write(book, LookRow, looks)
    write(book, SelfCheckRow, checks)


def _trail(book: Casebook, chance: random.Random, today: date, begin: datetime) -> None:
    """What was done in cases and tips, with the texts that were changed, and reads in between."""
    entries, reads, texts = [], [], []
    chain = {"details": '{"changed": {"state": ["new", "assigned"]}}', "previous": audit.FIRST, "digest": audit.FIRST}
    for number in range(1, ENTRIES + 1):
        of_case = number % 3 != 0
        subject = case_id(chance.randrange(1, CASES), today) if of_case else f"T{chance.randrange(TIPS):012x}"
        action = "case.changed" if of_case else "tip.changed"
        if number % 150 == 0:
            action, subject = audit.READS, ""
        elif number % 300 == 9:
            action = "tip.identity_read"
        elif number % 2:
            texts.append(
                {"entry": number, "field": "reason", "subject": subject, "nonce": "", "after": "?", "erased": False}
            )
        entries.append(
            {"number": number, "at": begin, "actor": "user u000", "action": action, "subject": subject} | chain
        )
        if action == audit.READS:
            reads += [
                {
                    "entry": number,
                    "place": place,
                    "key_id": "u001",
                    "entity_type": "patient",
                    "entity_id": f"P{chance.randrange(2000):06}",
                    "reads": 1,
                }
                for place in range(50)
            ]
    for table, some in ((AuditRow, entries), (AuditReadRow, reads), (TextChangeRow, texts)):
        write(book, table, some)


def _told(book: Casebook, chance: random.Random, begin: datetime) -> None:
    """Messages to one webhook; what arrived is kept for some weeks only."""
    hook = {"webhook_id": HOOK, "url": "https://case.system/", "secret": "-", "events": ["case.decided"]}
    write(book, WebhookRow, [hook | {"created_at": begin, "created_by": "u000"}])
    messages = [
        {
            "delivery_id": f"msg_{number:024x}",
            "webhook_id": HOOK,
            "event": "case.decided",
            "content": '{"type": "case.decided"}',
            "created_at": begin + timedelta(minutes=number),
            "state": chance.choices(["delivered", "dead"], [95, 5])[0],
            "attempts": 1,
            "due_at": begin,
        }
        for number in range(MESSAGES)
    ]
    write(book, DeliveryRow, messages)


def person(chance: random.Random) -> str:
    """A made-up name."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))


def write(book: Casebook, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """All rows at once; what a row does not name is NULL."""
    names = {name for row in rows for name in row}
    with book.session() as session:
        session.execute(insert(table), [dict.fromkeys(names) | row for row in rows])
