"""The timeline of a ring: one row a member, time from left to right.

Claims of the ring are coloured by place, a stay is a bar from admission to discharge, other claims of the same people
are pale dots behind. A band marks a day on which several members came to one place for the ring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfinder.report.html import Markup, element
from ringfinder.report.register import ClaimLine

PALETTE = ("#2f6690", "#c8553d", "#4f8a5b", "#8a5a83", "#c48a1c", "#3a8f99")
OTHER_PLACE = "#77808a"
WIDTH, LEFT, RIGHT, TOP = 760.0, 118.0, 10.0, 24.0
ROW = 14.0
MOST_ROWS = 40
OCCASION = 3  # members on one day at one place make an occasion
MONTHS_APART = (1, 2, 3, 6, 12, 24, 60)  # steps of the time axis
MOST_LABELS = 9
LONGEST_LABEL = 12


@dataclass(frozen=True)
class Axis:
    """Time to x."""

    first: datetime
    last: datetime

    def x(self, time: datetime) -> float:
        share = (time - self.first) / (self.last - self.first)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def months(self) -> list[datetime]:
        """Firsts of months to label, evenly stepped, few enough to read."""
        span = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((s for s in MONTHS_APART if span / s <= MOST_LABELS), MONTHS_APART[-1])
        start = self.first.year * 12 + self.first.month - 1
        ticks = [datetime(m // 12, m % 12 + 1, 1) for m in range(start, start + span + 1) if m % step == 0]
        return [t for t in ticks if self.first <= t <= self.last]


def place_colours(claims: Sequence[ClaimLine]) -> dict[str, str]:
    """A colour for each place of the ring: the busiest ones their own, ties by id, the rest grey."""
    counts: dict[str, int] = {}
    for line in claims:
        counts[line.facility_id] = counts.get(line.facility_id, 0) + 1
    order = sorted(counts, key=lambda place: (-counts[place], place))
    return {place: PALETTE[i] if i < len(PALETTE) else OTHER_PLACE for i, place in enumerate(order)}


def timeline(
    patients: Sequence[str],
    labels: Mapping[str, str],
    ring_claims: Sequence[ClaimLine],
    life: Sequence[ClaimLine],
    title: str,
) -> Markup | None:
    """The picture; None for a ring without claims. `patients` in the order of the rows, `labels` by patient id."""
    if not ring_claims:
        return None
    rows = {patient: i for i, patient in enumerate(patients[:MOST_ROWS])}
    first = min(line.start for line in ring_claims)
    last = max(line.end for line in ring_claims)
    margin = max((last - first) / 25, timedelta(days=3))
    axis = Axis(first - margin, last + margin)
    bottom = TOP + ROW * len(rows)
    colours = place_colours(ring_claims)
    mine = {line.claim_id for line in ring_claims}

    bands = [
        element("rect", x=axis.x(day) - 1, y=TOP - 4, width=max(axis.x(day + timedelta(days=1)) - axis.x(day), 2.0) + 1,
                height=bottom - TOP + 8, class_="band")
        for day in _occasions(ring_claims)
    ]  # fmt: skip
    lines = [element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=_y(i), y2=_y(i), class_="row") for i in range(len(rows))]
    names = [
        element("text", _short(labels.get(patient, patient)), x=LEFT - 8, y=_y(i) + 3.5, class_="name")
        for patient, i in rows.items()
    ]
    ticks = [
        element("g",
                element("line", x1=axis.x(t), x2=axis.x(t), y1=TOP - 6, y2=bottom + 2, class_="tick"),
                element("text", f"{t:%Y-%m}", x=axis.x(t) + 3, y=TOP - 10, class_="month"))
        for t in axis.months()
    ]  # fmt: skip
    others = [
        element("circle", cx=axis.x(line.start), cy=_y(rows[line.patient_id]), r=1.6, class_="other")
        for line in life
        if line.claim_id not in mine and line.patient_id in rows and axis.first <= line.start <= axis.last
    ]
    marks = [
        _mark(line, axis, _y(rows[line.patient_id]), colours[line.facility_id])
        for line in ring_claims
        if line.patient_id in rows
    ]
    return element(
        "svg", element("title", title), *bands, *ticks, *lines, *names, *others, *marks,
        viewBox=f"0 0 {WIDTH:.0f} {bottom + 10:.0f}", role="img", class_="timeline",
    )  # fmt: skip


def _mark(line: ClaimLine, axis: Axis, y: float, colour: str) -> Markup:
    x = axis.x(line.start)
    length = axis.x(line.end) - x
    tip = element("title", f"{line.start:%Y-%m-%d %H:%M}")
    if line.service_type == "inpatient" and length > 3:
        return element("rect", tip, x=x, y=y - 3, width=length, height=6, rx=2, fill=colour, fill_opacity="0.85")
    return element("circle", tip, cx=x, cy=y, r=3.4, fill=colour, fill_opacity="0.85")


def _occasions(claims: Sequence[ClaimLine]) -> list[datetime]:
    """Days on which at least `OCCASION` members came to one place."""
    present: dict[tuple[datetime, str], set[str]] = {}
    for line in claims:
        day = line.start.replace(hour=0, minute=0, second=0, microsecond=0)
        present.setdefault((day, line.facility_id), set()).add(line.patient_id)
    return sorted({day for (day, _), people in present.items() if len(people) >= OCCASION})


def _y(row: int) -> float:
    return TOP + ROW * (row + 0.5)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
