"""What the worker does now and then beside its loop, step after step, whatever else it is doing."""

import threading
from collections.abc import Callable, Mapping

from flask import Flask

from competition.database import db
from competition.logs import log
from competition.rules.refusal import Refusal

FIRST, EVERY = 300.0, 1800.0  # seconds until the first time, and between two


def run(app: Flask, stopping: threading.Event, steps: Mapping[str, Callable[[], None]]) -> None:
    """Each of `steps` (what is logged where it fails → what is done) until the worker stops; one
    that fails keeps no other from its turn."""
    pause = FIRST
    while not stopping.wait(pause):
        pause = EVERY
        for failed, step in steps.items():
            with app.app_context():
                try:
                    step()
                except Refusal as refusal:
                    log.error(failed, why=refusal.en)
                except Exception:
                    log.exception(failed)
                finally:
                    db.session.remove()
