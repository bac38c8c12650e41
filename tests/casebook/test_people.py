from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, select, update

from ringfinder.casebook import attempts, audit, passwords, people, sessions
from ringfinder.casebook.database import Casebook
from ringfinder.casebook.people import User
from ringfinder.casebook.tables import InvitationRow, SessionRow, UserRow

PASSWORD = "seven brown bears at dawn"


def made(casebook: Casebook, name: str = "Wang Li", *roles: str, signs_in: people.SignsIn = "password") -> User:
    found = people.create(casebook, name, roles or ("analyst",), None, signs_in, "test")
    assert isinstance(found, User)
    return found


def invited(casebook: Casebook, user: User) -> str:
    secret = people.invite(casebook, user.user_id, "test")
    assert isinstance(secret, str)
    return secret


def ready(casebook: Casebook, name: str = "Wang Li", *roles: str, password: str = PASSWORD) -> User:
    """Somebody who has set a password."""
    found = people.accept(casebook, invited(casebook, made(casebook, name, *roles)), None, password)
    assert isinstance(found, User)
    return found


def logged_in(casebook: Casebook, name: str = "Wang Li", password: str = PASSWORD) -> tuple[sessions.Session, str]:
    found = sessions.login(casebook, name, password)
    assert isinstance(found, tuple)
    return found


def actions(casebook: Casebook) -> list[str]:
    return [entry.action for entry in reversed(audit.latest(casebook, 100))]


def test_person_is_made_invited_and_logs_in(casebook: Casebook) -> None:
    user = made(casebook, " WANG  Li ")
    assert (user.name, user.ready, user.districts) == ("wang li", False, None)
    assert sessions.login(casebook, "wang li", PASSWORD) is None
    secret = invited(casebook, user)
    assert people.accept(casebook, secret, None, "too short") == "weak_password"
    assert people.accept(casebook, secret, None, "it is wang li who asks") == "weak_password"
    accepted = people.accept(casebook, secret, None, PASSWORD)
    assert isinstance(accepted, User)
    assert accepted.ready
    assert people.accept(casebook, secret, None, PASSWORD) == "bad_invitation"
    begun, cookie = logged_in(casebook, "Wang  LI")
    assert begun.user == accepted
    assert sessions.find(casebook, cookie) == begun
    assert [sessions.find(casebook, other) for other in ("", "x", cookie[:-1])] == [None] * 3
    with casebook.session() as session:
        row = session.get_one(UserRow, user.user_id)
        kept, digest = row.password, session.scalar(select(SessionRow.digest))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert cookie != digest == people.digest_of(cookie)
    begun_so = ["user.created", "session.refused", "user.invited", "user.accepted", "session.begun"]
    assert actions(casebook) == begun_so
    assert "wang" not in json.dumps([vars(one) for one in audit.latest(casebook, 100)], default=str)
    assert audit.verify(casebook).broken is None


def test_name_is_given_once(casebook: Casebook) -> None:
    made(casebook, "Wang Li")
    assert people.create(casebook, "ＷＡＮＧ LI", ["viewer"], None, "password", "test") == "name_taken"
    assert len(people.all_people(casebook)) == 1


def test_newer_link_ends_the_older_one_and_every_link_ends_with_time(casebook: Casebook) -> None:
    user = made(casebook)
    first, second = invited(casebook, user), invited(casebook, user)
    assert people.accept(casebook, first, None, PASSWORD) == "bad_invitation"
    with casebook.session() as session:
        session.execute(update(InvitationRow).values(expires_at=datetime.now(UTC)))
    assert people.accept(casebook, second, None, PASSWORD) == "bad_invitation"
    assert people.invite(casebook, "u0", "test") == ("unknown_user",)
    elsewhere = made(casebook, "elsewhere", signs_in="oidc")
    assert people.invite(casebook, elsewhere.user_id, "test") == ("signs_in_elsewhere",)


def test_first_admin_is_made_once_and_only_where_there_is_nobody(casebook: Casebook) -> None:
    printed, again = people.invite_first(casebook), people.invite_first(casebook)
    assert printed is not None
    assert again is not None
    assert people.accept(casebook, printed, "boss", PASSWORD) == "bad_invitation"
    assert people.accept(casebook, again, None, PASSWORD) == "bad_invitation"
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda n: people.accept(casebook, again, f"boss{n}", PASSWORD), range(4)))
    (admin,) = [one for one in outcomes if isinstance(one, User)]
    assert outcomes.count("bad_invitation") == 3
    assert (admin.roles, admin.districts, people.invite_first(casebook)) == ({"admin"}, None, None)


def test_there_is_always_an_admin_left_who_may_log_in(casebook: Casebook) -> None:
    one = ready(casebook, "one", "admin")
    made(casebook, "never accepted", "admin")
    assert people.disable(casebook, one.user_id, "test") == "last_admin"
    assert people.change(casebook, one.user_id, ["viewer"], None, "test") == "last_admin"
    assert people.change(casebook, one.user_id, ["admin"], ["340801"], "test") == "last_admin"
    some = ready(casebook, "of some districts", "admin")
    assert isinstance(people.change(casebook, some.user_id, ["admin"], ["340801"], "test"), User)
    assert people.disable(casebook, one.user_id, "test") == "last_admin"
    two = ready(casebook, "two", "admin", "analyst")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda user: people.disable(casebook, user.user_id, "test"), (one, two)))
    assert outcomes.count("last_admin") == 1


def test_who_is_disabled_or_gets_other_rights_is_so_at_once(casebook: Casebook) -> None:
    user = ready(casebook)
    _, cookie = logged_in(casebook)
    assert isinstance(people.change(casebook, user.user_id, ["viewer"], ["b", "a"], "test"), User)
    found = sessions.find(casebook, cookie)
    assert found is not None
    assert (found.user.roles, found.user.districts) == ({"viewer"}, {"a", "b"})
    assert isinstance(people.disable(casebook, user.user_id, "test"), User)
    assert sessions.find(casebook, cookie) is None
    assert sessions.login(casebook, "wang li", PASSWORD) is None
    assert people.invite(casebook, user.user_id, "test") == ("unknown_user",)
    enabled = people.enable(casebook, user.user_id, "test")
    assert isinstance(enabled, User)
    assert enabled.disabled_at is None
    assert sessions.find(casebook, cookie) is None
    logged_in(casebook)
    for work in (people.disable, people.enable):
        assert work(casebook, "u0", "test") == "unknown_user"
    assert people.change(casebook, "u0", ["viewer"], None, "test") == "unknown_user"


def test_session_ends_when_nobody_asks_and_at_the_latest_after_its_time(casebook: Casebook) -> None:
    ready(casebook)
    now = datetime.now(UTC)
    for column, age, goes_on in (
        ("seen_at", sessions.IDLE, False),
        ("seen_at", sessions.IDLE - timedelta(minutes=1), True),
        ("created_at", sessions.LASTS, False),
        ("created_at", sessions.LASTS - timedelta(minutes=1), True),
    ):
        begun, cookie = logged_in(casebook)
        with casebook.session() as session:
            session.execute(update(SessionRow).where(SessionRow.digest == begun.digest).values(**{column: now - age}))
        assert (sessions.find(casebook, cookie) is not None) == goes_on, (column, age)


def test_logout_ends_one_session_and_a_new_password_all_others(casebook: Casebook) -> None:
    ready(casebook)
    (mine, _), (_, other), (third, _) = logged_in(casebook), logged_in(casebook), logged_in(casebook)
    sessions.end(casebook, third.digest, third.user.user_id)
    sessions.end(casebook, third.digest, third.user.user_id)
    assert actions(casebook).count("session.ended") == 1
    assert sessions.find(casebook, other) is not None
    new = "eight brown bears at dusk"
    assert sessions.change_password(casebook, mine, "wrong", new) == "wrong_login"
    assert sessions.change_password(casebook, mine, PASSWORD, "short") == "weak_password"
    assert sessions.change_password(casebook, mine, PASSWORD, new) == "changed"
    with casebook.session() as session:
        assert session.scalars(select(SessionRow.digest)).all() == [mine.digest]
    assert sessions.login(casebook, "wang li", PASSWORD) is None
    logged_in(casebook, password=new)


def test_provider_names_somebody_once_and_from_then_on_only_the_subject_counts(casebook: Casebook) -> None:
    made(casebook, "li@example", signs_in="oidc")
    ready(casebook, "local")
    assert sessions.admit(casebook, "stranger", "https://x 0") is None
    assert sessions.admit(casebook, "local", "https://x 0") is None
    found = sessions.admit(casebook, "LI@example", "https://x 1")
    assert found is not None
    assert sessions.admit(casebook, "li@example", "https://x 2") is None
    assert sessions.admit(casebook, "another name", "https://x 1") is not None
    assert sessions.change_password(casebook, found[0], "", PASSWORD) == "signs_in_elsewhere"
    people.disable(casebook, found[0].user.user_id, "test")
    assert sessions.admit(casebook, "li@example", "https://x 1") is None


def test_password_may_be_tried_five_times_and_then_after_waits_that_double(casebook: Casebook) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    waits = []
    for _ in range(attempts.FREE):
        assert attempts.begin(casebook, "li", at) == 0
    for _ in range(12):
        waits.append(attempts.begin(casebook, "li", at))
        at += timedelta(seconds=waits[-1])
        assert attempts.begin(casebook, "li", at) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert attempts.begin(casebook, "other", at) == 0
    assert attempts.begin(casebook, "li", at + attempts.KEPT + timedelta(seconds=1)) == 0


def test_session_that_is_used_does_not_idle(casebook: Casebook) -> None:
    ready(casebook)
    begun, cookie = logged_in(casebook)
    before = datetime.now(UTC)
    with casebook.session() as session:
        session.execute(update(SessionRow).values(seen_at=before - sessions.TOLD_EVERY))
    assert sessions.find(casebook, cookie) == begun
    with casebook.session() as session:
        assert session.scalars(select(SessionRow.seen_at)).one() >= before


def test_many_guesses_at_the_same_moment_count_as_many(casebook: Casebook) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: attempts.begin(casebook, "li", at), range(8)))
    assert sorted(waits) == [0] * attempts.FREE + [1] * (8 - attempts.FREE)


def test_guess_that_was_too_early_is_not_looked_at_and_wrong_ones_are_recorded(casebook: Casebook) -> None:
    ready(casebook)
    assert sessions.login(casebook, "wang li", "guess") is None
    for _ in range(attempts.FREE + 10):
        attempts.begin(casebook, "wang li", datetime.now(UTC) + attempts.LONGEST)
    assert isinstance(sessions.login(casebook, "wang li", PASSWORD), sessions.Wait)
    assert actions(casebook).count("session.refused") == 1


def test_database_writes_as_often_of_a_name_that_nobody_has(casebook: Casebook) -> None:
    ready(casebook)
    disabled = ready(casebook, "disabled")
    people.disable(casebook, disabled.user_id, "test")
    written = []

    def listen(*told: object) -> None:
        if str(told[2]).startswith(("INSERT", "UPDATE")):
            written[-1] += 1

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        for name in ("wang li", "nobody", "disabled"):
            written.append(0)
            assert sessions.login(casebook, name, "guess") is None
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert written == [2, 2, 2]
    assert actions(casebook).count("session.refused") == 1


def test_right_password_makes_the_next_attempts_free(casebook: Casebook) -> None:
    ready(casebook)
    for _ in range(2):
        for _ in range(attempts.FREE - 1):
            assert sessions.login(casebook, "wang li", "guess") is None
        logged_in(casebook)


@pytest.mark.parametrize("kept", [None, "no hash at all"])
def test_what_is_no_hash_matches_nothing(kept: str | None) -> None:
    assert not passwords.matches(kept, "")
    assert not passwords.matches(kept, PASSWORD)
