"""What answers about runs look like, and about what became of rings between two (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ringfinder.model import Kind
from ringfinder_api.fields import Model, about


class RunSummary(Model):
    """A run in a list."""

    run_id: Annotated[str, about("run_id")]
    started: Annotated[str | None, about("started")]
    claims: Annotated[int | None, about("run_claims")]
    rings: Annotated[int | None, about("run_rings")]
    alerts: Annotated[int | None, about("run_alerts")]
    seconds: Annotated[float, about("seconds")]
    current: Annotated[bool, about("current")]
    pinned: Annotated[bool, about("pinned")]
    served: Annotated[bool, about("served")]


class RunList(Model):
    """All runs, the newest first."""

    runs: Annotated[list[RunSummary], about("runs")]


class RunChannel(Model):
    """Whether a channel ran."""

    channel: Annotated[str, about("channel")]
    on: Annotated[bool, about("channel_on")]
    why: Annotated[str | None, about("channel_why")]


class RunDetail(RunSummary):
    """A run with how it was made."""

    rejected: Annotated[int | None, about("rejected")]
    tables: Annotated[dict[str, int], about("tables")]
    settings: Annotated[dict[str, dict[str, Any]], about("settings")]
    channels: Annotated[list[RunChannel], about("channels")]


class RingChange(Model):
    """What became of a ring between two runs."""

    ring_id: Annotated[str, about("ring_id")]
    change: Annotated[Literal["new", "gone", "grown", "shrunk", "changed", "score"], about("change")]
    kind: Annotated[Kind, about("kind")]
    patients_before: Annotated[int | None, about("patients_before")]
    patients_after: Annotated[int | None, about("patients_after")]
    score_before: Annotated[float | None, about("score_before")]
    score_after: Annotated[float | None, about("score_after")]


class Comparison(Model):
    """Two runs side by side."""

    before: Annotated[str, about("before")]
    after: Annotated[str, about("after")]
    changes: Annotated[list[RingChange], about("changes")]
