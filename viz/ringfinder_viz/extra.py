"""Libraries of the extra `viz`: imported when something is drawn with them, and missing in one sentence."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ringfinder.errors import UsageError
from ringfinder.words.sentences import Sentence


def needed(module: str) -> Any:
    """That module; UsageError with the cure where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise UsageError(Sentence("faults.picture_extra", name=module.partition(".")[0])) from error
