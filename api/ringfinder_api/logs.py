"""Logs as JSON lines on stderr, one a request: id, method, route, status, milliseconds, key id. No path and no query
string, since they hold ids of people; no message of an exception, since libraries quote values in theirs."""

from __future__ import annotations

import logging
import logging.config
import traceback

ROOT = "ringfinder.service"


def configure() -> None:
    """Send everything that the service and its server log through one JSON formatter."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": "pythonjsonlogger.json.JsonFormatter",
                    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                    "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "loggers": {
                ROOT: {"handlers": ["stderr"], "level": "INFO", "propagate": False},
                "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
                "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            },
        }
    )


def scene(error: BaseException) -> list[str]:
    """Where an error happened and what kind it was, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [*(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames), type(error).__qualname__]
