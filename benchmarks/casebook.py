"""How fast the casebook answers after a year of work: 20,000 tips, 5,000 cases and what belongs to them, every list measured.

python -m benchmarks.casebook                 SQLite, as it is by default
python -m benchmarks.casebook --url URL       a PostgreSQL database that is empty

A list is asked for with each of its filters and orders, for who may see everything and for who may see one district, the first
page and one from the middle; the longest page that its route gives. Told are medians of `TIMES` questions in milliseconds, without
the time that a network takes: how long one waited, and how long the processor worked for it in this process, which on SQLite is all
of it and stays the same on a machine that has other work.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from ringfinder.casebook import audit, case_notes, pinyin, screening, suppressing, tip_list, tips, watching
from ringfinder.casebook.case_lists import SORTS, CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.case_states import PRIORITIES, RESOLUTIONS
from ringfinder.casebook.cases import searched
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.law import BEHAVIOURS
from ringfinder.casebook.report_tables import report
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.self_check_list import Wanted as ChecksWanted
from ringfinder.casebook.self_check_list import page as check_page
from ringfinder.casebook.statistics import BUREAU, Span
from ringfinder.casebook.tables import AuditReadRow, AuditRow
from ringfinder.casebook.tables_of_cases import CaseDistrictRow, CaseNoteRow, CaseRingRow, CaseRow, SuppressionRow
from ringfinder.casebook.tables_of_decisions import CheckRow, DecisionRow, HearingRow, ReceiptRow, ViolationRow
from ringfinder.casebook.tables_of_screening import CheckRow as SelfCheckRow
from ringfinder.casebook.tables_of_screening import LookRow
from ringfinder.casebook.tables_of_tips import TipEntityRow, TipRow
from ringfinder.casebook.tables_of_watch import WatchRow
from ringfinder.casebook.who import Who

TIPS, CASES, WATCHED, FACILITIES, READS = 20_000, 5_000, 2_000, 3_000, 100_000
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
PAGE, TIMES, MOST_MS = 200, 7, 200
YEAR = timedelta(days=365)


def main() -> None:
    """Make a year of work and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.casebook", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
        made_and_measured(Path(folder), options.url)


def made_and_measured(place: Path, url: str | None = None) -> None:
    """The lists of a casebook that holds a year of work."""
    place.mkdir(parents=True, exist_ok=True)
    with open_casebook(place, url or f"sqlite:///{place / 'casebook.db'}") as book:
        year_of_work(book, read_rules(place).today())
        print(f"a year of work: {TIPS:,} tips, {CASES:,} cases; medians of {TIMES} questions each, milliseconds")
        print(f"{'list':<58} {'waited':>8} {'worked':>8}")
        slow = 0
        for name, ask in questions(book, place):
            taken = [measured(ask) for _ in range(TIMES)]
            waited, worked = (statistics.median(one[which] for one in taken) for which in (0, 1))
            slow += waited > MOST_MS
            print(f"{name:<58} {waited:>8.1f} {worked:>8.1f}")
        print(f"lists above {MOST_MS} ms: {slow}\n")


def measured(ask: Callable[[], Any]) -> tuple[float, float]:
    """(milliseconds that an answer takes, those of the processor)."""
    began, busy = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000


def questions(book: Casebook, place: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every list, by name."""
    rules = read_rules(place)
    today, one = rules.today(), Who("user u001", "u001", frozenset({"investigator"}), frozenset({DISTRICTS[0]}))
    for scope, who in (("all", BUREAU), ("one district", one)):
        filters = {
            "everything": CasesWanted(),
            "open": CasesWanted(is_open=True),
            "state": CasesWanted(state="under_inquiry"),
            "mine": CasesWanted(assignee="u001"),
            "district": CasesWanted(district=DISTRICTS[0]),
            "priority": CasesWanted(priority="urgent"),
            "origin": CasesWanted(origin="tip"),
            "campaign": CasesWanted(campaign="beds"),
            "resolution": CasesWanted(resolution="false_positive"),
            "ring": CasesWanted(ring_id="R0000077"),
            "overdue": CasesWanted(overdue_on=today),
            "words": CasesWanted(text="病人 记录"),
            "words that are nowhere": CasesWanted(text="没有这个"),
        }
        for name, wanted in filters.items():
            yield f"cases, {scope}, {name}", _cases(book, who, wanted, "updated", None)
        for sort in SORTS:
            middle = listed(book, who, CasesWanted(), sort, None, CASES // 2 if scope == "all" else PAGE).following
            yield f"cases, {scope}, by {sort}, from the middle", _cases(book, who, CasesWanted(), sort, middle)
    for scope, districts in (("all", None), ("one district", (DISTRICTS[0],))):
        of_tips = {
            "everything": tip_list.Wanted(districts=districts),
            "state": tip_list.Wanted(state="acknowledged", districts=districts),
            "channel": tip_list.Wanted(channel="letter", districts=districts),
            "outcome": tip_list.Wanted(outcome="substantiated", districts=districts),
            "late": tip_list.Wanted(late_on=today, districts=districts),
            "entity": tip_list.Wanted(entity=("facility", "F00077"), districts=districts),
            "characters": tip_list.Wanted(text="病人", districts=districts),
            "pinyin": tip_list.Wanted(text="zengxiaoming", districts=districts),
            "words that are nowhere": tip_list.Wanted(text="没有这个", districts=districts),
        }
        for name, wanted_tips in of_tips.items():
            yield f"tips, {scope}, {name}", _tips(book, wanted_tips, "received", None)
        for order in tip_list.SORTS:
            middle_tip = tip_list.page(book, tip_list.Wanted(districts=districts), order, None, TIPS // 30)[2]
            wanted_all = tip_list.Wanted(districts=districts)
            yield f"tips, {scope}, by {order}, from the middle", _tips(book, wanted_all, order, middle_tip)
    for name, wanted_watch in {
        "everything": watching.Wanted(),
        "active": watching.Wanted(state="active"),
        "expired": watching.Wanted(state="expired"),
        "pinyin": watching.Wanted(text="wangxm"),
    }.items():
        yield f"watch list, {name}", _watch(book, wanted_watch, today)
    places = [screening.Facility(f"F{n:05}", DISTRICTS[n % 12], n % 3, 0.5) for n in range(FACILITIES)]
    yield "screening: coverage and what comes next", lambda: screening.coverage(book, places, today, rules, PAGE)
    yield "self-checks, late ones", lambda: check_page(book, ChecksWanted(late_on=today), None, PAGE)
    yield "who saw values in full", lambda: audit.of_actions(book, audit.UNMASKED, None, PAGE)
    yield "a case whole", lambda: record_of(book, BUREAU, case_id(77, today))
    yield "notes of a case", lambda: case_notes.notes_of(book, BUREAU, case_id(77, today))
    yield "rings that are suppressed", lambda: suppressing.active(book)
    yield "whom tips name, for the work list", lambda: tips.mentions(book)
    yield "whether tips have changed", lambda: tips.change_mark(book)
    yield "who read an entity's data", lambda: audit.reads_of(book, "patient", "P000077")
    yield "the last entries of the trail", lambda: audit.latest(book, PAGE)
    week = Span(today - timedelta(days=6), today)
    yield "weekly report", lambda: report(book, BUREAU, "weekly", week, "zh")
    yield "statistics of the year", lambda: report(book, BUREAU, "statistics", Span(today - YEAR, today), "zh")
    campaign = Span(today - YEAR, today, "beds")
    yield "report of a campaign", lambda: report(book, BUREAU, "campaign", campaign, "zh")


def _cases(book: Casebook, who: Who, wanted: CasesWanted, sort: Any, after: Any) -> Callable[[], Any]:
    return lambda: listed(book, who, wanted, sort, after, PAGE)


def _tips(book: Casebook, wanted: tip_list.Wanted, sort: Any, after: Any) -> Callable[[], Any]:
    return lambda: tip_list.page(book, wanted, sort, after, PAGE)


def _watch(book: Casebook, wanted: watching.Wanted, today: date) -> Callable[[], Any]:
    return lambda: watching.page(book, wanted, today, None, PAGE)


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
    _trail(book, chance, begin)


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


def _trail(book: Casebook, chance: random.Random, begin: datetime) -> None:
    entries, reads = [], []
    for number in range(1, READS + 1):
        whose = case_id(chance.randrange(1, CASES), begin.date())
        action = audit.READS if number % 50 == 0 else "tip.identity_read" if number % 97 == 0 else "case.changed"
        chain = {"details": "{}", "previous": audit.FIRST, "digest": audit.FIRST}
        entries.append(
            {"number": number, "at": begin, "actor": "user u000", "action": action, "subject": whose} | chain
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
    write(book, AuditRow, entries)
    write(book, AuditReadRow, reads)


def person(chance: random.Random) -> str:
    """A made-up name."""
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))


def write(book: Casebook, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """All rows at once; what a row does not name is NULL."""
    names = {name for row in rows for name in row}
    with book.session() as session:
        session.execute(insert(table), [dict.fromkeys(names) | row for row in rows])


if __name__ == "__main__":
    main()
