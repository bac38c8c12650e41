"""What requests and answers about people, their logins and links look like (see `shapes`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ringfinder.casebook.hidden import HIDDEN
from ringfinder.casebook.passwords import MOST
from ringfinder.casebook.people import MOST_NAME, SignsIn
from ringfinder_api.fields import Model, about

RoleOfPeople = Literal["viewer", "analyst", "investigator", "supervisor", "tip_officer", "admin"]
Roles = Annotated[list[RoleOfPeople], about("user_roles", min_length=1, max_length=6)]
Districts = Annotated[
    list[Annotated[str, about("district", min_length=1, max_length=100)]] | None,
    about("user_districts", min_length=1, max_length=1000),
]
# Something is in it, and nothing hidden.
CALLED = rf"^[^{HIDDEN}]*[^\s{HIDDEN}][^{HIDDEN}]*$"
Name = Annotated[str, about("user_name", min_length=1, max_length=MOST_NAME, pattern=CALLED)]
Password = Annotated[str, about("password", min_length=1, max_length=MOST)]
Secret = Annotated[str, about("invitation", min_length=1, max_length=200)]


class LoginRequest(Model):
    """Somebody who wants to log in."""

    name: Name
    password: Password


class Person(Model):
    """Somebody, with roles and districts."""

    user_id: Annotated[str, about("user_id")]
    name: Annotated[str, about("user_name")]
    roles: Annotated[list[str], about("user_roles")]
    districts: Annotated[list[str] | None, about("user_districts")]
    signs_in: Annotated[SignsIn, about("signs_in")]


class SessionDetail(Person):
    """Somebody who is logged in."""

    csrf_token: Annotated[str, about("csrf_token")]
    ends_at: Annotated[str, about("session_ends")]


class PasswordRequest(Model):
    """Another password."""

    old: Password
    new: Annotated[str, about("new_password", min_length=1, max_length=MOST)]


class AcceptRequest(Model):
    """A link that is used."""

    invitation: Secret
    password: Annotated[str, about("new_password", min_length=1, max_length=MOST)]
    name: Annotated[str | None, about("first_name", min_length=1, max_length=MOST_NAME, pattern=CALLED)] = None


class Done(Model):
    """It is done."""

    status: Annotated[Literal["ok"], about("done")]


class LoggedOut(Model):
    """The session ended."""

    status: Annotated[Literal["ok"], about("done")]
    elsewhere: Annotated[str | None, about("elsewhere")]


class UserRequest(Model):
    """Somebody new."""

    name: Name
    roles: Roles
    districts: Districts = None
    signs_in: Annotated[SignsIn, about("signs_in")] = "password"


class RightsRequest(Model):
    """Other roles and districts."""

    roles: Roles
    districts: Districts = None


class UserDetail(Person):
    """Somebody who may log in."""

    ready: Annotated[bool, about("user_ready")]
    created_at: Annotated[str, about("user_created")]
    disabled_at: Annotated[str | None, about("user_disabled")]


class UserList(Model):
    """Everybody, the oldest first."""

    users: Annotated[list[UserDetail], about("users")]


class Invitation(Model):
    """A link for somebody."""

    user_id: Annotated[str, about("user_id")]
    invitation: Annotated[str, about("invitation")]
    path: Annotated[str, about("invitation_path")]


class Unmasking(Model):
    """Somebody saw a personal value in full."""

    number: Annotated[int, about("entry_number", ge=1)]
    at: Annotated[datetime, about("entry_at")]
    actor: Annotated[str, about("entry_actor")]
    action: Annotated[str, about("entry_action")]
    action_name: Annotated[str, about("entry_action_name")]
    subject: Annotated[str, about("entry_subject")]
    why: Annotated[str | None, about("entry_why")]


class UnmaskingList(Model):
    """A page of them, the newest first."""

    unmaskings: Annotated[list[Unmasking], about("unmaskings")]
    next_cursor: Annotated[str | None, about("next_cursor")]
