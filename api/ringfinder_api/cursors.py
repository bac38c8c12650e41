"""Where a page of a list begins: a place in its order, as text that callers hand back. An order bears the name of its list, so that the
cursor of one list is none of another.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

from ringfinder_api.answers import as_json
from ringfinder_api.problems import Problem

Place = tuple[str, str]


def written(place: Place | None, order: str) -> str | None:
    """A place of an order as a cursor."""
    return None if place is None else urlsafe_b64encode(as_json([order, *place])).decode().rstrip("=")


def read(cursor: str | None, order: str) -> Place | None:
    """The place of a cursor; Problem for one that is none of this order."""
    if cursor is None:
        return None
    try:
        content = json.loads(urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        named, value, last = content
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Problem("bad_cursor") from error
    if named != order or not all(isinstance(one, str) and one.isprintable() for one in (value, last)):
        raise Problem("bad_cursor")
    return value, last


def read_day(cursor: str | None, order: str) -> tuple[date, str] | None:
    """The same of an order by days."""
    found = read(cursor, order)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[0]), found[1]
    except ValueError as error:
        raise Problem("bad_cursor") from error
