"""Libraries of the extra `viz`: imported when something is drawn with them, and missing in one sentence."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ringfinder.errors import UsageError


def needed(module: str) -> Any:
    """That module; UsageError with the cure where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"this picture needs {module.partition('.')[0]}, which is not installed; "
            "install it with `pip install 'ringfinder[viz]'`, or take the picture as --svg"
        ) from error
