"""What requests and answers about files of claims look like: what they would be read as, and which rows were not taken (see `shapes`)."""

from __future__ import annotations

from typing import Annotated, Literal

from ringfinder_api.fields import Model, about
from ringfinder_api.shapes_of_jobs import ProfileName

MOST_BEGINNING = 24_000  # signs of base64: 18,000 bytes


class Beginning(Model):
    """How a file begins."""

    name: Annotated[
        str, about("file_name", min_length=1, max_length=255, pattern=r"^[^./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]*$")
    ]
    begins: Annotated[str, about("file_begins", max_length=MOST_BEGINNING, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class LookRequest(Model):
    """Files that somebody is about to send."""

    files: Annotated[list[Beginning], about("files_begin", min_length=1, max_length=64)]
    profile: Annotated[ProfileName, about("profile")] = "auto"


class ColumnMatch(Model):
    """A column, and what the file calls it."""

    column: Annotated[str, about("table_column")]
    header: Annotated[str, about("table_header")]


class LookedFile(Model):
    """What a file would be read as."""

    file: Annotated[str, about("file_name")]
    table: Annotated[str | None, about("file_table")]
    told: Annotated[bool, about("file_told")]
    known: Annotated[list[ColumnMatch], about("columns_known")]
    missing: Annotated[list[str], about("columns_missing")]
    absent: Annotated[list[str], about("columns_absent")]
    unknown: Annotated[list[str], about("columns_unknown")]


class Looked(Model):
    """What a set of files would be read as."""

    profile: Annotated[ProfileName | None, about("profile")]
    fault: Annotated[Literal["no_claims", "unclear"] | None, about("set_fault")]
    files: Annotated[list[LookedFile], about("files_looked")]


class RejectGroup(Model):
    """Rows of a file that were not taken, for one reason."""

    file: Annotated[str, about("file_name")]
    column: Annotated[str, about("reject_column")]
    reason: Annotated[str, about("reject_reason")]
    says: Annotated[str, about("reject_says")]
    times: Annotated[int, about("reject_times", ge=1)]
    first_row: Annotated[int, about("reject_first", ge=0)]


class RejectList(Model):
    """Which rows a run did not take, and why: never what stood in them."""

    run_id: Annotated[str, about("run_id")]
    rejected: Annotated[int | None, about("rejected")]
    reasons: Annotated[list[RejectGroup], about("reject_reasons")]
