"""What the answer about rings on the ground looks like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal

from ringfinder.model import Kind
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money

FacilityKind = Literal["hospital", "clinic", "pharmacy"]


class PlaceOnMap(Model):
    """A facility with its coordinates, where they are known."""

    facility_id: Annotated[str, about("facility_id")]
    facility_name: Annotated[str | None, about("facility_name")]
    district: Annotated[str, about("map_district")]
    kind: Annotated[FacilityKind | None, about("facility_kind")]
    latitude: Annotated[float | None, about("latitude", ge=-90, le=90)]
    longitude: Annotated[float | None, about("longitude", ge=-180, le=180)]


class Meeting(Model):
    """How often a ring met at one place."""

    facility: Annotated[int, about("meeting_facility", ge=0)]
    months: Annotated[list[int], about("meeting_months")]
    claims: Annotated[list[int], about("meeting_claims")]


class RingOnMap(Model):
    """A ring, and where and when it met."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    alert: Annotated[bool, about("alert")]
    suppressed: Annotated[bool, about("cases.suppressed")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    patients: Annotated[int, about("patients", ge=0)]
    fund_amount: Annotated[Money, about("fund_amount")]
    districts: Annotated[list[str], about("districts")]
    first_time: Annotated[str, about("first_time")]
    last_time: Annotated[str, about("last_time")]
    meetings: Annotated[list[Meeting], about("meetings")]


class RingMap(Model):
    """Rings where they meet, month by month."""

    run_id: Annotated[str, about("run_id")]
    months: Annotated[list[str], about("map_months")]
    facilities: Annotated[list[PlaceOnMap], about("map_facilities")]
    rings: Annotated[list[RingOnMap], about("map_rings")]
    total: Annotated[int, about("total", ge=0)]
