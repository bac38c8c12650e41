"""Working days: Mondays to Fridays, but for days off, and the weekends that are worked instead.

Both come from a settings file (`rules.toml`), since the State Council announces them year by year. A year that is not there is
counted by weekdays alone, and a day that was counted so is provisional: `knows` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence

DAY = timedelta(days=1)
SATURDAY = 5
MOST_SPAN = 60  # days of one entry; more is a slip of the pen


@dataclass(frozen=True)
class Calendar:
    """`off`: no work though it may be a weekday; `worked`: work though it may be a weekend; `years`: that are known."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.off)

    def knows(self, first: date, last: date) -> bool:
        """Whether the days off of all those years were announced."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def after(self, day: date, working_days: int) -> date:
        """The working day that is so many after `day`, which does not count itself."""
        left = working_days
        while left:
            day += DAY
            left -= self.is_working(day)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself where people work on it, else the next working day."""
        return day if self.is_working(day) else self.after(day, 1)


def read(years: Mapping[str, Any], where: Sentence) -> Calendar:
    """A calendar from tables by year with `off` and `worked`: days, or spans FIRST/LAST; UsageError for anything else."""
    off: set[date] = set()
    worked: set[date] = set()
    for year, table in years.items():
        if not year.isdecimal() or not isinstance(table, Mapping) or set(table) - {"off", "worked"}:
            raise UsageError(Sentence("faults_casebook.bad_year", where=where, year=year))
        off.update(_days(table.get("off", ()), year, where))
        worked.update(_days(table.get("worked", ()), year, where))
    if both := off & worked:
        raise UsageError(Sentence("faults_casebook.off_and_worked", where=where, day=min(both)))
    return Calendar(frozenset(off), frozenset(worked), frozenset(int(year) for year in years))


def _days(entries: Iterable[Any], year: str, where: Sentence) -> Iterable[date]:
    for entry in entries:
        first, _, last = str(entry).partition("/")
        try:
            begin = date.fromisoformat(first)
            end = date.fromisoformat(last or first)
        except ValueError as error:
            raise UsageError(Sentence("faults_casebook.no_day", where=where, year=year)) from error
        if begin.year != int(year) or not 0 <= (end - begin).days < MOST_SPAN:
            raise UsageError(Sentence("faults_casebook.bad_days", where=where, entry=entry, year=year))
        yield from (begin + n * DAY for n in range((end - begin).days + 1))
