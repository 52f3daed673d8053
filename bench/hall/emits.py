"""What gunicorn does beside, for measuring: notes when each broadcast began and ended.

`GUNICORN_CMD_ARGS="--config bench/hall/emits.py" podium serve` writes a line to the file
BENCH_EMITS for every board that is sent to a room: event, room, sequence, begin and end (monotonic
nanoseconds, the clock that `spectators.c` uses too).
"""

import os
import time
from pathlib import Path


def post_worker_init(worker):
    """gunicorn's hook: the site is loaded, nobody has come yet."""
    from judging.broadcast import Audience

    log = Path(os.environ["BENCH_EMITS"]).open("a", buffering=1)  # noqa: SIM115 - as long as the worker
    emit = Audience.emit

    def noted(self, event, data, namespace, room=None, *words, **named):
        begin = time.monotonic_ns()
        emit(self, event, data, namespace, room, *words, **named)
        if event == "board" and (room or "").startswith("skill:"):
            end = time.monotonic_ns()
            log.write(f"{event} {room} {data['sequence']} {begin} {end}\n")

    Audience.emit = noted
