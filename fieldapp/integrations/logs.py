"""Structured logs: one JSON object a line, with the request's id; never a name, a number or a payload."""

import logging

import structlog

from fieldapp.config import settings

# Where it broke, without the values that stood there: those may be somebody's name.
_tracebacks = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
)


def configure_logs() -> None:
    """Sets the shape and the level of every log line of this process."""
    level = logging.getLevelNamesMapping()[settings().log_level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
