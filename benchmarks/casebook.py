"""How fast the casebook answers after a year of work: 20,000 tips, 5,000 cases and what belongs to them, every list measured.

python -m benchmarks.casebook                 SQLite, as it is by default
python -m benchmarks.casebook --postgres      a PostgreSQL of its own, that PyPI's `pgserver` carries
python -m benchmarks.casebook --url URL       a PostgreSQL database that is empty

A list is asked for with each of its filters and orders, for who may see everything and for who may see one district, the first
page and one from the middle; the longest page that its route gives. Told is, of `TIMES` questions in milliseconds and without the
time that a network takes, how long one waited (median, and the least of them, which other work on the machine disturbs least), and
how long the processor worked for it in this process (median), which on SQLite is all of it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.year_of_work import CASES, DISTRICTS, FACILITIES, HOOK, TIPS, YEAR, case_id, year_of_work
from ringfinder.casebook import (
    audit,
    case_files,
    case_notes,
    look_list,
    screening,
    suppressing,
    tip_list,
    tips,
    watching,
    webhooks,
)
from ringfinder.casebook.case_history import history_of
from ringfinder.casebook.case_lists import SORTS, CasesWanted
from ringfinder.casebook.case_lists import cases as listed
from ringfinder.casebook.case_record import record_of
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.report_tables import report
from ringfinder.casebook.rules import read_rules
from ringfinder.casebook.self_check_list import Wanted as ChecksWanted
from ringfinder.casebook.self_check_list import page as check_page
from ringfinder.casebook.statistics import BUREAU, Span
from ringfinder.casebook.who import Who

PAGE, TIMES, MOST_MS = 200, 7, 200


def main() -> None:
    """Make a year of work and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.casebook", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ringfinder-bench-") as folder:
        if options.postgres:
            with postgres(Path(folder)) as url:
                made_and_measured(Path(folder), url)
        else:
            made_and_measured(Path(folder), options.url)


@contextmanager
def postgres(place: Path) -> Iterator[str]:
    """The URL of a server that lives as long as this."""
    place.mkdir(parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(place)  # else a library warns that it has to guess
    import pgserver  # noqa: PLC0415

    server = pgserver.get_server(place / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def made_and_measured(place: Path, url: str | None = None) -> None:
    """The lists of a casebook that holds a year of work."""
    place.mkdir(parents=True, exist_ok=True)
    with open_casebook(place, url or f"sqlite:///{place / 'casebook.db'}") as book:
        year_of_work(book, read_rules(place).today())
        print(
            f"a year of work on {(url or 'sqlite').partition(':')[0]}: {TIPS:,} tips, {CASES:,} cases; {TIMES} questions each, milliseconds"
        )
        print(f"{'list':<58} {'waited':>8} {'least':>8} {'worked':>8}")
        slow = 0
        for name, ask in questions(book, place):
            taken = [measured(ask) for _ in range(TIMES)]
            waited, worked = (statistics.median(one[which] for one in taken) for which in (0, 1))
            slow += waited > MOST_MS
            print(f"{name:<58} {waited:>8.1f} {min(taken)[0]:>8.1f} {worked:>8.1f}", flush=True)
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
    for name, wanted_looks in {
        "everything": look_list.LooksWanted(),
        "planned": look_list.LooksWanted(state="planned"),
        "one district": look_list.LooksWanted(districts=(DISTRICTS[0],)),
        "facility": look_list.LooksWanted(facility_id="F00077"),
    }.items():
        yield f"looks, {name}", _looks(book, wanted_looks)
    yield "self-checks, everything", lambda: check_page(book, ChecksWanted(), None, PAGE)
    yield "self-checks, late ones", lambda: check_page(book, ChecksWanted(late_on=today), None, PAGE)
    yield "who saw values in full", lambda: audit.of_actions(book, audit.UNMASKED, None, PAGE)
    yield "a case whole", lambda: record_of(book, BUREAU, case_id(77, today))
    yield "notes of a case", lambda: case_notes.notes_of(book, BUREAU, case_id(77, today))
    yield "files of a case", lambda: case_files.files_of(book, BUREAU, case_id(77, today))
    yield "what was done in a case", lambda: history_of(book, BUREAU, case_id(77, today))
    yield "rings that are suppressed", lambda: suppressing.active(book)
    yield "whom tips name, for the work list", lambda: tips.mentions(book)
    yield "whether tips have changed", lambda: tips.change_mark(book)
    yield "who read an entity's data", lambda: audit.reads_of(book, "patient", "P000077")
    yield "messages to a webhook", lambda: webhooks.deliveries(book, HOOK, None, PAGE)
    yield "messages to a webhook that did not arrive", lambda: webhooks.deliveries(book, HOOK, "dead", PAGE)
    yield "the last entries of the trail", lambda: audit.latest(book, PAGE)
    week = Span(today - timedelta(days=6), today)
    yield "weekly report", lambda: report(book, BUREAU, "weekly", week, "zh")
    yield "statistics of the year", lambda: report(book, BUREAU, "statistics", Span(today - YEAR, today), "zh")
    yield (
        "statistics of the year, one district",
        lambda: report(book, one, "statistics", Span(today - YEAR, today), "zh"),
    )
    yield "typical cases of the year", lambda: report(book, BUREAU, "typical", Span(today - YEAR, today), "zh")
    campaign = Span(today - YEAR, today, "beds")
    yield "report of a campaign", lambda: report(book, BUREAU, "campaign", campaign, "zh")


def _cases(book: Casebook, who: Who, wanted: CasesWanted, sort: Any, after: Any) -> Callable[[], Any]:
    return lambda: listed(book, who, wanted, sort, after, PAGE)


def _tips(book: Casebook, wanted: tip_list.Wanted, sort: Any, after: Any) -> Callable[[], Any]:
    return lambda: tip_list.page(book, wanted, sort, after, PAGE)


def _watch(book: Casebook, wanted: watching.Wanted, today: date) -> Callable[[], Any]:
    return lambda: watching.page(book, wanted, today, None, PAGE)


def _looks(book: Casebook, wanted: look_list.LooksWanted) -> Callable[[], Any]:
    return lambda: look_list.page(book, wanted, None, PAGE)


if __name__ == "__main__":
    main()
