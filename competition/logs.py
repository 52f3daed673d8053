"""Structured logs: one line an event, as text for people or JSON for machines. No personal data."""

import logging
import secrets
import sys

import structlog
from flask import Flask, g

log = structlog.get_logger("podium")


def configure(app: Flask) -> None:
    """Send structlog and the libraries' logging to stderr in the chosen form."""
    machine = app.config["PODIUM_LOG"] == "json"
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if machine
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)

    @app.before_request
    def _name_the_request() -> None:
        g.reference = secrets.token_hex(4).upper()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=g.reference)
