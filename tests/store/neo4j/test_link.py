"""Transactions that get in each other's way on a real server are tried again, and what is wrong is not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest

from ringfinder.errors import StoreError
from ringfinder.store.neo4j import link
from ringfinder.store.neo4j.link import Link, Transaction

from .conftest import await_, wipe

pytestmark = pytest.mark.xdist_group("neo4j")


def test_transactions_that_wait_for_each_other_are_both_done(empty: Link) -> None:
    empty.change("CREATE (:Thing {name: 'a', done: 0}), (:Thing {name: 'b', done: 0})")
    both_hold_one, tries = Barrier(2), []

    def change(first: str, second: str) -> None:
        seen: list[str] = []

        def work(tx: Transaction) -> None:
            add = "MATCH (t:Thing {name: $name}) SET t.done = t.done + 1"
            tx.send(add, {"name": first}).consume()
            tries.append(first)
            if not seen:
                seen.append(first)
                both_hold_one.wait(30)
            tx.send(add, {"name": second}).consume()

        empty.write(work)

    with ThreadPoolExecutor(2) as side_by_side:
        for done in [side_by_side.submit(change, "a", "b"), side_by_side.submit(change, "b", "a")]:
            done.result()
    assert len(tries) > 2  # one of them was the deadlock's victim
    assert empty.rows("MATCH (t:Thing) RETURN t.name, t.done ORDER BY t.name") == [["a", 2], ["b", 2]]
    wipe(empty)


def test_steps_that_meet_a_deadlock_go_on(empty: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    empty.change("UNWIND range(1, 50) AS i CREATE (:Thing {name: i, done: 0})")
    pauses: list[float] = []
    monkeypatch.setattr(link, "time", SimpleNamespace(sleep=pauses.append, monotonic=time.monotonic))
    holds, waited = Barrier(2), []

    def against(tx: Transaction) -> None:
        """Has what the steps come to last, and then asks for what they have; who has less is the victim."""
        tx.send("MATCH (t:Thing) WHERE t.name > 3 SET t.done = t.done + 10", {}).consume()
        if not waited:
            waited.append(True)
            holds.wait(30)
            await_(lambda: blocked(empty))
        tx.send("MATCH (t:Thing {name: 1}) SET t.done = t.done + 10", {}).consume()

    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(empty.write, against)
        holds.wait(30)
        empty.steps("MATCH (t:Thing) WITH t ORDER BY t.name", "t", "SET t.seen = true", 100)
        other.result()
    assert set(pauses) == {link.PAUSE_SECONDS}
    found = empty.rows("MATCH (t:Thing) RETURN t.name, t.seen, t.done ORDER BY t.name")
    assert found == [[i, True, 0 if i in {2, 3} else 10] for i in range(1, 51)]
    wipe(empty)


def blocked(link: Link) -> bool:
    with link.session(reading=True) as session:
        return bool(
            session.run("SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status").values()
        )


def test_error_that_is_not_transient_is_told_at_once(empty: Link) -> None:
    tries = []

    def work(tx: Transaction) -> None:
        tries.append(tx)
        tx.send("RETURN 1 / $zero", {"zero": 0}).consume()

    with pytest.raises(StoreError, match=r"could not do what was asked \(ArithmeticError\)"):
        empty.write(work)
    with pytest.raises(StoreError, match=r"could not do what was asked \(ArithmeticError\)"):
        empty.steps("UNWIND [$zero] AS t", "t", "CREATE (:Thing {name: 1 / t})", 10, zero=0)
    assert len(tries) == 1
