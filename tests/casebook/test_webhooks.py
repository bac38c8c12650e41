"""Webhooks and what is on its way to them, on both databases."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ringfinder.casebook import audit, cases, decisions, inquiry, linked_rings, webhooks
from ringfinder.casebook.database import Casebook, open_casebook
from ringfinder.casebook.decisions import Proposal
from ringfinder.casebook.inquiry import Violation
from ringfinder.casebook.webhooks import BACK_OFF, LEASE, TEST, Delivery
from ringfinder.errors import Refused
from tests.casebook.people_of_cases import draft, person, ring

URL = "https://example.org/hook"
NEWS = [("ring.alerted", {"ring_id": "R1"}), ("ring.closed", {"ring_id": "R2"})]


def later(seconds: float = 1.0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def only(casebook: Casebook, webhook_id: str) -> Delivery:
    found = webhooks.deliveries(casebook, webhook_id, None, 10)
    assert found is not None
    (one,) = found
    return one


def test_news_of_a_run_go_once_to_whoever_wants_them(casebook: Casebook) -> None:
    both, _ = webhooks.create(casebook, URL, ["ring.closed", "ring.alerted"], "key k", "k")
    one, _ = webhooks.create(casebook, URL, ["ring.closed"], "key k", "k")
    none, _ = webhooks.create(casebook, URL, ["ring.grown"], "key k", "k")
    assert webhooks.last_announced(casebook) is None
    assert webhooks.announce(casebook, "r1", None, NEWS)
    assert not webhooks.announce(casebook, "r1", None, NEWS)
    assert webhooks.announce(casebook, "r2", "r1", [])
    assert webhooks.last_announced(casebook) == "r2"
    told = {
        hook.webhook_id: sorted(one.event for one in webhooks.deliveries(casebook, hook.webhook_id, None, 10) or ())
        for hook in (both, one, none)
    }
    assert told == {
        both.webhook_id: ["ring.alerted", "ring.closed"],
        one.webhook_id: ["ring.closed"],
        none.webhook_id: [],
    }
    content = json.loads(only(casebook, one.webhook_id).content)
    assert (content["type"], content["data"]) == ("ring.closed", {"ring_id": "R2"})
    assert webhooks.deliveries(casebook, "nobody", None, 10) is None


def test_message_that_does_not_arrive_is_tried_again_and_at_last_dead(casebook: Casebook) -> None:
    hook, secret = webhooks.create(casebook, URL, ["ring.closed"], "key k", "k")
    webhooks.announce(casebook, "r1", None, NEWS)
    now = later()
    for wait in BACK_OFF:
        (due,) = webhooks.claim(casebook, now, 10)
        assert (due.url, due.secret) == (URL, secret)
        assert webhooks.claim(casebook, now, 10) == ()
        webhooks.settle(casebook, due.delivery.delivery_id, False, "503", now)
        assert only(casebook, hook.webhook_id).due_at == now + wait
        assert webhooks.claim(casebook, now + wait - timedelta(seconds=1), 10) == ()
        now += wait
    (due,) = webhooks.claim(casebook, now, 10)
    webhooks.settle(casebook, due.delivery.delivery_id, False, "x" * 500, now)
    dead = only(casebook, hook.webhook_id)
    assert (dead.state, dead.attempts, dead.told) == ("dead", len(BACK_OFF) + 1, "x" * 100)
    assert webhooks.claim(casebook, now + timedelta(days=30), 10) == ()
    again = webhooks.replay(casebook, dead.delivery_id, "key k")
    assert again is not None
    assert (again.state, again.attempts, again.delivery_id) == ("pending", 0, dead.delivery_id)
    (last,) = audit.latest(casebook, 1)
    assert (last.actor, last.action, last.subject) == ("key k", "webhook.replayed", dead.delivery_id)
    (due,) = webhooks.claim(casebook, later(), 10)
    webhooks.settle(casebook, due.delivery.delivery_id, True, "204", now)
    assert only(casebook, hook.webhook_id).state == "delivered"


def test_message_of_a_sender_that_died_is_the_next_ones_after_its_lease(casebook: Casebook) -> None:
    webhooks.create(casebook, URL, ["ring.closed"], "key k", "k")
    webhooks.announce(casebook, "r1", None, NEWS)
    now = later()
    assert len(webhooks.claim(casebook, now, 10)) == 1
    assert webhooks.claim(casebook, now + LEASE - timedelta(seconds=1), 10) == ()
    assert len(webhooks.claim(casebook, now + LEASE, 10)) == 1


def test_removed_webhook_is_told_nothing_more(casebook: Casebook) -> None:
    hook, _ = webhooks.create(casebook, URL, ["ring.closed"], "key k", "k")
    webhooks.announce(casebook, "r1", None, NEWS)
    assert webhooks.remove(casebook, hook.webhook_id, "key k") == hook
    assert webhooks.remove(casebook, hook.webhook_id, "key k") is None
    webhooks.announce(casebook, "r2", "r1", NEWS)
    assert webhooks.active(casebook) == ()
    dead = only(casebook, hook.webhook_id)
    assert (dead.state, dead.told) == ("dead", "webhook removed")
    assert webhooks.replay(casebook, dead.delivery_id, "key k") is None
    assert webhooks.send_test(casebook, hook.webhook_id) is None
    assert [one.action for one in audit.latest(casebook, 9)] == ["webhook.removed", "webhook.created"]


def test_secrets_differ_and_are_in_no_other_answer(casebook: Casebook) -> None:
    made = [webhooks.create(casebook, URL, ["ring.closed"], "key k", "k") for _ in range(3)]
    secrets = {secret for _, secret in made}
    assert len(secrets) == 3
    assert all(secret.startswith("whsec_") and len(secret) == 50 for secret in secrets)
    said = repr(webhooks.active(casebook)) + "".join(one.details for one in audit.latest(casebook, 9))
    assert not any(secret in said for secret in secrets)
    sent = webhooks.send_test(casebook, made[0][0].webhook_id)
    assert sent is not None
    assert (sent.event, sent.state) == (TEST, "pending")


def test_message_is_claimed_by_one_of_many(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book, ThreadPoolExecutor(6) as pool:
        hook, _ = webhooks.create(book, URL, ["ring.closed"], "key k", "k")
        for _ in range(5):
            webhooks.send_test(book, hook.webhook_id)
        now = later()
        claimed = [one for some in pool.map(lambda _: webhooks.claim(book, now, 3), range(12)) for one in some]
    assert len(claimed) == len({one.delivery.delivery_id for one in claimed}) == 5


def test_of_many_who_announce_a_run_one_does(url: str, tmp_path: Path) -> None:
    with open_casebook(tmp_path, url) as book, ThreadPoolExecutor(6) as pool:
        hook, _ = webhooks.create(book, URL, ["ring.closed"], "key k", "k")
        done = list(pool.map(lambda _: webhooks.announce(book, "r1", None, NEWS), range(6)))
        assert sorted(done) == [False] * 5 + [True]
        only(book, hook.webhook_id)


def test_decision_that_comes_into_force_is_told_and_one_that_is_refused_is_not(casebook: Casebook) -> None:
    wants, _ = webhooks.create(casebook, URL, ["case.decided"], "key k", "k")
    other, _ = webhooks.create(casebook, URL, ["ring.alerted"], "key k", "k")
    boss = person(casebook, "boss", "supervisor")
    case_id = linked_rings.create_from_ring(casebook, boss, draft("name of somebody"), ring("R7")).case_id
    linked_rings.link(casebook, boss, case_id, ring("R3"))
    cases.assign(casebook, boss, case_id, 1, boss.caller_id)
    cases.begin(casebook, boss, case_id, 2)
    day, now = date(2026, 5, 13), datetime(2026, 5, 20, 12, tzinfo=UTC)
    inquiry.establish(casebook, boss, case_id, 3, Violation("F1", "overcharging", Decimal("10.00"), day), now)
    decisions.propose(casebook, boss, case_id, 4, Proposal(1, "police"), now)
    with pytest.raises(Refused):
        decisions.issue(casebook, boss, case_id, 5, 1, day - timedelta(days=1), now=now)
    assert webhooks.deliveries(casebook, wants.webhook_id, None, 10) == ()
    decisions.issue(casebook, boss, case_id, 5, 1, day, now=now)
    content = json.loads(only(casebook, wants.webhook_id).content)
    assert (content["type"], content["data"]) == (
        "case.decided",
        {"case_id": case_id, "decision": 1, "kind": "police", "decided_on": "2026-05-13", "ring_ids": ["R3", "R7"]},
    )
    assert webhooks.deliveries(casebook, other.webhook_id, None, 10) == ()
