"""A case system asks about everybody on a claim before it is paid. Standard library only.

    RINGFINDER_URL=http://127.0.0.1:8765 RINGFINDER_KEY=rf_... python case_system.py claim.json

Prints what to do with the claim and why; ends with 0 for "pay", 3 for "look first", 1 where the service did not answer.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any

TRIES = 3
LOOK_FIRST = 3
AGAIN = (429, 503)  # too many at once, or a run is being loaded: worth another try


def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer of the service; waits as long as it asks for, and gives up after some tries."""
    request = urllib.request.Request(
        os.environ["RINGFINDER_URL"] + path,
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {os.environ['RINGFINDER_KEY']}",
            "Content-Type": "application/json",
            "Accept-Language": os.environ.get("RINGFINDER_LANG", "en"),
        },
    )
    for attempt in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                content: dict[str, Any] = json.load(answer)
                return content
        except urllib.error.HTTPError as error:
            with error:
                problem = json.load(error)
                if error.code not in AGAIN or attempt + 1 == TRIES:
                    raise SystemExit(f"{problem['code']}: {problem['detail']} ({problem['request_id']})") from error
                time.sleep(int(error.headers.get("Retry-After", "1")))
    raise AssertionError("the loop ends by itself")


def main() -> int:
    """Judge the claim in the file that is named."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - an example without our habits
        found = ask("/v1/scores:claim", json.load(file))
    alerts = [ring for ring in found["rings"] if ring["belongs"] and ring["alert"]]
    print("look first" if alerts else "pay")
    for ring in alerts:
        print(f"{ring['ring_id']} {ring['kind_name']} ({ring['score']:.0f}/100): {ring['reason']}")
        for tie in ring["ties"]:
            print(f"  - {tie['sentence']}")
    return LOOK_FIRST if alerts else 0


if __name__ == "__main__":
    sys.exit(main())
