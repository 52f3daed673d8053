"""A site with spectators: `podium serve` on a core of its own, each of its broadcasts noted."""

from pathlib import Path

from hall.machine import SERVER, keep_on
from hall.site import Site


class WatchedSite(Site):
    """`broadcasts` gives when each board went out."""

    def served(self):
        environ = {
            "GUNICORN_CMD_ARGS": f"--config {Path(__file__).with_name('emits.py')}",
            "BENCH_EMITS": str(self.folder / "emits"),
        }
        process = self.podium(["serve"], environ)
        keep_on(process.pid, SERVER)
        return process

    def broadcasts(self):
        """(room, sequence) → when its broadcast began and ended, ns."""
        lines = (line.split() for line in (self.folder / "emits").read_text().splitlines())
        return {
            (room, int(sequence)): (int(begin), int(end))
            for _event, room, sequence, begin, end in lines
        }
