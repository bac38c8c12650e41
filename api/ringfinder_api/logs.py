"""Logs as JSON lines on stderr, one a request: id, method, route, status, milliseconds, key id. No path and no query
string, since they hold ids of people; no message of an exception or of a library, since those quote values."""

from __future__ import annotations

import logging
import logging.config
import traceback

from pythonjsonlogger.json import JsonFormatter

ROOT = "ringfinder.service"
RENAMED = {"asctime": "time", "levelname": "level", "name": "logger"}


class Wordless(JsonFormatter):
    """What a library remarks, as the place in its code that did: its words may quote what somebody sent."""

    def format(self, record: logging.LogRecord) -> str:
        place = {"place": f"{record.module}:{record.lineno}"}
        silent = {"msg": "a library's remark", "args": (), "exc_info": None, "exc_text": None, "stack_info": None}
        return super().format(logging.makeLogRecord({**record.__dict__, **silent, **place}))


def configure() -> None:
    """Send everything that the service and its server log through one JSON formatter."""
    form = {"fmt": "%(asctime)s %(levelname)s %(name)s %(message)s", "rename_fields": RENAMED}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JsonFormatter, **form}, "wordless": {"()": Wordless, **form}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
                "libraries": {"class": "logging.StreamHandler", "formatter": "wordless"},
            },
            "root": {"handlers": ["libraries"], "level": "WARNING"},
            "loggers": {
                ROOT: {"handlers": ["stderr"], "level": "INFO", "propagate": False},
                "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
                "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            },
        }
    )
    logging.captureWarnings(True)


def scene(error: BaseException) -> list[str]:
    """Where an error happened and what kind it was, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [*(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames), type(error).__qualname__]
