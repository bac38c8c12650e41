"""What stands before each route: its rule, who asks, and how often that caller may. Asked before the body is read.

A route is made with the rule of its method and path; where the table has none, making it fails, and with it the start of
the service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive, Scope, Send

from ringfinder.casebook.sessions import Session
from ringfinder_api import problems
from ringfinder_api.access.callers import Caller
from ringfinder_api.access.repeating import once
from ringfinder_api.access.rules import RULES, Rule
from ringfinder_api.answers import language
from ringfinder_api.plain import in_address, kind_of
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of

Kinds = Mapping[str, type | None]  # of the parameters of a route, by name
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Guarded(APIRoute):
    """A route behind its rule."""

    def get_route_handler(self) -> Handler:
        handle, rule = super().get_route_handler(), rule_of(self)
        known = {one.alias: kind_of(one.field_info.annotation) for one in self.dependant.query_params}
        placed = {one.alias: kind_of(one.field_info.annotation) for one in self.dependant.path_params}

        async def guarded(request: Request) -> Response:
            service = service_of(request)
            await admit(request, service, rule)
            if rule.roles is not None:
                check_address(request, known, placed)
            limits = service.limits
            most = limits.upload_bytes if rule.large else limits.body_bytes
            request = Request(request.scope, limited(request.receive, request, most))
            if rule.changes:
                return await once(request, caller_of(request).caller_id, service.casebook, rule.large, handle)
            return await handle(request)

        return guarded


class Direct(Guarded):
    """A route whose function takes the request and its path alone and checks them itself.

    Most of the time of a score is the framework's: exit stacks, dependencies, validation (measured: see benchmarks/service.py). This
    route goes from the router to the function; what it takes is described by its signature as everywhere.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        rule, function = rule_of(self), self.endpoint

        async def direct(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive)
            try:
                await admit(request, service_of(request), rule)
                check_address(request, {}, dict.fromkeys(scope["path_params"]))
                response = await function(request, **scope["path_params"])
            except Problem as problem:
                response = problems.response(problem, language(request), scope["ringfinder.request_id"])
            await response(scope, receive, send)

        self.app = direct


def check_address(request: Request, known: Kinds, placed: Kinds) -> None:
    """Problem for a parameter that the route does not have, or that is no plain number or day: a filter that is misspelt would else
    let everything through.
    """
    query = list(request.query_params.multi_items())
    wrong = [f"query.{name if name in known else '...'}" for name, text in query if not _reads(name, text, known)]
    wrong += [f"path.{name}" for name, text in request.path_params.items() if not _reads(name, str(text), placed)]
    if wrong:
        raise Problem("invalid", fields=", ".join(dict.fromkeys(wrong)))


def _reads(name: str, text: str, kinds: Kinds) -> bool:
    kind = kinds.get(name)
    return name in kinds and (kind is None or in_address(kind, text))


def rule_of(route: APIRoute) -> Rule:
    """The rule of a route, which has one method; KeyError where the table has none."""
    (method,) = route.methods or {""}
    return RULES[method, route.path]


def limited(receive: Receive, request: Request, most: int) -> Receive:
    """`receive` that raises a Problem as soon as the body is larger than `most` bytes, or says that it will be.

    Starlette has a middleware for this; it answers in plain text.
    """
    left = most
    declared = request.headers.get("content-length", "")

    async def counted() -> Message:
        nonlocal left
        if declared.isdecimal() and int(declared) > most:
            raise Problem("too_large", limit=most)
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise Problem("too_large", limit=most)
        return message

    return counted


async def admit(request: Request, service: Service, rule: Rule) -> None:
    """Let the request pass and keep its caller beside it, or raise the Problem that says why not.

    A key goes before a session: who shows one asks as that system.
    """
    if rule.roles is None:
        return
    header = request.headers.get("authorization")
    if header is not None:
        caller = await service.keyring.check(header)
    elif (secret := service.logins.secret_of(request)) is not None:
        caller = await service.logins.check(request, secret)
    else:
        raise Problem("no_key")
    request.scope["ringfinder.caller"] = caller
    if rule.people and caller.session is None:
        raise Problem("people_only")
    if caller.roles.isdisjoint(rule.roles):
        raise Problem("forbidden", roles=", ".join(sorted(rule.roles)))
    if rule.whole and caller.districts is not None:
        raise Problem("all_districts")
    if wait := service.allowance.take(caller.caller_id, rule.cost, time.monotonic()):
        raise Problem("too_many", wait=wait, seconds=wait)


def caller_of(request: Request) -> Caller:
    """Who asks, of a request that was admitted."""
    caller: Caller = request.scope["ringfinder.caller"]
    return caller


def session_of(request: Request) -> Session:
    """The session of a request to a route for people."""
    session = caller_of(request).session
    assert session is not None, "the rule of the route is for people"
    return session
