"""What answers about rings and facilities that are alike look like (see `shapes`)."""

from __future__ import annotations

from typing import Annotated

from ringfinder.model import Kind
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes import Money


class AgreeingSign(Model):
    """How far one sign agrees."""

    sign: Annotated[str, about("likeness.sign")]
    sign_name: Annotated[str, about("likeness.sign_name")]
    agreement: Annotated[float, about("likeness.agreement", ge=0, le=1)]
    weight: Annotated[int, about("likeness.weight", ge=1)]
    says: Annotated[str, about("likeness.says")]


class SimilarRing(Model):
    """A ring that is like what is compared with."""

    ring_id: Annotated[str, about("ring_id")]
    kind: Annotated[Kind, about("kind")]
    kind_name: Annotated[str, about("kind_name")]
    score: Annotated[float, about("ring_score", ge=0, le=100)]
    alert: Annotated[bool, about("alert")]
    patients: Annotated[int, about("patients", ge=0)]
    fund_amount: Annotated[Money, about("fund_amount")]
    likeness: Annotated[float, about("likeness.likeness", ge=0, le=1)]
    nearest: Annotated[str | None, about("likeness.nearest")]
    signs: Annotated[list[AgreeingSign], about("likeness.signs")]


class SimilarFacility(Model):
    """A facility at which rings are that are like what is compared with."""

    facility_id: Annotated[str, about("facility_id")]
    district: Annotated[str, about("screening.district")]
    likeness: Annotated[float, about("likeness.likeness", ge=0, le=1)]
    through: Annotated[str, about("likeness.through")]
    rings: Annotated[int, about("likeness.rings_there", ge=1)]


class Similar(Model):
    """Rings and facilities that are like a ring, or like what a tip names, in the run that is served."""

    run_id: Annotated[str, about("run_id")]
    of: Annotated[list[str], about("likeness.of")]
    measure: Annotated[str, about("likeness.measure")]
    rings: Annotated[list[SimilarRing], about("likeness.rings")]
    facilities: Annotated[list[SimilarFacility], about("likeness.facilities")]
