"""What stands before each route: its rule, the caller's key, the key's allowance. Asked before the body is read.

A route is made with the rule of its method and path; where the table has none, making it fails, and with it the start of
the service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ringfinder.casebook.keys import Key
from ringfinder_api.access.rules import RULES, Rule
from ringfinder_api.problems import Problem
from ringfinder_api.service import Service, service_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Guarded(APIRoute):
    """A route behind its rule."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        rules = {RULES[method, self.path] for method in self.methods or ()}
        (rule,) = rules  # a route has one method

        async def guarded(request: Request) -> Response:
            admit(request, service_of(request), rule)
            return await handle(request)

        return guarded


def admit(request: Request, service: Service, rule: Rule) -> None:
    """Let the request pass and keep its key beside it, or raise the Problem that says why not."""
    if rule.roles is None:
        return
    key = service.keyring.check(request.headers.get("authorization"))
    request.scope["ringfinder.key_id"] = key.key_id
    if key.roles.isdisjoint(rule.roles):
        raise Problem("forbidden", roles=", ".join(sorted(rule.roles)))
    if rule.whole and key.districts is not None:
        raise Problem("all_districts")
    if wait := service.allowance.take(key.key_id, rule.cost, time.monotonic()):
        raise Problem("too_many", wait=wait, seconds=wait)
    request.scope["ringfinder.key"] = key


def key_of(request: Request) -> Key:
    """The key of a request that was admitted with one."""
    key: Key = request.scope["ringfinder.key"]
    return key
