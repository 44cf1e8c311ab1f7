"""Logs: constant messages, values as fields, personal data only under `pii` and masked by default."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure(level: str, *, show_pii: bool = False) -> None:
    """Set up structlog for this process: one line of key=value on a terminal, JSON otherwise."""
    number = getattr(logging, level.upper())
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s %(levelname)s %(message)s"
    )

    def mask(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        if not show_pii and "pii" in event:
            event["pii"] = {key: "•••" for key in event["pii"]}
        return event

    terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
