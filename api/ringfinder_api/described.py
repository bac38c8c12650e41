"""What routes say of themselves in the OpenAPI, and the headers that every one of them takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import File, Header, Path, Query, Response

from ringfinder.words import say
from ringfinder_api.access.rules import RULES
from ringfinder_api.fields import Model, words
from ringfinder_api.problems import MEDIA_TYPE, STATUS

PROBLEM = {"$ref": "#/components/schemas/Problem"}
EVERYWHERE = ("internal",)
CHANGING = ("invalid", "bad_request", "too_large", "repeat_goes_on", "repeat_differs", "casebook_unavailable")
BEHIND_KEY = ("no_key", "wrong_key", "no_session", "forbidden", "too_many", "keys_unavailable", "no_run")

AcceptLanguage = Annotated[str | None, Header(alias="Accept-Language", description=say("api.param_language", "en"))]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description=say("api.param_repeat", "en"), pattern=r"^[!-~]{1,200}$"),
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description=say("api.param_if_none_match", "en"))]


IfMatch = Annotated[str | None, Header(alias="If-Match", description=say("api.param_if_match", "en"))]
ROOMS: Mapping[str, str] = {
    "cases": "cases",
    "tips": "tips",
    "screening": "screening",
    "watch": "watch",
}  # tag -> room of the catalogue with the words of its routes, where that is not `api`


def in_path(name: str, **rules: Any) -> Any:
    """A parameter in the path."""
    return Path(title=say(words(name, "param"), "zh"), description=say(words(name, "param"), "en"), **rules)


def in_header(name: str, alias: str, **rules: Any) -> Any:
    """A header of a request."""
    key = words(name, "param")
    return Header(alias=alias, title=say(key, "zh"), description=say(key, "en"), **rules)


def in_query(name: str, **rules: Any) -> Any:
    """A parameter behind the question mark."""
    return Query(title=say(words(name, "param"), "zh"), description=say(words(name, "param"), "en"), **rules)


def in_form(name: str) -> Any:
    """A file of a form."""
    return File(title=say(words(name, "field"), "zh"), description=say(words(name, "field"), "en"))


def route(
    name: str,
    tag: str,
    method: str,
    path: str,
    shape: type[Model] | None,
    problems: Sequence[str] = (),
    *,
    content: Mapping[str, Any] | None = None,
    status: int = 200,
) -> dict[str, Any]:
    """Keywords for a route: its name and texts, its answer and every problem it may end in.

    `status`: that of the answer. `shape` None: the answer is no JSON of ours, and `content` says what it is.
    """
    rule = RULES[method, path]
    codes = (
        *problems,
        *EVERYWHERE,
        *(BEHIND_KEY if rule.roles is not None else ()),
        *(CHANGING if rule.changes else ()),
    )
    if rule.whole:
        codes += ("all_districts",)
    if rule.people:
        codes += ("people_only",)
    if rule.roles is not None and method != "GET":
        codes += ("no_csrf_token",)
    told: dict[int | str, dict[str, Any]] = {
        status: {
            "description": say("api.answer_ok", "en"),
            **({"model": shape} if shape else {"content": content or {}}),
        }
    }
    if method == "GET" and rule.roles is not None:
        told[304] = {"description": say("api.answer_same", "en")}
    for wrong in sorted({STATUS[code] for code in codes}):
        named = ", ".join(code for code in dict.fromkeys(codes) if STATUS[code] == wrong)
        told[wrong] = {
            "description": f"{say('api.answer_problem', 'en')}: {named}",
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
        }
    return {
        "path": path,
        "methods": [method],
        "operation_id": name,
        "name": say(f"{ROOMS.get(tag, 'api')}.route_{name}", "zh"),
        "summary": say(f"{ROOMS.get(tag, 'api')}.route_{name}", "en"),
        "tags": [tag],
        "responses": told,
        "response_model": None,
        "status_code": status,
        **({} if shape or content else {"response_class": Response}),  # an answer without a body promises none
    }
