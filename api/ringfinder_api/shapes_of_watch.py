"""What requests and answers about the watch list look like (see `shapes`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ringfinder.casebook.watching import Origin, State
from ringfinder.model import EntityType, Kind
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes_of_people import CALLED
from ringfinder_api.shapes_of_tips import MOST_TEXT, PROSE, District

Reason = Annotated[str, about("watch.reason", min_length=1, max_length=MOST_TEXT, pattern=PROSE)]


class WatchRequest(Model):
    """Who or what is to be watched."""

    entity_type: Annotated[EntityType, about("watch.entity_type")]
    entity_id: Annotated[str, about("watch.entity_id", min_length=1, max_length=200, pattern=CALLED)]
    name: Annotated[str | None, about("watch.name", min_length=1, max_length=200, pattern=CALLED)] = None
    district: District
    reason: Reason
    origin: Annotated[Origin, about("watch.origin")] = "hand"
    origin_id: Annotated[str | None, about("watch.origin_id", min_length=1, max_length=200, pattern=CALLED)] = None
    starts_on: Annotated[date, about("watch.starts_on")]
    ends_on: Annotated[date, about("watch.ends_on")]


class ExtendRequest(Model):
    """Another last day."""

    ends_on: Annotated[date, about("watch.ends_on")]
    reason: Reason


class EndRequest(Model):
    """Why it is taken off the list."""

    reason: Reason


class WatchDetail(Model):
    """An entry of the watch list."""

    watch_id: Annotated[str, about("watch.watch_id")]
    version: Annotated[int, about("tips.version")]
    state: Annotated[State, about("watch.state")]
    entity_type: Annotated[EntityType, about("watch.entity_type")]
    entity_id: Annotated[str, about("watch.shown_id")]
    known: Annotated[bool | None, about("watch.known")]
    name: Annotated[str | None, about("watch.name")]
    district: Annotated[str, about("tips.district")]
    reason: Annotated[str, about("watch.reason")]
    origin: Annotated[Origin, about("watch.origin")]
    origin_id: Annotated[str | None, about("watch.origin_id")]
    starts_on: Annotated[date, about("watch.starts_on")]
    ends_on: Annotated[date, about("watch.ends_on")]
    ended_on: Annotated[date | None, about("watch.ended_on")]
    end_reason: Annotated[str | None, about("watch.end_reason")]
    erased_on: Annotated[date | None, about("tips.erased_on")]


class WatchList(Model):
    """A page of the watch list, soonest to end first."""

    watched: Annotated[list[WatchDetail], about("watch.watched")]
    total: Annotated[int, about("watch.total", ge=0)]
    next_cursor: Annotated[str | None, about("tips.next_cursor")]


class WatchSearch(Model):
    """Which entries; what may be personal stands here and not in an address, since proxies log those."""

    state: Annotated[State | None, about("watch.state")] = None
    district: Annotated[str | None, about("tips.district", max_length=100, pattern=CALLED)] = None
    text: Annotated[str | None, about("watch.text", min_length=1, max_length=100, pattern=CALLED)] = None
    entity_type: Annotated[EntityType | None, about("watch.entity_type")] = None
    entity_id: Annotated[str | None, about("watch.entity_id", min_length=1, max_length=200, pattern=CALLED)] = None
    limit: Annotated[int, about("tips.limit", ge=1, le=200)] = 50
    cursor: Annotated[str | None, about("tips.next_cursor", max_length=1000)] = None


class RingOfWatched(Model):
    """A ring that somebody watched is in, or meets at."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    alert: Annotated[bool, about("alert")]
    role: Annotated[str | None, about("role")]


class Tied(Model):
    """Somebody or something that is tied to who is watched."""

    entity_type: Annotated[EntityType, about("watch.entity_type")]
    entity_id: Annotated[str, about("watch.shown_id")]
    by: Annotated[str, about("watch.tied_by")]
    count: Annotated[int, about("watch.tied_count", ge=0)]


class Spread(Model):
    """Where one comes to from somebody on the list, in the run that is served."""

    watch_id: Annotated[str, about("watch.watch_id")]
    run_id: Annotated[str, about("run_id")]
    rings: Annotated[list[RingOfWatched], about("watch.spread_rings")]
    tied: Annotated[list[Tied], about("watch.tied")]
