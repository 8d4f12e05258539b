"""Logs of the server: one JSON object on a line of standard error, without personal data.

No path (a link of invitation is secret), no address, no words of an exception (a database tells
values in them): the pattern of the path, the kind of the exception and where it was raised.
"""

import logging
import logging.config
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
SAID_BY_LIBRARIES = {
    "django.request": "an answer that tells of a fault",
    "django.security": "a request that was refused",
    "waitress": "the web server tells of a fault",
}
Raised = tuple[type[BaseException], BaseException, TracebackType | None]


class Discreet(logging.Filter):
    """Lets every record pass, without what a library says of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        for name, message in SAID_BY_LIBRARIES.items():
            if record.name == name or record.name.startswith(f"{name}."):
                record.msg, record.args = message, ()
        record.__dict__["request_id"] = request_id.get()
        return True


class Formatter(JsonFormatter):
    """A record as JSON; of an exception its kind and where it was raised."""

    def formatException(self, ei: Any) -> str:
        kind, _error, place = ei
        return "".join([*traceback.format_tb(place), kind.__name__])


def configure(process: str) -> None:
    """Let every record of this process, called ``process``, go to standard error as JSON."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"discreet": {"()": Discreet}},
            "formatters": {
                "json": {
                    "()": Formatter,
                    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
                    "rename_fields": {
                        "asctime": "time",
                        "levelname": "level",
                        "name": "logger",
                    },
                    "static_fields": {"process": process},
                    "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                }
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "json",
                    "filters": ["discreet"],
                }
            },
            "loggers": {"django.request": {"level": "ERROR"}},  # each answer is told already
            "root": {"level": "INFO", "handlers": ["stderr"]},
        }
    )
