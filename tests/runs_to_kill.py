"""Makes runs in processes that a test kills. Everything is imported once; each order on stdin is carried out in a fork.

An order is a line of JSON; the answers are lines of JSON: {"pid"}, then what the fork says, then {"ended": status}.
`die_at` n: the fork kills itself right before its n-th touch of the file system (Python's audit events).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from ringfinder.model import ClaimSet
from ringfinder.store.ladybug import LadybugStore
from ringfinder.workspace import RUN_FILE, Workspace

TOUCHES = ("open", "os.", "shutil.", "fcntl.", "tempfile.")


def say(**answer: Any) -> None:
    os.write(sys.stdout.fileno(), (json.dumps(answer) + "\n").encode())


def make_run(order: dict[str, Any]) -> None:
    """One run from start to end: tables, graph if there are claims, run.json, publish."""
    claims = order.get("claims")
    with Workspace(Path(order["workspace"])).new_run() as draft:
        say(event="draft")
        if claims:
            with LadybugStore(draft.graph, memory_gb=0.25, threads=1) as store:
                store.build(
                    ClaimSet(Path(claims), {"claims": order["rows"]}, {}, True),
                    lambda key, share: say(event=key, share=share),
                )
                store.finish()
        (draft.tables / "claims.txt").write_text("all of it\n" * 1000)
        (draft.folder / RUN_FILE).write_text(json.dumps({"whole": True}))
        say(event="publish")
        run = draft.publish()
        say(published=run.run_id)


def hold(order: dict[str, Any]) -> None:
    """Hold the lock, with a forked child that lives on, until killed."""
    with Workspace(Path(order["workspace"])).new_run():
        if not os.fork():
            say(held_beside=os.getpid())  # by the child: now it has let go of what it inherited
        signal.pause()


def watch(die_at: int) -> None:
    """Count touches of the file system from here on; die before number `die_at`."""
    touched = 0

    def touch(event: str, _: tuple[Any, ...]) -> None:
        nonlocal touched
        if event.startswith(TOUCHES):
            touched += 1
            if touched == die_at + 1:
                os.kill(os.getpid(), signal.SIGKILL)  # an audit event itself, hence the count first

    sys.addaudithook(touch)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            say(pid=os.getpid())  # from here, so that it is the first thing said
            if "die_at" in order:
                watch(order["die_at"])
            {"run": make_run, "hold": hold}[order["do"]](order)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(ended=status)


if __name__ == "__main__":
    main()
