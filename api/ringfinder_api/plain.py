"""What is read as a number, a day or a truth: what JSON writes as one, and nothing that a lenient reader would make of it.

    a whole number   1000, and in an address 1000          not "1_000", "1000", true
    a number         0.5                                   not "0.5", true
    an amount        1000.5, "1000.50", -1                 not "1_000", "１０００", "1e3", true
    a day            "2026-03-02"                          not 0, "86400", "20260302"
    a truth          true, false                           not "yes", 1

pydantic takes all of the right column: 0 for the first day of 1970, and "1_000" for a thousand where a comma may have been meant. A
field that may also be a text (`Value`, `SettingValue`) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

KINDS: tuple[type, ...] = (bool, int, float, Decimal, date)
WHOLE = re.compile(r"-?[0-9]{1,18}")
AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
IN_ADDRESS: Mapping[type, re.Pattern[str]] = {int: WHOLE, float: AMOUNT, Decimal: AMOUNT, date: DAY}


def kind_of(annotation: Any) -> type | None:
    """Which of them a field is; None for one that is none, or may also be a text."""
    named = set(_types(annotation))
    return None if str in named or datetime in named else next((one for one in KINDS if one in named), None)


def in_json(kind: type, value: object) -> bool:
    """Whether a value of a body, or each of a list, may be read as that; whether it may be a list, the field says."""
    if isinstance(value, list):
        return all(in_json(kind, one) for one in value)
    if value is None or isinstance(
        value, (Decimal, date)
    ):  # whether nothing is allowed, the field says; the others JSON has not
        return True
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if isinstance(value, str):
        return (kind is Decimal and AMOUNT.fullmatch(value) is not None) or (
            kind is date and DAY.fullmatch(value) is not None
        )
    return kind is not date and isinstance(value, (int, float))


def in_address(kind: type, text: str) -> bool:
    """Whether a text of an address may be read as that."""
    pattern = IN_ADDRESS.get(kind)
    return pattern is None or pattern.fullmatch(text) is not None


def _types(annotation: Any) -> Iterable[Any]:
    parts = get_args(annotation)
    return [one for part in parts for one in _types(part)] if parts else [annotation]
