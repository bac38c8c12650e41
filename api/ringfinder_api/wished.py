"""Settings that a caller wishes for a run: those of a settings file, but for what belongs to whoever keeps the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.settings import of_tables
from ringfinder.words.sentences import Sentence
from ringfinder_api.problems import OUR_NAME, Problem

KEPT_BACK = frozenset({("detection", "threads"), ("detection", "memory_gb")})
MOST_NAMES = 5


def check_settings(settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Problem that names the settings which are unknown, out of range, of another type or not the caller's."""
    wrong = [
        f"{group}.{name}"
        for group, values in settings.items()
        for name, value in values.items()
        if (group, name) in KEPT_BACK or not _stands(group, {name: value})
    ]
    wrong += [group for group, values in settings.items() if not values and not _stands(group, {})]
    if wrong:
        told = dict.fromkeys(name if _is_plain(name) else "..." for name in wrong)
        raise Problem("bad_settings", names=", ".join(list(told)[:MOST_NAMES]))


def _is_plain(name: str) -> bool:
    """Whether it may be one of our names; what can be none is not repeated."""
    return all(OUR_NAME.fullmatch(part) for part in name.split("."))


def _stands(group: str, values: Mapping[str, Any]) -> bool:
    if any(isinstance(value, str) and not value.isprintable() for value in values.values()):
        return False
    try:
        of_tables({group: values}, Sentence("faults.settings_of_job"))
    except UsageError:
        return False
    return True
