"""Errors as RFC 9457 problem documents: one table from code to status, texts from the catalogue.

    Problem("unknown_ring")                    404 with the sentence in the caller's language
    Problem("too_many", wait=3, seconds=3)     429 with Retry-After: 3

A detail never quotes what the caller sent: it may hold a personal value, and answers are logged elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ringfinder.casebook.refusals import room_of
from ringfinder.words import Language, say

MEDIA_TYPE = "application/problem+json"
MOST_FIELDS = 5  # named in a detail
OUR_NAME = re.compile(r"[a-z_-]{1,30}|\d{1,4}")

STATUS: Mapping[str, int] = {
    "bad_request": 400,
    "no_key": 401,
    "wrong_key": 401,
    "no_session": 401,
    "wrong_login": 401,
    "forbidden": 403,
    "all_districts": 403,
    "people_only": 403,
    "no_csrf_token": 403,
    "unknown_person": 403,
    "not_supervisor": 403,
    "not_assignee": 403,
    "no_warrant": 403,
    "not_that_district": 403,
    "takes_part": 403,
    "foreign_district": 403,
    "receipt_needed": 403,
    "not_found": 404,
    "unknown_entity": 404,
    "unknown_ring": 404,
    "unknown_member": 404,
    "unknown_run": 404,
    "unknown_query": 404,
    "unknown_job": 404,
    "unknown_claims": 404,
    "unknown_webhook": 404,
    "unknown_delivery": 404,
    "unknown_user": 404,
    "unknown_case": 404,
    "unknown_file": 404,
    "unknown_part": 404,
    "bad_invitation": 404,
    "no_oidc": 404,
    "unknown_tip": 404,
    "unknown_receipt": 404,
    "no_identity": 404,
    "unknown_watch": 404,
    "unknown_look": 404,
    "unknown_check": 404,
    "unknown_facility": 404,
    "no_app": 404,
    "method_not_allowed": 405,
    "job_running": 409,
    "name_taken": 409,
    "last_admin": 409,
    "signs_in_elsewhere": 409,
    "workspace_busy": 409,
    "repeat_goes_on": 409,
    "step_refused": 409,
    "ring_has_case": 409,
    "another_run": 409,
    "answered_already": 409,
    "decision_open": 409,
    "decision_stands": 409,
    "no_decision": 409,
    "not_heard": 409,
    "not_checked": 409,
    "money_missing": 409,
    "too_many_case_files": 409,
    "too_many_rings": 409,
    "answer_first": 409,
    "extended_already": 409,
    "no_reward": 409,
    "reward_booked": 409,
    "nothing_to_pay": 409,
    "watched_already": 409,
    "planned_already": 409,
    "bad_return": 409,
    "changed_meanwhile": 412,
    "too_large": 413,
    "invalid": 422,
    "bad_cursor": 422,
    "bad_parameters": 422,
    "repeat_differs": 422,
    "bad_settings": 422,
    "forbidden_address": 422,
    "bad_form": 422,
    "bad_archive": 422,
    "unsafe_name": 422,
    "too_many_files": 422,
    "unpacks_too_large": 422,
    "weak_password": 422,
    "bad_cypher": 422,
    "bad_assignee": 422,
    "reason_needed": 422,
    "duplicate_of_what": 422,
    "suppress_what": 422,
    "bad_file": 422,
    "no_basis": 422,
    "bad_span": 422,
    "amount_or_none": 422,
    "months_or_none": 422,
    "amount_out_of_range": 422,
    "months_out_of_range": 422,
    "in_the_future": 422,
    "heard_before_told": 422,
    "heard_before_found": 422,
    "statement_or_waived": 422,
    "own_district": 422,
    "begins_before_decided": 422,
    "rights_not_told": 422,
    "cancelled": 422,
    "oidc_failed": 422,
    "query_failed": 422,
    "too_slow": 422,
    "bad_day": 422,
    "outcome_needed": 422,
    "nobody_named": 422,
    "reporter_in_text": 422,
    "unknown_level": 422,
    "bad_last_day": 422,
    "watched_too_long": 422,
    "answers_missing": 422,
    "bad_amount": 422,
    "bad_item_amount": 422,
    "long_remark": 422,
    "bad_workbook": 422,
    "version_needed": 428,
    "too_many": 429,
    "busy": 429,
    "internal": 500,
    "oidc_unavailable": 503,
    "no_run": 503,
    "loading": 503,
    "run_unreadable": 503,
    "keys_unavailable": 503,
    "casebook_unavailable": 503,
    "no_tip_key": 503,
    "tip_key_missing": 503,
}
OF_STATUS: Mapping[int, str] = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


class Problem(HTTPException):
    """An answer that is an error. `wait`: seconds after which to try again; `values` fill the catalogue's sentence.

    It is an HTTPException because the framework lets only those through while it reads a body.
    """

    def __init__(self, code: str, *, wait: int | None = None, **values: object) -> None:
        super().__init__(STATUS[code], code)
        self.code, self.wait, self.values = code, wait, values


@cache
def item(code: str, lang: Language) -> bytes:
    """The problem of one item of a batch, as JSON."""
    return json.dumps(_words(code, lang, {}), ensure_ascii=False).encode()


def response(problem: Problem, lang: Language, request_id: str) -> Response:
    """The problem document, with the headers that its code asks for."""
    headers = {"cache-control": "no-store", "content-language": lang}
    if problem.wait is not None:
        headers["retry-after"] = str(problem.wait)
    if problem.status_code == 401:
        headers["www-authenticate"] = "Bearer"
    content = {
        "type": f"urn:ringfinder:problem:{problem.code}",
        "status": problem.status_code,
        **_words(problem.code, lang, problem.values),
        "request_id": request_id,
    }
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(body, problem.status_code, headers, MEDIA_TYPE)


def _words(code: str, lang: Language, values: Mapping[str, object]) -> dict[str, str]:
    return {
        "code": code,
        "title": say(f"{room_of(code)}.problem_{code}_title", lang),
        "detail": say(f"{room_of(code)}.problem_{code}_detail", lang, **values),
    }


def of_validation(error: RequestValidationError) -> Problem:
    """What is wrong with a request, by the names of its fields."""
    found: Sequence[Mapping[str, Any]] = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem("bad_request")
    names = dict.fromkeys(".".join(_told(part) for part in one["loc"]) for one in found)
    return Problem("invalid", fields=", ".join(list(names)[:MOST_FIELDS]))


def _told(part: str | int) -> str:
    """Part of a field's place; a name that can be none of ours came from the caller and is not repeated."""
    text = str(part)
    return text if OUR_NAME.fullmatch(text) else "..."


def of_http(error: HTTPException) -> Problem:
    """An error of the framework: no such route, another method, a body that is no JSON."""
    return Problem(OF_STATUS.get(error.status_code, "internal"))
