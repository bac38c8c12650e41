"""What a request for names and numbers in full looks like, and its answer (see `shapes`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ringfinder.model import EntityType
from ringfinder_api.fields import Model, about
from ringfinder_api.shapes_of_people import CALLED

MOST_MEMBERS = 50  # at once: who needs a whole ring asks again, and says why again
MEMBER = r"^m[1-9][0-9]{0,5}$"
Member = Annotated[str, StringConstraints(pattern=MEMBER)]


class InFullRequest(Model):
    """Whom somebody wants to see in full, and why."""

    ring_id: Annotated[str, about("ring_id", min_length=1, max_length=200, pattern=CALLED)]
    run_id: Annotated[str, about("cases.members_run", min_length=1, max_length=100, pattern=CALLED)]
    members: Annotated[list[Member], about("cases.unmasked_members", min_length=1, max_length=MOST_MEMBERS)]
    why: Annotated[str, about("cases.unmasked_why", min_length=1, max_length=200, pattern=CALLED)]


class MemberInFull(Model):
    """A member with what the registers say."""

    member: Annotated[str, about("member")]
    entity_type: Annotated[EntityType, about("entity_type")]
    entity_id: Annotated[str, about("cases.whole_id")]
    name: Annotated[str | None, about("cases.whole_name")]
    id_number: Annotated[str | None, about("cases.whole_id_number")]
    phone: Annotated[str | None, about("cases.whole_phone")]
    contact_phone: Annotated[str | None, about("cases.whole_contact_phone")]
    address: Annotated[str | None, about("cases.whole_address")]
    bank_account: Annotated[str | None, about("cases.whole_account")]


class InFull(Model):
    """Members of a ring, unmasked."""

    case_id: Annotated[str, about("cases.case_id")]
    ring_id: Annotated[str, about("ring_id")]
    run_id: Annotated[str, about("run_id")]
    members: Annotated[list[MemberInFull], about("cases.in_full")]
