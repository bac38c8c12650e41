"""What stands before each route: its rule, who asks, and how often that caller may. Asked before the body is read.

A route is made with the rule of its method and path; where the table has none, making it fails, and with it the start of
the service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
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
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Guarded(APIRoute):
    """A route behind its rule."""

    def get_route_handler(self) -> Handler:
        handle, rule = super().get_route_handler(), rule_of(self)

        async def guarded(request: Request) -> Response:
            service = service_of(request)
            await admit(request, service, rule)
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
                response = await function(request, **scope["path_params"])
            except Problem as problem:
                response = problems.response(problem, language(request), scope["ringfinder.request_id"])
            await response(scope, receive, send)

        self.app = direct


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
