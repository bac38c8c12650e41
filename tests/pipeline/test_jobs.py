"""Jobs on disk: what their folders say, whoever was killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ringfinder.pipeline.jobs import ALIVE, CLAIMS, JobOrder, JobRunning, Jobs, read_events, tell

ORDER = JobOrder("/srv/claims", "claims", "auto", {}, "embedded", "2024-03-01T09:00:00+00:00", "k", None)


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "workspace")


def test_job_that_nobody_holds_and_that_has_no_end_was_interrupted(jobs: Jobs) -> None:
    assert (jobs.all(), jobs.running(), jobs.find("nothing")) == ([], None, None)
    job, held = jobs.begin("j1", ORDER)
    assert (job.state, job.order, job.events) == ("running", ORDER, ())
    jobs.cancel("j1")
    assert [one.state for one in jobs.all()] == ["cancelling"]
    os.close(held)
    assert [one.state for one in jobs.all()] == ["interrupted"]


@pytest.mark.parametrize("end", ["finished", "failed", "cancelled"])
def test_end_that_was_told_counts_whether_or_not_somebody_still_holds_it(jobs: Jobs, end: str) -> None:
    job, held = jobs.begin("j1", ORDER)
    tell(job.folder, "progress", stage="read", share=0.5)
    tell(job.folder, end, run_id="r")
    told = jobs.find("j1")
    assert told is not None
    assert (told.state, told.end and told.end.number) == (end, 2)
    assert jobs.running() is None
    os.close(held)


def test_only_one_runs(jobs: Jobs) -> None:
    _, held = jobs.begin("j1", ORDER)
    with pytest.raises(JobRunning):
        jobs.begin("j2", ORDER)
    os.close(held)
    _, held = jobs.begin("j2", ORDER)
    assert {job.job_id: job.state for job in jobs.all()} == {"j1": "interrupted", "j2": "running"}
    os.close(held)


def test_line_that_was_cut_short_is_no_event_and_spoils_none(jobs: Jobs) -> None:
    job, held = jobs.begin("j1", ORDER)
    tell(job.folder, "progress", stage="read", share=0.5)
    with (job.folder / "events.jsonl").open("a") as file:
        file.write('{"event": "progress", "at": "2024')
    assert [event.number for event in read_events(job.folder)] == [1]
    tell(job.folder, "failed", detail=None)
    assert [(event.number, event.event) for event in read_events(job.folder)] == [(1, "progress"), (2, "failed")]
    os.close(held)


def test_upload_becomes_the_jobs_own_and_goes_when_another_begins(jobs: Jobs) -> None:
    with jobs.upload("j1") as folder:
        (folder / "claims.csv").write_text("x")
        job, held = jobs.begin("j1", ORDER)
        assert job.order.claims == str(job.folder / CLAIMS)
        os.close(held)
    assert (job.folder / CLAIMS / "claims.csv").read_text() == "x"  # interrupted: nobody could remove it
    _, held = jobs.begin("j2", ORDER)
    assert not (job.folder / CLAIMS).exists()
    os.close(held)


def test_upload_that_was_not_taken_is_gone_and_one_that_goes_on_is_not(jobs: Jobs) -> None:
    with pytest.raises(ValueError, match="broken"), jobs.upload("j1"):
        raise ValueError("broken")
    assert [entry.name for entry in jobs.folder.iterdir()] == [".lock"]
    killed = jobs.folder / ".new-j0"
    killed.mkdir()
    (killed / ALIVE).touch()
    with jobs.upload("j2") as going:
        _, held = jobs.begin("j3", ORDER)
        assert going.exists()
        assert not killed.exists()
    assert not going.exists()
    os.close(held)


def test_oldest_jobs_go(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfinder.pipeline.jobs.MOST_KEPT", 3)
    for number in range(6):
        _, held = jobs.begin(f"j{number}", ORDER)
        os.close(held)
        tell(jobs.folder / f"j{number}", "cancelled")
    assert [job.job_id for job in jobs.all()] == ["j5", "j4", "j3", "j2"]
