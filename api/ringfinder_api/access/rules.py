"""Who may use which route: one table. A route that is not in it keeps the service from starting.

    viewer         looks at rings and runs
    analyst        also asks named queries and own Cypher, compares runs, exports
    investigator   as analyst, without own Cypher; works on cases
    supervisor     as investigator; gives cases to others, decides on them, closes them
    tip_officer    takes tips and goes on with them, alone reads who gave one; looks up whether somebody who was named is in a ring
    system         a case system: scores, nothing else
    admin          keeps the service: runs, people and figures; sees no ring and no entity

Tips are read by investigators and supervisors too, without who gave them; a supervisor extends the term of checking and books rewards.
What writes a text of a tip is the tip officer's: a text that tells the reporter is refused, and others could guess by that.

Runs are started, cancelled and pinned by supervisors and admins, and removed by admins, who also keep webhooks.

`cost` is what a request takes out of its key's allowance (see `allowance`). `whole` marks answers that cover all
districts: a key that is limited to some may not have them. Everything else is limited ring by ring in the routes.
`changes`: it takes an Idempotency-Key (see `repeating`); `large`: its body is an upload; `people`: only for who is logged in. What logs
somebody in or out takes no such key: it has nobody yet to whom that would belong, and done twice it does no more. Nor does what makes a
link for somebody: its answer would be kept, with a secret of which only the digest may be; done twice the older link ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

READERS = frozenset({"viewer", "analyst", "investigator", "supervisor"})
WORKERS = READERS - {"viewer"}
SCORES = READERS | {"system", "tip_officer"}
RINGS = READERS | {"tip_officer"}
RUNS = READERS | {"admin"}
TIPS = frozenset({"investigator", "supervisor", "tip_officer"})
OFFICERS = frozenset({"tip_officer"})
SUPERVISORS = frozenset({"supervisor"})
KEEPERS = frozenset({"supervisor", "admin"})
ADMINS = frozenset({"admin"})
CASES = frozenset({"investigator", "supervisor"})
DECIDERS = frozenset({"supervisor"})
ANALYSTS = frozenset({"analyst"})
ANYBODY = SCORES | ADMINS
DEAR = 50  # a process of its own works for it
BATCH = 20
CHEAP = 1


@dataclass(frozen=True)
class Rule:
    """`roles` None: everybody, without a key."""

    roles: frozenset[str] | None
    cost: int = CHEAP
    whole: bool = False
    changes: bool = False
    large: bool = False
    people: bool = False


RULES: Mapping[tuple[str, str], Rule] = {
    ("GET", "/healthz"): Rule(None),
    ("GET", "/readyz"): Rule(None),
    ("GET", "/openapi.json"): Rule(None),
    ("GET", "/"): Rule(None),
    ("GET", "/app"): Rule(None),
    ("GET", "/app/{path:path}"): Rule(None),
    ("GET", "/welcome"): Rule(None),
    ("GET", "/metrics"): Rule(ADMINS),
    ("POST", "/v1/session"): Rule(None),
    ("GET", "/v1/session"): Rule(ANYBODY, people=True),
    ("POST", "/v1/session:end"): Rule(ANYBODY, people=True),
    ("POST", "/v1/session:password"): Rule(ANYBODY, DEAR, people=True),
    ("POST", "/v1/invitations:accept"): Rule(None),
    ("GET", "/v1/oidc:login"): Rule(None),
    ("GET", "/v1/oidc:callback"): Rule(None),
    ("GET", "/v1/users"): Rule(ADMINS),
    ("GET", "/v1/unmaskings"): Rule(KEEPERS, whole=True),
    ("POST", "/v1/users"): Rule(ADMINS, whole=True, changes=True),
    ("POST", "/v1/users/{user_id}:change"): Rule(ADMINS, whole=True, changes=True),
    ("POST", "/v1/users/{user_id}:invite"): Rule(ADMINS, whole=True),
    ("POST", "/v1/users/{user_id}:disable"): Rule(ADMINS, whole=True, changes=True),
    ("POST", "/v1/users/{user_id}:enable"): Rule(ADMINS, whole=True, changes=True),
    ("GET", "/v1/scores/{entity_type}/{entity_id:path}"): Rule(SCORES),
    ("POST", "/v1/scores:batch"): Rule(SCORES, BATCH),
    ("POST", "/v1/scores:claim"): Rule(SCORES),
    ("POST", "/v1/search"): Rule(RINGS, DEAR),
    ("GET", "/v1/rings"): Rule(RINGS),
    ("GET", "/v1/rings:overview"): Rule(RINGS),
    ("GET", "/v1/rings:map"): Rule(RINGS, BATCH),
    ("GET", "/v1/rings/{ring_id}"): Rule(RINGS),
    ("GET", "/v1/rings/{ring_id}/graph"): Rule(RINGS),
    ("GET", "/v1/rings/{ring_id}/timeline"): Rule(RINGS),
    ("GET", "/v1/rings/{ring_id}/evidence"): Rule(RINGS),
    ("GET", "/v1/rings/{ring_id}/history"): Rule(RINGS),
    ("GET", "/v1/rings/{ring_id}/similar"): Rule(RINGS, BATCH),
    ("GET", "/v1/rings/{ring_id}/around"): Rule(WORKERS, DEAR),
    ("GET", "/v1/rings/{ring_id}/peers"): Rule(WORKERS, DEAR),
    ("GET", "/v1/rings/{ring_id}/cypher"): Rule(WORKERS),
    ("GET", "/v1/rings/{ring_id}/export.html"): Rule(WORKERS, DEAR),
    ("GET", "/v1/rings/{ring_id}/export.xlsx"): Rule(WORKERS, DEAR),
    ("GET", "/v1/runs"): Rule(RUNS),
    ("GET", "/v1/runs/{run_id}"): Rule(RUNS),
    ("GET", "/v1/runs:compare"): Rule(WORKERS, DEAR),
    ("GET", "/v1/runs/{run_id}/rejects"): Rule(KEEPERS, BATCH, whole=True),
    ("POST", "/v1/runs/{run_id}:rescore"): Rule(WORKERS, DEAR),
    ("POST", "/v1/runs/{run_id}:pin"): Rule(KEEPERS, whole=True, changes=True),
    ("POST", "/v1/runs/{run_id}:unpin"): Rule(KEEPERS, whole=True, changes=True),
    ("POST", "/v1/runs:prune"): Rule(ADMINS, DEAR, whole=True, changes=True),
    ("GET", "/v1/jobs"): Rule(RUNS),
    ("GET", "/v1/jobs/{job_id}"): Rule(RUNS),
    ("GET", "/v1/jobs/{job_id}/events"): Rule(RUNS),
    ("POST", "/v1/claims:look"): Rule(KEEPERS, BATCH, whole=True),
    ("POST", "/v1/jobs"): Rule(KEEPERS, DEAR, whole=True, changes=True),
    ("POST", "/v1/jobs:upload"): Rule(KEEPERS, DEAR, whole=True, changes=True, large=True),
    ("POST", "/v1/jobs/{job_id}:cancel"): Rule(KEEPERS, whole=True, changes=True),
    ("GET", "/v1/webhooks"): Rule(ADMINS),
    ("POST", "/v1/webhooks"): Rule(ADMINS, DEAR, whole=True, changes=True),
    ("GET", "/v1/webhooks/{webhook_id}/deliveries"): Rule(ADMINS),
    ("POST", "/v1/webhooks/{webhook_id}:test"): Rule(ADMINS, DEAR, whole=True, changes=True),
    ("POST", "/v1/webhooks/{webhook_id}:remove"): Rule(ADMINS, whole=True, changes=True),
    ("POST", "/v1/deliveries/{delivery_id}:replay"): Rule(ADMINS, DEAR, whole=True, changes=True),
    ("POST", "/v1/tips:search"): Rule(TIPS),
    ("POST", "/v1/tips"): Rule(OFFICERS, changes=True),
    ("GET", "/v1/tips/{tip_id}"): Rule(TIPS),
    ("GET", "/v1/tips/{tip_id}/similar"): Rule(TIPS, BATCH),
    ("POST", "/v1/tips/{tip_id}:change"): Rule(OFFICERS, changes=True),
    ("POST", "/v1/tips/{tip_id}:step"): Rule(OFFICERS, changes=True),
    ("POST", "/v1/tips/{tip_id}:extend"): Rule(SUPERVISORS, changes=True),
    ("POST", "/v1/tips/{tip_id}:identify"): Rule(OFFICERS),
    ("POST", "/v1/tips/{tip_id}:reporter"): Rule(OFFICERS, BATCH),
    ("POST", "/v1/tips/{tip_id}:receipt"): Rule(OFFICERS),
    ("POST", "/v1/tips:receipt"): Rule(OFFICERS, BATCH),
    ("POST", "/v1/tips/{tip_id}:reward"): Rule(SUPERVISORS, changes=True),
    ("POST", "/v1/tips/{tip_id}:pay"): Rule(OFFICERS),
    ("GET", "/v1/tips:seals"): Rule(OFFICERS | ADMINS),
    ("POST", "/v1/watch:search"): Rule(TIPS),
    ("POST", "/v1/watch"): Rule(CASES, changes=True),
    ("GET", "/v1/watch/{watch_id}"): Rule(TIPS),
    ("POST", "/v1/watch/{watch_id}:extend"): Rule(CASES, changes=True),
    ("POST", "/v1/watch/{watch_id}:end"): Rule(CASES, changes=True),
    ("GET", "/v1/watch/{watch_id}/spread"): Rule(CASES, DEAR, whole=True),
    ("POST", "/v1/facilities:search"): Rule(TIPS),
    ("GET", "/v1/screening"): Rule(CASES),
    ("GET", "/v1/looks"): Rule(CASES),
    ("POST", "/v1/looks"): Rule(CASES, changes=True),
    ("GET", "/v1/looks/{look_id}"): Rule(CASES),
    ("POST", "/v1/looks/{look_id}:take"): Rule(CASES, changes=True),
    ("POST", "/v1/looks/{look_id}:drop"): Rule(CASES, changes=True),
    ("GET", "/v1/self-checks"): Rule(CASES),
    ("POST", "/v1/self-checks"): Rule(CASES, changes=True),
    ("GET", "/v1/self-checks/{check_id}"): Rule(CASES),
    ("GET", "/v1/self-checks/{check_id}/list.xlsx"): Rule(CASES, BATCH),
    ("POST", "/v1/self-checks/{check_id}:answer"): Rule(CASES, changes=True),
    ("POST", "/v1/self-checks/{check_id}:upload"): Rule(CASES, DEAR, changes=True, large=True),
    ("POST", "/v1/self-checks/{check_id}:return"): Rule(CASES, changes=True),
    ("POST", "/v1/cypher"): Rule(ANALYSTS, DEAR, whole=True),
    ("GET", "/v1/cases"): Rule(CASES),
    ("POST", "/v1/cases"): Rule(CASES, changes=True),
    ("GET", "/v1/cases/{case_id}"): Rule(CASES),
    ("POST", "/v1/cases/{case_id}:change"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:assign"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:release"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:begin"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:close"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:reopen"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:link"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}:unmask"): Rule(CASES, DEAR),
    ("POST", "/v1/cases/{case_id}/violations"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/violations/{number}:remove"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/hearings"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/checks"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/checks/{number}:answer"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions/{number}:issue"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions/{number}:withdraw"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions/{number}:revoke"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions/{number}:carry_out"): Rule(CASES, changes=True),
    ("POST", "/v1/cases/{case_id}/decisions/{number}:receive"): Rule(CASES, changes=True),
    ("GET", "/v1/cases/{case_id}/evidence.zip"): Rule(CASES, DEAR),
    ("GET", "/v1/cases/{case_id}/notes"): Rule(CASES),
    ("POST", "/v1/cases/{case_id}/notes"): Rule(CASES, changes=True),
    ("GET", "/v1/cases/{case_id}/files"): Rule(CASES),
    ("POST", "/v1/cases/{case_id}/files"): Rule(CASES, DEAR, changes=True, large=True),
    ("GET", "/v1/cases/{case_id}/files/{number}"): Rule(CASES),
    ("GET", "/v1/cases/{case_id}/history"): Rule(CASES),
    ("GET", "/v1/colleagues"): Rule(CASES),
    ("GET", "/v1/reports/{report}"): Rule(DECIDERS, DEAR),
    ("GET", "/v1/queries"): Rule(WORKERS),
    ("GET", "/v1/queries/{folder}/{query}"): Rule(WORKERS),
    ("POST", "/v1/queries/{folder}/{query}:run"): Rule(WORKERS, DEAR, whole=True),
}
