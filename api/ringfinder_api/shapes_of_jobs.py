"""What requests and answers about ordered runs look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ringfinder.model import Kind
from ringfinder.pipeline.jobs import State
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money

ProfileName = Literal["auto", "canonical", "nhsa", "synthea"]
SettingValue = bool | int | float | str


class JobRequest(Model):
    """A run on claims that lie on the service's machine."""

    claims: Annotated[str, about("mounted", min_length=1, max_length=500)]
    profile: Annotated[ProfileName, about("profile")] = "auto"
    settings: Annotated[dict[str, dict[str, SettingValue]], about("job_settings", max_length=10, default_factory=dict)]


class JobDetail(Model):
    """A run that was asked for, as it stands."""

    job_id: Annotated[str, about("job_id")]
    state: Annotated[State, about("job_state")]
    claims: Annotated[str | None, about("job_claims")]
    profile: Annotated[ProfileName, about("profile")]
    settings: Annotated[dict[str, dict[str, Any]], about("job_settings")]
    ordered_at: Annotated[str, about("ordered_at")]
    ordered_by: Annotated[str, about("ordered_by")]
    ended_at: Annotated[str | None, about("ended_at")]
    stage: Annotated[str | None, about("stage")]
    stage_name: Annotated[str | None, about("stage_name")]
    share: Annotated[float | None, about("share", ge=0, le=1)]
    run_id: Annotated[str | None, about("job_run")]
    detail: Annotated[str | None, about("job_detail")]


class JobList(Model):
    """Runs that were asked for, the one ordered last first."""

    jobs: Annotated[list[JobDetail], about("jobs")]


class RescoreRequest(Model):
    """Settings other than those that a run was made with; what is not named stays as it was."""

    alert_q: Annotated[float | None, about("alert_q", ge=0, le=1)] = None
    alert_harm: Annotated[float | None, about("alert_harm", ge=0, le=1e9)] = None
    alert_coordination: Annotated[float | None, about("alert_coordination", ge=-1e9, le=1e9)] = None


class Thresholds(Model):
    """The settings that were judged by."""

    alert_q: Annotated[float, about("alert_q")]
    alert_harm: Annotated[float, about("alert_harm")]
    alert_coordination: Annotated[float, about("alert_coordination")]


class RejudgedRing(Model):
    """A ring that would be judged otherwise."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    q_value: Annotated[float, about("q_value", ge=0)]
    coordination: Annotated[float, about("coordination")]
    harm: Annotated[float, about("harm")]
    patients: Annotated[int, about("patients", ge=0)]
    claims: Annotated[int, about("claims", ge=0)]
    fund_amount: Annotated[Money, about("fund_amount")]
    alert_before: Annotated[bool, about("alert_before")]
    alert_after: Annotated[bool, about("alert_after")]


class Rescored(Model):
    """What would alert with other settings."""

    run_id: Annotated[str, about("run_id")]
    settings: Annotated[Thresholds, about("rescored_by")]
    rings: Annotated[int, about("rescored_rings", ge=0)]
    alerts_before: Annotated[int, about("alerts_before", ge=0)]
    alerts_after: Annotated[int, about("alerts_after", ge=0)]
    changes: Annotated[list[RejudgedRing], about("rescored_changes")]


class PruneRequest(Model):
    """Which runs to keep."""

    keep: Annotated[int, about("keep", ge=0, le=1_000_000)]


class Pruned(Model):
    """Runs that were removed."""

    removed: Annotated[list[str], about("removed")]
