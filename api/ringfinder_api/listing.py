"""A page of rings, and all of them in numbers. Of a page: which of them, in which order, and where the next page begins.

Rings that tips speak of can be listed first; how many tips those are is told where the caller may know (see `lifting`), and so is
the case that a ring has (see `cases_of_rings`).

A cursor is the place of the last ring of a page: what it is sorted by, and its id. So it stays right when a new run comes
in between: the next page begins behind that place, whatever stands there now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from ringfinder.casebook.ring_cases import RingCase
from ringfinder.words import Language, say
from ringfinder_api import cursors
from ringfinder_api.answers import as_json
from ringfinder_api.cases_of_rings import Cases
from ringfinder_api.lifting import Counts
from ringfinder_api.problems import Problem
from ringfinder_api.snapshot import SORTS, Districts, RingEntry, Snapshot

MOST_ON_PAGE = 200
ListSort = Literal["score", "fund_amount", "patients", "last_time", "growth", "tips"]
LIFT = 1000  # more than any score: one tip goes before every ring without
assert set(get_args(ListSort)) == {*SORTS, "tips"}
CaseWanted = Literal["none", "open", "closed"]
Place = tuple[Decimal, str]


@dataclass(frozen=True)
class Wanted:
    """Filters; None where one is not asked for. Money and days as in `shapes`."""

    kind: str | None = None
    alert: bool | None = None
    district: str | None = None
    facility: str | None = None
    least_fund: Decimal | None = None
    most_fund: Decimal | None = None
    since: date | None = None
    until: date | None = None
    suppressed: bool | None = None
    case: CaseWanted | None = None

    def fits(self, ring: RingEntry) -> bool:
        """Whether a ring passes all of them."""
        return (
            self.kind in (None, ring.kind)
            and self.alert in (None, ring.alert)
            and (self.district is None or self.district in ring.scope)
            and (self.facility is None or self.facility in ring.facilities)
            and (self.least_fund is None or ring.fund_amount >= self.least_fund)
            and (self.most_fund is None or ring.fund_amount <= self.most_fund)
            and (self.since is None or ring.last_time.date() >= self.since)
            and (self.until is None or ring.first_time.date() <= self.until)
        )


def page(
    snapshot: Snapshot,
    wanted: Wanted,
    districts: Districts,
    sort: ListSort,
    limit: int,
    cursor: str | None,
    lang: Language,
    is_quiet: Callable[[RingEntry, Districts], bool],
    tips: Counts | None,
    cases: Cases,
) -> bytes:
    """The page as JSON; Problem for a cursor that is none of this order. `is_quiet`: whether a ring is suppressed there."""
    begins = _read(cursor, sort)

    def place(ring: RingEntry) -> Place:
        if sort != "tips":
            return ring.place(sort)
        score, ring_id = ring.place("score")
        return score - LIFT * (tips or {}).get(ring_id, 0), ring_id

    ordered = [snapshot.rings[ring_id] for ring_id in snapshot.orders["score" if sort == "tips" else sort]]
    if sort == "tips":
        ordered.sort(key=place)
    found = [ring for ring in ordered if ring.seen_by(districts) and wanted.fits(ring)]
    if wanted.suppressed is not None:
        found = [ring for ring in found if is_quiet(ring, districts) == wanted.suppressed]
    if wanted.case is not None:
        found = [ring for ring in found if _how(cases.get(ring.ring_id)) == wanted.case]
    rest = found if begins is None else [ring for ring in found if place(ring) > begins]
    shown = rest[:limit]
    following = None
    if len(rest) > limit:
        value, ring_id = place(shown[-1])
        following = cursors.written((str(value), ring_id), sort)
    return b"".join(
        (
            f'{{"run_id":"{snapshot.run_id}","rings":['.encode(),
            b",".join(
                _with(
                    marked(ring.summary[lang], is_quiet(ring, districts)),
                    tips=None if tips is None else tips.get(ring.ring_id, 0),
                    case=_told(cases.get(ring.ring_id), lang),
                )
                for ring in shown
            ),
            f'],"total":{len(found)},"next_cursor":'.encode(),
            as_json(following),
            b"}",
        )
    )


def marked(told: bytes, quiet: bool) -> bytes:
    """What is told of a ring, with whether it is suppressed: people say that, not the run."""
    return _with(told, suppressed=quiet)


def _with(told: bytes, **more: Any) -> bytes:
    """An object's JSON with some members more."""
    return told.removesuffix(b"}") + b"," + as_json(more).removeprefix(b"{")


def _how(case: RingCase | None) -> CaseWanted:
    return "none" if case is None else "closed" if case.state == "closed" else "open"


def _told(case: RingCase | None, lang: Language) -> dict[str, Any] | None:
    if case is None:
        return None
    told = {name: getattr(case, name) for name in ("case_id", "state", "resolution", "assignee")}
    return told | {"state_name": say(f"cases.state_{case.state}", lang)}


def overview(snapshot: Snapshot, districts: Districts) -> bytes:
    """What there is to be seen, in numbers, as JSON."""
    seen = [ring for ring in snapshot.rings.values() if ring.seen_by(districts)]
    alerts = [ring for ring in seen if ring.alert]
    return as_json(
        {
            "run_id": snapshot.run_id,
            "rings": len(seen),
            "alerts": len(alerts),
            "alert_patients": sum(ring.patients for ring in alerts),
            "alert_fund_amount": sum((ring.fund_amount for ring in alerts), Decimal(0)),
            "kinds": _groups((ring.kind, ring.alert) for ring in seen),
            "districts": _groups((one, ring.alert) for ring in seen for one in ring.districts),
        }
    )


def _groups(rings: Iterable[tuple[str, bool]]) -> list[dict[str, Any]]:
    """(what they share, whether it alerts), counted; most alerts first."""
    found = Counter(rings)
    groups = [
        {"value": value, "rings": found[value, True] + found[value, False], "alerts": found[value, True]}
        for value in {value for value, _ in found}
    ]
    return sorted(groups, key=lambda one: (-one["alerts"], -one["rings"], one["value"]))


def _read(cursor: str | None, sort: ListSort) -> Place | None:
    found = cursors.read(cursor, sort)
    if found is None:
        return None
    try:
        place = Decimal(found[0])
    except InvalidOperation as error:
        raise Problem("bad_cursor") from error
    if not place.is_finite():
        raise Problem("bad_cursor")
    return place, found[1]
