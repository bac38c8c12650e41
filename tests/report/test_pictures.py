from __future__ import annotations

from datetime import datetime
from math import hypot

import pytest

from ringfinder.report.network import CENTRE, INNER, OUTER, edges, layout, network
from ringfinder.report.register import ClaimLine
from ringfinder.report.timeline import OTHER_PLACE, PALETTE, Axis, place_colours, timeline


def line(
    claim_id: str, patient: str, place: str, start: datetime, *, service: str = "pharmacy", days: int = 0
) -> ClaimLine:
    end = start.replace(day=start.day + days)
    return ClaimLine(claim_id, patient, place, service, start, end, {"patient": patient, "facility": place})


DAY = datetime(2024, 3, 1, 9)
LINES = (
    line("C1", "P1", "F1", DAY),
    line("C2", "P2", "F1", DAY),
    line("C3", "P3", "F1", DAY),
    line("C4", "P1", "F2", datetime(2024, 6, 1), service="inpatient", days=9),
)


def test_busiest_places_have_colours_of_their_own_and_the_rest_is_grey() -> None:
    lines = [line(f"C{i}", "P1", f"F{i % 8}", DAY) for i in range(15)]
    colours = place_colours(lines)
    assert list(colours) == ["F0", "F1", "F2", "F3", "F4", "F5", "F6", "F7"]
    assert list(colours.values()) == [*PALETTE, OTHER_PLACE, OTHER_PLACE]


def test_axis_labels_few_and_evenly_stepped_months() -> None:
    months = Axis(datetime(2023, 1, 15), datetime(2024, 12, 20)).months()
    assert [f"{m:%Y-%m}" for m in months] == [
        "2023-04", "2023-07", "2023-10", "2024-01", "2024-04", "2024-07", "2024-10",
    ]  # fmt: skip


def test_timeline_marks_claims_stays_other_care_and_the_common_day() -> None:
    other = line("C9", "P2", "F3", datetime(2024, 5, 1))
    drawn = timeline(["P1", "P2", "P3"], {"P1": "王**"}, LINES, [*LINES, other], "Timeline")
    assert drawn is not None
    assert drawn.count('r="3.4"') == 3
    assert drawn.count('height="6"') == 1
    assert drawn.count('class="other"') == 1
    assert drawn.count('class="band"') == 1
    assert drawn.count('class="row"') == 3
    assert ">王**</text>" in drawn


def test_two_people_on_one_day_make_no_band() -> None:
    drawn = timeline(["P1", "P2"], {}, LINES[:2], (), "Timeline")
    assert drawn is not None
    assert 'class="band"' not in drawn


def test_ring_without_claims_or_hubs_has_no_picture() -> None:
    assert timeline(["P1"], {}, (), (), "Timeline") is None
    assert network(["P1"], [("card", "K1")], {}, LINES, "Graph") is None


def test_edges_count_the_claims_that_join_patient_and_hub() -> None:
    counted = edges([("facility", "F1"), ("doctor", "D1")], [*LINES, line("C5", "P1", "F1", DAY)])
    assert dict(counted) == {
        ("P1", ("facility", "F1")): 2,
        ("P2", ("facility", "F1")): 1,
        ("P3", ("facility", "F1")): 1,
    }


def test_single_hub_stands_in_the_middle_and_patients_around_it() -> None:
    hubs, patients = layout(["P2", "P1"], [("facility", "F1")], {})
    assert [(n.x, n.y) for n in hubs] == [(CENTRE, CENTRE)]
    assert [n.entity_id for n in patients] == ["P1", "P2"]
    assert [hypot(n.x - CENTRE, n.y - CENTRE) for n in patients] == pytest.approx([OUTER, OUTER])


def test_patients_stand_on_the_side_of_their_hub() -> None:
    hubs = [("facility", "F1"), ("facility", "F2")]  # the first on top, the second below
    joined = {("P1", hubs[1]): 1, ("P2", hubs[0]): 1, ("P3", hubs[1]): 1, ("P4", hubs[0]): 1}
    places, patients = layout(["P1", "P2", "P3", "P4"], hubs, joined)
    assert [n.y for n in places] == pytest.approx([CENTRE - INNER, CENTRE + INNER])
    assert [n.entity_id for n in patients] == ["P2", "P4", "P1", "P3"]


def test_picture_draws_one_line_for_each_patient_and_hub() -> None:
    drawn = network(["P1", "P2", "P3"], [("facility", "F1")], {("facility", "F1"): "<药店>"}, LINES, "Graph")
    assert drawn is not None
    assert drawn.count("<line") == 3
    assert "&lt;药店&gt;" in drawn
