"""What the answers look like. The answers themselves are bytes made beforehand: these classes are their description.

Here is what all subjects share; each subject has a room of its own, `shapes_of_SUBJECT`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from ringfinder_api.fields import Model, about

Money = Annotated[str, about("money", pattern=r"^-?\d+\.\d{2}$")]


class Problem(Model):
    """An error, as RFC 9457 has it."""

    type: Annotated[str, about("problem_type")]
    title: Annotated[str, about("problem_title")]
    status: Annotated[int, about("problem_status")]
    detail: Annotated[str, about("problem_detail")]
    code: Annotated[str, about("problem_code")]
    request_id: Annotated[str, about("request_id")]


class Health(Model):
    """The process lives."""

    status: Annotated[Literal["ok"], about("status")]


class Ready(Model):
    """The service answers from this run."""

    status: Annotated[Literal["ready"], about("status")]
    run_id: Annotated[str, about("run_id")]
    loading: Annotated[bool, about("loading")]
