"""Free read-only Cypher, for analysts: shut in, limited, recorded, cancelled by whoever leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response

from ringfinder.errors import UsageError
from ringfinder.store.whole import check_whole, sentence_without_values, without_values
from ringfinder.words import Language
from ringfinder.words.sentences import in_both
from ringfinder_api.answers import answer, as_json, language
from ringfinder_api.asking import ask_on_server
from ringfinder_api.auditing import recorded
from ringfinder_api.described import AcceptLanguage, route
from ringfinder_api.leaving import while_waiting
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of
from ringfinder_api.shapes_of_queries import CypherAnswer, CypherRequest

TAG = "queries"
PROBLEMS = ("invalid", "bad_request", "too_large", "bad_cypher", "too_slow", "query_failed", "busy", "cancelled")


def register(app: FastAPI) -> None:
    """Add the route."""
    told = route("cypher", TAG, "POST", "/v1/cypher", CypherAnswer, (*PROBLEMS, "casebook_unavailable"))
    app.api_route(**told)(cypher)


async def cypher(request: Request, body: CypherRequest, _language: AcceptLanguage = None) -> Response:
    service = service_of(request)
    run_id = service.run.needed().run_id
    if not _is_text(body):
        raise Problem("invalid", fields="body")
    try:
        check_whole(body.statement)
    except UsageError as error:
        raise _bad(request, body, in_both(error)) from error
    await recorded(request, service.casebook, "cypher.run", run_id, statement=without_values(body.statement))
    found = await while_waiting(request, _asked(service, run_id, body))
    if "slow" in found:
        raise Problem("too_slow", seconds=f"{body.seconds:g}")
    if "said" in found:
        raise _bad(request, body, found["said"])
    return answer(request, as_json({"run_id": run_id, **found}))


async def _asked(service: Service, run_id: str, body: CypherRequest) -> dict[str, Any]:
    try:
        stored = service.workspace.run(run_id)
    except UsageError as error:  # it was removed while it is still served
        raise Problem("query_failed") from error
    question = (body.statement, body.parameters, body.limit, body.seconds)
    if stored.store == "neo4j":
        return await service.workers.ask(body.seconds, ask_on_server, service.workspace.folder, run_id, *question)
    return await service.confining.ask(stored, *question)


def _is_text(body: CypherRequest) -> bool:
    """Whether everything in it can be written as UTF-8 and without NUL: engines and databases take nothing else."""
    try:
        text = json.dumps([body.statement, body.parameters], ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return b"\\u0000" not in text


def _bad(request: Request, body: CypherRequest, said: Mapping[Language, str]) -> Problem:
    told = said[language(request)]
    return Problem("bad_cypher", said=sentence_without_values(told, body.statement, body.parameters.values()))
